"""From a snapshot to a state: what a payload says now, and what it does not say, which keeps its last known value."""

from __future__ import annotations

from collections.abc import Iterable

from saascore.contract.billing import EndReason, ScheduledChange, Snapshot
from saascore.entitlements.naming import end_reason
from saascore.entitlements.resolve import Prices
from saascore.entitlements.state import BEHIND, SETTLED, State

Schedule = tuple[ScheduledChange, ...]


def asserted(before: State, snapshot: Snapshot, at: str, prices: Prices) -> tuple[State, str | None]:
    """Return the state that a snapshot asserts at an instant, and the fact that taught its price, if another did."""
    scheduled = _in_time(_planned(change, prices) for change in snapshot.scheduled)
    if snapshot.service == "none":
        # A partial snapshot speaks of dated plan changes alone; what it does not name any more is taken back.
        others = tuple(change for change in before.scheduled if change not in before.planned)
        return before._replace(scheduled=_in_time((*others, *scheduled)), planned=scheduled), None
    kept = _still_planned(before, snapshot, at)
    plan, taught = prices.plan(snapshot.plan_ref, snapshot.plan_key)
    ended_at = (snapshot.ended_at or before.ended_at or at) if snapshot.service == "ended" else None
    failing_since = _failing_since(before, snapshot, at)
    period = snapshot.period
    after = before._replace(
        service=snapshot.service,
        collection=snapshot.collection,
        scheduled=_in_time((*scheduled, *kept)),
        planned=kept,
        plan_key=plan or before.plan_key,
        plan_ref=snapshot.plan_ref or before.plan_ref,
        plan_held=plan is None and (snapshot.plan_ref is not None or before.plan_held),
        addons=snapshot.addons if snapshot.addons is not None else before.addons,
        quantity=snapshot.quantity if snapshot.quantity is not None else before.quantity,
        period_from=period.from_ if period else before.period_from,
        period_to=period.to if period else before.period_to,
        trial_ends_at=snapshot.trial_ends_at or before.trial_ends_at,
        ended_at=ended_at,
        end_reason=_end_reason(before, snapshot, ended_at or at),
        failing_since=failing_since,
        exhausted=(before.exhausted or snapshot.collection == "unpaid") and failing_since is not None,
        disputed_since=_disputed_since(before, snapshot, at),
    )
    return after, taught


def _planned(change: ScheduledChange, prices: Prices) -> ScheduledChange:
    plan, _ = prices.plan(change.plan_ref, change.plan_key)
    return change if plan == change.plan_key else change.model_copy(update={"plan_key": plan})


def _still_planned(before: State, snapshot: Snapshot, at: str) -> Schedule:
    """Return the plan changes of a partial snapshot that a full one leaves standing."""
    if snapshot.service == "ended" or not before.planned:
        return ()
    return tuple(
        change for change in before.planned if change.effective_at is None or change.effective_at > at
    )


def _end_reason(before: State, snapshot: Snapshot, when: str) -> EndReason | None:
    if snapshot.service not in {"paused", "ended"}:
        return None
    if before.service == snapshot.service and before.end_reason is not None:
        return before.end_reason
    if snapshot.service == "ended":
        return end_reason(before, snapshot.end_reason, when)
    if snapshot.end_reason is not None or before.service == "paused":
        return snapshot.end_reason
    if before.service == "trialing" and before.trial_ends_at and before.trial_ends_at <= when:
        return "trial_expired"
    return "dunning_exhausted" if before.collection in BEHIND else None


def _failing_since(before: State, snapshot: Snapshot, at: str) -> str | None:
    """Return the first failure of the dunning episode, as long as it runs."""
    if snapshot.service == "ended":
        return before.failing_since
    if snapshot.collection in BEHIND:
        return before.failing_since or at
    period = snapshot.period
    moved_on = bool(before.period_to and period and period.to > before.period_to)
    if snapshot.collection in SETTLED and (before.collection not in SETTLED or moved_on):
        return None
    return before.failing_since


def _disputed_since(before: State, snapshot: Snapshot, at: str) -> str | None:
    if snapshot.collection == "disputed":
        return before.disputed_since or at
    if before.collection == "disputed" and not before.dispute_lost:
        return None
    return before.disputed_since


def _in_time(changes: Iterable[ScheduledChange]) -> Schedule:
    found = tuple(dict.fromkeys(changes))
    return tuple(sorted(found, key=_place)) if len(found) > 1 else found


def _place(change: ScheduledChange) -> tuple[str, str, str, str, int]:
    return (
        change.effective_at or "",
        change.kind,
        change.plan_key or "",
        change.plan_ref or "",
        change.quantity or 0,
    )
