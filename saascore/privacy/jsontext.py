"""JSON as text: decoded so that a repeated name hides nothing."""

from __future__ import annotations

import json


class Pairs(list[tuple[str, object]]):
    """An object of JSON as the list of its members, in order, repeated names included."""

    __slots__ = ()


def decode(text: str) -> object:
    """Decode JSON; objects become :class:`Pairs`.

    Raises:
        ValueError: No JSON, or a number too long to read.
        RecursionError: Nested too deeply.
    """
    return json.loads(text, object_pairs_hook=Pairs)


def plain(value: object) -> object:
    """Turn decoded JSON into dictionaries; an object that repeats a name becomes ``None``."""
    if isinstance(value, Pairs):
        members = {name: plain(item) for name, item in value}
        return members if len(members) == len(value) else None
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value
