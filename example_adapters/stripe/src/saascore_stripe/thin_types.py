"""Every thin event type of Stripe. A thin event names an object and holds none of it.

Most are twins of a snapshot type with ``v1.`` before its name and share its answer. Source: the official SDK
(stripe 16.1.0, ``stripe.events``); a test compares the lists.
"""

from __future__ import annotations

from saascore_stripe.event_types import CONTEXT, IGNORED
from saascore_stripe.handlers import HANDLERS

#: Snapshot types without a thin twin.
_SNAPSHOT_ONLY = frozenset(
    [
        "apps.install.created",
        "apps.install.deleted",
        "apps.install.updated",
        "customer.source.created",
        "customer.source.deleted",
        "customer.source.expiring",
        "customer.source.updated",
        "financial_connections.authorization.expected_deactivation_date_updated",
        "financial_connections.authorization.upcoming_deactivation",
        "reporting.report_run.failed",
        "reporting.report_run.succeeded",
        "reporting.report_type.updated",
        "reserve.hold.created",
        "reserve.hold.updated",
        "reserve.plan.created",
        "reserve.plan.disabled",
        "reserve.plan.expired",
        "reserve.plan.updated",
        "reserve.release.created",
        "source.mandate_notification",
        "source.transaction.created",
        "source.transaction.updated",
        "three_d_secure.authentication.canceled",
        "three_d_secure.authentication.challenge_started",
        "three_d_secure.authentication.errored",
        "three_d_secure.authentication.failed",
        "three_d_secure.authentication.requires_challenge",
        "three_d_secure.authentication.requires_submission",
        "three_d_secure.authentication.succeeded",
        "treasury.credit_reversal.created",
        "treasury.credit_reversal.posted",
        "treasury.debit_reversal.completed",
        "treasury.debit_reversal.created",
        "treasury.debit_reversal.initial_credit_granted",
        "treasury.financial_account.closed",
        "treasury.financial_account.created",
        "treasury.financial_account.features_status_updated",
        "treasury.inbound_transfer.canceled",
        "treasury.inbound_transfer.created",
        "treasury.inbound_transfer.failed",
        "treasury.inbound_transfer.succeeded",
        "treasury.outbound_payment.canceled",
        "treasury.outbound_payment.created",
        "treasury.outbound_payment.expected_arrival_date_updated",
        "treasury.outbound_payment.failed",
        "treasury.outbound_payment.posted",
        "treasury.outbound_payment.returned",
        "treasury.outbound_payment.tracking_details_updated",
        "treasury.outbound_transfer.canceled",
        "treasury.outbound_transfer.created",
        "treasury.outbound_transfer.expected_arrival_date_updated",
        "treasury.outbound_transfer.failed",
        "treasury.outbound_transfer.posted",
        "treasury.outbound_transfer.returned",
        "treasury.outbound_transfer.tracking_details_updated",
        "treasury.received_credit.created",
        "treasury.received_credit.failed",
        "treasury.received_credit.succeeded",
        "treasury.received_debit.created",
    ]
)

#: Case-named events about a subscription or its schedule, with the snapshot type whose object they name.
THIN_CASES = dict.fromkeys(
    [
        "v1.customer.subscription.active",
        "v1.customer.subscription.cancel_at_changed",
        "v1.customer.subscription.incomplete",
        "v1.customer.subscription.incomplete_expired",
        "v1.customer.subscription.item_added",
        "v1.customer.subscription.item_price_changed",
        "v1.customer.subscription.item_quantity_changed",
        "v1.customer.subscription.item_removed",
        "v1.customer.subscription.past_due",
        "v1.customer.subscription.trialing",
        "v1.customer.subscription.unpaid",
    ],
    "customer.subscription.updated",
) | dict.fromkeys(
    [
        "v1.subscription_schedule.phase_added",
        "v1.subscription_schedule.phase_end_date_changed",
        "v1.subscription_schedule.phase_removed",
        "v1.subscription_schedule.phase_trial_end_changed",
    ],
    "subscription_schedule.updated",
)

_THIN_CONTEXT = {
    "v1.entitlements.active_entitlement_summary.entitlement_added": "names-features-not-plans",
    "v1.entitlements.active_entitlement_summary.entitlement_removed": "names-features-not-plans",
}

