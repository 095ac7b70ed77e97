"""What a subscription entity asserts now: three axes, items, period."""

from __future__ import annotations

from saascore.contract.billing import Collection, ScheduleKind, Service
from saascore.drafts import ItemDraft, Normalized, ScheduledDraft, SnapshotDraft, Unmapped
from saascore_paddle.envelope import Envelope
from saascore_paddle.fields import Fields, count, fields, instant, listed, required, text

_STATES: dict[str, tuple[Service, Collection]] = {
    "trialing": ("trialing", "current"),
    "active": ("active", "current"),
    "past_due": ("active", "past_due"),
    "paused": ("paused", "not_applicable"),
    "canceled": ("ended", "not_applicable"),
}
_ACTIONS: dict[str, ScheduleKind] = {"cancel": "cancel", "pause": "pause", "resume": "resume"}


def subscription_changed(envelope: Envelope) -> Normalized:
    """Answer every ``subscription.*`` event with the snapshot that it carries."""
    subscription = envelope.data
    status = "canceled" if envelope.type == "subscription.canceled" else subscription.get("status")
    if not isinstance(status, str) or status not in _STATES:
        return Unmapped(envelope.type, "unknown-status")
    change = fields(subscription.get("scheduled_change"))
    action = change.get("action") if change else None
    if change and (not isinstance(action, str) or action not in _ACTIONS):
        return Unmapped(envelope.type, "unknown-value")
    service, collection = _STATES[status]
    raw_items = listed(subscription.get("items"))
    snapshot = SnapshotDraft(
        service,
        collection,
        items=[item for item in map(read_item, raw_items) if item is not None],
        period=_period(subscription),
    )
    if service == "ended":
        # Why it ended is not in the payload: core reads it from what was so before.
        snapshot.ended_at = instant(subscription.get("canceled_at")) or envelope.at
    elif change and isinstance(action, str):
        snapshot.scheduled = _scheduled(_ACTIONS[action], change)
    if service == "trialing":
        snapshot.trial_ends_at = _trial_end(subscription, raw_items)
    return envelope.mapped(("subscription", required(text(subscription.get("id")))), snapshot=snapshot)


def read_item(item: Fields) -> ItemDraft | None:
    """Return the price and its product, most specific first."""
    price, product = fields(item.get("price")) or {}, fields(item.get("product")) or {}
    found = (
        text(price.get("id") or item.get("price_id")),
        text(price.get("product_id") or product.get("id")),
    )
    candidates = tuple(candidate for candidate in found if candidate is not None)
    return ItemDraft(candidates, count(item.get("quantity"))) if candidates else None


def _scheduled(kind: ScheduleKind, change: Fields) -> list[ScheduledDraft]:
    """A pause may say when it is to end."""
    planned = [ScheduledDraft(kind, instant(change.get("effective_at")))]
    resume_at = instant(change.get("resume_at"))
    if kind == "pause" and resume_at is not None:
        planned.append(ScheduledDraft("resume", resume_at))
    return planned


def _period(subscription: Fields) -> tuple[str, str] | None:
    period = fields(subscription.get("current_billing_period"))
    if period is None:
        return None
    start, end = instant(period.get("starts_at")), instant(period.get("ends_at"))
    return (start, end) if start is not None and end is not None and start < end else None


def _trial_end(subscription: Fields, items: list[Fields]) -> str | None:
    """Trials are of items; the subscription's next bill is due when they end."""
    dates = [fields(item.get("trial_dates")) for item in items]
    ends = [end for found in dates if found and (end := instant(found.get("ends_at"))) is not None]
    return max(ends) if ends else instant(subscription.get("next_billed_at"))
