"""Blocks: lines that belong together, read from a stream that is never held whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import NamedTuple

from saascore.privacy.regex import regex

MAX_BLOCK_LINES = 20_000
MAX_BLOCK = 4 << 20
_TRIMMED = 4096

_FENCE = regex(r"[ \t>]{0,8}(```+|~~~+)[ \t]*([A-Za-z0-9_+-]*)")
_BASE64 = regex(r"[ \t>#*]{0,8}([A-Za-z0-9+/_-]{16,}={0,2})[ \t]*")
_BASE64_TAIL = regex(r"[ \t>#*]{0,8}([A-Za-z0-9+/_-]{1,}={0,2})[ \t]*")
_PADDED = regex(r"[A-Za-z0-9+/]{24,}={1,2}$")
_STRING = regex(r"[ \t]*[fru]?([\"'`])([^\"'`\n]{1,400})\1[ \t]*[+\\.]?[ \t]*\)?;?,?")
_OPENED = regex(r"[ \t+-]*([A-Za-z_$][A-Za-z0-9_.$-]{0,63})[\"']?[ \t]*(?:=|:)[ \t]*[(\[]?[ \t]*\\?")
_SCALAR = regex(r"([ \t]*)(?:- )?([A-Za-z_$][A-Za-z0-9_.$-]{0,63}):[ \t]*(?:[>|][+-]?)?")
_LITERAL = regex(r"([ \t]*)(?:- )?[A-Za-z_$][A-Za-z0-9_.$-]{0,63}:[ \t]*[|>][+-]?[0-9]?")
_DUMP = regex(
    r"[ \t]{0,8}(?:0x)?[0-9A-Fa-f]{4,16}:?[ \t]{1,3}((?:[0-9A-Fa-f]{2}(?:[0-9A-Fa-f]{2})?[ \t]{1,3}){2,16}(?:[0-9A-Fa-f]{2,4})?)(?:[ \t|].*)?$"
)
_TOKEN = regex(r"([ \t]*)(\S+)[ \t]*")
_MARKS = regex(r"[:{}\[\],\"']")
_MEMBER = regex(r"[ \t]*(?:[\"'{]|:?[A-Za-z_$][A-Za-z0-9_$]{0,63}(?::[ \t]| =>))")
_WIDTH = 12
_OPENER = regex(r"([A-Za-z_][A-Za-z0-9_-]{0,63})[\"']?[ \t]{0,3}[:=][ \t]{0,3}[\"'`]?[{\[]$")


class Block(NamedTuple):
    """Lines that belong together.

    Args:
        kind: ``line``, ``document`` (of another format, inside), ``base64`` or ``joined`` (one logical line).
        first: Number of the first line.
        text: What they say together.
        lines: The lines as they stand, for the kinds that are also scanned line by line.
        around: What stands around a document and is no part of it.
    """

    kind: str
    first: int
    text: str
    lines: tuple[str, ...] = ()
    around: tuple[str, ...] = ()


class _Ahead:
    """A stream of lines that can be looked into."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._held: list[str] = []
        self._at = 0
        self.barren: dict[str, int] = {}
        self.number = 1

    def peek(self, offset: int = 0) -> str | None:
        while len(self._held) <= self._at + offset:
            line = next(self._lines, None)
            if line is None:
                return None
            self._held.append(line.rstrip("\r\n"))
        return self._held[self._at + offset]

    def take(self, count: int) -> list[str]:
        taken = self._held[self._at : self._at + count]
        self._at += count
        self.number += count
        if self._at > _TRIMMED and self._at * 2 > len(self._held):
            del self._held[: self._at]
            self._at = 0
        return taken

    def until(self, closing: str, blank: str = "") -> int | None:
        """Count the lines up to the one that starts with ``closing``; what was searched in vain is not again.

        Args:
            closing: What the line starts with.
            blank: Characters that may stand before it.
        """
        if self.number < self.barren.get(closing, 0):
            return None
        size, count = 0, 1
        while (inner := self.peek(count)) is not None and size < MAX_BLOCK and count < MAX_BLOCK_LINES:
            count += 1
            if (inner.lstrip(blank) if blank else inner).startswith(closing):
                return count
            size += len(inner)
        self.barren[closing] = self.number + count
        return None


