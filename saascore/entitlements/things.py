"""The things that facts are about, and whose payments are whose.

Refunds and disputes name a payment or a customer, hardly ever the subscription that was paid for. They are brought
home where there is only one home they can have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from saascore.contract.billing import (
    ActionRequired,
    BillingFact,
    Dispute,
    Grant,
    Paid,
    PaymentFailed,
    Purchase,
    Refunded,
)
from saascore.entitlements.order import order_key

_OF_PAYMENT = (ActionRequired, Dispute, Paid, PaymentFailed, Refunded)


class Thing(NamedTuple):
    """What a life is told of: a subscription, purchase or grant of one source in one mode."""

    source: str
    mode: str
    about: str


Homes = dict[Thing, list[BillingFact]]


def group(facts: Sequence[BillingFact]) -> tuple[Homes, list[BillingFact]]:
    """Put each fact to the thing it is about.

    A fact that names only a customer, or a payment that is no purchase (a refund names the payment, and the payment
    may have been a subscription's), belongs to the customer's one subscription or purchase of that time; where two are
    possible it belongs to none of them.

    Args:
        facts: Facts in total order.

    Returns:
        The facts of each thing, and those that are about no thing, both in order.
    """
    things: Homes = {}
    loose: list[BillingFact] = []
    homeless: list[tuple[BillingFact, str]] = []
    for fact in facts:
        if fact.about is not None:
            things.setdefault(Thing(fact.source, fact.mode, fact.about), []).append(fact)
        elif fact.customer is not None and _tells_of_payment(fact):
            homeless.append((fact, fact.customer))
        else:
            loose.append(fact)
    homes = {thing: own for thing, own in things.items() if not _is_mere_payment(thing, own)}
    if len(homes) < len(things):
        homeless.extend(_of_payments(things, homes))
    if not homeless:
        return things, loose
    moved = _brought_home(homeless, homes)
    at_home = {fact.fact_id for own in moved.values() for fact in own}
    loose += [fact for fact, _ in homeless if fact.about is None and fact.fact_id not in at_home]
    kept = {thing: [fact for fact in own if fact.fact_id not in at_home] for thing, own in things.items()}
    for thing, more in moved.items():
        kept[thing] = sorted([*kept[thing], *more], key=order_key)
    return {thing: own for thing, own in kept.items() if own}, sorted(loose, key=order_key)


def _of_payments(things: Homes, homes: Homes) -> Iterator[tuple[BillingFact, str]]:
    """Yield what is told of mere payments, with the customer that any of a payment's facts names."""
    for thing in things.keys() - homes.keys():
        customer = next((fact.customer for fact in things[thing] if fact.customer), "")
        yield from ((fact, customer) for fact in things[thing] if _tells_of_payment(fact))


def _brought_home(homeless: Iterable[tuple[BillingFact, str]], homes: Homes) -> Homes:
    of_customer: dict[tuple[str, str, str], dict[Thing, None]] = {}
    for thing, own in homes.items():
        for customer in {fact.customer for fact in own if fact.customer}:
            of_customer.setdefault((thing.source, thing.mode, customer), {})[thing] = None
    moved: Homes = {}
    for fact, customer in homeless:
        candidates = of_customer.get((fact.source, fact.mode, customer), {})
        if (home := _only_one(fact, candidates, homes)) is not None:
            moved.setdefault(home, []).append(fact)
    return moved


def _only_one(fact: BillingFact, candidates: Iterable[Thing], homes: Homes) -> Thing | None:
    begun = [thing for thing in candidates if homes[thing][0].occurred_at <= fact.occurred_at]
    if len(begun) == 1:
        return begun[0]
    running = [thing for thing in begun if not _over(homes[thing], fact.occurred_at)]
    return running[0] if len(running) == 1 else None


def _over(facts: Sequence[BillingFact], at: str) -> bool:
    last = None
    for fact in facts:
        if fact.occurred_at > at:
            break
        last = fact.snapshot or last
    return last is not None and last.service == "ended"


def _is_mere_payment(thing: Thing, own: Sequence[BillingFact]) -> bool:
    """Tell whether a thing of kind purchase is only a payment: nothing was ever purchased or granted as it."""
    return thing.about.startswith("ref:purchase:") and not any(
        isinstance(signal, (Purchase, Grant)) for fact in own for signal in fact.signals
    )


def _tells_of_payment(fact: BillingFact) -> bool:
    return any(isinstance(signal, _OF_PAYMENT) for signal in fact.signals)
