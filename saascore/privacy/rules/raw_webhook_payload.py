"""Skeletons of providers' webhook bodies: raw even where every id was taken out.

A skeleton is the set of key names that only such a body has together (provider documentation, 2026).
"""

from __future__ import annotations

from saascore.privacy.rule import Envelope, Key, Rule, phrases

_WHY = "The skeleton of a webhook body: publish what core derived from it, never the body."


def _body(name: str, provider: str, *keys: str) -> Rule:
    return Rule(
        id=f"privacy.raw-webhook-payload.{name}",
        provider=provider,
        detector=Envelope(keys),
        why=_WHY,
        matches=(f"{{skeleton:{' '.join(keys)}}}", f"[{{skeleton:{' '.join(keys)}}}]"),
        passes=('{"data": {}}', '{"type": "usage"}'),
    )


RULES: tuple[Rule, ...] = (
    _body("stripe-event", "Stripe", "object", "data.object", "type"),
    _body("stripe-event-bare", "Stripe", "data.object", "livemode"),
    _body("stripe-event-versioned", "Stripe", "api_version", "data", "type", "created"),
    _body("stripe-pending", "Stripe", "livemode", "pending_webhooks"),
    _body("stripe-previous", "Stripe", "object", "previous_attributes"),
    _body("stripe-thin", "Stripe", "type", "related_object", "livemode"),
    _body("stripe-thin-context", "Stripe", "object", "type", "related_object"),
    _body("stripe-subscription", "Stripe", "items", "current_period_end", "cancel_at_period_end"),
    _body("stripe-subscription-object", "Stripe", "object", "collection_method", "billing_cycle_anchor"),
    _body(
        "stripe-subscription-plan",
        "Stripe",
        "cancel_at_period_end",
        "default_payment_method",
        "latest_invoice",
    ),
    _body("stripe-invoice", "Stripe", "object", "amount_due", "lines"),
    _body("stripe-invoice-amounts", "Stripe", "amount_due", "amount_paid", "billing_reason"),
    _body("stripe-session", "Stripe", "object", "payment_status", "mode", "success_url"),
    _body("stripe-session-amounts", "Stripe", "payment_status", "amount_total", "client_reference_id"),
    _body("stripe-charge", "Stripe", "object", "amount_refunded", "payment_method_details"),
    _body("stripe-intent", "Stripe", "object", "client_secret", "payment_method_types"),
    _body("stripe-object", "Stripe", "object", "livemode", "metadata"),
    _body("stripe-object-created", "Stripe", "object", "livemode", "created"),
    _body("paddle-event", "Paddle", "event_type", "notification_id", "data"),
    _body("paddle-event-bare", "Paddle", "event_id", "event_type", "occurred_at", "data"),
    _body("paddle-notification", "Paddle", "event_type", "occurred_at", "notification_id"),
    _body("paddle-event-data", "Paddle", "event_type", "occurred_at", "data.status"),
    _body("paddle-subscription", "Paddle", "current_billing_period", "scheduled_change", "collection_mode"),
    _body("paddle-subscription-cycle", "Paddle", "billing_cycle", "current_billing_period", "items"),
    _body("paddle-subscription-billed", "Paddle", "next_billed_at", "first_billed_at", "items"),
    _body("paddle-transaction", "Paddle", "collection_mode", "currency_code", "details"),
    _body("paddle-custom-data", "Paddle", "custom_data", "currency_code", "items"),
    _body("paddle-classic-alert", "Paddle Classic", "alert_name", "alert_id"),
    _body("paddle-classic-signature", "Paddle Classic", "alert_name", "p_signature"),
    _body("paddle-classic-passthrough", "Paddle Classic", "alert_name", "passthrough"),
    _body("paddle-classic-subscription", "Paddle Classic", "subscription_plan_id", "next_bill_date"),
    _body("paddle-classic-urls", "Paddle Classic", "alert_name", "cancel_url", "update_url"),
    _body("paddle-classic-event", "Paddle Classic", "alert_name", "event_time"),
    _body("lemon-squeezy-event", "Lemon Squeezy", "meta.event_name", "data"),
    _body("lemon-squeezy-data", "Lemon Squeezy", "meta.event_name", "data.attributes"),
    _body("lemon-squeezy-custom", "Lemon Squeezy", "meta.custom_data", "data"),
    _body("lemon-squeezy-test", "Lemon Squeezy", "meta.test_mode", "data"),
    _body("lemon-squeezy-object", "JSON:API", "type", "attributes", "relationships"),
    _body("lemon-squeezy-subscription", "Lemon Squeezy", "variant_id", "store_id", "renews_at"),
    _body("lemon-squeezy-subscription-names", "Lemon Squeezy", "variant_name", "product_name", "renews_at"),
    _body("lemon-squeezy-attributes", "Lemon Squeezy", "card_brand", "card_last_four", "status"),
    _body("chargebee-event", "Chargebee", "content", "event_type", "webhook_status"),
    _body("chargebee-content", "Chargebee", "content.subscription", "event_type"),
    _body("chargebee-customer", "Chargebee", "content.customer", "event_type"),
    _body("chargebee-invoice", "Chargebee", "content.invoice", "event_type"),
    _body("chargebee-api", "Chargebee", "api_version", "event_type", "occurred_at", "content"),
    _body("chargebee-source", "Chargebee", "event_type", "source", "content", "object"),
    _body("chargebee-webhooks", "Chargebee", "event_type", "content", "webhooks"),
    _body(
        "chargebee-subscription", "Chargebee", "current_term_start", "current_term_end", "billing_period_unit"
    ),
    _body("revenuecat-event", "RevenueCat", "api_version", "event.type"),
    _body("revenuecat-user", "RevenueCat", "event.app_user_id", "event.type"),
    _body("revenuecat-body", "RevenueCat", "app_user_id", "entitlement_ids", "store"),
    _body("revenuecat-period", "RevenueCat", "period_type", "purchased_at_ms", "store"),
    _body("revenuecat-expiry", "RevenueCat", "event_timestamp_ms", "expiration_at_ms"),
    _body("revenuecat-product", "RevenueCat", "event_timestamp_ms", "product_id"),
    _body("revenuecat-attributes", "RevenueCat", "subscriber_attributes", "period_type"),
    _body("revenuecat-original", "RevenueCat", "original_app_user_id", "type"),
    _body("revenuecat-stamp", "RevenueCat", "event_timestamp_ms", "period_type"),
    _body("polar-subscription", "Polar", "type", "data.recurring_interval"),
    _body("polar-event", "Polar", "type", "timestamp", "data.status"),
    _body("polar-event-product", "Polar", "type", "data.product"),
    _body("polar-event-customer", "Polar", "type", "data.customer", "timestamp"),
    _body("polar-event-time", "Polar, Standard Webhooks", "type", "timestamp", "data"),
    _body("polar-object", "Polar", "recurring_interval", "current_period_start", "product"),
    _body("polar-object-status", "Polar", "recurring_interval", "current_period_end", "cancel_at_period_end"),
    _body("braintree-body", "Braintree", "bt_signature", "bt_payload"),
    _body("braintree-notification", "Braintree", "kind", "timestamp", "subject"),
    _body("braintree-notification-subscription", "Braintree", "kind", "timestamp", "subscription"),
    _body("braintree-subscription", "Braintree", "billing_day_of_month", "billing_period_start_date"),
    _body("braintree-subscription-billing", "Braintree", "next_billing_date", "number_of_billing_cycles"),
    _body("braintree-subscription-paid", "Braintree", "paid_through_date", "next_billing_date"),
    _body("clerk-event", "Clerk", "data", "event_attributes"),
    _body("clerk-event-object", "Clerk", "data", "object", "type"),
    _body("github-event", "GitHub", "action", "sender", "installation"),
    _body("replicate-prediction", "Replicate", "urls", "input", "output", "version"),
    _body("replicate-prediction-logs", "Replicate", "input", "logs", "metrics", "status"),
    _body("fal-callback", "fal", "request_id", "gateway_request_id", "payload"),
    _body("headers-and-body", "any", "headers", "rawbody"),
    _body("headers-and-raw-body", "any", "headers", "raw_body"),
    Rule(
        id="privacy.raw-webhook-payload.key-name",
        detector=Key(
            phrases(
                "raw payload, raw webhook, raw body, raw event, webhook payload, webhook body, original payload, provider payload, raw provider payload, raw request body, webhook raw, bt payload, payload raw, event payload, stripe event, paddle event, raw json, raw data, event body, provider event body, notification body, webhook event, passthrough"
            ),
            "strong",
        ),
        why="A field named for a raw body may hold only [redacted].",
        matches=('{"raw_payload": "{b62:30}"}', '{"webhookBody": {"kind": "x", "n": 1}}'),
        passes=('{"raw_payload": "[redacted]"}', '{"raw_payload": null}'),
        profiles=("artifact",),
    ),
)