def read(lines: Iterable[str]) -> Iterator[Block]:
    """Yield the blocks of a stream of lines, in order."""
    ahead = _Ahead(lines)
    while (line := ahead.peek()) is not None:
        first = ahead.number
        if line[:1] in {"{", "["} and line[-1:] in {"}", "]"}:
            ahead.take(1)
            yield Block("line", first, line)
            continue
        for reader in _READERS:
            block = reader(ahead, line, first)
            if block is not None:
                yield block
                break
        else:
            ahead.take(1)
            yield Block("line", first, line)


def _fence(ahead: _Ahead, line: str, first: int) -> Block | None:
    opened = _FENCE.match(line)
    count = ahead.until(opened[1][:3], " \t>") if opened else None
    if count is None:
        return None
    body = ahead.take(count)[1:-1]
    return Block("document", first + 1, "\n".join(body), tuple(body))


def _json(ahead: _Ahead, line: str, first: int) -> Block | None:
    if line[:1] not in {"{", "["} or line.rstrip()[-1:] not in {"{", "[", ","}:
        return None
    count = ahead.until("}" if line[0] == "{" else "]")
    if count is None:
        return None
    body = ahead.take(count)
    return Block("document", first, "\n".join(body), tuple(body))


def _opened(ahead: _Ahead, line: str, first: int) -> Block | None:
    """Take the object that a line ends by opening: ``payload: {``, an SQL string, the tail of a log line."""
    opener = line[-1:]
    following = ahead.peek(1) if opener in {"{", "["} else None
    if following is None or not _MEMBER.match(following):
        return None
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    closer = "}" if opener == "{" else "]"
    count = ahead.until(indent + closer)
    if count is None:
        return None
    body = ahead.take(count)
    after = body[-1].lstrip()[1:]
    text = "\n".join((opener, *body[1:-1], closer))
    if name := _OPENER.search(line):
        text = f'{{"{name[1]}": {text}}}'
    return Block("document", first, text, tuple(body), (line[:-1], after))


def _changed(ahead: _Ahead, line: str, first: int) -> Block | None:
    """Take the document that the lines of a diff show: added or removed as a whole, or with changes inside."""
    if line[:1] not in {"+", "-", " "} or line[1:2] not in {"{", "[", "<"}:
        return None
    sign = "+" if line[0] == " " else line[0]
    closing = {"{": "}", "[": "]", "<": ""}[line[1]]
    if ahead.number < ahead.barren.get(sign + closing, 0):
        return None
    body: list[str] = []
    while (inner := ahead.peek(len(body))) is not None and len(body) < MAX_BLOCK_LINES:
        if inner[:1] not in {"+", "-", " "}:
            break
        body.append(inner)
        if closing and len(body) > 1 and inner[:1] != ("-" if sign == "+" else "+") and inner[1:2] == closing:
            break
    shown = [inner[1:] for inner in body if inner[0] in {sign, " "}]
    if len(shown) < 2 or (closing and shown[-1][:1] != closing):
        ahead.barren[sign + closing] = ahead.number + len(body)
        return None
    others = tuple(inner[1:] for inner in body if inner[0] not in {sign, " "})
    return Block("document", first, "\n".join(shown).rstrip(" ,;"), tuple(ahead.take(len(body))), others)


def _encoded(ahead: _Ahead, line: str, first: int) -> Block | None:
    found = _BASE64.fullmatch(line)
    following = ahead.peek(1) if found else None
    if not found or following is None or not _BASE64_TAIL.fullmatch(following) or found[1].isalpha():
        return None
    width, pieces, size = len(found[1]), [found[1]], 0
    while (inner := ahead.peek(len(pieces))) is not None and size < MAX_BLOCK:
        piece = _BASE64_TAIL.fullmatch(inner)
        if not piece or len(piece[1]) > width or len(pieces[-1]) != width:
            break
        pieces.append(piece[1])
        size += width
    if len(pieces) < 2 or (len(pieces) == 2 and width < 40):
        return None
    return Block("base64", first, "".join(pieces), tuple(ahead.take(len(pieces))))


def _continued(ahead: _Ahead, line: str, first: int) -> Block | None:
    """Join what a backslash (shells, C) or an equals sign (quoted-printable) continues."""
    mark = line[-1:]
    if mark not in {"\\", "="} or line[-2:-1] in {"", " ", "=", "\\"} or len(line) < 8:
        return None
    if mark == "=" and (padded := _PADDED.search(line)) and len(padded[0]) % 4 == 0:
        return None
    pieces = [line[:-1]]
    while (inner := ahead.peek(len(pieces))) is not None and len(pieces) < 200:
        pieces.append(inner.removesuffix(mark))
        if not inner.endswith(mark) or inner.endswith("=="):
            break
    if len(pieces) < 2:
        return None
    return Block("joined", first, "".join(pieces), tuple(ahead.take(len(pieces))))


