"""A provider adapter with every hook of api 1. Frozen: it is never edited, and must keep passing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saascore.contract.billing import Collection, Paid, PaymentFailed, Service, Signal
from saascore.drafts import (
    BillingDraft,
    Disposition,
    Ignored,
    ItemDraft,
    Mapped,
    Normalized,
    ProviderEvent,
    SnapshotDraft,
    Unmapped,
)
from saascore.hookspecs import hookimpl

api = 1

TYPES: dict[str, Disposition] = {
    "subscription.started": "map",
    "subscription.updated": "map",
    "subscription.ended": "map",
    "payment.succeeded": "map",
    "payment.failed": "map",
    "invoice.sent": "ignore",
}
STATES: dict[str, tuple[Service, Collection]] = {
    "trial": ("trialing", "current"),
    "active": ("active", "current"),
    "overdue": ("active", "past_due"),
    "ended": ("ended", "not_applicable"),
}
SIGNALS: dict[str, Signal] = {
    "payment.succeeded": Paid(occasion="other"),
    "payment.failed": PaymentFailed(),
}


@hookimpl
def list_billing_event_types() -> Mapping[str, Disposition]:
    """List every official event type."""
    return TYPES


@hookimpl
def normalize_billing_event(event: ProviderEvent) -> Normalized:
    """Say what a webhook asserts; what is not known is Unmapped, never guessed."""
    kind = event.body.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        return Unmapped("unknown", "unknown-type")
    if TYPES[kind] == "ignore":
        return Ignored(kind, "no-effect")
    data = event.body.get("subscription")
    names = ("id", "status", "price", "customer", "workspace")
    if not isinstance(data, dict) or not all(isinstance(data.get(name), str) for name in names):
        return Unmapped(kind, "no-subscription")
    state = STATES.get(data["status"])
    event_id, created = event.body.get("id"), event.body.get("created_at")
    if state is None or not isinstance(event_id, str) or not isinstance(created, str):
        return Unmapped(kind, "unknown-value")
    return Mapped([_draft(kind, event_id, created, data, state)])


def _draft(
    kind: str, event_id: str, created: str, data: Mapping[str, Any], state: tuple[Service, Collection]
) -> BillingDraft:
    snapshot = SnapshotDraft(*state, items=[ItemDraft((data["price"],))])
    return BillingDraft(
        provider_event_type=kind,
        event_id=event_id,
        occurred_at=created,
        about=("subscription", data["id"]),
        customer=data["customer"],
        claims={"workspace_id": data["workspace"]},
        snapshot=snapshot,
        signals=[SIGNALS[kind]] if kind in SIGNALS else [],
        specificity=0 if kind == "subscription.updated" else 1,
    )
