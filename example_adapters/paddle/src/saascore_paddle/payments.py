"""Signals of money: transactions and adjustments. Amounts never enter."""

from __future__ import annotations

from typing import Literal

from saascore.contract.billing import Dispute, Paid, PaymentFailed, Refunded
from saascore.drafts import AboutKind, Ignored, Normalized, PurchaseDraft, Unmapped
from saascore_paddle.envelope import Envelope
from saascore_paddle.fields import Fields, fields, listed, required, text
from saascore_paddle.subscriptions import read_item

_OCCASIONS: dict[str, Literal["first", "renewal", "other"]] = {
    "api": "first",
    "web": "first",
    "subscription_recurring": "renewal",
    "subscription_charge": "other",
    "subscription_payment_method_change": "other",
    "subscription_update": "other",
}
_REFUND_STAGES: dict[str, Literal["pending", "final", "rejected", "reversed"]] = {
    "pending_approval": "pending",
    "approved": "final",
    "rejected": "rejected",
    "reversed": "reversed",
}
_DISPUTE_STAGES: dict[str, Literal["opened", "warning", "won", "withdrawn"]] = {
    "chargeback": "opened",
    "chargeback_warning": "warning",
    "chargeback_reverse": "won",
    "chargeback_warning_reverse": "withdrawn",
}


def transaction_completed(envelope: Envelope) -> Normalized:
    """Answer ``transaction.completed``: a payment of a subscription, or a one-time purchase."""
    origin = envelope.data.get("origin")
    if not isinstance(origin, str) or origin not in _OCCASIONS:
        return Unmapped(envelope.type, "unknown-value")
    if envelope.data.get("subscription_id") is not None:
        return envelope.mapped(_about(envelope), signals=(Paid(occasion=_OCCASIONS[origin]),))
    bought = [item for item in map(read_item, filter(_one_time, listed(envelope.data.get("items")))) if item]
    if not bought:
        return Ignored(envelope.type, "nothing-bought-for-good")
    purchases = [PurchaseDraft(item, effective_from=envelope.at, lifetime=True) for item in bought[:8]]
    return envelope.mapped(_about(envelope), signals=purchases)


def transaction_failed(envelope: Envelope) -> Normalized:
    """Answer ``transaction.payment_failed``; every attempt so far is listed."""
    attempts = sum(payment.get("status") == "error" for payment in listed(envelope.data.get("payments")))
    return envelope.mapped(_about(envelope), signals=(PaymentFailed(attempt=attempts or None),))


def adjustment_changed(envelope: Envelope) -> Normalized:
    """Answer ``adjustment.created`` and ``adjustment.updated``: refunds by stage, chargebacks by action."""
    action, status = envelope.data.get("action"), envelope.data.get("status")
    if action in ("credit", "credit_reverse"):
        return Ignored(envelope.type, "credit-changes-no-access")
    if not isinstance(status, str) or status not in _REFUND_STAGES:
        return Unmapped(envelope.type, "unknown-status")
    if action == "refund":
        refund = Refunded(extent=_extent(envelope.data), stage=_REFUND_STAGES[status])
        return envelope.mapped(_about(envelope), signals=(refund,))
    if not isinstance(action, str) or action not in _DISPUTE_STAGES:
        return Unmapped(envelope.type, "unknown-value")
    if status in ("pending_approval", "rejected"):
        return Ignored(envelope.type, "dispute-did-not-change")
    if status == "reversed":
        won = Dispute(stage="won" if action == "chargeback" else "withdrawn")
        return envelope.mapped(_about(envelope), signals=(won,))
    if envelope.type == "adjustment.updated":
        return Ignored(envelope.type, "dispute-did-not-change")
    return envelope.mapped(_about(envelope), signals=(Dispute(stage=_DISPUTE_STAGES[action]),))


def _about(envelope: Envelope) -> tuple[AboutKind, str]:
    """The subscription where there is one, else the transaction itself."""
    if subscription := text(envelope.data.get("subscription_id")):
        return "subscription", subscription
    is_adjustment = envelope.type.startswith("adjustment.")
    return "purchase", required(text(envelope.data.get("transaction_id" if is_adjustment else "id")))


def _extent(adjustment: Fields) -> Literal["full", "partial", "unknown"]:
    """Older bodies have no ``type`` of their own: then every item must be refunded in full."""
    kind = adjustment.get("type")
    if kind is None:
        kinds = [item.get("type") for item in listed(adjustment.get("items"))]
        kind = ("full" if all(item == "full" for item in kinds) else "partial") if kinds else None
    if kind == "full":
        return "full"
    return "partial" if kind == "partial" else "unknown"


def _one_time(item: Fields) -> bool:
    price = fields(item.get("price"))
    return price is not None and price.get("billing_cycle") is None
