"""The linter of rules: a regular expression may not be able to take more than linear time, nearly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_MANY = 1000


def problems(regex: str) -> list[str]:
    """Say why a regular expression may not be a rule; an empty list where it may.

    Refused are: nested and adjacent unbounded repeats, an unbounded repeat of any character, backreferences,
    look-behind, and what does not compile.
    """
    try:
        re.compile(regex)
        tree = _parser.parse(regex)
    except (re.error, RecursionError, OverflowError):
        return ["does not compile"]
    return sorted(set(_sequence(tree, inside=False)))


def _sequence(items: Iterable[Any], *, inside: bool) -> Iterator[str]:
    before_unbounded = False
    for operation, argument in items:
        name = str(operation)
        unbounded = name in {"MAX_REPEAT", "MIN_REPEAT"} and int(argument[1]) >= _MANY
        if unbounded and before_unbounded:
            yield "adjacent unbounded repeats"
        before_unbounded = unbounded
        if name in {"MAX_REPEAT", "MIN_REPEAT"}:
            yield from _repeat(argument, unbounded=unbounded, inside=inside)
        elif name == "SUBPATTERN":
            yield from _sequence(argument[3], inside=inside)
        elif name == "BRANCH":
            for branch in argument[1]:
                yield from _sequence(branch, inside=inside)
        elif name in {"GROUPREF", "GROUPREF_EXISTS"}:
            yield "backreference"
        elif name in {"ASSERT", "ASSERT_NOT"}:
            if argument[0] < 0:
                yield "look-behind"
            yield from _sequence(argument[1], inside=inside)


def _repeat(argument: Any, *, unbounded: bool, inside: bool) -> Iterator[str]:
    body = list(argument[2])
    if unbounded and inside:
        yield "nested unbounded repeats"
    if unbounded and len(body) == 1 and str(body[0][0]) == "ANY":
        yield "unbounded repeat of any character"
    yield from _sequence(body, inside=inside or unbounded)
