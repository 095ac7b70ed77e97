"""The one total order of billing facts, and which facts count.

Providers deliver late, twice and within one second. Arrival order therefore decides nothing: facts are put in the
order (occurred_at, terminal rank, period end, specificity, fact id), which every permutation of the same facts
shares. Source of the rule: docs/lifecycle.md, "Order".
"""

from __future__ import annotations

from collections.abc import Iterable

from saascore.contract.billing import BillingFact, FactCorrection, Grant, Purchase, Revoke

OrderKey = tuple[str, int, str, int, str]
_ENDS_LAST = "~"
# Within one instant a subscription can only have moved on: what is pending was so before it was active, and nothing
# follows an end. Signals alone (a payment that failed) come before the state they lead to.
_RANK = {"none": 1, "pending": 1, "trialing": 2, "active": 3, "paused": 3, "ended": 4}
_SIGNAL, _TERM, _TERMINAL = 0, 3, 4


def order_key(fact: BillingFact) -> OrderKey:
    """Return the key that puts a fact in its place, whenever it arrived."""
    snapshot = fact.snapshot
    if snapshot is not None:
        rank = _RANK[snapshot.service]
        ends = snapshot.period.to if snapshot.period is not None else ""
        return (fact.occurred_at, rank, ends, fact.specificity, fact.fact_id)
    rank, ends = _SIGNAL, ""
    for signal in fact.signals:
        if isinstance(signal, Revoke):
            rank = _TERMINAL
        elif isinstance(signal, (Grant, Purchase)):
            rank = max(rank, _TERM)
            ends = signal.effective_until or _ENDS_LAST
    return (fact.occurred_at, rank, ends, fact.specificity, fact.fact_id)


def in_order(facts: Iterable[BillingFact]) -> list[BillingFact]:
    """Return the facts once each, in total order."""
    return sorted({fact.fact_id: fact for fact in facts}.values(), key=order_key)


def without_corrected(facts: list[BillingFact]) -> tuple[list[BillingFact], dict[str, str]]:
    """Take out every fact that a correction which itself counts has taken back.

    Args:
        facts: Facts in total order.

    Returns:
        The facts that count, in order, and by the id of each fact taken out the id of the fact that did so.
    """
    corrections = [
        (fact, signal) for fact in facts for signal in fact.signals if isinstance(signal, FactCorrection)
    ]
    if not corrections:
        return facts, {}
    by_name = {name: fact.fact_id for fact in facts for name in (fact.fact_id, fact.idempotency_key)}
    correctors: dict[str, list[str]] = {}
    for fact, signal in corrections:
        target = by_name.get(signal.corrects)
        if target is not None and target != fact.fact_id:
            correctors.setdefault(target, []).append(fact.fact_id)
    taken_out: dict[str, str] = {}
    for target, ids in correctors.items():
        if (by := _standing(ids, correctors, frozenset((target,)))) is not None:
            taken_out[target] = by
    return [fact for fact in facts if fact.fact_id not in taken_out], taken_out


def _standing(ids: list[str], correctors: dict[str, list[str]], seen: frozenset[str]) -> str | None:
    """Return the first correction that no standing correction has taken back. ``seen`` guards against a ring."""
    for fact_id in ids:
        if fact_id in seen:
            continue
        if _standing(correctors.get(fact_id, []), correctors, seen | {fact_id}) is None:
            return fact_id
    return None


def is_tie(earlier: BillingFact, later: BillingFact) -> bool:
    """Tell whether two facts of one instant assert different states that nothing they hold can order.

    The order still decides between them, always the same way, but whoever can should refetch: real captures hold two
    bodies of one second whose renewal dates are a year apart.
    """
    return (
        earlier.occurred_at == later.occurred_at
        and earlier.snapshot is not None
        and later.snapshot is not None
        and _RANK[earlier.snapshot.service] == _RANK[later.snapshot.service]
        and earlier.snapshot != later.snapshot
    )
