"""Names for the difference between two consecutive states.

An adapter has no memory: it says what a payload asserts. What *happened* is the difference to the snapshot before,
and it is named here, once for all providers. Source of the names: docs/lifecycle.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from saascore.contract.billing import EndReason, ScheduledChange, ScheduleKind, Service
from saascore.contract.lifecycle import Direction, LifecycleName
from saascore.entitlements.state import BEHIND, SETTLED, State

#: What the state machine allows after what. Anything else means that an event was missed, and is reported as a gap.
ALLOWED: dict[Service, frozenset[Service]] = {
    "none": frozenset({"pending", "trialing", "active"}),
    "pending": frozenset({"trialing", "active", "ended"}),
    "trialing": frozenset({"active", "paused", "ended"}),
    "active": frozenset({"trialing", "paused", "ended"}),
    "paused": frozenset({"trialing", "active", "ended"}),
    "ended": frozenset(),
}
_SCHEDULED: dict[ScheduleKind, LifecycleName] = {
    "cancel": "cancellation.scheduled",
    "pause": "pause.scheduled",
    "resume": "resume.scheduled",
    "plan_change": "plan.change_scheduled",
    "quantity_change": "plan.change_scheduled",
}
_UNSCHEDULED: dict[ScheduleKind, LifecycleName] = {
    "cancel": "cancellation.unscheduled",
    "pause": "pause.unscheduled",
    "plan_change": "plan.change_unscheduled",
    "quantity_change": "plan.change_unscheduled",
}


class Named(NamedTuple):
    """A name and what goes with it; ``effective_at`` absent means at once."""

    name: LifecycleName
    effective_at: str | None = None
    effective_until: str | None = None
    direction: Direction | None = None
    timing: Literal["immediate", "period_end"] | None = None
    end_reason: EndReason | None = None
    plan_key: str | None = None
    quantity: int | None = None
    gap: bool = False


def differences(before: State, after: State, at: str, rank: Sequence[str] = ()) -> Iterator[Named]:
    """Name everything that changed between two asserted states, at the instant of the later one."""
    yield from _service(before, after, at)
    yield from _plan(before, after, at, rank)
    if after.service != "ended":
        yield from _collection(before, after)
        yield from _schedule(before, after, at)


def end_reason(before: State, said: EndReason | None, ended_at: str) -> EndReason:
    """Return why a subscription ended: the provider's word, or else what its last state makes of it."""
    if said is not None and said != "unknown":
        return said
    if before.service == "none":
        return "unknown"
    if before.service == "pending":
        return "activation_failed"
    if before.dispute_lost:
        return "dispute_lost"
    cancel = find(before.scheduled, "cancel")
    if cancel is not None and (cancel.effective_at is None or cancel.effective_at <= ended_at):
        return "canceled_at_period_end"
    if before.collection in BEHIND:
        return "dunning_exhausted"
    if before.service == "trialing" and before.trial_ends_at and before.trial_ends_at <= ended_at:
        return "trial_expired"
    return said or "canceled_immediately"


def find(scheduled: Sequence[ScheduledChange], kind: ScheduleKind) -> ScheduledChange | None:
    """Return the scheduled change of a kind."""
    return next((change for change in scheduled if change.kind == kind), None)


def direction(old: str | None, new: str | None, rank: Sequence[str]) -> Direction:
    """Return the direction of a plan change from the product's rank, never from amounts."""
    if old not in rank or new not in rank:
        return "unknown"
    moved = rank.index(new) - rank.index(old)
    return "upgrade" if moved > 0 else "downgrade" if moved < 0 else "crossgrade"


def _service(before: State, after: State, at: str) -> Iterator[Named]:
    old, new = before.service, after.service
    if old == new:
        yield from _same_service(before, after)
        return
    gap = new not in ALLOWED[old]
    if new == "pending":
        yield Named("subscription.pending", gap=gap)
    elif new == "trialing" and old == "paused":
        yield Named("subscription.resumed")
    elif new == "trialing":
        yield Named("trial.started", effective_until=after.trial_ends_at, gap=gap)
    elif new == "active" and old == "trialing":
        yield Named("trial.converted")
    elif new == "active" and old == "paused":
        yield Named("subscription.resumed")
    elif new == "active":
        yield Named("subscription.activated", gap=gap)
    elif new in {"paused", "ended"}:
        yield from _stopped(before, after, at, gap=gap)


