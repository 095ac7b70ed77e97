"""Every event type of Paddle Billing, and what this adapter does with it.

Source: the official SDK (paddle-python-sdk 1.16.1, ``EventTypeName``); a test compares the lists, so that a newer SDK
shows which types are not answered yet.
"""

from __future__ import annotations

#: Types that only correlate, each with the public reason.
CONTEXT = {
    "invoice.overdue": "subscription-says-past-due",
    "transaction.paid": "completed-says-it",
    "transaction.past_due": "subscription-says-past-due",
}

#: Types that mean nothing for entitlements, by public reason.
_IGNORED = {
    "catalog": """
        price.created price.imported price.updated product.created product.imported product.updated
    """,
    "finance-detail": """
        invoice.canceled invoice.created invoice.issued invoice.paid invoice.scheduled
    """,
    "money-movement": """
        payout.created payout.paid
    """,
    "payment-method": """
        payment_method.deleted payment_method.saved
    """,
    "personal-data": """
        address.created address.imported address.updated business.created business.imported business.updated
        customer.created customer.imported customer.updated
    """,
    "pricing": """
        discount.created discount.imported discount.updated discount_group.created discount_group.updated
    """,
    "reports": """
        report.created report.updated
    """,
    "security-operations": """
        api_key.created api_key.expired api_key.expiring api_key.revoked api_key.updated
        api_key_exposure.created client_token.created client_token.revoked client_token.updated
    """,
    "transaction-not-completed": """
        transaction.billed transaction.canceled transaction.created transaction.ready transaction.revised
        transaction.updated
    """,
}
IGNORED = {name: reason for reason, names in _IGNORED.items() for name in names.split()}
