"""Signals of money: invoices of subscriptions, refunds and disputes. Amounts never enter."""

from __future__ import annotations

from typing import Literal

from saascore.contract.billing import ActionRequired, Dispute, Paid, PaymentFailed, Refunded
from saascore.drafts import AboutKind, Context, Ignored, Normalized, SignalDraft, Unmapped
from saascore_stripe.envelope import Envelope
from saascore_stripe.fields import WrongShape, claims, count, expandable, fields, flag, instant

_OCCASIONS: dict[str, Literal["first", "renewal"]] = {
    "subscription_create": "first",
    "subscription_cycle": "renewal",
}
_CLOSED: dict[str, Literal["won", "lost", "withdrawn"]] = {
    "won": "won",
    "lost": "lost",
    "warning_closed": "withdrawn",
    "prevented": "withdrawn",
}
_OPEN = (
    "needs_response",
    "under_review",
    "appeal_needs_response",
    "appeal_under_review",
    "won",
    "lost",
    "prevented",
)


def invoice_paid(envelope: Envelope) -> Normalized:
    """Answer ``invoice.paid``: a first payment, a renewal, or another payment of the subscription."""
    reason = envelope.the("invoice").get("billing_reason")
    return _of_invoice(
        envelope, Paid(occasion=_OCCASIONS.get(reason if isinstance(reason, str) else "", "other"))
    )


def invoice_failed(envelope: Envelope) -> Normalized:
    """Answer ``invoice.payment_failed``. It is final where Stripe will not collect again by itself."""
    invoice = envelope.the("invoice")
    next_attempt = instant(invoice.get("next_payment_attempt"))
    final = (
        next_attempt is None
        and invoice.get("billing_reason") == "subscription_cycle"
        and invoice.get("collection_method", "charge_automatically") == "charge_automatically"
        and not flag(invoice.get("auto_advance"))
    )
    attempt = count(invoice.get("attempt_count"))
    return _of_invoice(envelope, PaymentFailed(attempt=attempt, next_attempt_at=next_attempt, final=final))


def invoice_action_required(envelope: Envelope) -> Normalized:
    """Answer ``invoice.payment_action_required``."""
    return _of_invoice(envelope, ActionRequired())


def charge_refunded(envelope: Envelope) -> Normalized:
    """Answer ``charge.refunded``. A refund is not a cancellation."""
    charge = envelope.the("charge")
    extent: Literal["full", "partial"] = "full" if flag(charge.get("refunded")) else "partial"
    return _of_payment(envelope, "charge", Refunded(extent=extent, stage="final"))


def refund_failed(envelope: Envelope) -> Normalized:
    """Answer ``refund.failed``: the money stayed after all."""
    return _of_payment(envelope, "refund", Refunded(extent="unknown", stage="reversed"))


def refund_updated(envelope: Envelope) -> Normalized:
    """Answer ``refund.updated``, which matters only where the refund was canceled."""
    if envelope.the("refund").get("status") == "canceled":
        return _of_payment(envelope, "refund", Refunded(extent="unknown", stage="reversed"))
    return Context(envelope.type, "twin-of-charge-refunded")


def dispute_created(envelope: Envelope) -> Normalized:
    """Answer ``charge.dispute.created``: an inquiry warns, anything else is open. Opened is not lost."""
    status = envelope.the("dispute").get("status")
    if isinstance(status, str) and status.startswith("warning_"):
        return _of_payment(envelope, "dispute", Dispute(stage="warning"))
    if status not in _OPEN:
        return Unmapped(envelope.type, "unknown-status")
    return _of_payment(envelope, "dispute", Dispute(stage="opened"))


def dispute_closed(envelope: Envelope) -> Normalized:
    """Answer ``charge.dispute.closed``."""
    status = envelope.the("dispute").get("status")
    stage = _CLOSED.get(status) if isinstance(status, str) else None
    if stage is None:
        return Unmapped(envelope.type, "unknown-status")
    return _of_payment(envelope, "dispute", Dispute(stage=stage))


def _of_invoice(envelope: Envelope, signal: SignalDraft) -> Normalized:
    """The subscription is at ``parent.subscription_details`` since API 2025-03-31.basil, before at ``subscription``."""
    invoice = envelope.the("invoice")
    parent = fields(invoice.get("parent"))
    details = fields((parent if parent is not None else invoice).get("subscription_details")) or {}
    subscription = expandable(details.get("subscription") or invoice.get("subscription"))
    if subscription is None:
        return Ignored(envelope.type, "invoice-of-no-subscription")
    return envelope.mapped(
        ("subscription", subscription),
        customer=invoice.get("customer"),
        claims=claims(details.get("metadata")),
        signals=(signal,),
    )


def _of_payment(envelope: Envelope, kind: str, signal: SignalDraft) -> Normalized:
    """Charges, refunds and disputes name a payment, never a subscription."""
    money = envelope.the(kind)
    charge = money.get("id") if kind == "charge" else money.get("charge")
    payment = expandable(money.get("payment_intent") or charge)
    about: tuple[AboutKind, str] | None = None if payment is None else ("purchase", payment)
    if about is None and money.get("customer") is None:
        raise WrongShape
    return envelope.mapped(
        about, customer=money.get("customer"), claims=claims(money.get("metadata")), signals=(signal,)
    )
