"""Product rows as they come: parsed already, or as lines of NDJSON that are parsed where they are mapped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import from_json

from saascore.usage.verdict import Refusal

#: A row, or the text of one.
Row = Mapping[str, Any] | bytes
#: Rows, or whole lines of NDJSON as one piece of text.
Chunk = Sequence[Row] | bytes

_NOT_JSON = Refusal("rejected", ("INP-001",))
_NOT_AN_OBJECT = Refusal("rejected", ("INP-003",))


def rows_of(chunk: Chunk) -> Sequence[Row]:
    """Return the rows of a chunk. A blank line is none."""
    return [line for line in chunk.splitlines() if line.strip()] if isinstance(chunk, bytes) else chunk


def parse_line(line: bytes) -> dict[str, Any] | Refusal:
    """Return the object that a line holds, or why it holds none."""
    try:
        value = from_json(line, allow_inf_nan=False, cache_strings="keys")
    except ValueError:
        return _NOT_JSON
    return value if type(value) is dict else _NOT_AN_OBJECT
