"""Values whose names stand beside them: cells under headings, lists of fields, rows under columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from saascore.privacy.findings import Hit
from saascore.privacy.inspect import Inspector
from saascore.privacy.jsontext import Pairs
from saascore.privacy.keys import NO_KEY
from saascore.privacy.placeholder import is_placeholder

_NAME_FIELDS = (
    "name",
    "key",
    "field",
    "label",
    "attribute",
    "column",
    "header",
    "property",
    "k",
    "metric",
    "dimension",
    "param",
)
_VALUE_FIELDS = (
    "value",
    "val",
    "v",
    "content",
    "data",
    "text",
    "current",
    "string_value",
    "stringValue",
    "intValue",
)
_COLUMNS = ("columns", "headers", "header", "fields", "cols", "keys", "schema")
_ROWS = ("rows", "data", "values", "records", "items", "body")
_RESOURCE = frozenset(("type", "id"))
_NAMES, _VALUES = frozenset(_NAME_FIELDS), frozenset(_VALUE_FIELDS)
_COLUMN_NAMES, _ROW_NAMES = frozenset(_COLUMNS), frozenset(_ROWS)


class Place(NamedTuple):
    """Where a value stands: a chain of names from the root."""

    parent: Place | None
    token: str | int
    hidden: bool = False

    def pointer(self) -> str:
        """Return the JSON Pointer (RFC 6901); names that are findings themselves are replaced."""
        parts: list[str] = []
        here: Place | None = self
        while here is not None:
            shown = "[redacted]" if here.hidden else str(here.token)
            parts.append(shown.replace("~", "~0").replace("/", "~1"))
            here = here.parent
        return "/" + "/".join(reversed(parts))


class Located(NamedTuple):
    """A hit with its place in a structured value."""

    hit: Hit
    place: Place | None


class Beside:
    """Inspects values under names that stand beside them, and counts the cells it saw."""

    def __init__(self, inspector: Inspector) -> None:
        self._inspector = inspector
        self._read = inspector.rules.keys.read
        self.values = 0

    def cell(self, name: str, cell: str) -> list[Hit]:
        """Inspect a cell of a table under its heading."""
        self.values += 1
        key = self._read(name) if name else NO_KEY
        if cell.isascii() and cell.isdigit():
            return self._inspector.number(int(cell[:18]), key, counted=False)
        header = self._inspector.rules.header(name)
        return list(self.pair(name, cell)) if key.rule or header else self._inspector.value(cell, key)

    def pair(self, name: str, value: object) -> Iterator[Hit]:
        """Inspect a value under a name that stands beside it, in a table or a list of fields."""
        key = self._read(name)
        header = self._inspector.rules.header(name)
        rule = key.rule or header
        if rule is None:
            return
        if header is not None and isinstance(value, str) and value[:1] == "{" and not is_placeholder(value):
            yield Hit(header, value)  # an object of a gateway tells by being there, whatever its words
            return
        if isinstance(value, str) and value.isdigit() and key.rule is not None:
            yield from self._inspector.number(int(value[:18]), key, counted=False)
        elif isinstance(value, str):
            if key.rule is not None:
                yield from self._inspector.value(value, key)
            elif not is_placeholder(value):
                yield Hit(rule, value)
        elif isinstance(value, int) and not isinstance(value, bool) and key.rule is not None:
            yield from self._inspector.number(value, key, counted=False)

    def is_named(self, name: str) -> bool:
        """Whether a name says what its value is and that it may be raw."""
        return self._read(name).rule is not None or self._inspector.rules.header(name) is not None

    def is_strong(self, name: str) -> bool:
        """Whether a name says by itself that its value is raw."""
        key = self._read(name)
        return key.rule is not None and key.strength == "strong" and not key.plural

    def below(self, name: str, above: str, value: str) -> str:
        """Return a name with that of what it stands in, where it is a bare ``id`` and its value no name in words."""
        return f"{above} {name}" if self._read(name).bare_id and any(map(str.isdigit, value)) else name

    def members(self, items: list[tuple[str, object]], place: Place | None) -> Iterator[Located]:
        """Read ``{"name": N, "value": V}`` and ``{"columns": [...], "rows": [[...]]}`` as N under V would be."""
        if not 2 <= len(items) <= 12:
            return
        members: dict[str, Any] = dict(items)
        kind, own = members.get("type"), members.get("id")
        if (
            isinstance(kind, str) and isinstance(own, str) and kind.endswith("s")
        ):  # JSON:API: a resource's identifier
            yield from (Located(hit, Place(place, "id")) for hit in self.pair(f"{kind[:-1]} id", own))
        named = next(
            (str(members[field]) for field in _NAME_FIELDS if isinstance(members.get(field), str)), None
        )
        if named is not None:
            for field in _VALUE_FIELDS:
                value = members.get(field)
                if isinstance(value, Pairs) and len(value) == 1:
                    value = value[0][1]  # OpenTelemetry: {"key": K, "value": {"intValue": V}}
                if isinstance(value, (str, int)):
                    yield from (Located(hit, Place(place, field)) for hit in self.pair(named, value))
        columns: list[Any] = next(
            (members[field] for field in _COLUMNS if type(members.get(field)) is list), []
        )
        if columns and all(isinstance(column, str) for column in columns):
            for field in _ROWS:
                rows = members.get(field)
                if isinstance(rows, list):
                    yield from self._rows([str(column) for column in columns], rows, Place(place, field))

    def _rows(self, columns: list[str], rows: list[object], place: Place) -> Iterator[Located]:
        for index, row in enumerate(rows):
            if isinstance(row, list) and not isinstance(row, Pairs):
                for column, cell in zip(columns, row, strict=False):
                    yield from (Located(hit, Place(place, index)) for hit in self.pair(column, cell))


def is_name_field(name: str) -> bool:
    """Whether a heading says that names of values stand below it."""
    return name.strip().lower().removesuffix("s") in _NAMES or name.lower() in {
        "setting",
        "variable",
        "option",
    }


def is_value_field(name: str) -> bool:
    """Whether a heading says no more than that values stand below it."""
    return name.strip().lower().removesuffix("s") in _VALUES


def may_stand_apart(names: frozenset[str]) -> bool:
    """Whether an object of these names may hold a name and its value, columns and their rows, or a kind and its id."""
    return bool(
        (names & _NAMES and names & _VALUES)
        or (names & _COLUMN_NAMES and names & _ROW_NAMES)
        or names >= _RESOURCE
    )
