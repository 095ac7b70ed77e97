"""What executing a stage gives, and how expected and actual are compared without showing a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from saascore.contract.model import Contract

#: A fixture's references are made with this key id; its key is drawn anew for each execution.
FIXTURE_KEY = "fixture"


@dataclass(frozen=True, slots=True)
class StageResult:
    """One stage: how much was checked, and what was not as expected, in public words."""

    stage: str
    checks: int
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """A record as a reader gives it."""

    number: int
    value: dict[str, Any] | None
    problem: str | None = None


def numbered(values: Iterable[dict[str, Any]]) -> Iterator[Given]:
    """Number records from 1."""
    return (Given(number, value) for number, value in enumerate(values, start=1))


def compare(what: str, expected: Sequence[Contract], actual: Sequence[Contract]) -> Iterator[str]:
    """Say where two rows of models differ: the place and the field names."""
    if len(expected) != len(actual):
        yield f"{what}: {len(expected)} expected, {len(actual)} found"
    for place, (one, other) in enumerate(zip(expected, actual, strict=False)):
        left, right = one.to_json(), other.to_json()
        if differing := sorted(
            name for name in left.keys() | right.keys() if left.get(name) != right.get(name)
        ):
            yield f"{what} {place}: {', '.join(differing)} not as expected"


def compare_one(what: str, expected: Contract, actual: Contract) -> Iterator[str]:
    """Say in which fields two models differ."""
    yield from compare(what, [expected], [actual])


def paths(value: Any, prefix: str = "") -> Iterator[str]:
    """Yield the paths of an encoded model; every place of an array is the same path."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from paths(item, f"{prefix}.{name}" if prefix else name)
    elif isinstance(value, list):
        for item in value:
            yield from paths(item, f"{prefix}[]")
    else:
        yield prefix
