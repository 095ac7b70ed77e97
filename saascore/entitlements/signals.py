# ruff: noqa: ARG001  every signal is applied through one signature
"""What signals do to a state: payments, refunds, disputes, purchases, grants and revocations.

A refund is not a cancellation, an opened dispute is not a lost one, and a reminder changes nothing. Twin signals (the
provider says one thing under two names) find the state already moved, and so name nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from typing import NamedTuple

from saascore.contract.billing import (
    ActionRequired,
    BillingFact,
    Dispute,
    FactCorrection,
    Grant,
    Link,
    Paid,
    PaymentFailed,
    PlanMapping,
    Purchase,
    Refunded,
    Revoke,
    Signal,
    Suspend,
    TrialEnding,
)
from saascore.contract.lifecycle import LifecycleName
from saascore.entitlements.naming import Named, direction
from saascore.entitlements.resolve import Prices
from saascore.entitlements.state import BEHIND, State


class Around(NamedTuple):
    """What a signal is read in: the fact that carries it, what prices mean, and the product's plan rank."""

    fact: BillingFact
    prices: Prices
    rank: Sequence[str]
    kind: str

    @property
    def at(self) -> str:
        """When the fact occurred."""
        return self.fact.occurred_at


class Effect(NamedTuple):
    """The state after a signal, the names of what happened, and from when the state holds (the fact's time if absent)."""

    state: State
    names: tuple[Named, ...] = ()
    start: str | None = None


_DISPUTE: dict[str, LifecycleName] = {
    "warning": "dispute.warning",
    "opened": "dispute.opened",
    "won": "dispute.won",
    "lost": "dispute.lost",
    "withdrawn": "dispute.withdrawn",
}
_ISSUED: dict[str, LifecycleName] = {"trial": "trial.started", "purchase": "purchase.completed"}


@singledispatch
def apply(signal: Signal, state: State, around: Around) -> Effect:
    """Apply one signal. Signals that say nothing of this state leave it as it is."""
    raise TypeError(type(signal).__name__)


@apply.register
def _paid(signal: Paid, state: State, around: Around) -> Effect:
    if signal.occasion == "other":
        return Effect(state)
    names = [Named("subscription.renewed")] if signal.occasion == "renewal" else []
    if state.failing_since is not None:
        names.append(Named("payment.recovered"))
    collection = "current" if state.collection in BEHIND else state.collection
    paid = state._replace(collection=collection, failing_since=None, exhausted=False)
    if state.dispute_lost and state.service != "ended":
        # The payment that was disputed is gone; this later one is good.
        paid = paid._replace(disputed_since=None, dispute_lost=False)
    return Effect(paid, tuple(names))


@apply.register
def _failed(signal: PaymentFailed, state: State, around: Around) -> Effect:
    names = [Named("payment.failed")]
    if signal.final and not state.exhausted:
        names.append(Named("payment.dunning_exhausted"))
    since = state.failing_since or around.at
    return Effect(
        state._replace(failing_since=since, exhausted=state.exhausted or signal.final), tuple(names)
    )


@apply.register
def _action(signal: ActionRequired, state: State, around: Around) -> Effect:
    return Effect(state, (Named("payment.action_required"),))


@apply.register
def _refunded(signal: Refunded, state: State, around: Around) -> Effect:
    if signal.stage == "pending":
        return Effect(state)
    if signal.stage == "rejected":
        return Effect(state, (Named("refund.rejected"),))
    if signal.stage == "reversed":
        if around.kind == "purchase" and state.end_reason == "refunded":
            state = state._replace(service="active", ended_at=None, end_reason=None)
        return Effect(state, (Named("refund.reversed"),))
    names = (Named("refund.issued"),)
    if around.kind == "purchase" and signal.extent == "full" and state.service == "active":
        # Nothing else will ever end a purchase: what was given back in full is over.
        ended = state._replace(service="ended", ended_at=around.at, end_reason="refunded")
        return Effect(ended, (*names, Named("subscription.ended", end_reason="refunded")))
    return Effect(state, names)


