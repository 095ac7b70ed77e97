"""Credentials by the names of their fields: ``api_key``, ``TWILIO_AUTH_TOKEN``."""

from __future__ import annotations

from saascore.privacy.rule import Key, Rule

_VENDORS = """
turso upstash postmark workos planetscale convex cloudinary sanity contentful github gh gitlab npm pypi twilio slack discord stripe paddle polar lemonsqueezy chargebee revenuecat braintree cloudflare cf r2 aws
openai anthropic replicate fal hf huggingface hub google gcp firebase supabase clerk workos auth0 sentry resend sendgrid mailgun postmark vercel netlify
docker dockerhub heroku fly render neon linear notion figma datadog grafana posthog algolia mapbox telegram shopify square plaid doppler vault terraform codecov sonar
circleci buildkite jira atlassian bitbucket azure aad digitalocean hetzner pinecone mistral cohere groq together perplexity gemini deepseek elevenlabs stability runpod
"""

RULES: tuple[Rule, ...] = (
    Rule(
        id="privacy.provider-credential.key-name",
        detector=Key(
            (
                "password",
                "passwd",
                "pwd",
                "pass",
                "passphrase",
                "passcode",
                "pin code",
                "secret",
                "client secret",
                "app secret",
                "api key",
                "apikey",
                "api secret",
                "api token",
                "access key",
                "access key id",
                "secret key",
                "secret access key",
                "private key",
                "encryption key",
                "master key",
                "account key",
                "shared key",
                "service key",
                "service role key",
                "anon key",
                "publishable key",
                "restricted key",
                "license key",
                "licence key",
                "deploy key",
                "ssh key",
                "rsa key",
                "consumer key",
                "consumer secret",
                "api hash",
                "dsn",
                "connection string",
                "conn str",
                "database url",
                "db url",
                "redis url",
                "mongo url",
                "mongodb uri",
                "credential",
                "credentials",
                "creds",
                "auth key",
                "subscription key",
                "integration key",
                "admin key",
                "app key",
                "application key",
                "server key",
                "hmac key",
                "hmac secret",
                "jwt secret",
                "cookie secret",
                "session secret",
                "recovery code",
                "otp",
                "totp",
                "mfa code",
                "cvv",
                "cvc",
                "salt",
                "pepper",
                "client key",
                "key secret",
                "token secret",
                "openai key",
                "stripe key",
                "anthropic key",
                "fal key",
            )
        ),
        why="A field named for a credential may hold only a placeholder or [redacted].",
        matches=('{"api_key": "{b62:24}"}', '{"dbPassword": "{b62:12}"}', "CLIENT_SECRET={b62:32}"),
        passes=('{"secret_name": "stripe webhook"}', '{"api_key": "[redacted]"}', '{"password": null}'),
    ),
    Rule(
        id="privacy.provider-credential.vendor-name",
        detector=Key(
            (
                *tuple(
                    f"{vendor} {word}"
                    for vendor in _VENDORS.split()
                    for word in (
                        "token",
                        "auth token",
                        "access token",
                        "api token",
                        "key",
                        "api key",
                        "secret",
                        "pat",
                        "auth code",
                        "server token",
                        "rest token",
                        "redis rest token",
                        "oauth token",
                    )
                ),
                "vendor auth code",
                "deploy token",
                "release token",
                "installation token",
                "trigger token",
                "personal access token",
                "publish token",
                "registry token",
                "bot token",
                "app token",
                "ci token",
            )
        ),
        why="A field named for a provider's token may hold only a placeholder or [redacted].",
        matches=('{"TWILIO_AUTH_TOKEN": "{hex:32}"}', "VENDOR_AUTH_CODE={hex:50}"),
        passes=('{"github_tokens": 3}', '{"npm_token": "[redacted]"}'),
    ),
)
