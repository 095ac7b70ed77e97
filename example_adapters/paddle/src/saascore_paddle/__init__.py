"""Paddle Billing webhooks as saascore billing facts: snapshots of subscriptions, and signals of payments.

The adapter is total, pure and keeps no memory: core names the difference between consecutive snapshots. It calls no
Paddle API and checks no signature.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from saascore.drafts import Context, Disposition, Ignored, Normalized, ProviderEvent, Unmapped
from saascore.hookspecs import hookimpl
from saascore_paddle.envelope import Envelope, read_envelope
from saascore_paddle.event_types import CONTEXT, IGNORED
from saascore_paddle.fields import WrongShape
from saascore_paddle.payments import adjustment_changed, transaction_completed, transaction_failed
from saascore_paddle.subscriptions import subscription_changed

__all__ = ["api", "list_billing_event_types", "normalize_billing_event"]

api = 1

_HANDLERS: dict[str, Callable[[Envelope], Normalized]] = {
    "adjustment.created": adjustment_changed,
    "adjustment.updated": adjustment_changed,
    "subscription.activated": subscription_changed,
    "subscription.canceled": subscription_changed,
    "subscription.created": subscription_changed,
    "subscription.imported": subscription_changed,
    "subscription.past_due": subscription_changed,
    "subscription.paused": subscription_changed,
    "subscription.resumed": subscription_changed,
    "subscription.trialing": subscription_changed,
    "subscription.updated": subscription_changed,
    "transaction.completed": transaction_completed,
    "transaction.payment_failed": transaction_failed,
}
_TYPES: dict[str, Disposition] = {
    **dict.fromkeys(_HANDLERS, "map"),
    **dict.fromkeys(CONTEXT, "context"),
    **dict.fromkeys(IGNORED, "ignore"),
}
_SIMULATED = "ntfsimevt_"


@hookimpl
def normalize_billing_event(event: ProviderEvent) -> Normalized:
    """Say what a Paddle event asserts; an event that cannot be read is ``Unmapped``, never an exception.

    Paddle's payloads do not say whether they are live: sandbox and live are two accounts, so the endpoint's mode is
    believed. Only the webhook simulator, which can reach live endpoints, gives itself away by its event ids.
    """
    body = event.body
    name = body.get("event_type") if isinstance(body, Mapping) else None
    if not isinstance(name, str):
        return Unmapped("unknown", "no-envelope")
    if name not in _TYPES:
        return Unmapped("unknown", "unknown-type")
    if reason := IGNORED.get(name):
        return Ignored(name, reason)
    if reason := CONTEXT.get(name):
        return Context(name, reason)
    try:
        envelope = read_envelope(body, name)
        if event.mode == "live" and envelope.id.startswith(_SIMULATED):
            return Ignored(name, "simulated-event")
        return _HANDLERS[name](envelope)
    except WrongShape:
        return Unmapped(name, "wrong-shape")


@hookimpl
def list_billing_event_types() -> Mapping[str, Disposition]:
    """List every event type of Paddle Billing with what the adapter does with it."""
    return dict(_TYPES)
