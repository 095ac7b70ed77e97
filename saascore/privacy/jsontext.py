"""JSON as text: decoded so that a repeated name hides nothing, and never deeper than the stack allows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from saascore.privacy.regex import regex

MAX_NESTING = 100

_STRING = regex(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class Pairs(list[tuple[str, object]]):
    """An object of JSON as the list of its members, in order, repeated names included."""

    __slots__ = ()


def decode(text: str) -> object:
    """Decode JSON; objects become :class:`Pairs`.

    Raises:
        ValueError: No JSON, or a number too long to read.
        RecursionError: Nested too deeply.
    """
    return _load(text, Pairs)


def decode_unique(text: str) -> object:
    """Decode JSON into dictionaries.

    Raises:
        ValueError: No JSON, or an object that repeats a name.
        RecursionError: Nested too deeply.
    """
    return _load(text, _unique)


def _load(text: str, make: Callable[[list[tuple[str, object]]], object]) -> object:
    # The decoder of the standard library recurses; where the stack is small (WebAssembly) that ends the program.
    if text.count("[") + text.count("{") > MAX_NESTING and is_deep(text):
        raise RecursionError
    return json.loads(text, object_pairs_hook=make)


def is_deep(text: str) -> bool:
    """Whether a decoder would have far more than ``MAX_NESTING`` brackets open before it ends or finds no JSON."""
    brackets = _STRING.sub("", text).encode("ascii", "replace").translate(None, _NO_BRACKETS)
    for _ in range(MAX_NESTING):
        # Each turn takes away the innermost pairs; what is left stands deeper, or is no JSON.
        left = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(left) == len(brackets):
            break
        brackets = left
    return len(brackets) - len(brackets.lstrip(b"[{")) > MAX_NESTING


def _unique(members: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(members)
    if len(value) != len(members):
        raise ValueError("an object repeats a name")
    return value
