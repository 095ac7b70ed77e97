"""What texts and bytes hold: documents, files, compressed data, archives, and the structure inside a string."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from saascore.privacy import files, layers
from saascore.privacy.documents import Documents
from saascore.privacy.findings import Hit, Mark, Scanned
from saascore.privacy.inspect import Inspector
from saascore.privacy.literals import decode_either
from saascore.privacy.walk import Walk


class Contents:
    """Reads texts and bytes with one inspector and one walk, and counts files and bytes.

    Args:
        inspector: Inspects single values.
        walk: Inspects structured values.
        scanned: The counts.
        envelopes: Reads every text as envelopes of the contract; without it, texts are documents.
    """

    def __init__(
        self,
        inspector: Inspector,
        walk: Walk,
        scanned: Scanned,
        envelopes: Callable[[str], Iterator[Mark]] | None,
    ) -> None:
        self._inspector = inspector
        self._walk = walk
        self._scanned = scanned
        self._envelopes = envelopes
        self._documents = Documents(inspector, walk)
        self._rules = inspector.rules

    def text(self, text: str, name: str) -> Iterator[Mark]:
        """Read a text; its name's ending tells the format where the text does not."""
        return self._envelopes(text) if self._envelopes else self._documents.text(text, name)

    def below(self, path: Path, name: str | None) -> Iterator[tuple[Path, str]]:
        """Yield a file, or every file below a folder, with the name to show."""
        return files.walk(path, name)

    def file(self, path: Path, name: str) -> Iterator[Mark]:
        """Read a file, and its name."""
        self._scanned.files += 1
        if self._inspector.strict and self._envelopes is None:
            yield from map(Mark, self._inspector.text(name.replace("\\", "/").rpartition("/")[2]))
        try:
            opened = files.open_regular(path)
        except files.UnreadableError:
            yield self._unscannable("unreadable")
            return
        with opened as stream:
            before = files.state(stream)
            yield from self.opened(stream, name)
            if files.state(stream) != before:
                yield self._unscannable("changed")

    def opened(self, stream: BinaryIO, name: str) -> Iterator[Mark]:
        """Read an open file, line by line where it is text of lines."""
        head = stream.read(files.STREAMED)
        if self._envelopes is None and len(head) == files.STREAMED and files.is_line_text(head):
            yield from self._stream(files.text_lines(files.rejoined(head, stream)), name)
            return
        data = head + stream.read(files.WHOLE - len(head) + 1)
        self._scanned.bytes += len(data)
        if len(data) > files.WHOLE:
            yield self._unscannable("limit")
        else:
            yield from self.data(data, name)

    def _stream(self, lines: Iterator[files.Line], name: str) -> Iterator[Mark]:
        def texts() -> Iterator[str]:
            for line in lines:
                self._scanned.bytes += line.size
                if line.problem:
                    problems.append(line.problem)
                    yield ""
                else:
                    yield line.text

        problems: list[str] = []
        yield from self._documents.lines(texts(), name)
        yield from (self._unscannable(problem) for problem in problems[:1])

    def data(self, data: bytes, name: str, depth: int = 0) -> Iterator[Mark]:
        """Read bytes: text, compressed data, an archive, or media, which is a finding."""
        if depth > layers.MAX_DEPTH:
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
                _within(mark, "gzip") for mark in self.data(inner, name.removesuffix(".gz"), depth + 1)
            )
        elif data[:4] in {b"PK\x03\x04", b"PK\x05\x06"} or data[257:262] == b"ustar":
            yield from self._archive(data, depth)
        else:
            text = files.text_of(data)
            if text is None:
                yield self._embedded_media(data) or self._unscannable(files.kind_of(data))
            else:
                yield from self.text(text, name)

    def _embedded_media(self, data: bytes) -> Mark | None:
        """Find media appended to or inside what is no text."""
        for rule, magic in self._rules.magic:
            # Zeros tell nothing: what is mostly made of them stands in any binary file.
            told = len(magic.start) > 3 and len(magic.start.replace(b"\0", b"")) > 2
            at = data.find(magic.start) if told else -1
            if at >= 0 and files.starts(data[at:], magic):
                return Mark(Hit(rule, ""))
        return None

    def _archive(self, data: bytes, depth: int) -> Iterator[Mark]:
        layer = "zip" if data[:2] == b"PK" else "tar"
        try:
            for member, inner in files.unpack(data):
                yield from map(Mark, self._inspector.text(member))
                yield from (_within(mark, layer) for mark in self.data(inner, member, depth + 1))
        except files.UnscannableError as problem:
            yield self._unscannable(problem.reason)

    def unpacked(self, data: bytes) -> list[Hit] | None:
        """Inspect what compressed data or an archive holds; ``None`` where zlib data only seemed to be some."""
        if data[:1] == b"x":
            try:
                data = layers.inflate(data)
            except layers.DamagedError:
                return None
            except layers.TooLargeError:
                return [self._unscannable("limit").hit]
        return [mark.hit for mark in self.data(data, "", 1)]

    def nested(self, text: str) -> list[Hit] | None:
        """Inspect a text inside a text by its structure: JSON, or several lines; ``None`` where it has none."""
        stripped = text.strip()
        if len(stripped) > 1 and stripped[0] in '{["' and stripped[-1] in '}]"':
            try:
                value = decode_either(stripped)
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

    def _unscannable(self, reason: str) -> Mark:
        return Mark(Hit(self._rules.shapes[reason], ""))


def _within(mark: Mark, layer: str) -> Mark:
    return mark._replace(hit=Hit(mark.hit.rule, mark.hit.found, mark.hit.start, (layer, *mark.hit.layers)))
