"""What the scanner answers: where, which rule, how long - and no field that could hold a value."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from saascore.privacy.rule import Rule


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that may not leave.

    Attributes:
        rule: Id of the rule.
        category: The protocol's line.
        path: Name of the file or text, as the caller gave it; parts that are themselves findings are replaced.
        pointer: JSON Pointer of the value (RFC 6901), where the text has structure.
        line: 1-based line, where it has lines.
        column: 1-based column in characters.
        layers: What had to be undone to see it, outermost first.
        length: Length bucket of what was found, never the exact one.
        fingerprint: Keyed HMAC of what was found; equal within one key only.
    """

    rule: str
    category: str
    path: str
    pointer: str = ""
    line: int = 0
    column: int = 0
    layers: tuple[str, ...] = ()
    length: str = ""
    fingerprint: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the finding as plain JSON values."""
        return {
            "rule": self.rule,
            "category": self.category,
            "path": self.path,
            "pointer": self.pointer,
            "line": self.line or None,
            "column": self.column or None,
            "layers": list(self.layers),
            "length": self.length,
            "fingerprint": self.fingerprint,
        }

    @property
    def place(self) -> str:
        """Where it is, for a person."""
        parts = [self.path]
        if self.line:
            parts.append(f"{self.line}:{self.column}" if self.column else str(self.line))
        if self.pointer:
            parts.append(self.pointer)
        return ":".join(parts)


@dataclass(slots=True)
class Scanned:
    """How much was looked at."""

    files: int = 0
    bytes: int = 0
    values: int = 0

    def to_json(self) -> dict[str, int]:
        """Return the counts as plain JSON values."""
        return {"files": self.files, "bytes": self.bytes, "values": self.values}


@dataclass(frozen=True, slots=True)
class Hit:
    """A finding before it has a place: a rule, what it found (never shown) and the layers undone."""

    rule: Rule
    found: str = field(repr=False)
    start: int = 0
    layers: tuple[str, ...] = ()


class Mark(NamedTuple):
    """A hit with its place in what was scanned."""

    hit: Hit
    line: int = 0
    column: int = 0
    pointer: str = ""


def length_bucket(length: int) -> str:
    """Return the bucket of a length: exact lengths tell token kinds apart, and short ones help guessing."""
    for limit in (8, 16, 32, 64, 128, 1024):
        if length <= limit:
            return f"<={limit}"
    return ">1024"


def fingerprint(key: bytes, rule: str, found: str) -> str:
    """Return the keyed fingerprint of what was found: 20 hexadecimal digits of HMAC-SHA-256."""
    message = rule.encode("ascii") + b"\0" + found.encode("utf-8", "surrogatepass")
    return hmac.digest(key, message, "sha256").hex()[:20]
