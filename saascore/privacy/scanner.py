"""The scanner: anything meant for publication goes in, places and rules come out - never a value.

Three profiles (docs/privacy.md): ``event`` takes envelopes of the contract, ``artifact`` denies whatever is not
provably public, ``docs`` looks for known shapes in prose and source.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from saascore.contract.model import Contract
from saascore.errors import SaascoreError
from saascore.privacy import files, layers
from saascore.privacy.documents import Documents, Mark
from saascore.privacy.envelopes import is_envelope, without_numbers, words_of
from saascore.privacy.findings import Finding, Hit, Scanned, fingerprint, length_bucket
from saascore.privacy.inspect import Inspector
from saascore.privacy.jsontext import decode, decode_unique
from saascore.privacy.layers import MAX_DEPTH
from saascore.privacy.rule import PROFILES, Profile, Rule
from saascore.privacy.ruleset import RULESET_VERSION, RuleSet, builtin, ruleset_digest
from saascore.privacy.walk import Walk

SCANNER_VERSION = "1.0.0"
MAX_WORDED = 16_384

__all__ = ["RULESET_VERSION", "SCANNER_VERSION", "Finding", "Scanner", "assert_public_safe", "ruleset_digest"]


class Passed(NamedTuple):
    """What let a clean value pass, and where it stands."""

    place: str
    reason: str


class Scanner:
    """Scans texts, values, bytes and files with the rules of one profile.

    A scanner is cheap to keep and gets faster with use: it remembers clean short values. It is not thread-safe.

    Args:
        profile: ``event``, ``artifact`` (the default) or ``docs``.
        fingerprint_key: Secret key of the findings' fingerprints; without one, fingerprints are equal within this
            scanner only. Waivers need one.
        public_words: More words that labels under an identifier's name may be made of, for example a product's name.
        ruleset: Rules instead of the ones that come with saascore.
        explain: Whether to keep, for every clean value of structured text, what let it pass.

    Raises:
        SaascoreError: INP-004 where the profile is unknown.

    Attributes:
        scanned: How many files, bytes and values were looked at so far.
        passed: What let each clean value pass, where that was asked for.
    """

    def __init__(
        self,
        profile: Profile = "artifact",
        *,
        fingerprint_key: bytes | None = None,
        public_words: Iterable[str] = (),
        ruleset: RuleSet | None = None,
        explain: bool = False,
    ) -> None:
        if profile not in PROFILES:
            raise SaascoreError("INP-004", where="profile", detail="one of event, artifact, docs")
        self.profile = profile
        self.scanned = Scanned()
        self._key = fingerprint_key
        self._keyed = fingerprint_key is not None
        rules = ruleset or builtin("artifact" if profile == "event" else profile)
        self._inspector = Inspector(
            rules, self._nested, self._unpacked, frozenset(word.lower() for word in public_words)
        )
        self._walk = Walk(self._inspector)
        self._documents = Documents(self._inspector, self._walk)
        self._rules = rules
        self._worded: set[tuple[str, ...]] = set()
        self.passed: list[Passed] = []
        if explain:
            self._walk.explained = []

    @property
    def rules(self) -> dict[str, Rule]:
        """Every rule that may be named in a finding, by id."""
        return self._rules.by_id

    @property
    def has_fingerprint_key(self) -> bool:
        """Whether fingerprints are made with a key that was given, and so can be compared between runs."""
        return self._keyed

    def scan_text(self, text: str, name: str = "text") -> list[Finding]:
        """Scan a text; its name's ending tells the format where the text does not.

        Args:
            text: Any text.
            name: Shown as the path of findings.

        Returns:
            The findings in order of place; empty means clean.
        """
        self.scanned.bytes += len(text.encode("utf-8", "surrogatepass"))
        self.scanned.files += 1
        if self.profile == "event":
            return self._envelope_text(text, name)
        return self._located(self._documents.text(text, name), name)

    def scan_json(self, value: object, name: str = "value") -> list[Finding]:
        """Scan a decoded JSON value, a pydantic model or Python's own containers.

        In profile ``event`` the value is one envelope of the contract, decoded or as a model.
        """
        if self.profile == "event":
            return self._envelope(value, name)
        marks = (Mark(hit, 0, 0, place.pointer() if place else "") for hit, place in self._walk.value(value))
        return self._located(marks, name)

    def scan_bytes(self, data: bytes, name: str = "bytes") -> list[Finding]:
        """Scan the bytes of a file: text in UTF-8 or UTF-16, gzip, zip, or media, which is a finding."""
        self.scanned.files += 1
        self.scanned.bytes += len(data)
        return self._located(self._bytes(data, name, 0), name)

    def scan_stream(self, stream: BinaryIO, name: str = "stream") -> list[Finding]:
        """Scan what a binary stream gives, line by line where it is text of lines; memory does not grow with it."""
        self.scanned.files += 1
        return self._located(self._opened(stream, name), name)

    def scan_path(self, path: str | Path, name: str | None = None) -> list[Finding]:
        """Scan a file, or every file below a folder; large files are read as a stream.

        Args:
            path: A file or folder. Links to folders are not followed; what is no regular file is a finding.
            name: Shown instead of the path.
        """
        findings: list[Finding] = []
        for file, shown in files.walk(Path(path), name):
            findings.extend(self._located(self._file(file, shown), shown))
        return findings

    # -- bytes and files -----------------------------------------------------------------------------------

    def _file(self, path: Path, name: str) -> Iterator[Mark]:
        self.scanned.files += 1
        for hit in (
            self._inspector.text(name.replace("\\", "/").rpartition("/")[2])
            if self.profile == "artifact"
            else ()
        ):
            yield Mark(hit)
        try:
            opened = files.open_regular(path)
        except files.UnreadableError:
            yield self._unscannable("unreadable")
            return
        with opened as stream:
            before = files.state(stream)
            yield from self._opened(stream, name)
            if files.state(stream) != before:
                yield self._unscannable("changed")

    def _opened(self, stream: BinaryIO, name: str) -> Iterator[Mark]:
        head = stream.read(files.STREAMED)
        if self.profile != "event" and len(head) == files.STREAMED and files.is_line_text(head):
            yield from self._stream(files.text_lines(files.rejoined(head, stream)), name)
            return
        data = head + stream.read(files.WHOLE - len(head) + 1)
        self.scanned.bytes += len(data)
        if len(data) > files.WHOLE:
            yield self._unscannable("limit")
        else:
            yield from self._bytes(data, name, 0)

    def _stream(self, lines: Iterator[files.Line], name: str) -> Iterator[Mark]:
        def texts() -> Iterator[str]:
            for line in lines:
                self.scanned.bytes += line.size
                if line.problem:
                    problems.append(line.problem)
                    yield ""
                else:
                    yield line.text

        problems: list[str] = []
        yield from self._documents.lines(texts(), name)
        yield from (self._unscannable(problem) for problem in problems[:1])

    def _bytes(self, data: bytes, name: str, depth: int) -> Iterator[Mark]:
        if depth > MAX_DEPTH:
            yield self._unscannable("limit")
            return
        for rule, magic in self._rules.magic:
            if files.starts(data, magic):
                yield Mark(Hit(rule, ""))
                return
        if data[:2] == b"\x1f\x8b":
            try:
                inner = files.gunzip(data)
            except files.UnscannableError as problem:
                yield self._unscannable(problem.reason)
                return
            yield from (
                _within(mark, "gzip") for mark in self._bytes(inner, name.removesuffix(".gz"), depth + 1)
            )
        elif data[:4] in {b"PK\x03\x04", b"PK\x05\x06"} or data[257:262] == b"ustar":
            yield from self._archive(data, depth)
        else:
            text = files.text_of(data)
            if text is None:
                yield self._embedded_media(data) or self._unscannable(files.kind_of(data))
            elif self.profile == "event":
                yield from self._envelope_marks(text)
            else:
                yield from self._documents.text(text, name)

    def _embedded_media(self, data: bytes) -> Mark | None:
        """Find media appended to or inside what is no text."""
        for rule, magic in self._rules.magic:
            at = data.find(magic.start) if len(magic.start) > 3 else -1
            if at >= 0 and files.starts(data[at:], magic):
                return Mark(Hit(rule, ""))
        return None

    def _archive(self, data: bytes, depth: int) -> Iterator[Mark]:
        layer = "zip" if data[:2] == b"PK" else "tar"
        try:
            for member, inner in files.unpack(data):
                for hit in self._inspector.text(member):
                    yield Mark(hit)
                yield from (_within(mark, layer) for mark in self._bytes(inner, member, depth + 1))
        except files.UnscannableError as problem:
            yield self._unscannable(problem.reason)

    def _unpacked(self, data: bytes) -> list[Hit] | None:
        """Inspect what compressed data or an archive holds; ``None`` where zlib data only seemed to be some."""
        if data[:1] == b"x":
            try:
                data = layers.inflate(data)
            except layers.DamagedError:
                return None
            except layers.TooLargeError:
                return [self._unscannable("limit").hit]
        return [mark.hit for mark in self._bytes(data, "", 1)]

    def _nested(self, text: str) -> list[Hit] | None:
        """Inspect a text inside a text by its structure: JSON, or several lines; ``None`` where it has none."""
        stripped = text.strip()
        if len(stripped) > 1 and stripped[0] in '{["' and stripped[-1] in '}]"':
            try:
                value = decode(stripped)
            except ValueError:
                value = None
            except RecursionError:
                return [self._unscannable("limit").hit]
            if isinstance(value, str):
                return self._inspector.text(value)
            if value is not None:
                return [located.hit for located in self._walk.value(value)]
        if "\n" not in stripped and not stripped.startswith("<"):
            return self._documents.single(text)
        return [mark.hit for mark in self._documents.text(stripped if "\n" in stripped else text, "")]

    # -- envelopes -----------------------------------------------------------------------------------------

    def _envelope(self, value: object, name: str) -> list[Finding]:
        self.scanned.values += 1
        encoded = value.to_json() if isinstance(value, Contract) else value
        return self._located(self._envelope_leaves(encoded, None), name)

    def _envelope_text(self, text: str, name: str) -> list[Finding]:
        return self._located(self._envelope_marks(text), name)

    def _envelope_marks(self, text: str) -> Iterator[Mark]:
        """Scan one envelope, or one a line."""
        whole = text.strip()
        several = "\n" in whole and not whole.startswith(("{\n", "{\r"))
        for line, document in enumerate(whole.split("\n") if several else [whole], start=1):
            if not document.strip():
                continue
            self.scanned.values += 1
            try:
                value = decode_unique(document)
            except (ValueError, RecursionError):
                value = None
            for mark in self._envelope_leaves(value, document):
                yield mark._replace(line=line)

    def _envelope_leaves(self, value: object, text: str | None) -> list[Mark]:
        """Scan a decoded envelope: its model allows only words of the contract, and what it lets through is inspected.

        A label is a word of the contract wherever it stands; whether it is public under its name, the walk knows.
        """
        if not isinstance(value, dict) or not is_envelope(value, text):
            return [self._unscannable("not-an-envelope")]
        words = tuple(words_of(value))
        if words in self._worded:
            return []
        found = self._walk.value(without_numbers(value), counted=True)
        if not found and len(self._worded) < MAX_WORDED:
            self._worded.add(words)
        return [Mark(hit, 0, 0, place.pointer() if place else "") for hit, place in found]

    # -- findings ------------------------------------------------------------------------------------------

    def _unscannable(self, reason: str) -> Mark:
        return Mark(Hit(self._rules.shapes[reason], ""))

    def _located(self, marks: Iterable[Mark], name: str) -> list[Finding]:
        findings = []
        shown = None
        for hit, line, column, pointer in marks:
            shown = shown or self._shown(name)
            findings.append(
                Finding(
                    rule=hit.rule.id,
                    category=hit.rule.category,
                    path=shown,
                    pointer=pointer,
                    line=line,
                    column=column,
                    layers=hit.layers,
                    length=length_bucket(len(hit.found)) if hit.found else "",
                    fingerprint=fingerprint(self._secret(), hit.rule.id, hit.found),
                )
            )
        self.scanned.values += self._walk.values
        self._walk.values = 0
        if self._walk.explained:
            shown = shown or self._shown(name)
            self.passed += [
                Passed(f"{shown}:{place.pointer()}" if place else shown, why)
                for place, why in self._walk.explained
            ]
            self._walk.explained.clear()
        return findings

    def _secret(self) -> bytes:
        if self._key is None:
            self._key = secrets.token_bytes(32)
        return self._key

    def _shown(self, name: str) -> str:
        """Return a name with the parts that are findings themselves replaced."""
        parts = name.split("/")
        return "/".join("[redacted]" if part and self._inspector.text(part) else part for part in parts)


def assert_public_safe(value: object, *, public_words: Iterable[str] = ()) -> None:
    """Assert that a value, text or model may be published; for tests and for callers at their own edges.

    Raises:
        AssertionError: Naming rules and places, never values.
    """
    __tracebackhide__ = True  # or pytest shows the arguments of this function
    scanner = Scanner("artifact", public_words=public_words)
    if isinstance(value, str):
        findings = scanner.scan_text(value)
    elif isinstance(value, (bytes, bytearray)):
        findings = scanner.scan_bytes(bytes(value))
    else:
        findings = scanner.scan_json(value)
    if findings:
        shown = "; ".join(f"{finding.rule} at {finding.place}" for finding in findings[:10])
        more = f"; and {len(findings) - 10} more" if len(findings) > 10 else ""
        raise AssertionError(f"not public: {shown}{more}")


def _within(mark: Mark, layer: str) -> Mark:
    return mark._replace(hit=Hit(mark.hit.rule, mark.hit.found, mark.hit.start, (layer, *mark.hit.layers)))
