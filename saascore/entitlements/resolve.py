"""What facts leave open, answered by other facts: a price's plan, a customer's subscription, a subscription's workspace.

A provider event often knows less than the one before or after it: an invoice names no workspace, a dispute names only
the customer, a price is on no list yet. Nothing is guessed: an open question stays open until a fact answers it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from saascore.contract.billing import BillingFact, Grant, Link, PlanMapping, Purchase, Suspend
from saascore.entitlements.order import order_key

START_OF_TIME = ""


class Thing(NamedTuple):
    """What a life is told of: a subscription, purchase or grant of one source in one mode."""

    source: str
    mode: str
    about: str


class Assignment(NamedTuple):
    """From ``since`` on a thing belongs to ``workspace``; ``fact_id`` says so."""

    since: str
    workspace: str
    fact_id: str


@dataclass(frozen=True, slots=True)
class Prices:
    """What redacted prices mean.

    An operator's mapping overrides what a fact itself says of its price; any other mapping, and any fact that holds
    both price and plan, teaches the facts that hold the price alone. Of several the last in order counts.
    """

    ordered: dict[str, tuple[str, str]]
    learned: dict[str, tuple[str, str]]

    @classmethod
    def of(cls, facts: Iterable[BillingFact]) -> Prices:
        """Read the prices off facts in total order."""
        ordered: dict[str, tuple[str, str]] = {}
        mapped: dict[str, tuple[str, str]] = {}
        shown: dict[str, tuple[str, str]] = {}
        for fact in facts:
            snapshot = fact.snapshot
            if snapshot is not None and snapshot.plan_ref and snapshot.plan_key:
                shown[snapshot.plan_ref] = (snapshot.plan_key, fact.fact_id)
            for signal in fact.signals:
                if isinstance(signal, PlanMapping):
                    known = ordered if fact.audit is not None else mapped
                    known[signal.plan_ref] = (signal.plan_key, fact.fact_id)
                elif isinstance(signal, Purchase) and signal.plan_ref and signal.plan_key:
                    shown[signal.plan_ref] = (signal.plan_key, fact.fact_id)
        return cls(ordered, shown | mapped)

    def plan(self, plan_ref: str | None, plan_key: str | None) -> tuple[str | None, str | None]:
        """Return the plan of a price, and the id of the fact that taught it where another fact did."""
        if plan_ref is None:
            return plan_key, None
        if found := self.ordered.get(plan_ref):
            return found
        if plan_key is not None:
            return plan_key, None
        return self.learned.get(plan_ref, (None, None))


def group(facts: Sequence[BillingFact]) -> tuple[dict[Thing, list[BillingFact]], list[BillingFact]]:
    """Put each fact to the thing it is about.

    A fact that names only a customer, or a payment that is no purchase (a refund names the payment, and the payment
    may have been a subscription's), belongs to the customer's one subscription or purchase of that time; where two are
    possible it belongs to none of them.

    Args:
        facts: Facts in total order.

    Returns:
        The facts of each thing, and those that are about no thing, both in order.
    """
    things: dict[Thing, list[BillingFact]] = {}
    loose: list[BillingFact] = []
    of_customer: dict[tuple[str, str, str], dict[Thing, None]] = {}
    homeless: list[BillingFact] = []
    for fact in facts:
        if fact.about is not None:
            thing = Thing(fact.source, fact.mode, fact.about)
            things.setdefault(thing, []).append(fact)
            if fact.customer is not None:
                of_customer.setdefault((fact.source, fact.mode, fact.customer), {})[thing] = None
        elif fact.customer is not None and not _names_workspace_only(fact):
            homeless.append(fact)
        else:
            loose.append(fact)
    homeless.extend(_payments_only(things))
    if not homeless:
        return things, loose
    attributed: dict[Thing, list[BillingFact]] = {}
    for fact in homeless:
        candidates = [
            thing
            for thing in of_customer.get((fact.source, fact.mode, fact.customer or ""), {})
            if thing in things and things[thing][0].occurred_at <= fact.occurred_at
        ]
        if (home := _only_one(fact, candidates, things)) is not None:
            attributed.setdefault(home, []).append(fact)
        elif fact.about is not None:
            things.setdefault(Thing(fact.source, fact.mode, fact.about), []).append(fact)
        else:
            loose.append(fact)
    for thing, more in attributed.items():
        things[thing] = _merge(things[thing], more)
    return things, loose


def assignments(own: Sequence[BillingFact], of_customer: Sequence[Assignment]) -> list[Assignment]:
    """Return which workspace a thing belongs to, and from when.

    An operator's link stands over every claim that adapters read from payloads, because payloads go on carrying what
    they carried. The first answer also holds for the time before it: a late link loses nothing.

    Args:
        own: The thing's facts in total order.
        of_customer: What links of its customer say, used where the thing's own facts say nothing.
    """
    claimed: list[Assignment] = []
    ordered: list[Assignment] = []
    for fact in own:
        workspace = fact.workspace
        for signal in fact.signals:
            if isinstance(signal, Link):
                workspace = signal.workspace
        if workspace is None:
            continue
        known = ordered if fact.audit is not None and _links(fact) else claimed
        if not known or known[-1].workspace != workspace:
            known.append(Assignment(fact.occurred_at, workspace, fact.fact_id))
    if ordered:
        claimed = [item for item in claimed if item.since < ordered[0].since]
    found = claimed + ordered or list(of_customer)
    return [found[0]._replace(since=START_OF_TIME), *found[1:]] if found else []


def customer_links(loose: Iterable[BillingFact]) -> dict[tuple[str, str, str], list[Assignment]]:
    """Return what facts about a customer alone say of the customer's workspace."""
    found: dict[tuple[str, str, str], list[Assignment]] = {}
    for fact in loose:
        if fact.customer is None:
            continue
        workspace = next((s.workspace for s in fact.signals if isinstance(s, Link)), fact.workspace)
        if workspace is not None:
            known = found.setdefault((fact.source, fact.mode, fact.customer), [])
            if not known or known[-1].workspace != workspace:
                known.append(Assignment(fact.occurred_at, workspace, fact.fact_id))
    return found


def _payments_only(things: dict[Thing, list[BillingFact]]) -> list[BillingFact]:
    """Take out the things that are mere payments: of kind purchase, but nothing was ever purchased as them."""
    mere = [
        thing
        for thing, facts in things.items()
        if thing.about.startswith("ref:purchase:")
        and all(fact.customer is not None and fact.snapshot is None for fact in facts)
        and not any(isinstance(signal, (Purchase, Grant)) for fact in facts for signal in fact.signals)
    ]
    return [fact for thing in mere for fact in things.pop(thing)]


def _links(fact: BillingFact) -> bool:
    return any(isinstance(signal, Link) for signal in fact.signals)


def _names_workspace_only(fact: BillingFact) -> bool:
    return all(isinstance(signal, (Link, PlanMapping, Suspend)) for signal in fact.signals)


def _only_one(
    fact: BillingFact, candidates: list[Thing], things: dict[Thing, list[BillingFact]]
) -> Thing | None:
    if len(candidates) == 1:
        return candidates[0]
    running = [thing for thing in candidates if not _over(things[thing], fact.occurred_at)]
    return running[0] if len(running) == 1 else None


def _over(facts: Sequence[BillingFact], at: str) -> bool:
    last = None
    for fact in facts:
        if fact.occurred_at > at:
            break
        last = fact.snapshot or last
    return last is not None and last.service == "ended"


def _merge(own: list[BillingFact], more: list[BillingFact]) -> list[BillingFact]:
    return sorted([*own, *more], key=order_key)
