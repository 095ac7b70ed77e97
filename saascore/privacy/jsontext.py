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


def decode_unique(text: str) -> object:
    """Decode JSON into dictionaries.

    Raises:
        ValueError: No JSON, or an object that repeats a name.
        RecursionError: Nested too deeply.
    """
    return json.loads(text, object_pairs_hook=_unique)


def _unique(members: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(members)
    if len(value) != len(members):
        raise ValueError("an object repeats a name")
    return value
