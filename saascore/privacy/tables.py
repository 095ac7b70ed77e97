"""Tables of text: rows under headings in Markdown, CSV and TSV, the dumps of databases, HTML."""

from __future__ import annotations

import csv
import re

from saascore.privacy.beside import is_name_field, is_value_field
from saascore.privacy.findings import Hit
from saascore.privacy.inspect import Inspector
from saascore.privacy.regex import regex
from saascore.privacy.walk import Walk

_MARKDOWN_RULE = regex(r"[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|){1,64}[ \t]*(?::?-{2,}:?)?[ \t]*")
_CELL_END = regex(r"(?<!\\)\|")
_COPY = regex(r"COPY\s+[A-Za-z0-9_.\"]{1,128}\s*\(([^()]{1,4000})\)\s+FROM\s+stdin\b", re.IGNORECASE)


class Table:
    """Reads rows under headings: Markdown, CSV and TSV, HTML."""

    def __init__(self, walk: Walk, inspector: Inspector, name: str) -> None:
        self._walk = walk
        self._inspector = inspector
        self._named = name.endswith((".csv", ".tsv"))
        self._separator = ""
        self._names: list[str] = []
        self._headed = False
        self._before = ""

    def end(self) -> None:
        """Forget the headings: the table is over."""
        if not self._named:
            self._names, self._before, self._separator, self._headed = [], "", "", False

    def row(self, line: str) -> list[Hit] | None:
        """Inspect a line as a row of a table; ``None`` where it is none."""
        if copied := _COPY.match(line):
            self.head([name.strip().strip('"') for name in copied[1].split(",")])
            self._separator, self._named = "\t", True
            return []
        if line == "\\.":
            self._named = False
            self.end()
            return []
        if self._named and not self._separator:
            self._separator = max(",;\t|", key=line.count) if line.strip("\ufeff") else ""
        if (self._separator == "|" and not self._named) or _MARKDOWN_RULE.fullmatch(line):
            return self._markdown(line)
        separator = self._separator or _separator(line, self._before)
        if not separator:
            self._before = line
            return None
        if not self._names:
            self.head(split(self._before if not self._separator else line, separator))
            if self._separator:
                return None
        self._separator = separator
        cells = split(line, separator)
        if len(cells) != len(self._names):
            if not self._named:
                self.end()
            return None
        return self.cells(cells)

    def _markdown(self, line: str) -> list[Hit] | None:
        if _MARKDOWN_RULE.fullmatch(line):
            if "|" not in self._before:
                return []
            self.head(_markdown_cells(self._before))
            self._separator = "|"
            return []
        if "|" not in line:
            self.end()
            return None
        return self.cells(_markdown_cells(line))

    def head(self, names: list[str]) -> None:
        """Take the headings of the rows that follow."""
        self._names, self._headed = names, True

    def cells(self, cells: list[str]) -> list[Hit]:
        """Inspect the cells of a row under their headings; the first row gives the headings where none are known."""
        hits: list[Hit] = []
        if not self._names:
            self._names = cells
            if len(cells) != 2:
                return [hit for cell in cells for hit in self._inspector.text(cell)]
        label = self._label(cells)
        for place, cell in enumerate(cells):
            under = self._names[place] if place < len(self._names) else ""
            named = place and label and cell and not self._says_something(under)
            hits += self._walk.cell(label if named else under, cell)
        return hits

    def _label(self, cells: list[str]) -> str:
        """Return a row's first cell where it names the others: in a list of names and values."""
        if len(cells) < 2 or len(cells[0]) > 40:
            return ""
        first = self._names[0]
        unsaid = not self._headed or not self._says_something(first)
        return cells[0] if is_name_field(first) or (len(self._names) == 2 and unsaid) else ""

    def _says_something(self, name: str) -> bool:
        key = self._inspector.rules.keys.read(name)
        return bool(key.allow and not is_value_field(name)) or key.rule is not None


def _markdown_cells(line: str) -> list[str]:
    return [
        cell.replace("\\|", "|").strip().strip("`*_").strip()
        for cell in _CELL_END.split(line.strip().strip("|"))
    ]


def _separator(line: str, before: str) -> str:
    for separator in (",", "\t", ";"):
        columns = before.count(separator)
        if (
            columns
            and line.count(separator) == columns
            and all(_is_heading(cell) for cell in before.split(separator))
        ):
            return separator
    return ""


def _is_heading(cell: str) -> bool:
    return (
        bool(re.fullmatch(r"[\"' ]{0,2}[A-Za-z_][A-Za-z0-9_ .()#/-]{0,40}[\"' ]{0,2}", cell))
        and cell.count(" ") < 4
    )


def split(line: str, separator: str, quote: str = '"') -> list[str]:
    """Divide a line at a separator, quotes respected."""
    try:
        return [
            cell.strip()
            for cell in next(csv.reader([line], delimiter=separator, quotechar=quote, skipinitialspace=True))
        ]
    except (csv.Error, StopIteration):
        return [cell.strip() for cell in line.split(separator)]
