"""What a Checkout session asserts: a one-time purchase, or whose subscription it started."""

from __future__ import annotations

from saascore.contract.billing import PaymentFailed
from saascore.drafts import (
    Context,
    Ignored,
    ItemDraft,
    LinkDraft,
    Normalized,
    PurchaseDraft,
    Unmapped,
)
from saascore_stripe.envelope import Envelope
from saascore_stripe.fields import Fields, claims, expandable, fields, listed, required, text
from saascore_stripe.subscriptions import read_item


def session_completed(envelope: Envelope) -> Normalized:
    """Answer ``completed`` and ``async_payment_succeeded``: a session of mode ``payment`` that was paid is a purchase."""
    session = envelope.the("checkout.session")
    mode = session.get("mode")
    if mode == "setup":
        return Ignored(envelope.type, "nothing-was-bought")
    if mode == "subscription":
        return _link_subscription(envelope, session)
    if mode != "payment":
        return Unmapped(envelope.type, "unknown-value")
    status = session.get("payment_status")
    if status == "unpaid":
        return Context(envelope.type, "payment-not-made-yet")
    if status not in ("paid", "no_payment_required"):
        return Unmapped(envelope.type, "unknown-status")
    items = _bought(session)
    if not items:
        return Unmapped(envelope.type, "purchase-names-no-item")
    return envelope.mapped(
        ("purchase", _payment(session)),
        customer=session.get("customer"),
        claims=_claims(session),
        signals=[PurchaseDraft(item, effective_from=envelope.at, lifetime=True) for item in items],
    )


def session_failed(envelope: Envelope) -> Normalized:
    """Answer ``async_payment_failed``: the delayed payment of a one-time purchase did not arrive."""
    session = envelope.the("checkout.session")
    return envelope.mapped(
        ("purchase", _payment(session)),
        customer=session.get("customer"),
        claims=_claims(session),
        signals=(PaymentFailed(final=True),),
    )


def _link_subscription(envelope: Envelope, session: Fields) -> Normalized:
    subscription, found = expandable(session.get("subscription")), _claims(session)
    if subscription is None or not found:
        return Context(envelope.type, "session-of-a-subscription")
    draft = envelope.draft(
        ("subscription", subscription), customer=session.get("customer"), claims=found, signals=(LinkDraft(),)
    )
    return Context(envelope.type, "session-of-a-subscription", draft)


def _bought(session: Fields) -> list[ItemDraft]:
    """The expanded line items, else what metadata or the payment link names: webhooks hold no line items."""
    if items := [item for item in map(read_item, listed(session.get("line_items"))) if item is not None]:
        return items[:8]
    metadata = fields(session.get("metadata")) or {}
    named = (text(metadata.get("price_id")), text(metadata.get("product_id")))
    candidates = tuple(name for name in (*named, expandable(session.get("payment_link"))) if name is not None)
    return [ItemDraft(candidates)] if candidates else []


def _payment(session: Fields) -> str:
    """A refund names the payment intent, so the purchase does too; a free purchase has none."""
    return required(expandable(session.get("payment_intent")) or text(session.get("id")))


def _claims(session: Fields) -> dict[str, str | int]:
    return claims(session.get("metadata"), reference=session.get("client_reference_id"))
