"""Reconcile: a product's own counts against the ledger's, group by group. The product's tables stay its truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from saascore.contract.model import Contract
from saascore.contract.quantities import from_nanos, to_nanos
from saascore.contract.summary import SummarySpec
from saascore.contract.usage import UsageAggregate
from saascore.contract.window import Window
from saascore.contract.words import Count, ExactSum, PublicLabel
from saascore.errors import SaascoreError
from saascore.ledger.reader import Reader
from saascore.usage.as_of import seen_until
from saascore.usage.effective import fold_ledger
from saascore.usage.fold import Group, GroupKey

_Key = tuple[PublicLabel, PublicLabel, PublicLabel]


class ReconciledGroup(Contract):
    """One group of one source and window: what the product says, what the ledger says, and the difference."""

    event_type: PublicLabel
    plan_key: PublicLabel
    unit: PublicLabel
    window: Window
    status: Literal["equal", "differs", "missing-in-ledger", "missing-in-product"]
    product_count: Count
    product_sum: ExactSum
    ledger_count: Count
    ledger_sum: ExactSum
    difference: ExactSum


class Reconciliation(Contract):
    """Every group that the product or the ledger has, in order; ``clean`` where all are equal."""

    schema_: Literal["saascore/reconciliation/1"] = Field(default="saascore/reconciliation/1", alias="schema")
    source: PublicLabel
    as_of: Count
    clean: bool
    groups: tuple[ReconciledGroup, ...]


def reconcile(
    reader: Reader,
    aggregates: Iterable[UsageAggregate],
    *,
    source: PublicLabel,
    as_of: Count | None = None,
    window: Window | None = None,
) -> Reconciliation:
    """Compare a product's aggregates with the ledger's effective events of the same source and windows.

    Aggregates of one group and window add up. Adjustments are the ledger's own and are left out.

    Args:
        reader: The ledger.
        aggregates: The product's counts.
        source: Whose.
        as_of: The position of the ledger to compare with; the head by default.
        window: What the product was asked for. Parts of it that no aggregate covers are compared with nothing, so that
            what only the ledger has there is found.

    Raises:
        SaascoreError: ``INP-004`` where an aggregate is of another source, ``ENT-006`` where ``as_of`` lies after the head.
    """
    end = seen_until(reader, as_of)
    product: dict[Window, dict[_Key, tuple[int, int]]] = {}
    windows: dict[tuple[str, str], Window] = {}
    for aggregate in aggregates:
        if aggregate.source != source:
            raise SaascoreError(
                "INP-004", where="aggregates", detail="every aggregate is of the source to reconcile"
            )
        told = windows.setdefault((aggregate.window.from_, aggregate.window.to), aggregate.window)
        key = (aggregate.event_type, aggregate.plan_key, aggregate.unit)
        count, nanos = product.setdefault(told, {}).get(key, (0, 0))
        product[told][key] = (count + aggregate.count, nanos + to_nanos(aggregate.sum))
    for gap in _uncovered(window, sorted(windows)) if window else ():
        windows[gap.from_, gap.to] = gap
        product[gap] = {}
    groups: list[ReconciledGroup] = []
    for bounds in sorted(windows):
        asked = windows[bounds]
        state = fold_ledger(reader, SummarySpec(window=asked, source=source), end)
        groups += _compared(asked, product[asked], state.groups)
    return Reconciliation(
        source=source, as_of=end, clean=all(group.status == "equal" for group in groups), groups=tuple(groups)
    )


def _uncovered(window: Window, covered: Iterable[tuple[str, str]]) -> Iterator[Window]:
    """Yield the parts of a window that none of some windows, in order, covers."""
    at = window.from_
    for first, end in covered:
        if first > at:
            yield Window.of(at, first)
        at = max(at, end)
    if at < window.to:
        yield Window.of(at, window.to)


def _compared(
    window: Window, product: dict[_Key, tuple[int, int]], ledger: dict[GroupKey, Group]
) -> list[ReconciledGroup]:
    found = {
        (key.event_type, key.plan_key, key.unit): (group.count, group.nanos)
        for key, group in ledger.items()
        if group.count
    }
    groups = []
    for key in sorted(product.keys() | found.keys()):
        said, held = product.get(key, (0, 0)), found.get(key, (0, 0))
        status: Literal["equal", "differs", "missing-in-ledger", "missing-in-product"] = "differs"
        if said == held:
            status = "equal"
        elif key not in found:
            status = "missing-in-ledger"
        elif key not in product:
            status = "missing-in-product"
        groups.append(
            ReconciledGroup(
                event_type=key[0],
                plan_key=key[1],
                unit=key[2],
                window=window,
                status=status,
                product_count=said[0],
                product_sum=from_nanos(said[1]),
                ledger_count=held[0],
                ledger_sum=from_nanos(held[1]),
                difference=from_nanos(said[1] - held[1]),
            )
        )
    return groups
