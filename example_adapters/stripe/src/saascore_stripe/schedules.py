"""What a subscription schedule asserts: plan changes by the clock, and nothing about the service."""

from __future__ import annotations

from itertools import pairwise

from saascore.drafts import Context, ItemDraft, Normalized, ScheduledDraft, SnapshotDraft
from saascore_stripe.envelope import Envelope
from saascore_stripe.fields import Fields, claims, expandable, instant, listed
from saascore_stripe.subscriptions import read_item


def schedule_changed(envelope: Envelope) -> Normalized:
    """Answer ``created`` and ``updated``: the phases that have not begun and change the items."""
    return _assert_changes(envelope, lasts=True)


def schedule_over(envelope: Envelope) -> Normalized:
    """Answer ``released``, ``canceled`` and ``aborted``: nothing is scheduled any more."""
    return _assert_changes(envelope, lasts=False)


def _assert_changes(envelope: Envelope, *, lasts: bool) -> Normalized:
    schedule = envelope.the("subscription_schedule")
    subscription = expandable(schedule.get("subscription") or schedule.get("released_subscription"))
    if subscription is None:
        return Context(envelope.type, "schedule-has-not-begun")
    # Service "none": a schedule says nothing of the service, the payment or the current plan.
    snapshot = SnapshotDraft(
        "none", "not_applicable", scheduled=_future_changes(schedule, envelope.at) if lasts else ()
    )
    return envelope.mapped(
        ("subscription", subscription),
        customer=schedule.get("customer"),
        claims=claims(schedule.get("metadata")),
        snapshot=snapshot,
    )


def _future_changes(schedule: Fields, at: str) -> list[ScheduledDraft]:
    changes: list[ScheduledDraft] = []
    for before, phase in pairwise(listed(schedule.get("phases"))):
        starts = instant(phase.get("start_date"))
        if starts is None or starts <= at:
            continue
        known = {item.candidates[0]: item.quantity for item in _items(before)}
        for item in _items(phase):
            price = item.candidates[0]
            if price not in known:
                changes.append(ScheduledDraft("plan_change", starts, item))
            elif item.quantity is not None and item.quantity != known[price]:
                changes.append(ScheduledDraft("quantity_change", starts, quantity=item.quantity))
    return changes[:8]


def _items(phase: Fields) -> list[ItemDraft]:
    return [item for item in map(read_item, listed(phase.get("items"))) if item is not None]
