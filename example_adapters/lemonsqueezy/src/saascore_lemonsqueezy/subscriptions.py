"""What a subscription object asserts now.

One status holds three axes here: ``cancelled`` is a running subscription that will end, ``paused`` stops the service
or only the collection, and ``subscription_resumed`` undoes a cancellation, not a pause.
"""

from __future__ import annotations

from saascore.contract.billing import Collection, Service
from saascore.drafts import ItemDraft, Normalized, ScheduledDraft, SnapshotDraft, Unmapped
from saascore_lemonsqueezy.envelope import Envelope
from saascore_lemonsqueezy.fields import Fields, count, fields, instant, number

_STATES: dict[str, tuple[Service, Collection]] = {
    "on_trial": ("trialing", "current"),
    "active": ("active", "current"),
    "past_due": ("active", "past_due"),
    "unpaid": ("active", "unpaid"),
    "cancelled": ("active", "current"),
    "expired": ("ended", "not_applicable"),
}
_PAUSES: dict[str, tuple[Service, Collection]] = {
    "free": ("active", "collection_paused"),
    "void": ("paused", "not_applicable"),
}


def subscription_changed(envelope: Envelope) -> Normalized:
    """Answer every ``subscription_*`` event that carries a subscription with the snapshot of it."""
    about = envelope.id_of("subscriptions")
    subscription, at = envelope.attributes, envelope.at
    status = subscription.get("status")
    pause = fields(subscription.get("pause"))
    mode = pause.get("mode") if pause else None
    if status == "paused":
        state = _PAUSES.get(mode) if isinstance(mode, str) else None
    else:
        state = _STATES.get(status) if isinstance(status, str) else None
    if state is None:
        return Unmapped(envelope.type, "unknown-status")
    service, collection = state
    trial_end, ends = instant(subscription.get("trial_ends_at")), instant(subscription.get("ends_at"))
    if status == "cancelled":
        if ends is not None and ends <= at:
            service, collection = "ended", "not_applicable"
        elif trial_end is not None and trial_end > at:
            service = "trialing"
    # Why it ended is not in the payload: core reads it from what was so before.
    snapshot = SnapshotDraft(
        service,
        collection,
        items=_items(subscription),
        scheduled=_scheduled(status, ends, pause) if service != "ended" else (),
        period=_period(subscription, ends if status == "cancelled" else None),
        trial_ends_at=trial_end if service == "trialing" else None,
        ended_at=(ends or at) if service == "ended" else None,
    )
    return envelope.mapped(("subscription", about), snapshot=snapshot)


def _scheduled(status: object, ends: str | None, pause: Fields | None) -> list[ScheduledDraft]:
    planned = []
    if status == "cancelled":
        planned.append(ScheduledDraft("cancel", ends))
    if status == "paused" and pause and (resumes := instant(pause.get("resumes_at"))):
        planned.append(ScheduledDraft("resume", resumes))
    return planned


def _items(subscription: Fields) -> list[ItemDraft]:
    """Only the first item is in the payload. Ids are bare integers, so each says what it is the id of."""
    item = fields(subscription.get("first_subscription_item")) or {}
    named = (("variant", subscription.get("variant_id")), ("product", subscription.get("product_id")))
    candidates = tuple(f"{kind}:{found}" for kind, value in named if (found := number(value)) is not None)
    return [ItemDraft(candidates, count(item.get("quantity")))] if candidates else []


def _period(subscription: Fields, ends: str | None) -> tuple[str, str] | None:
    """Only the end of the period is in the payload: the subscription's own start stands in for the period's."""
    start, end = instant(subscription.get("created_at")), ends or instant(subscription.get("renews_at"))
    return (start, end) if start is not None and end is not None and start < end else None