def _same_service(before: State, after: State) -> Iterator[Named]:
    if after.service == "trialing" and _later(before.trial_ends_at, after.trial_ends_at):
        yield Named("trial.extended", effective_until=after.trial_ends_at)
    if after.service == "active" and _later(before.period_to, after.period_to):
        yield Named(
            "subscription.period_advanced", effective_at=after.period_from, effective_until=after.period_to
        )


def _stopped(before: State, after: State, at: str, *, gap: bool) -> Iterator[Named]:
    reason, when = after.end_reason, after.ended_at or at
    if reason == "activation_failed":
        yield Named("subscription.activation_failed", effective_at=when, gap=gap)
    if reason == "trial_expired":
        yield Named("trial.expired", effective_at=when, gap=gap)
    told_by_collection = after.service == "paused" and after.collection == "unpaid"
    if reason == "dunning_exhausted" and not before.exhausted and not told_by_collection:
        yield Named("payment.dunning_exhausted", effective_at=when, gap=gap)
    if after.service == "paused":
        yield Named("subscription.paused", gap=gap)
    else:
        yield Named("subscription.ended", effective_at=when, end_reason=reason, gap=gap)


def _plan(before: State, after: State, at: str, rank: Sequence[str]) -> Iterator[Named]:
    if before.service == "none":
        return
    moved = before.plan_key and after.plan_key and before.plan_key != after.plan_key
    unread = before.plan_ref and after.plan_ref and before.plan_ref != after.plan_ref and after.plan_held
    if moved or unread:
        change = find(before.scheduled, "plan_change")
        due = change is not None and change.effective_at is not None and change.effective_at <= at
        yield Named(
            "plan.changed",
            effective_at=change.effective_at if change and due else None,
            plan_key=None if after.plan_held else after.plan_key,
            direction="unknown" if after.plan_held else direction(before.plan_key, after.plan_key, rank),
            timing="period_end" if due else "immediate",
        )
    if None not in (before.quantity, after.quantity) and before.quantity != after.quantity:
        yield Named("quantity.changed")
    if before.addons is not None and after.addons is not None and set(before.addons) != set(after.addons):
        yield Named("addon.changed")


def _collection(before: State, after: State) -> Iterator[Named]:
    old, new = before.collection, after.collection
    if old == new:
        return
    if old == "collection_paused":
        yield Named("collection.resumed")
    if new == "collection_paused":
        yield Named("collection.paused")
    elif new == "past_due" and old != "unpaid":
        yield Named("payment.past_due")
    elif new == "unpaid" and not before.exhausted:
        yield Named("payment.dunning_exhausted", gap=old != "past_due")
    elif new == "disputed" and not before.disputed_since:
        yield Named("dispute.opened")
    if new in SETTLED and old not in SETTLED and before.failing_since:
        yield Named("payment.recovered")
    if old == "disputed" and before.disputed_since and not after.disputed_since:
        yield Named("dispute.withdrawn")


def _schedule(before: State, after: State, at: str) -> Iterator[Named]:
    for change in after.scheduled:
        if change not in before.scheduled:
            yield Named(
                _SCHEDULED[change.kind],
                effective_at=change.effective_at,
                plan_key=change.plan_key,
                quantity=change.quantity,
                timing="period_end" if change.kind == "plan_change" and change.effective_at else None,
            )
    for change in before.scheduled:
        name = _UNSCHEDULED.get(change.kind)
        if name and find(after.scheduled, change.kind) is None and not _carried_out(change, after, at):
            yield Named(name, plan_key=change.plan_key, quantity=change.quantity)


def _carried_out(change: ScheduledChange, after: State, at: str) -> bool:
    """Tell a schedule that is gone because it took effect from one that was taken back."""
    if change.kind == "pause":
        return after.service == "paused"
    if change.kind == "plan_change" and change.plan_key is not None:
        return after.plan_key == change.plan_key
    if change.kind == "quantity_change" and change.quantity is not None:
        return after.quantity == change.quantity
    return change.kind != "cancel" and change.effective_at is not None and change.effective_at <= at


def _later(old: str | None, new: str | None) -> bool:
    return old is not None and new is not None and new > old
