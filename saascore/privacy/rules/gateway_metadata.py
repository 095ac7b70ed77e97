"""What gateways add to a call: log ids, cache keys, tags that products put ids in."""

from __future__ import annotations

from saascore.privacy.rule import Header, Key, Rule, id_phrases, phrases

_NAMES = """
gateway metadata, gateway meta, aig metadata, aig meta, aigmeta, cf aig metadata, cf aig meta, gateway log, gateway event, gateway headers, gateway request, gateway response,
aig log, cf aig log, aig event, cf aig event, cf aig cache key, aig cache key, cf aig authorization, request head, response head, gateway cache key,
gateway account, gateway config, helicone properties, helicone auth, portkey metadata, portkey config, litellm metadata,
request headers, cf ray, ray id, response headers, raw headers, langfuse metadata, langsmith metadata, ai gateway, gateway
"""

RULES: tuple[Rule, ...] = (
    Rule(
        id="privacy.gateway-metadata.header",
        provider="Cloudflare AI Gateway, Helicone, Portkey, LiteLLM, OpenRouter",
        detector=Header(
            (
                "cf-aig-*",
                "helicone-*",
                "x-portkey-*",
                "x-litellm-*",
                "x-langfuse-*",
                "x-bt-*",
                "x-kong-*",
                "x-goog-user-project",
                "x-ai-gateway-*",
                "cf-connecting-ip",
                "cf-ray",
                "cf-worker",
                "cf-cache-status",
                "cf-ew-via",
                "cf-access-*",
                "x-openrouter-*",
                "x-gateway-*",
            )
        ),
        why="A gateway's header: it names a log entry, an account, or carries a product's own ids.",
        matches=('cf-aig-metadata: {"user": "{b62:6}"}', "cf-aig-log-id: {ulid}"),
        passes=("Content-Type: text/html", "cf-aig-log-id: [redacted]"),
    ),
    Rule(
        id="privacy.gateway-metadata.key-name",
        detector=Key(
            (
                *phrases(_NAMES),
                *id_phrases(
                    "gateway",
                    "gateway log",
                    "gateway event",
                    "aig",
                    "aig log",
                    "aig event",
                    "cf aig log",
                    "cf aig event",
                    "ai gateway",
                    "ai gateway log",
                    "helicone",
                    "portkey",
                    "portkey trace",
                    "litellm call",
                    "gateway request",
                    "gateway session",
                    "gateway trace",
                    "langfuse trace",
                    "cf aig",
                ),
            )
        ),
        why="A field named for gateway metadata may hold only [redacted] or counts.",
        matches=(
            '{"gateway_log_id": "{ulid}"}',
            '{"aigMetadata": "{b62:16}"}',
            '{"aigmeta": {"team": "blue"}}',
            '{"gateway_metadata": "{\\"team\\": \\"blue\\"}"}',
            'level=info gateway_metadata="{\\"team\\": \\"blue\\"}" ms=12',
            'level=info gateway_metadata={"team": "blue"} ms=12',
        ),
        passes=(
            '{"gateway_log_id": "[redacted]"}',
            '{"gateway_requests": 12}',
            'level=info gateway_metadata="[redacted]" ms=12',
            "level=info gateway_metadata={} ms=12",
        ),
        profiles=("artifact",),
    ),
)
