"""Which function answers which event type."""

from __future__ import annotations

from collections.abc import Callable

from saascore.drafts import Normalized
from saascore_stripe import checkout, payments, schedules, subscriptions
from saascore_stripe.envelope import Envelope

HANDLERS: dict[str, Callable[[Envelope], Normalized]] = {
    "charge.dispute.closed": payments.dispute_closed,
    "charge.dispute.created": payments.dispute_created,
    "charge.refunded": payments.charge_refunded,
    "checkout.session.async_payment_failed": checkout.session_failed,
    "checkout.session.async_payment_succeeded": checkout.session_completed,
    "checkout.session.completed": checkout.session_completed,
    "customer.subscription.created": subscriptions.subscription_changed,
    "customer.subscription.deleted": subscriptions.subscription_deleted,
    "customer.subscription.paused": subscriptions.subscription_changed,
    "customer.subscription.pending_update_applied": subscriptions.subscription_changed,
    "customer.subscription.pending_update_expired": subscriptions.subscription_changed,
    "customer.subscription.resumed": subscriptions.subscription_changed,
    "customer.subscription.trial_will_end": subscriptions.trial_will_end,
    "customer.subscription.updated": subscriptions.subscription_changed,
    "invoice.paid": payments.invoice_paid,
    "invoice.payment_action_required": payments.invoice_action_required,
    "invoice.payment_failed": payments.invoice_failed,
    "refund.failed": payments.refund_failed,
    "refund.updated": payments.refund_updated,
    "subscription_schedule.aborted": schedules.schedule_over,
    "subscription_schedule.canceled": schedules.schedule_over,
    "subscription_schedule.created": schedules.schedule_changed,
    "subscription_schedule.released": schedules.schedule_over,
    "subscription_schedule.updated": schedules.schedule_changed,
}
#: What a thin event says where its object was not fetched.
UNFETCHED: dict[str, Callable[[Envelope], Normalized]] = {
    "customer.subscription.deleted": subscriptions.subscription_deleted_unfetched,
}
