"""The scanner: anything meant for publication goes in, places and rules come out - never a value.

Three profiles (docs/privacy.md): ``event`` takes envelopes of the contract, ``artifact`` denies whatever is not
provably public, ``docs`` looks for known shapes in prose and source.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from saascore.contract.model import Contract
from saascore.errors import SaascoreError
from saascore.privacy.envelopes import is_envelope, without_numbers, words_of
from saascore.privacy.findings import Finding, Hit, Mark, Scanned, fingerprint, length_bucket
from saascore.privacy.inspect import Inspector
from saascore.privacy.jsontext import decode_unique
from saascore.privacy.rule import PROFILES, Profile, Rule
from saascore.privacy.ruleset import RULESET_VERSION, RuleSet, builtin, ruleset_digest
from saascore.privacy.walk import Walk

if TYPE_CHECKING:
    from saascore.privacy.contents import Contents

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
        return self._located(self._contents.text(text, name), name)

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
        return self._located(self._contents.data(data, name), name)

    def scan_stream(self, stream: BinaryIO, name: str = "stream") -> list[Finding]:
        """Scan what a binary stream gives, line by line where it is text of lines; memory does not grow with it."""
        self.scanned.files += 1
        return self._located(self._contents.opened(stream, name), name)

    def scan_path(self, path: str | Path, name: str | None = None) -> list[Finding]:
        """Scan a file, or every file below a folder; large files are read as a stream.

        Args:
            path: A file or folder. Links to folders are not followed; what is no regular file is a finding.
            name: Shown instead of the path.
        """
        findings: list[Finding] = []
        for file, shown in self._contents.below(Path(path), name):
            findings.extend(self._located(self._contents.file(file, shown), shown))
        return findings

    @cached_property
    def _contents(self) -> Contents:
        """What reads texts and bytes; facts are scanned without it, and half of a scanner's import is there."""
        from saascore.privacy.contents import Contents  # noqa: PLC0415  as above

        envelopes = self._envelope_marks if self.profile == "event" else None
        return Contents(self._inspector, self._walk, self.scanned, envelopes)

    def _nested(self, text: str) -> list[Hit] | None:
        return self._contents.nested(text)

    def _unpacked(self, data: bytes) -> list[Hit] | None:
        return self._contents.unpacked(data)

    # -- envelopes -----------------------------------------------------------------------------------------

    def _envelope(self, value: object, name: str) -> list[Finding]:
        self.scanned.values += 1
        encoded = value.to_json() if isinstance(value, Contract) else value
        return self._located(self._envelope_leaves(encoded, None), name)

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
