"""Names that stand apart from their values in plain lines: columns, a label above its value, ``name:`` by ``value:``."""

from __future__ import annotations

from collections.abc import Iterator

from saascore.privacy.beside import Beside, is_name_field, is_value_field
from saascore.privacy.findings import Hit
from saascore.privacy.regex import regex

_NAME = r"[A-Za-z_][A-Za-z0-9_.-]{0,63}|[A-Za-z]{1,20} [A-Za-z]{1,12}"
_ALIGNED = regex(rf"[ \t]*({_NAME})(?:[ \t]{{2,}}|\t|[ \t]?\.{{2,64}}[ \t]?)(\S{{1,4096}})[ \t]*")
_DASHED = regex(
    rf"[ \t]*[-*+][ \t]+[`*]{{1,4}}({_NAME})[`*]{{1,4}}[ \t]+--?[ \t]+[`*]{{0,4}}([^\s`*]{{1,4096}})[`*]{{0,4}}"
)
_ALONE = regex(rf"[ \t]*[*_`]{{0,3}}({_NAME})[*_`]{{0,3}}:?[*_`]{{0,3}}[ \t]*")
_TOKEN = regex(r"[ \t]*[*_`\"']{0,3}([^\s`*\"']{1,4096})[*_`\"']{0,3}[ \t]*")
_FIELD = regex(
    r"([ \t]*)(-[ \t]+)?([A-Za-z]{1,20})[ \t]*[:=][ \t]+[\"']?([^\"'\s#{}\[\]][^\"']{0,4096}?)[\"']?,?"
)
_RULE = regex(r"[-+=|: \t]{3,}")
_GAP = regex(r"[ \t]{2,}|\t")
_HEADING = regex(r"[A-Za-z_][A-Za-z0-9_ .#/()-]{0,40}")
_SHOWING = frozenset(("example", "default"))


class Columns:
    """Reads one line after the other and remembers the names that the next ones need.

    Args:
        beside: Inspects a value under a name that stands beside it.
    """

    def __init__(self, beside: Beside) -> None:
        self._beside = beside
        self._names: list[str] = []
        self._label = ""
        self._fields: dict[bool, tuple[int, str]] = {}

    def end(self) -> None:
        """Forget the names: a blank line ends what they stand for."""
        self._names, self._label, self._fields = [], "", {}

    def line(self, line: str) -> Iterator[Hit]:
        """Inspect a line under the names before it, and the value of a name that it holds itself."""
        label, self._label = self._label, ""
        if label and (token := _TOKEN.fullmatch(line)):
            yield from self._beside.pair(label, token[1])
        spaced = "  " in line or "\t" in line
        if len(line) < 80 and (alone := _ALONE.fullmatch(line)):
            self._label = alone[1] if self._beside.is_strong(alone[1]) else ""
        if own := (_ALIGNED if spaced or ".." in line else _DASHED).fullmatch(line):
            yield from self._beside.pair(own[1], own[2])
        yield from self._field(line)
        if spaced or "|" in line:
            yield from self._row(line)
        elif not _RULE.fullmatch(line):
            self._names = []

    def _field(self, line: str) -> Iterator[Hit]:
        """Pair ``name: N`` with the ``value: V`` that stands in the same object, in either order."""
        found = _FIELD.fullmatch(line.rstrip())
        if not found:
            return
        indent, is_name = len(found[1]) + len(found[2] or ""), is_name_field(found[3])
        if found[2]:
            self._fields = {}
        if not (is_name or is_value_field(found[3]) or found[3] in _SHOWING):
            return
        self._fields[is_name] = (indent, found[4])
        other = self._fields.get(not is_name)
        if other and other[0] == indent:
            name, value = (found[4], other[1]) if is_name else (other[1], found[4])
            self._fields = {}
            yield from self._beside.pair(name, value)

    def _row(self, line: str) -> Iterator[Hit]:
        """Inspect the cells of a console's table under its headings."""
        if _RULE.fullmatch(line):
            return
        cells = [
            cell.strip()
            for cell in (line.strip(" \t|").split("|") if "|" in line else _GAP.split(line.strip()))
        ]
        extra = len(cells) - len(self._names)
        if self._names and extra in {0, 1}:  # a data frame's rows begin with their number
            for name, cell in zip(self._names, cells[extra:], strict=True):
                if cell:
                    yield from self._beside.pair(name, cell)
        elif (
            len(cells) > 1 and all(map(_HEADING.fullmatch, cells)) and any(map(self._beside.is_named, cells))
        ):
            self._names = cells
        else:
            self._names = []