_IGNORED = {
    "bank-data": """
        v1.financial_connections.account.balance_refresh_failed
        v1.financial_connections.account.balance_refresh_succeeded
        v1.financial_connections.account.inferred_balances_refresh_failed
        v1.financial_connections.account.inferred_balances_refresh_succeeded
        v1.financial_connections.account.ownership_refresh_failed
        v1.financial_connections.account.ownership_refresh_succeeded
        v1.financial_connections.account.risk_intelligence_refresh_failed
        v1.financial_connections.account.risk_intelligence_refresh_succeeded
        v1.financial_connections.account.transactions_refresh_failed
        v1.financial_connections.account.transactions_refresh_succeeded
    """,
    "catalog": """
        v1.price.activated v1.price.deactivated v1.price.lookup_key_changed v1.price.tax_behavior_changed
        v1.product.activated v1.product.deactivated v1.product.default_price_changed
        v1.product.tax_code_changed v2.commerce.product_catalog.imports.failed
        v2.commerce.product_catalog.imports.processing v2.commerce.product_catalog.imports.succeeded
        v2.commerce.product_catalog.imports.succeeded_with_errors
    """,
    "connected-accounts": """
        v2.core.account.closed v2.core.account.created v2.core.account.updated
        v2.core.account[configuration.customer].capability_status_updated
        v2.core.account[configuration.customer].updated
        v2.core.account[configuration.merchant].capability_status_updated
        v2.core.account[configuration.merchant].updated
        v2.core.account[configuration.recipient].capability_status_updated
        v2.core.account[configuration.recipient].updated v2.core.account[defaults].updated
        v2.core.account[future_requirements].updated v2.core.account[identity].updated
        v2.core.account[requirements].updated v2.core.account_link.returned v2.core.account_person.created
        v2.core.account_person.deleted v2.core.account_person.updated v2.core.event_destination.ping
    """,
    "finance-detail": """
        v1.invoice.discount_added v1.invoice.discount_removed v1.invoice.line_item_added
        v1.invoice.line_item_pricing_changed v1.invoice.line_item_quantity_changed
        v1.invoice.line_item_removed v1.invoice_payment.canceled v1.invoice_payment.open
        v1.invoiceitem.amount_changed v1.invoiceitem.discount_added v1.invoiceitem.discount_removed
    """,
    "metering-or-portal-configuration": """
        v1.billing.meter.error_report_triggered v1.billing.meter.no_meter_found
    """,
    "money-movement": """
        v2.money_management.adjustment.created v2.money_management.financial_account.created
        v2.money_management.financial_account.updated v2.money_management.financial_address.activated
        v2.money_management.financial_address.failed v2.money_management.inbound_transfer.available
        v2.money_management.inbound_transfer.bank_debit_failed
        v2.money_management.inbound_transfer.bank_debit_processing
        v2.money_management.inbound_transfer.bank_debit_queued
        v2.money_management.inbound_transfer.bank_debit_returned
        v2.money_management.inbound_transfer.bank_debit_succeeded
        v2.money_management.outbound_payment.canceled v2.money_management.outbound_payment.created
        v2.money_management.outbound_payment.failed v2.money_management.outbound_payment.posted
        v2.money_management.outbound_payment.returned v2.money_management.outbound_payment.under_review
        v2.money_management.outbound_payment.updated v2.money_management.payout_intent.canceled
        v2.money_management.payout_intent.created v2.money_management.payout_intent.pending
        v2.money_management.payout_intent.posted v2.money_management.payout_intent.processing
        v2.money_management.payout_intent.requires_action v2.money_management.payout_intent.updated
        v2.money_management.payout_method.created v2.money_management.payout_method.updated
        v2.money_management.received_credit.available v2.money_management.received_credit.failed
        v2.money_management.received_credit.returned v2.money_management.received_credit.succeeded
        v2.money_management.recipient_verification.created
        v2.money_management.recipient_verification.updated v2.money_management.transaction.created
        v2.money_management.transaction.updated
    """,
    "payment-method": """
        v1.customer.subscription.default_payment_method_changed
    """,
    "pricing": """
        v1.customer.discount.source_changed v1.promotion_code.fully_redeemed
    """,
    "tax": """
        v1.customer.subscription.item_tax_rates_changed
        v1.subscription_schedule.phase_default_tax_rates_changed
    """,
}


def _twins(names: dict[str, str]) -> dict[str, str]:
    return {f"v1.{name}": reason for name, reason in names.items() if name not in _SNAPSHOT_ONLY}


#: Thin type -> the snapshot type whose handler reads the object, once it has been fetched.
THIN_MAPPED = THIN_CASES | {f"v1.{name}": name for name in HANDLERS if name not in _SNAPSHOT_ONLY}
THIN_CONTEXT = _THIN_CONTEXT | _twins(CONTEXT)
THIN_IGNORED = _twins(IGNORED) | {
    name: reason for reason, names in _IGNORED.items() for name in names.split()
}