@apply.register
def _dispute(signal: Dispute, state: State, around: Around) -> Effect:
    name = Named(_DISPUTE[signal.stage])
    if signal.stage == "warning":
        return Effect(state, (name,))
    if signal.stage == "opened":
        if state.disputed_since is not None:
            return Effect(state)
        return Effect(state._replace(disputed_since=around.at), (name,))
    if signal.stage == "lost":
        if state.dispute_lost:
            return Effect(state)
        lost = state._replace(disputed_since=state.disputed_since or around.at, dispute_lost=True)
        return Effect(lost, (name,))
    if state.disputed_since is None:
        return Effect(state, (name._replace(gap=True),))
    return Effect(state._replace(disputed_since=None, dispute_lost=False), (name,))


@apply.register
def _trial_ending(signal: TrialEnding, state: State, around: Around) -> Effect:
    ends = signal.ends_at or state.trial_ends_at
    return Effect(state, (Named("trial.ending_soon", effective_until=ends),))


@apply.register
def _purchase(signal: Purchase, state: State, around: Around) -> Effect:
    plan, _ = around.prices.plan(signal.plan_ref, signal.plan_key)
    bought = State(
        service="active",
        collection=state.collection,
        source_kind="purchase",
        plan_key=plan or state.plan_key,
        plan_ref=signal.plan_ref,
        plan_held=plan is None,
        quantity=signal.quantity,
        until=signal.effective_until,
        lifetime=signal.lifetime,
        disputed_since=state.disputed_since,
        dispute_lost=state.dispute_lost,
    )
    if state.service != "none" and bought._replace(ended_at=state.ended_at) == state:
        return Effect(state)
    name = Named("purchase.completed", signal.effective_from, signal.effective_until)
    return Effect(bought, (name,), signal.effective_from)


@apply.register
def _grant(signal: Grant, state: State, around: Around) -> Effect:
    trial = signal.source_kind == "trial"
    granted = State(
        service="active",
        source_kind=signal.source_kind,
        plan_key=signal.plan_key,
        quantity=signal.quantity if signal.quantity is not None else state.quantity,
        trial_ends_at=signal.effective_until if trial else None,
        until=signal.effective_until,
        lifetime=signal.lifetime,
    )
    if granted == state:
        return Effect(state)
    start, until = signal.effective_from, signal.effective_until
    standing = state.service == "active" and state.revoke_at is None
    longer = standing and not state.lifetime and (signal.lifetime or (until or "") > (state.until or ""))
    extended: LifecycleName = "trial.extended" if trial else "grant.extended"
    issued = _ISSUED.get(signal.source_kind, "grant.issued")
    names: list[Named] = []
    if standing and state.plan_key != signal.plan_key:
        way = direction(state.plan_key, signal.plan_key, around.rank)
        names.append(Named("plan.changed", start, until, way, "immediate"))
    if longer:
        names.append(Named(extended, start, until))
    elif not names:
        names.append(Named(issued, start, until))
    return Effect(granted, tuple(names), start)


@apply.register
def _revoke(signal: Revoke, state: State, around: Around) -> Effect:
    if state.revoke_at is not None and state.revoke_at <= signal.effective_at:
        return Effect(state)
    revoked = state._replace(revoke_at=signal.effective_at)
    if around.kind == "grant":
        return Effect(revoked, (Named("grant.revoked", signal.effective_at),))
    name = Named("subscription.ended", signal.effective_at, end_reason="operator")
    return Effect(revoked, (name,))


@apply.register
def _suspend(signal: Suspend, state: State, around: Around) -> Effect:
    if signal.lifted:
        return Effect(state, (Named("subscription.resumed", signal.effective_at),))
    return Effect(state, (Named("subscription.paused", signal.effective_at, signal.effective_until),))


@apply.register
def _corrected(signal: FactCorrection, state: State, around: Around) -> Effect:
    return Effect(state, (Named("correction.recorded"),))


@apply.register(Link)
@apply.register(PlanMapping)
def _elsewhere(signal: Link | PlanMapping, state: State, around: Around) -> Effect:
    return Effect(state)
