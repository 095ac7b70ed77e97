"""Lemon Squeezy webhooks as saascore billing facts: snapshots of subscriptions, and signals of payments.

The adapter is total, pure and keeps no memory: core names the difference between consecutive snapshots. It calls no
Lemon Squeezy API and checks no signature.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from saascore.drafts import Context, Disposition, Ignored, Normalized, ProviderEvent, Unmapped
from saascore.hookspecs import hookimpl
from saascore_lemonsqueezy import payments
from saascore_lemonsqueezy.envelope import Envelope, read_envelope
from saascore_lemonsqueezy.event_types import CONTEXT, IGNORED
from saascore_lemonsqueezy.fields import WrongShape
from saascore_lemonsqueezy.subscriptions import subscription_changed

__all__ = ["api", "list_billing_event_types", "normalize_billing_event"]

api = 1

_HANDLERS: dict[str, Callable[[Envelope], Normalized]] = {
    "order_created": payments.order_created,
    "order_refunded": payments.order_refunded,
    "subscription_cancelled": subscription_changed,
    "subscription_created": subscription_changed,
    "subscription_expired": subscription_changed,
    "subscription_paused": subscription_changed,
    "subscription_payment_failed": payments.payment_failed,
    "subscription_payment_recovered": payments.payment_recovered,
    "subscription_payment_refunded": payments.payment_refunded,
    "subscription_payment_success": payments.payment_succeeded,
    "subscription_plan_changed": subscription_changed,
    "subscription_resumed": subscription_changed,
    "subscription_unpaused": subscription_changed,
    "subscription_updated": subscription_changed,
}
_TYPES: dict[str, Disposition] = {
    **dict.fromkeys(_HANDLERS, "map"),
    **dict.fromkeys(CONTEXT, "context"),
    **dict.fromkeys(IGNORED, "ignore"),
}


@hookimpl
def normalize_billing_event(event: ProviderEvent) -> Normalized:
    """Say what a Lemon Squeezy webhook asserts; one that cannot be read is ``Unmapped``, never an exception."""
    body = event.body
    meta = body.get("meta") if isinstance(body, Mapping) else None
    name = meta.get("event_name") if isinstance(meta, Mapping) else None
    if not isinstance(meta, Mapping) or not isinstance(name, str):
        return Unmapped("unknown", "no-envelope")
    if name not in _TYPES:
        return Unmapped("unknown", "unknown-type")
    if reason := IGNORED.get(name):
        return Ignored(name, reason)
    if reason := CONTEXT.get(name):
        return Context(name, reason)
    try:
        envelope = read_envelope(body, meta, name)
        if envelope.test is not None and envelope.test != (event.mode == "test"):
            return Ignored(name, "mode-mismatch")
        return _HANDLERS[name](envelope)
    except WrongShape:
        return Unmapped(name, "wrong-shape")


@hookimpl
def list_billing_event_types() -> Mapping[str, Disposition]:
    """List every event type of Lemon Squeezy with what the adapter does with it."""
    return dict(_TYPES)
