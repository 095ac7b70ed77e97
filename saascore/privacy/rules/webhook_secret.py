"""Secrets and signatures of webhooks: with the secret anybody can forge a payment."""

from __future__ import annotations

from saascore.privacy.rule import Header, Key, Pattern, Prefix, Rule

RULES: tuple[Rule, ...] = (
    Rule(
        id="privacy.webhook-secret.prefix",
        provider="Stripe, Svix, Clerk, Polar, Paddle",
        detector=Prefix(
            ("whsec_", "polar_whs_", "pdl_ntfset_", "whsk_", "svix_"), "A-Za-z0-9+/=_-", 10, random=True
        ),
        why="A webhook signing secret: whoever holds it can forge events. Roll it.",
        matches=("whsec_{b62:32}", "polar_whs_{b62:32}", "pdl_ntfset_{b36:26}_{b62:32}"),
        passes=("whsec_ is the prefix", "whsec_xxxxxxxxxxxxxxxx"),
    ),
    Rule(
        id="privacy.webhook-secret.signature",
        detector=Pattern(
            r"\b(?:t|ts)=[0-9]{1,13}[,;](?:v1|v0|h1)=[A-Za-z0-9+/=]{32,}|\bv1,[A-Za-z0-9+/]{43}=", "="
        ),
        why="A webhook signature over a raw body.",
        matches=("t=1767225600,v1={hex:64}", "ts=1767225600;h1={hex:64}"),
        passes=("t=1767225600", "v1=stable"),
    ),
    Rule(
        id="privacy.webhook-secret.header",
        detector=Header(
            (
                "stripe-signature",
                "paddle-signature",
                "x-signature",
                "svix-signature",
                "webhook-signature",
                "x-hub-signature*",
                "bt_signature",
                "x-revenuecat-*",
                "x-webhook-signature",
                "x-slack-signature",
                "x-twilio-signature",
                "svix-id",
                "webhook-id",
            )
        ),
        why="A webhook signature header.",
        matches=("Stripe-Signature: t=1,v1={hex:64}", "X-Hub-Signature-256: sha256={hex:64}"),
        passes=("X-Signature: [redacted]", "Signature verified before the adapter is called"),
    ),
    Rule(
        id="privacy.webhook-secret.key-name",
        detector=Key(
            (
                "webhook secret",
                "webhook key",
                "webhook token",
                "signing secret",
                "signing key",
                "endpoint secret",
                "signature",
                "sig",
                "webhook signature",
                "webhook signing key",
                "whsec",
                "p signature",
                "bt signature",
                "hmac",
                "signature header",
                "stripe signature",
                "webhook password",
                "verification secret",
                "notification secret",
                "webhook secret key",
                "endpoint secret key",
            )
        ),
        why="A field named for a webhook secret or signature may hold only a placeholder or [redacted].",
        matches=('{"webhook_secret": "{b62:32}"}', '{"signingSecret": "{hex:32}"}'),
        passes=('{"webhook_secret": "[redacted]"}', '{"signature_checks": 12}'),
    ),
)