def _strings(ahead: _Ahead, line: str, first: int) -> Block | None:
    """Join string literals that stand below each other without a comma, with the name they are given to."""
    opened = _OPENED.fullmatch(line)
    start = 1 if opened else 0
    pieces: list[str] = []
    while (inner := ahead.peek(start + len(pieces))) is not None and len(pieces) < 200:
        piece = _STRING.fullmatch(inner)
        if not piece:
            break
        pieces.append(piece[2])
        if inner.rstrip()[-1:] in ",;)":
            break
    if len(pieces) < 2:
        return None
    name = f"{opened[1]} = " if opened else ""
    return Block("joined", first, f'{name}"{"".join(pieces)}"', tuple(ahead.take(start + len(pieces))))


def _scalar(ahead: _Ahead, line: str, first: int) -> Block | None:
    """Join the pieces of a value that stand below its name: a YAML scalar, or lines cut at one width."""
    named = _SCALAR.fullmatch(line)
    if not named:
        return None
    below: list[re.Match[str]] = []
    while (inner := ahead.peek(1 + len(below))) is not None and len(below) < 200:
        piece = _TOKEN.fullmatch(inner)
        if not piece:
            break
        below.append(piece)
    pieces = _indented(below, len(named[1])) or _folded(below)
    if not pieces:
        return None
    return Block(
        "joined", first, f"{named[1]}{named[2]}: {''.join(pieces)}", tuple(ahead.take(1 + len(pieces)))
    )


def _indented(below: list[re.Match[str]], indent: int) -> list[str]:
    """Take the tokens that stand deeper than their name and are no names or list items themselves."""
    pieces = [
        piece[2]
        for piece in takewhile(
            lambda piece: len(piece[1]) > indent and piece[2] != "-" and not _MARKS.search(piece[2]), below
        )
    ]
    return pieces if len(pieces) > 1 else []


def is_folded(pieces: list[str]) -> bool:
    """Whether lines are one token that was cut at a width."""
    width = len(pieces[0])
    return (
        width >= _WIDTH
        and all(len(piece) == width and " " not in piece for piece in pieces[:-1])
        and 0 < len(pieces[-1]) <= width
        and " " not in pieces[-1]
    )


def _folded(below: list[re.Match[str]]) -> list[str]:
    """Take the tokens of one width, and the shorter one that ends them."""
    width = len(below[0][2]) if below else 0
    full = [piece[2] for piece in takewhile(lambda piece: len(piece[2]) == width, below)]
    rest = [piece[2] for piece in below[len(full) : len(full) + 1] if len(piece[2]) < width]
    return full + rest if width >= _WIDTH and len(full + rest) > 1 else []


def _literal(ahead: _Ahead, line: str, first: int) -> Block | None:
    """Take the block that stands below a YAML name: ``body: |``."""
    named = _LITERAL.fullmatch(line)
    inner = ahead.peek(1) if named else None
    if not named or inner is None or inner.lstrip()[:1] not in {"<", "{", "["}:
        return None
    indent = len(inner) - len(inner.lstrip())
    size, count = 0, 1
    while (inner := ahead.peek(count)) is not None and size < MAX_BLOCK and count < MAX_BLOCK_LINES:
        if inner.strip() and len(inner) - len(inner.lstrip()) < indent:
            break
        size += len(inner)
        count += 1
    if indent <= len(named[1]):
        return None
    body = [inner[indent:] for inner in ahead.take(count)[1:]]
    return Block("document", first + 1, "\n".join(body), tuple(body))


def _dump(ahead: _Ahead, line: str, first: int) -> Block | None:
    """Join the lines of a hexadecimal dump: offset, bytes, and mostly what they read as."""
    if not _DUMP.match(line):
        return None
    digits: list[str] = []
    while (inner := ahead.peek(len(digits))) is not None and len(digits) < MAX_BLOCK_LINES:
        row = _DUMP.match(inner)
        if not row:
            break
        digits.append(re.sub(r"[^0-9A-Fa-f]", "", row[1]))
    text = "".join(digits)
    if len(text) < 16 or len(text) % 2:
        return None
    return Block("dump", first, text, tuple(ahead.take(len(digits))))


_READERS = (_fence, _literal, _dump, _json, _changed, _opened, _encoded, _continued, _strings, _scalar)
