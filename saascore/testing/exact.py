"""What a draft's fields must be so that a public event can be made of them; no value in any answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from re import fullmatch
from typing import Any

from saascore.contract.instants import parse_instant
from saascore.contract.labels import label_problem
from saascore.contract.quantities import SCALE, parse_quantity
from saascore.contract.words import LABEL
from saascore.drafts import UsageDraft

MAX_DIMENSIONS = 16


def is_label(value: object) -> bool:
    """Tell whether a value is a public label."""
    return (
        isinstance(value, str)
        and len(value) <= 64
        and fullmatch(LABEL, value) is not None
        and label_problem(value) is None
    )


def add(quantity: object) -> int:
    """Return a quantity as an integer times 10⁹, or 0 where it is none: another check tells."""
    try:
        whole, _, fraction = parse_quantity(quantity).partition(".")
    except ValueError:
        return 0
    nanos = abs(int(whole)) * SCALE + int(fraction.ljust(9, "0"))
    return -nanos if whole.startswith("-") else nanos


def exact(nanos: int) -> str:
    """Return a sum of :func:`add` as decimal text."""
    return f"{Decimal(nanos).scaleb(-9).normalize():f}"


def with_types(wrong: Iterable[str], problems: Iterable[str]) -> Iterator[str]:
    """Yield each problem, and the fields of another type than declared that no problem speaks of yet."""
    told = set()
    for problem in problems:
        told.add(problem.partition(":")[0].rpartition(".")[2])
        yield problem
    yield from (
        f"{path}: another type than docs/drafts.md says"
        for path in wrong
        if path.rpartition(".")[2] not in told
    )


def draft_problems(draft: UsageDraft) -> Iterator[str]:
    """Yield ``field: rule`` for what the contract would refuse."""
    try:
        if parse_quantity(draft.quantity).startswith("-"):
            yield "quantity: negative; core makes reversals"
    except ValueError:
        yield "quantity: not an exact decimal"
    yield from instant_problems("occurred_at", [draft.occurred_at])
    yield from instant_problems("plan_resolved_at", [draft.plan_resolved_at])
    for name, label in (
        ("unit", draft.unit),
        ("subject", draft.subject),
        ("plan_revision", draft.plan_revision),
    ):
        if label is not None and not is_label(label):
            yield f"{name}: not a public label"
    if not draft.key or any(part == "" for part in draft.key):
        yield "key: empty"
    if not draft.claims and draft.subject is None:
        yield "claims: neither claims nor a subject"
    if isinstance(draft.dimensions, Mapping):
        yield from _dimension_problems(draft.dimensions)


def instant_problems(name: str, values: Iterable[Any]) -> Iterator[str]:
    """Yield ``name: rule`` for each value that is there and is no instant."""
    for value in values:
        if value is not None:
            try:
                parse_instant(value)
            except ValueError as problem:
                yield f"{name}: {problem}"


def _dimension_problems(dimensions: Mapping[Any, Any]) -> Iterator[str]:
    if len(dimensions) > MAX_DIMENSIONS:
        yield f"dimensions: more than {MAX_DIMENSIONS}"
    if not all(is_label(key) and is_label(value) for key, value in dimensions.items()):
        yield "dimensions: not public labels"
