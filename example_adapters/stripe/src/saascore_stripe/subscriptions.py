"""What a subscription object asserts now: three axes, items, period."""

from __future__ import annotations

from collections.abc import Mapping

from saascore.contract.billing import Collection, EndReason, Service, TrialEnding
from saascore.drafts import ItemDraft, Normalized, ScheduledDraft, SnapshotDraft, Unmapped
from saascore_stripe.envelope import Envelope
from saascore_stripe.fields import (
    Fields,
    claims,
    count,
    expandable,
    fields,
    flag,
    instant,
    listed,
    required,
    text,
)

_STATES: dict[str, tuple[Service, Collection]] = {
    "incomplete": ("pending", "not_applicable"),
    "incomplete_expired": ("ended", "not_applicable"),
    "trialing": ("trialing", "current"),
    "active": ("active", "current"),
    "past_due": ("active", "past_due"),
    "unpaid": ("active", "unpaid"),
    "paused": ("paused", "not_applicable"),
    "canceled": ("ended", "not_applicable"),
}
_REASONS: dict[str | None, EndReason] = {
    None: "canceled_immediately",
    "cancellation_requested": "canceled_immediately",
    "payment_failed": "dunning_exhausted",
    # Stripe ends a subscription for a dispute only where the account says so; no other reason names disputes.
    "payment_disputed": "dispute_lost",
}
_TRIAL_END_SLACK = 3600


def subscription_changed(envelope: Envelope) -> Normalized:
    """Answer every ``customer.subscription.*`` event with the snapshot that it carries."""
    return _assert_state(envelope, ended=False)


def subscription_deleted(envelope: Envelope) -> Normalized:
    """Answer ``customer.subscription.deleted``: it ends by the type, whatever the status still says."""
    return _assert_state(envelope, ended=True)


def subscription_deleted_unfetched(envelope: Envelope) -> Normalized:
    """Answer the one thin event that needs no object: its type alone says that the subscription ended."""
    ended = SnapshotDraft("ended", "not_applicable", ended_at=envelope.at)
    return envelope.mapped(("subscription", required(envelope.related)), snapshot=ended)


def trial_will_end(envelope: Envelope) -> Normalized:
    """Answer ``customer.subscription.trial_will_end``, which Stripe also sends when a trial was ended just now."""
    trial_end = instant(envelope.the("subscription").get("trial_end"))
    if trial_end is None or trial_end <= envelope.at:
        return _assert_state(envelope, ended=False)
    return _assert_state(envelope, ended=False, reminder=TrialEnding(ends_at=trial_end))


def read_snapshot(subscription: Fields, at: str, *, ended: bool = False) -> SnapshotDraft | None:
    """Return what the subscription asserts, or ``None`` where its status is not known."""
    status = subscription.get("status")
    if ended:
        status = "canceled"
    if not isinstance(status, str) or status not in _STATES:
        return None
    service, collection = _STATES[status]
    raw = _raw_items(subscription)
    items = [item for item in map(read_item, raw) if item is not None]
    period = _period(subscription, raw)
    if service == "ended":
        ended_at = instant(subscription.get("ended_at")) or at
        return SnapshotDraft(
            service,
            collection,
            items=items,
            period=period,
            ended_at=ended_at,
            end_reason=_end_reason(subscription, ended_at),
        )
    scheduled: list[ScheduledDraft] = []
    if pause := fields(subscription.get("pause_collection")):
        # Two pauses: this one stops collection and leaves the service on; a debt already due stays a debt.
        collection = "collection_paused" if collection == "current" else collection
        if resumes := instant(pause.get("resumes_at")):
            scheduled.append(ScheduledDraft("resume", resumes))
    if service == "paused":
        collection = _paused_collection(subscription)
    if flag(subscription.get("cancel_at_period_end")) or subscription.get("cancel_at") is not None:
        scheduled.append(ScheduledDraft("cancel", _cancel_at(subscription, service, period)))
    if pending := fields(subscription.get("pending_update")):
        scheduled.extend(
            ScheduledDraft("plan_change", None, item)
            for item in map(read_item, listed(pending.get("subscription_items")))
            if item is not None
        )
    return SnapshotDraft(
        service,
        collection,
        items=items,
        scheduled=scheduled[:8],
        period=period,
        trial_ends_at=instant(subscription.get("trial_end")) if service == "trialing" else None,
    )


