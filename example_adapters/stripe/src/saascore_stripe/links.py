"""What context events link: a customer to a workspace, a payment to its customer."""

from __future__ import annotations

from collections.abc import Callable

from saascore.drafts import BillingDraft, LinkDraft
from saascore_stripe.envelope import Envelope
from saascore_stripe.fields import claims, required, text


def link_customer(envelope: Envelope) -> BillingDraft | None:
    """Return a link draft of ``customer.created`` where its metadata may name the workspace."""
    customer = envelope.content
    if customer is None or not (found := claims(customer.get("metadata"))):
        return None
    return envelope.draft(None, customer=customer.get("id"), claims=found, signals=(LinkDraft(),))


def link_payment(envelope: Envelope) -> BillingDraft | None:
    """Return whose payment it was: disputes and failed refunds name the payment intent and no customer."""
    intent = envelope.content
    if intent is None or intent.get("customer") is None:
        return None
    found = claims(intent.get("metadata"))
    return envelope.draft(
        ("purchase", required(text(intent.get("id")))),
        customer=intent.get("customer"),
        claims=found,
        signals=(LinkDraft(),) if found else (),
    )


LINKS: dict[str, Callable[[Envelope], BillingDraft | None]] = {
    "customer.created": link_customer,
    "payment_intent.succeeded": link_payment,
}
