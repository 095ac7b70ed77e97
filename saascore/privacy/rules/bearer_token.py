"""Tokens that open a session: whoever bears one is believed."""

from __future__ import annotations

from saascore.privacy.rule import Header, Key, Pattern, Prefix, Rule, token_rules

_SESSIONS = token_rules(
    "bearer-token",
    "A {provider} session or access token: whoever bears it is believed until it expires.",
    (
        ("Google", "google-access-token", Prefix(("ya29.",), "A-Za-z0-9_.-", 20)),
        (
            "Polar",
            "polar-session",
            Prefix(
                ("polar_cst_", "polar_us_", "polar_at_u_", "polar_rt_u_", "polar_auth_session_"),
                "A-Za-z0-9_",
                16,
            ),
        ),
        ("Clerk", "clerk-session", Prefix(("sess_tok_", "dvb_", "sit_"), "A-Za-z0-9_", 20, random=True)),
        (
            "PASETO",
            "paseto",
            Prefix(("v4.public.", "v4.local.", "v2.local.", "v3.local.", "v2.public."), "A-Za-z0-9_.-", 40),
        ),
    ),
)

RULES: tuple[Rule, ...] = (
    *_SESSIONS,
    Rule(
        id="privacy.bearer-token.jwt",
        detector=Pattern(
            r"\beyJ[A-Za-z0-9_-]{6,}\.(?:eyJ|[A-Za-z0-9_-]{4})[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?", "eyJ"
        ),
        why="A JSON Web Token: its claims can be read by anybody and it may still be valid.",
        matches=("eyJ{b62:20}.eyJ{b62:40}.{b62:43}", "Bearer eyJ{b62:30}.eyJ{b62:60}.{b62:43}"),
        passes=("eyJ", "a token starts with eyJ in base64"),
    ),
    Rule(
        id="privacy.bearer-token.cookie",
        detector=Pattern(
            r"(?i:\b(?:set[-_])?cookie)[\"']?[ \t]{0,3}[:=][ \t]{0,3}[\"']?([A-Za-z0-9_.-]{1,64}=[^\s;,\"']{12,4096})",
            "ookie",
            "random",
        ),
        why="A cookie that carries a session.",
        matches=("Cookie: __Secure-session={b62:40}; Path=/", "set-cookie: sid={b62:24}"),
        passes=("Cookie: theme=dark", "Set-Cookie: [redacted]"),
    ),
    Rule(
        id="privacy.bearer-token.authorization",
        detector=Pattern(
            r"(?i:\b(?:bearer|negotiate|digest)[ \t]{1,4}|\bauthorization[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?(?:token[ \t]{1,4})?)"
            r"([A-Za-z0-9_~+/.=-]{12,})",
            "",
            "random",
        ),
        why="An authorization header's value.",
        matches=("Authorization: Bearer {b62:32}", "bearer {b62:24}", "authorization: token {b62:24}"),
        passes=("Bearer authentication", "bearer internationalization"),
    ),
    Rule(
        id="privacy.bearer-token.header",
        detector=Header(
            (
                "authorization",
                "proxy-authorization",
                "cookie",
                "set-cookie",
                "x-api-key",
                "x-auth-token",
                "x-access-token",
                "x-csrf-token",
                "x-xsrf-token",
                "x-amz-security-token",
                "x-goog-api-key",
                "apikey",
                "x-auth-key",
                "x-shopify-access-token",
                "cf-access-jwt-assertion",
                "cf-access-client-secret",
            )
        ),
        why="A header that carries a credential.",
        matches=("X-Api-Key: {b62:24}", "Cookie: sid={b62:24}"),
        passes=("Content-Type: application/json", "Cookie: [redacted]"),
    ),
    Rule(
        id="privacy.bearer-token.key-name",
        detector=Key(
            (
                "token",
                "access token",
                "refresh token",
                "id token",
                "auth token",
                "bearer",
                "bearer token",
                "session token",
                "session key",
                "session cookie",
                "cookie",
                "cookies",
                "jwt",
                "csrf token",
                "oauth token",
                "api bearer",
                "auth",
                "authorization",
                "auth header",
                "authorization header",
                "push token",
                "device token",
                "fcm token",
                "reset token",
                "invite token",
                "magic link token",
                "verification token",
                "client token",
                "customer session token",
                "sid",
                "x api key",
                "share token",
                "upload token",
                "download token",
                "nonce",
                "code verifier",
                "authorization code",
                "auth code",
            )
        ),
        why="A field named for a token may hold only a placeholder or [redacted].",
        matches=('{"access_token": "{b62:24}"}', '{"sessionToken": "{hex:32}"}'),
        passes=('{"tokens_in": 1532}', '{"token_budget": 4096}', '{"token": "[redacted]"}'),
    ),
)
