"""Customers and payers by the ids of billing providers."""

from __future__ import annotations

from saascore.privacy.rule import Key, Prefix, Rule, id_phrases, phrases

# Whose identifier it is: every one of these followed by "id", "uuid", "number", ... says raw.
_SUBJECTS = """
customer, sold to, bill to, cust, client, buyer, payer, payee, shopper, consumer, contact, lead, stripe customer, paddle
customer, billing customer, chargebee customer, bill to, billing contact, payment method, card, bank
account, mandate, charge, payment intent, setup intent, payment, payout, source, cardholder, guest
customer, household, crm, patient, customer external, external customer
"""
# The same people and things named without "id": raw where the value looks like an identifier.
_BARE = """
customer, customers, sold to, bill to, cust, customer list, buyer, payer, payment method, default payment method, default
source, payment intent, setup intent, charge, latest charge, card, client reference
"""

RULES: tuple[Rule, ...] = (
    Rule(
        id="privacy.raw-customer-id.key-name",
        detector=Key(id_phrases(*phrases(_SUBJECTS))),
        why="A field named for this id may hold only a reference, a public label or [redacted].",
        matches=('{"customer": "cus_{b62:14}"}', '{"customer_id": {digits:7}}'),
        passes=('{"customer_count": 3}', '{"customers": 42}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.raw-customer-id.bare-name",
        detector=Key(phrases(_BARE), "weak"),
        why="The field names whose it is, and the value looks like that one's id.",
        matches=('{"customer": "{b62:16}"}', '{"customer": "{uuid}"}'),
        passes=('{"customer": "[redacted]"}', '{"customer": "core-fixture"}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.raw-customer-id.customer",
        provider="Stripe, Paddle, Chargebee",
        detector=Prefix(
            ("cus_", "ctm_", "cust_", "customer_", "gcus_", "client_", "cu_"),
            least=3,
            most=64,
            random=True,
        ),
        why="An id by its prefix, raw whichever provider it belongs to.",
        matches=("cus_{b62:14}", "cu_{b62:24}"),
        passes=("cus_", "cus_internationalization"),
    ),
    Rule(
        id="privacy.raw-customer-id.payment-method",
        provider="Stripe, Paddle",
        detector=Prefix(
            (
                "pm_",
                "paymtd_",
                "card_",
                "src_",
                "ba_",
                "mandate_",
                "pi_",
                "seti_",
                "ch_",
                "py_",
                "pay_",
                "cpmt_",
                "add_",
                "biz_",
            ),
            least=6,
            most=64,
            random=True,
        ),
        why="An id by its prefix, raw whichever provider it belongs to.",
        matches=("pm_{b62:14}", "biz_{b62:24}"),
        passes=("pm_", "pm_internationalization"),
    ),
)
