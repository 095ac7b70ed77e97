"""Signals of money: invoices of subscriptions and orders. Amounts never enter."""

from __future__ import annotations

from typing import Literal

from saascore.contract.billing import Paid, PaymentFailed, Refunded
from saascore.drafts import AboutKind, Ignored, ItemDraft, Normalized, PurchaseDraft, SignalDraft, Unmapped
from saascore_lemonsqueezy.envelope import Envelope
from saascore_lemonsqueezy.fields import Fields, count, fields, flag, number, required

_OCCASIONS: dict[str, Literal["first", "renewal", "other"]] = {
    "initial": "first",
    "renewal": "renewal",
    "updated": "other",
}


def payment_succeeded(envelope: Envelope) -> Normalized:
    """Answer ``subscription_payment_success``."""
    reason = envelope.attributes.get("billing_reason")
    if not isinstance(reason, str) or reason not in _OCCASIONS:
        return Unmapped(envelope.type, "unknown-value")
    return _of_invoice(envelope, Paid(occasion=_OCCASIONS[reason]))


def payment_recovered(envelope: Envelope) -> Normalized:
    """Answer ``subscription_payment_recovered``; the renewal is told by the success that is always sent with it."""
    return _of_invoice(envelope, Paid(occasion="other"))


def payment_failed(envelope: Envelope) -> Normalized:
    """Answer ``subscription_payment_failed``."""
    return _of_invoice(envelope, PaymentFailed())


def payment_refunded(envelope: Envelope) -> Normalized:
    """Answer ``subscription_payment_refunded``. A refund is not a cancellation."""
    return _of_invoice(envelope, Refunded(extent=_extent(envelope.attributes), stage="final"))


def order_created(envelope: Envelope) -> Normalized:
    """Answer ``order_created``: a purchase, if the product lists the variant among those that are bought once.

    An order is also sent with every new subscription and does not say so. Its item is therefore named
    ``order-variant:…``: what the product maps under that name is bought for good, anything else grants nothing.
    """
    about: tuple[AboutKind, str] = ("purchase", envelope.id_of("orders"))
    status = envelope.attributes.get("status")
    if status == "pending":
        return Ignored(envelope.type, "payment-not-made-yet")
    if status == "failed":
        return envelope.mapped(about, signals=(PaymentFailed(final=True),))
    if status != "paid":
        return Unmapped(envelope.type, "unknown-status")
    item = fields(envelope.attributes.get("first_order_item")) or {}
    named = (("order-variant", item.get("variant_id")), ("order-product", item.get("product_id")))
    candidates = tuple(f"{kind}:{found}" for kind, value in named if (found := number(value)) is not None)
    if not candidates:
        return Unmapped(envelope.type, "purchase-names-no-item")
    bought = ItemDraft(candidates, count(item.get("quantity")))
    return envelope.mapped(about, signals=(PurchaseDraft(bought, effective_from=envelope.at, lifetime=True),))


def order_refunded(envelope: Envelope) -> Normalized:
    """Answer ``order_refunded``."""
    refund = Refunded(extent=_extent(envelope.attributes), stage="final")
    return envelope.mapped(("purchase", envelope.id_of("orders")), signals=(refund,))


def _of_invoice(envelope: Envelope, signal: SignalDraft) -> Normalized:
    """``data.id`` is the invoice's; the subscription is an attribute of it."""
    envelope.id_of("subscription-invoices")
    subscription = required(number(envelope.attributes.get("subscription_id")))
    return envelope.mapped(("subscription", subscription), signals=(signal,))


def _extent(money: Fields) -> Literal["full", "partial", "unknown"]:
    status = money.get("status")
    if status == "partial_refund":
        return "partial"
    if status == "refunded" or flag(money.get("refunded")):
        return "full"
    return "unknown"
