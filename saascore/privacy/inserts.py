"""The rows of an SQL INSERT, on its own line or on those below it, under the columns that it names."""

from __future__ import annotations

import re

from saascore.privacy.findings import Hit
from saascore.privacy.inspect import Inspector
from saascore.privacy.regex import regex
from saascore.privacy.tables import split
from saascore.privacy.walk import Walk

_INSERT = regex(r"INSERT\s+INTO\s+\S{1,128}\s*\(([^()]{1,4000})\)\s*(?:VALUES\b|$)", re.IGNORECASE)
_ROW = regex(r"\(((?:[^()']|'[^']*'|\([^()']*\)){1,16000})\)")
_FOLLOWS = regex(r"\s*(?:VALUES\b\s*)?(?:\(|$)", re.IGNORECASE)


class Inserts:
    """Reads one line after the other and remembers the columns that the next rows stand under."""

    def __init__(self, walk: Walk, inspector: Inspector) -> None:
        self._walk = walk
        self._inspector = inspector
        self._names: list[str] = []

    def line(self, line: str) -> list[Hit] | None:
        """Inspect a line as an INSERT or rows of one; ``None`` where it is neither, or its rows do not fit its columns."""
        found = _INSERT.search(line) if "(" in line and "INTO" in line.upper() else None
        if found:
            self._names = [name.strip().strip('`"[]') for name in found[1].split(",")]
        elif not self._names or not _FOLLOWS.match(line):
            self._names = []
            return None
        rows = line[found.end() :] if found else line
        hits = self._inspector.text(line[: found.start()]) if found else []
        for row in _ROW.finditer(rows):
            cells = split(row[1], ",", "'")
            if len(cells) != len(self._names):
                return None
            for name, cell in zip(self._names, cells, strict=True):
                hits += self._walk.cell(name, cell)
        if line.rstrip().endswith(";"):
            self._names = []
        return hits + self._inspector.text(_ROW.sub("", rows))
