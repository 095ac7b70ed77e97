"""What facts leave open, answered by other facts: a price's plan, a customer's subscription, a subscription's workspace.

A provider event often knows less than the one before or after it: an invoice names no workspace, a dispute names only
the customer, a price is on no list yet. Nothing is guessed: an open question stays open until a fact answers it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from saascore.contract.billing import (
    BillingFact,
    Link,
    PlanMapping,
    Purchase,
)

START_OF_TIME = ""


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


def _links(fact: BillingFact) -> bool:
    return any(isinstance(signal, Link) for signal in fact.signals)