def read_item(item: Fields) -> ItemDraft | None:
    """Return the price, its lookup key and its product, most specific first; ``None`` for a deleted item."""
    if item.get("deleted"):
        return None
    price = item.get("price") or item.get("plan")
    candidates = [expandable(price)]
    if isinstance(price, Mapping):
        candidates += [text(price.get("lookup_key")), expandable(price.get("product"))]
    found = tuple(dict.fromkeys(candidate for candidate in candidates if candidate is not None))
    return ItemDraft(found, count(item.get("quantity"))) if found else None


def _assert_state(envelope: Envelope, *, ended: bool, reminder: TrialEnding | None = None) -> Normalized:
    subscription = envelope.the("subscription")
    snapshot = read_snapshot(subscription, envelope.at, ended=ended)
    if snapshot is None:
        return Unmapped(envelope.type, "unknown-status")
    return envelope.mapped(
        ("subscription", required(text(subscription.get("id")))),
        customer=subscription.get("customer"),
        claims=claims(subscription.get("metadata")),
        snapshot=snapshot,
        signals=() if reminder is None else (reminder,),
    )


def _raw_items(subscription: Fields) -> list[Fields]:
    """Every item; before items existed, the subscription itself held one plan."""
    raw = listed(subscription.get("items"))
    return [subscription] if not raw and subscription.get("plan") is not None else raw


def _period(subscription: Fields, items: list[Fields]) -> tuple[str, str] | None:
    """The period of the items (API 2025-03-31.basil and later), else that of the subscription.

    Items may be billed at different intervals: together they are paid from the first start to the last end.
    """
    starts = [start for item in items if (start := instant(item.get("current_period_start"))) is not None]
    ends = [end for item in items if (end := instant(item.get("current_period_end"))) is not None]
    start = min(starts) if starts else instant(subscription.get("current_period_start"))
    end = max(ends) if ends else instant(subscription.get("current_period_end"))
    return (start, end) if start is not None and end is not None and start < end else None


def _cancel_at(subscription: Fields, service: Service, period: tuple[str, str] | None) -> str | None:
    if when := instant(subscription.get("cancel_at")):
        return when
    if service == "trialing" and (when := instant(subscription.get("trial_end"))):
        return when
    return period[1] if period is not None else None


def _end_reason(subscription: Fields, ended_at: str) -> EndReason:
    if subscription.get("status") == "incomplete_expired":
        return "activation_failed"
    details = fields(subscription.get("cancellation_details"))
    reason = text(details.get("reason")) if details else None
    if reason not in {None, "cancellation_requested"}:
        return _REASONS.get(reason, "unknown")
    planned = instant(subscription.get("cancel_at"))
    # One that was to end later and was then canceled at once still carries its date.
    if planned <= ended_at if planned is not None else flag(subscription.get("cancel_at_period_end")):
        return "canceled_at_period_end"
    return "trial_expired" if _ended_with_trial(subscription) else _REASONS[reason]


def _ended_with_trial(subscription: Fields) -> bool:
    """The trial ran out and the subscription was to be canceled for want of a payment method."""
    settings = fields(subscription.get("trial_settings"))
    behavior = fields(settings.get("end_behavior")) if settings else None
    if behavior is None or behavior.get("missing_payment_method") != "cancel":
        return False
    trial_end, ended_at = count(subscription.get("trial_end")), count(subscription.get("ended_at"))
    return trial_end is not None and ended_at is not None and 0 <= ended_at - trial_end <= _TRIAL_END_SLACK


def _paused_collection(subscription: Fields) -> Collection:
    """Since API 2026-09-30.endive a failed payment can pause; the payload says so."""
    found: Fields | None = subscription
    for key in ("status_details", "paused", "subscription"):
        found = fields(found.get(key)) if found else None
    reason = found.get("type") if found else None
    return "unpaid" if reason in ("first_payment_failure", "final_payment_failure") else "not_applicable"
