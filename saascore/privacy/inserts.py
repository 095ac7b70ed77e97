"""The rows of an SQL INSERT, on its own line or on those below it, under the columns that it names."""

from __future__ import annotations

import re

from saascore.privacy.findings import Hit
from saascore.privacy.inspect import Inspector
from saascore.privacy.regex import regex
from saascore.privacy.tables import split
from saascore.privacy.walk import Walk

_INTO = r"\b(?:INSERT|REPLACE)\s+(?:OR\s+[A-Z]{1,10}\s+|IGNORE\s+)?INTO\s+[^\s(]{1,128}\s*"
_INSERT = regex(_INTO + r"\(([^()]{1,4000})\)\s*(?:VALUES\b|$)", re.IGNORECASE)
# Columns that stand below the INSERT, or end there.
_BEGUN = regex(_INTO + r"(?:\([^()]*)?$", re.IGNORECASE)
_ROW = regex(r"\(((?:[^()']|'[^']*'|\([^()]*\)){1,16000})\)")
_FOLLOWS = regex(r"\s*(?:VALUES\b\s*)?(?:\(|$)", re.IGNORECASE)
# What goes on below is read again with each line, so that lines are few.
MAX_HELD_LINES, MAX_HELD = 48, 8_000


class Inserts:
    """Reads one line after the other and remembers the columns that the next rows stand under."""

    def __init__(self, walk: Walk, inspector: Inspector) -> None:
        self._walk = walk
        self._inspector = inspector
        self._names: list[str] = []
        self._held = ""
        self._held_lines = 0

    def line(self, line: str) -> list[Hit] | None:
        """Inspect a line as an INSERT or rows of one; ``None`` where it is neither, or goes on below."""
        if not self._held and not self._names and not ("INTO" in line or "into" in line):
            return None
        text = f"{self._held} {line}" if self._held else line
        held = self._held_lines + 1 if self._held else 1
        self._held = ""
        if _BEGUN.search(text) and self._holds(text, held):
            return None
        if found := _INSERT.search(text):
            self._names = [name.strip().strip('`"[]') for name in found[1].split(",")]
        elif not self._names or not _FOLLOWS.match(text):
            self._names = []
            return None
        rows = text[found.end() :] if found else text
        if "(" in _ROW.sub("", rows) and self._holds(rows, held):
            return None
        return self._rows(text[: found.start()] if found else "", rows)

    def _holds(self, text: str, lines: int) -> bool:
        """Keep a text that the next line goes on with; false where it is too long to be one."""
        if len(text) > MAX_HELD or lines > MAX_HELD_LINES:
            return False
        self._held, self._held_lines = text, lines
        return True

    def _rows(self, before: str, rows: str) -> list[Hit] | None:
        hits = self._inspector.text(before)
        for row in _ROW.finditer(rows):
            cells = split(row[1], ",", "'")
            if len(cells) != len(self._names):
                return None
            for name, cell in zip(self._names, cells, strict=True):
                hits += self._walk.cell(name, cell)
        if rows.rstrip().endswith(";"):
            self._names = []
        return hits + self._inspector.text(_ROW.sub("", rows))
