"""Stripe webhooks as saascore billing facts: snapshots of subscriptions, and signals of payments.

The adapter is total, pure and keeps no memory: ``previous_attributes`` is never read, because core names the
difference between consecutive snapshots. It calls no Stripe API and checks no signature.
"""

from __future__ import annotations

from collections.abc import Mapping

from saascore.drafts import Context, Disposition, Ignored, Normalized, ProviderEvent, Unmapped
from saascore.hookspecs import hookimpl
from saascore_stripe.envelope import Envelope, read_envelope
from saascore_stripe.event_types import CONTEXT, IGNORED
from saascore_stripe.fields import WrongShape
from saascore_stripe.handlers import HANDLERS, UNFETCHED
from saascore_stripe.links import LINKS
from saascore_stripe.thin_types import THIN_CONTEXT, THIN_IGNORED, THIN_MAPPED

__all__ = ["api", "list_billing_event_types", "normalize_billing_event"]

api = 1

_TYPES: dict[str, Disposition] = {
    **dict.fromkeys(HANDLERS | THIN_MAPPED, "map"),
    **dict.fromkeys(CONTEXT | THIN_CONTEXT, "context"),
    **dict.fromkeys(IGNORED | THIN_IGNORED, "ignore"),
}


@hookimpl
def normalize_billing_event(event: ProviderEvent) -> Normalized:
    """Say what a Stripe event asserts; an event that cannot be read is ``Unmapped``, never an exception."""
    body = event.body
    name = body.get("type") if isinstance(body, Mapping) else None
    if not isinstance(name, str) or name not in _TYPES:
        return Unmapped("unknown", "unknown-type" if _looks_like_event(body) else "no-envelope")
    if reason := IGNORED.get(name) or THIN_IGNORED.get(name):
        return Ignored(name, reason)
    try:
        envelope = read_envelope(body, name)
        if envelope.live is not None and envelope.live != (event.mode == "live"):
            # Live endpoints of Connect platforms receive test events too: they must never touch live state.
            return Ignored(name, "mode-mismatch")
        return _answer(envelope)
    except WrongShape:
        return Unmapped(name, "wrong-shape")


@hookimpl
def list_billing_event_types() -> Mapping[str, Disposition]:
    """List every snapshot and thin event type of Stripe with what the adapter does with it."""
    return dict(_TYPES)


def _answer(envelope: Envelope) -> Normalized:
    name = envelope.type
    if reason := CONTEXT.get(name) or THIN_CONTEXT.get(name):
        link = LINKS.get(name.removeprefix("v1."))
        return Context(name, reason, link(envelope) if link else None)
    twin = THIN_MAPPED.get(name, name)
    if envelope.content is not None:
        return HANDLERS[twin](envelope)
    if said := UNFETCHED.get(twin):
        return said(envelope)
    return Context(name, "thin-event-needs-its-object")


def _looks_like_event(body: object) -> bool:
    return isinstance(body, Mapping) and body.get("object") in ("event", "v2.core.event")
