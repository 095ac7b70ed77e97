"""Every snapshot event type of Stripe, and what this adapter does with it.

Source: the official SDK (stripe 16.1.0, ``Event.type`` and ``WebhookEndpoint.enabled_events``); a test compares the
lists, so that a newer SDK shows which types are not answered yet.
"""

from __future__ import annotations

#: Types that only link or correlate, each with the public reason.
CONTEXT = {
    "charge.dispute.funds_reinstated": "money-movement",
    "charge.dispute.funds_withdrawn": "money-movement",
    "charge.dispute.updated": "dispute-still-open",
    "charge.refund.updated": "twin-of-refund-updated",
    "credit_note.created": "finance-correlation",
    "customer.created": "links-the-customer",
    "customer.deleted": "its-subscriptions-end-by-their-own-events",
    "entitlements.active_entitlement_summary.updated": "names-features-not-plans",
    "invoice.marked_uncollectible": "finance-state",
    "invoice.overdue": "subscription-says-past-due",
    "invoice.voided": "finance-state",
    "invoice_payment.paid": "finance-correlation",
    "payment_intent.succeeded": "names-the-customer-of-a-payment",
    "refund.created": "twin-of-charge-refunded",
    "subscription_schedule.completed": "subscription-says-its-plan",
}

#: Types that mean nothing for entitlements, by public reason.
_IGNORED = {
    "bank-data": """
        financial_connections.account.account_numbers_updated financial_connections.account.created
        financial_connections.account.deactivated financial_connections.account.disconnected
        financial_connections.account.expected_deactivation_date_updated
        financial_connections.account.reactivated financial_connections.account.refreshed_balance
        financial_connections.account.refreshed_ownership
        financial_connections.account.refreshed_transactions
        financial_connections.account.supported_payment_method_types_updated
        financial_connections.account.upcoming_account_number_expiry
        financial_connections.account.upcoming_deactivation
        financial_connections.authorization.expected_deactivation_date_updated
        financial_connections.authorization.upcoming_deactivation
    """,
    "catalog": """
        plan.created plan.deleted plan.updated price.created price.deleted price.updated product.created
        product.deleted product.updated
    """,
    "connected-accounts": """
        account.application.authorized account.application.deauthorized account.external_account.created
        account.external_account.deleted account.external_account.updated account.updated
        application_fee.created application_fee.refund.updated application_fee.refunded capability.updated
        person.created person.deleted person.updated
    """,
    "covered-by-invoice-or-checkout": """
        charge.captured charge.expired charge.failed charge.pending charge.succeeded charge.updated
        payment_intent.amount_capturable_updated payment_intent.canceled payment_intent.created
        payment_intent.partially_funded payment_intent.payment_failed payment_intent.processing
        payment_intent.requires_action
    """,
    "finance-detail": """
        cash_balance.funds_available credit_note.updated credit_note.voided
        customer_cash_balance_transaction.created invoice.created invoice.deleted
        invoice.finalization_failed invoice.finalized invoice.overpaid invoice.payment_attempt_required
        invoice.payment_succeeded invoice.sent invoice.upcoming invoice.updated invoice.will_be_due
        invoiceitem.created invoiceitem.deleted
    """,
    "identity-detail": """
        customer.updated
    """,
    "identity-verification": """
        identity.verification_session.canceled identity.verification_session.created
        identity.verification_session.processing identity.verification_session.redacted
        identity.verification_session.requires_input identity.verification_session.verified
    """,
    "issuing": """
        issuing_authorization.created issuing_authorization.request issuing_authorization.updated
        issuing_card.created issuing_card.updated issuing_cardholder.created issuing_cardholder.updated
        issuing_dispute.closed issuing_dispute.created issuing_dispute.funds_reinstated
        issuing_dispute.funds_rescinded issuing_dispute.submitted issuing_dispute.updated
        issuing_personalization_design.activated issuing_personalization_design.deactivated
        issuing_personalization_design.rejected issuing_personalization_design.updated issuing_token.created
        issuing_token.updated issuing_transaction.created
        issuing_transaction.purchase_details_receipt_updated issuing_transaction.updated
    """,
    "metering-or-portal-configuration": """
        billing.alert.triggered billing.credit_balance_transaction.created billing.credit_grant.created
        billing.credit_grant.updated billing.meter.created billing.meter.deactivated
        billing.meter.reactivated billing.meter.updated billing_portal.configuration.created
        billing_portal.configuration.updated billing_portal.session.created
    """,
    "money-movement": """
        balance.available balance_settings.updated payout.canceled payout.created payout.failed payout.paid
        payout.reconciliation_completed payout.updated topup.canceled topup.created topup.failed
        topup.reversed topup.succeeded transfer.created transfer.reversed transfer.updated
    """,
    "no-plan-meaning": """
        apps.install.created apps.install.deleted apps.install.updated climate.order.canceled
        climate.order.created climate.order.delayed climate.order.delivered
        climate.order.product_substituted climate.product.created climate.product.pricing_updated
        file.created reserve.hold.created reserve.hold.updated reserve.plan.created reserve.plan.disabled
        reserve.plan.expired reserve.plan.updated reserve.release.created
        three_d_secure.authentication.canceled three_d_secure.authentication.challenge_started
        three_d_secure.authentication.errored three_d_secure.authentication.failed
        three_d_secure.authentication.requires_challenge three_d_secure.authentication.requires_submission
        three_d_secure.authentication.succeeded
    """,
    "nothing-was-bought": """
        checkout.session.expired
    """,
    "payment-method": """
        customer.source.created customer.source.deleted customer.source.expiring customer.source.updated
        mandate.updated payment_method.attached payment_method.automatically_updated payment_method.detached
        payment_method.updated setup_intent.canceled setup_intent.created setup_intent.requires_action
        setup_intent.setup_failed setup_intent.succeeded source.canceled source.chargeable source.failed
        source.mandate_notification source.refund_attributes_required source.transaction.created
        source.transaction.updated
    """,
    "pricing": """
        coupon.created coupon.deleted coupon.updated customer.discount.created customer.discount.deleted
        customer.discount.updated promotion_code.created promotion_code.updated
    """,
    "reports": """
        reporting.report_run.failed reporting.report_run.succeeded reporting.report_type.updated
        sigma.scheduled_query_run.created
    """,
    "risk-review": """
        radar.early_fraud_warning.created radar.early_fraud_warning.updated review.closed review.opened
    """,
    "sales-document": """
        payment_link.created payment_link.updated quote.accepted quote.canceled quote.created
        quote.finalized
    """,
    "schedule-reminder": """
        subscription_schedule.expiring
    """,
    "tax": """
        customer.tax_id.created customer.tax_id.deleted customer.tax_id.updated tax.settings.updated
        tax_rate.created tax_rate.updated
    """,
    "terminal": """
        terminal.reader.action_failed terminal.reader.action_succeeded terminal.reader.action_updated
    """,
    "test-clock": """
        test_helpers.test_clock.advancing test_helpers.test_clock.created test_helpers.test_clock.deleted
        test_helpers.test_clock.internal_failure test_helpers.test_clock.ready
    """,
    "treasury": """
        treasury.credit_reversal.created treasury.credit_reversal.posted treasury.debit_reversal.completed
        treasury.debit_reversal.created treasury.debit_reversal.initial_credit_granted
        treasury.financial_account.closed treasury.financial_account.created
        treasury.financial_account.features_status_updated treasury.inbound_transfer.canceled
        treasury.inbound_transfer.created treasury.inbound_transfer.failed
        treasury.inbound_transfer.succeeded treasury.outbound_payment.canceled
        treasury.outbound_payment.created treasury.outbound_payment.expected_arrival_date_updated
        treasury.outbound_payment.failed treasury.outbound_payment.posted treasury.outbound_payment.returned
        treasury.outbound_payment.tracking_details_updated treasury.outbound_transfer.canceled
        treasury.outbound_transfer.created treasury.outbound_transfer.expected_arrival_date_updated
        treasury.outbound_transfer.failed treasury.outbound_transfer.posted
        treasury.outbound_transfer.returned treasury.outbound_transfer.tracking_details_updated
        treasury.received_credit.created treasury.received_credit.failed treasury.received_credit.succeeded
        treasury.received_debit.created
    """,
}
IGNORED = {name: reason for reason, names in _IGNORED.items() for name in names.split()}
