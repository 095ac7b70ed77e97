"""Keys, passwords and private keys of providers: whoever holds one can act or pay in somebody's name."""

from __future__ import annotations

from saascore.privacy.rule import Key, Pattern, Prefix, Rule, Url, token_rules

_WHY = "A {provider} credential: whoever reads it can act for its owner. Revoke it where it was published."
_VENDORS = """
turso upstash postmark workos planetscale convex cloudinary sanity contentful github gh gitlab npm pypi twilio slack discord stripe paddle polar lemonsqueezy chargebee revenuecat braintree cloudflare cf r2 aws
openai anthropic replicate fal hf huggingface hub google gcp firebase supabase clerk workos auth0 sentry resend sendgrid mailgun postmark vercel netlify
docker dockerhub heroku fly render neon linear notion figma datadog grafana posthog algolia mapbox telegram shopify square plaid doppler vault terraform codecov sonar
circleci buildkite jira atlassian bitbucket azure aad digitalocean hetzner pinecone mistral cohere groq together perplexity gemini deepseek elevenlabs stability runpod
"""
_WORD = "A-Za-z0-9_-"
_UPPER = "A-Z0-9"
_HEX = "a-f0-9"

_PAYMENT = token_rules(
    "provider-credential",
    _WHY,
    (
        (
            "Stripe",
            "stripe-key",
            Prefix(
                (
                    *tuple(
                        f"{kind}_{mode}_"
                        for kind in ("sk", "rk", "pk", "ek")
                        for mode in ("live", "test", "prod")
                    ),
                    "sk_org_",
                ),
                "A-Za-z0-9_",
                10,
            ),
        ),
        ("Paddle", "paddle-key", Prefix(("pdl_live_apikey_", "pdl_sdbx_apikey_"), "A-Za-z0-9_", 20)),
        (
            "Polar",
            "polar-token",
            Prefix(
                tuple(
                    f"polar_{kind}_"
                    for kind in (
                        [
                            "oat",
                            "pat",
                            "c",
                            "cl",
                            "ev",
                            "cev",
                            "at_o",
                            "rt_o",
                            "oauth2",
                            "cs",
                            "rs",
                            "ci",
                            "ac_u",
                        ]
                    )
                ),
                "A-Za-z0-9_",
                16,
            ),
        ),
        (
            "RevenueCat",
            "revenuecat-key",
            Prefix(("appl_", "goog_", "strp_", "rcb_", "mac_", "amzn_"), least=20, random=True),
        ),
        ("Shopify", "shopify-token", Prefix(("shpat_", "shpca_", "shppa_", "shpss_"), "A-Fa-f0-9", 24)),
        ("Square", "square-token", Prefix(("sq0atp-", "sq0csp-", "sq0idp-"), _WORD, 20)),
        ("Razorpay", "razorpay-key", Prefix(("rzp_live_", "rzp_test_"), least=12)),
        ("Flutterwave", "flutterwave-key", Prefix(("FLWSECK-", "FLWSECK_TEST-", "FLWPUBK-"), _WORD, 12)),
        (
            "Plaid",
            "plaid-token",
            Prefix(tuple(f"access-{s}-" for s in ("sandbox", "development", "production")), _WORD, 30),
        ),
        ("EasyPost", "easypost-key", Prefix(("EZAK", "EZTK"), least=40)),
        ("Adyen", "adyen-key", Prefix(("AQE",), "A-Za-z0-9+/=._-", 60)),
    ),
)

_CLOUD = token_rules(
    "provider-credential",
    _WHY,
    (
        ("Cloudflare", "cloudflare-token", Prefix(("cfk_", "cfut_", "cfat_"), _WORD, 30)),
        ("Cloudflare", "cloudflare-origin-key", Prefix(("v1.0-",), "a-f0-9-", 60)),
        (
            "AWS",
            "aws-access-key-id",
            Prefix(("AKIA", "ASIA", "ABIA", "ACCA", "AROA", "AIDA"), _UPPER, 16, 16),
        ),
        ("AWS", "aws-bedrock-key", Prefix(("ABSK", "bedrock-api-key-"), "A-Za-z0-9+/=", 60)),
        ("Google", "google-api-key", Prefix(("AIza",), _WORD, 30)),
        ("Google", "google-oauth-secret", Prefix(("GOCSPX-",), _WORD, 20)),
        ("DigitalOcean", "digitalocean-token", Prefix(("dop_v1_", "doo_v1_", "dor_v1_"), _HEX, 40)),
        ("Alibaba Cloud", "alibaba-key", Prefix(("LTAI",), least=12, most=32, random=True)),
        ("Tencent Cloud", "tencent-key", Prefix(("AKID",), least=24, most=48, random=True)),
        ("Yandex", "yandex-key", Prefix(("AQVN",), _WORD, 30)),
        ("Heroku", "heroku-key", Prefix(("HRKU-",), _WORD, 30)),
        ("Fly", "fly-token", Prefix(("fm1_", "fm2_", "fo1_"), "A-Za-z0-9+/=_-", 30)),
        ("Vercel", "vercel-token", Prefix(("vcp_", "vck_", "vci_", "vca_", "vercel_blob_rw_"), _WORD, 20)),
        ("Netlify", "netlify-token", Prefix(("nfp_", "nfc_", "nfo_"), least=30)),
        ("Render", "render-key", Prefix(("rnd_",), least=20)),
        ("Neon", "neon-key", Prefix(("napi_",), least=30)),
        (
            "PlanetScale",
            "planetscale-token",
            Prefix(("pscale_tkn_", "pscale_pw_", "pscale_oauth_"), _WORD, 24),
        ),
        ("Supabase", "supabase-key", Prefix(("sbp_", "sb_secret_", "sb_publishable_"), _WORD, 20)),
        (
            "Doppler",
            "doppler-token",
            Prefix(tuple(f"dp.{k}." for k in ("pt", "st", "ct", "scim", "audit")), "A-Za-z0-9._-", 30),
        ),
        ("HashiCorp Vault", "vault-token", Prefix(("hvs.", "hvb.", "hvr."), _WORD, 20)),
        ("Pulumi", "pulumi-token", Prefix(("pul-",), _HEX, 40)),
        ("Databricks", "databricks-token", Prefix(("dapi",), "a-f0-9-", 32)),
        ("1Password", "onepassword-token", Prefix(("ops_eyJ",), "A-Za-z0-9+/=_-", 40)),
        ("age", "age-secret-key", Prefix(("AGE-SECRET-KEY-1",), _UPPER, 50)),
    ),
)

_MODELS = token_rules(
    "provider-credential",
    _WHY,
    (
        ("Anthropic", "anthropic-key", Prefix(("sk-ant-",), _WORD, 16)),
        ("OpenRouter", "openrouter-key", Prefix(("sk-or-v1-",), _WORD, 16)),
        ("Langfuse", "langfuse-key", Prefix(("sk-lf-", "pk-lf-"), _WORD, 16)),
        ("OpenAI", "openai-key", Prefix(("sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"), _WORD, 16)),
        ("a model provider", "model-key", Prefix(("sk-",), _WORD, 20, random=True)),
        (
            "a provider",
            "secret-key",
            Prefix(("sk_", "key_", "secret_", "ak_", "pat_"), "A-Za-z0-9", 20, random=True),
        ),
        ("OpenAI", "openai-session", Prefix(("sess-",), least=24, random=True)),
        ("Groq", "groq-key", Prefix(("gsk_",), least=20)),
        ("xAI", "xai-key", Prefix(("xai-",), least=30)),
        ("Perplexity", "perplexity-key", Prefix(("pplx-",), least=30)),
        ("Replicate", "replicate-token", Prefix(("r8_",), least=24)),
        ("Hugging Face", "huggingface-token", Prefix(("hf_", "api_org_"), least=24)),
        ("NVIDIA", "nvidia-key", Prefix(("nvapi-",), _WORD, 30)),
        ("LangSmith", "langsmith-key", Prefix(("lsv2_pt_", "lsv2_sk_"), "A-Za-z0-9_", 30)),
        ("Fireworks", "fireworks-key", Prefix(("fw_",), least=20, random=True)),
        ("Tavily", "tavily-key", Prefix(("tvly-",), _WORD, 20)),
        ("Pinecone", "pinecone-key", Prefix(("pcsk_",), "A-Za-z0-9_", 30)),
        ("Jina", "jina-key", Prefix(("jina_",), "A-Za-z0-9_", 30)),
        ("RunPod", "runpod-key", Prefix(("rpa_",), least=30)),
        ("E2B", "e2b-key", Prefix(("e2b_",), _HEX, 30)),
        ("Firecrawl", "firecrawl-key", Prefix(("fc-",), _HEX, 24)),
        ("Modal", "modal-token", Prefix(("ak-", "as-"), least=20, random=True)),
        ("Voyage", "voyage-key", Prefix(("pa-", "al-"), _WORD, 36, random=True)),
    ),
)

_TOOLS = token_rules(
    "provider-credential",
    _WHY,
    (
        ("GitHub", "github-token", Prefix(("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), "A-Za-z0-9_", 30)),
        ("GitHub", "github-fine-grained-token", Prefix(("github_pat_",), "A-Za-z0-9_", 30)),
        (
            "GitLab",
            "gitlab-token",
            Prefix(
                tuple(
                    f"{kind}-"
                    for kind in [
                        "glpat",
                        "gldt",
                        "glrt",
                        "glrtr",
                        "glptt",
                        "glcbt",
                        "glsoat",
                        "glft",
                        "glimt",
                        "glagent",
                        "gloas",
                        "glffct",
                        "GR1348941",
                    ]
                ),
                "A-Za-z0-9_.-",
                18,
            ),
        ),
        ("npm", "npm-token", Prefix(("npm_",), least=30)),
        ("PyPI", "pypi-token", Prefix(("pypi-AgE",), _WORD, 30)),
        ("RubyGems", "rubygems-key", Prefix(("rubygems_",), _HEX, 40)),
        ("crates.io", "crates-token", Prefix(("cio",), least=32, most=32, random=True)),
        ("Docker", "docker-token", Prefix(("dckr_pat_", "dckr_oat_"), _WORD, 20)),
        (
            "Slack",
            "slack-token",
            Prefix((*tuple(f"xox{k}-" for k in "abdeoprs"), "xapp-", "xoxe."), "A-Za-z0-9.-", 16),
        ),
        ("Twilio SendGrid", "sendgrid-key", Prefix(("SG.",), "A-Za-z0-9_.-", 30)),
        ("Mailgun", "mailgun-key", Prefix(("key-",), _HEX, 32)),
        ("Brevo", "brevo-key", Prefix(("xkeysib-", "xsmtpsib-"), "a-f0-9A-Za-z-", 40)),
        ("MailerSend", "mailersend-key", Prefix(("mlsn.",), least=40)),
        ("Resend", "resend-key", Prefix(("re_",), "A-Za-z0-9_", 20, random=True)),
        ("Sentry", "sentry-token", Prefix(("sntrys_", "sntryu_", "sntrya_", "sntryi_"), "A-Za-z0-9+/=_", 30)),
        ("Linear", "linear-key", Prefix(("lin_api_", "lin_oauth_"), least=24)),
        ("Notion", "notion-token", Prefix(("ntn_",), least=30)),
        ("Figma", "figma-token", Prefix(("figd_", "figu_", "figo_"), _WORD, 30)),
        ("Atlassian", "atlassian-token", Prefix(("ATATT3", "ATCTT3", "ATBB"), "A-Za-z0-9_=-", 24)),
        ("Grafana", "grafana-token", Prefix(("glc_", "glsa_"), "A-Za-z0-9+/=_", 30)),
        ("New Relic", "newrelic-key", Prefix(("NRAK-", "NRII-", "NRAA-", "NRJS-"), _WORD, 16)),
        ("PostHog", "posthog-key", Prefix(("phc_", "phx_", "phs_"), least=30)),
        ("HubSpot", "hubspot-token", Prefix(("pat-na1-", "pat-eu1-", "pat-na2-"), "a-f0-9-", 30)),
        ("Airtable", "airtable-token", Prefix(("pat",), "A-Za-z0-9.", 60, random=True)),
        ("Typeform", "typeform-token", Prefix(("tfp_",), _WORD, 40)),
        ("Prefect", "prefect-key", Prefix(("pnu_", "pnb_"), least=30)),
        ("Postman", "postman-key", Prefix(("PMAK-",), "a-f0-9-", 40)),
        ("SonarQube", "sonar-token", Prefix(("squ_", "sqp_", "sqa_"), _HEX, 40)),
        ("CircleCI", "circleci-token", Prefix(("CCIPAT_", "CCIPRJ_"), "A-Za-z0-9_", 30)),
        ("Buildkite", "buildkite-token", Prefix(("bkua_", "bkct_"), _HEX, 30)),
        ("JFrog", "jfrog-key", Prefix(("AKCp", "cmVmdGtu"), least=50)),
        ("Contentful", "contentful-token", Prefix(("CFPAT-",), _WORD, 40)),
        (
            "LaunchDarkly",
            "launchdarkly-key",
            Prefix(("sdk-", "mob-", "api-"), "a-f0-9-", 36, 36, random=True),
        ),
        ("Dropbox", "dropbox-token", Prefix(("sl.",), _WORD, 60)),
        ("Meta", "meta-token", Prefix(("EAA",), least=60)),
        ("Trigger.dev", "trigger-key", Prefix(("tr_dev_", "tr_prod_", "tr_stg_", "tr_pat_"), least=16)),
        ("Inngest", "inngest-key", Prefix(("signkey-prod-", "signkey-test-", "signkey-branch-"), _HEX, 24)),
        ("Unkey", "unkey-key", Prefix(("unkey_",), least=16)),
        ("Duffel", "duffel-token", Prefix(("duffel_live_", "duffel_test_"), _WORD, 30)),
        ("Shippo", "shippo-token", Prefix(("shippo_live_", "shippo_test_"), _HEX, 30)),
        ("Frame.io", "frameio-token", Prefix(("fio-u-",), _WORD, 40)),
        ("ReadMe", "readme-key", Prefix(("rdme_",), "a-z0-9", 50)),
    ),
)

RULES: tuple[Rule, ...] = (
    *_PAYMENT,
    *_CLOUD,
    *_MODELS,
    *_TOOLS,
    Rule(
        id="privacy.provider-credential.mode-token",
        provider="Paddle, Chargebee, Mollie, Lob",
        detector=Prefix(("live_", "test_"), "A-Za-z0-9", 24, random=True),
        why="A provider's key or client token: the prefix names only the mode. Revoke it where it was published.",
        matches=("live_{hex:27}", "test_{b62:33}"),
        passes=("live_subscription_window", "test_internationalization"),
    ),
    Rule(
        id="privacy.provider-credential.braintree-token",
        provider="Braintree",
        detector=Pattern(
            r"(?:access_token\$(?:production|sandbox)\$[a-z0-9]{8,32}\$[a-f0-9]{16,64}"
            r"|\b(?:production|sandbox)_[a-z0-9]{6,12}_[a-z0-9]{14,20}\b)",
            "_",
        ),
        why="A Braintree access token or tokenization key.",
        matches=("access_token$production${b36:16}${hex:32}", "sandbox_{b36:8}_{b36:16}"),
        passes=("sandbox_mode", "production_release_candidate"),
    ),
    Rule(
        id="privacy.provider-credential.private-key",
        detector=Pattern(
            r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[23]:", "-"
        ),
        why="A private key. Replace the key pair wherever its public half is trusted.",
        matches=("-----BEGIN " + "PRIVATE KEY-----", "-----BEGIN RSA " + "PRIVATE KEY-----"),
        passes=("-----BEGIN PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----"),
    ),
    Rule(
        id="privacy.provider-credential.address-with-password",
        detector=Pattern(
            r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@'\"<>{}$]{0,64}:[^\s/:@'\"<>{}$*]{1,128}@[A-Za-z0-9\[]", "://"
        ),
        why="A connection string with a password in it. Change the password and pass it in the environment.",
        matches=("postgres://app:{b62:16}@db:5432/app", "redis://:{b62:16}@cache:6379"),
        passes=("postgres://app@db:5432/app", "postgres://${USER}:${PASSWORD}@db/app"),
    ),
    Rule(
        id="privacy.provider-credential.azure-key",
        provider="Azure",
        detector=Pattern(
            r"(?:AccountKey|SharedAccessKey|SharedAccessSignature)=[A-Za-z0-9+/%=&_.-]{20,}", "Sha"
        ),
        why="An Azure connection string with its key.",
        matches=("SharedAccessKeyName=all;SharedAccessKey={b62:43}=", "x;SharedAccessKey={b62:43}="),
        passes=("SharedAccessKey=", "SharedAccessPolicy"),
    ),
    Rule(
        id="privacy.provider-credential.azure-account-key",
        provider="Azure",
        detector=Pattern(r"AccountKey=[A-Za-z0-9+/=]{40,}", "AccountKey="),
        why="An Azure storage connection string with its key.",
        matches=("AccountName=a;AccountKey={b62:86}==", "AccountKey={b62:86}=="),
        passes=("AccountKey=", "AccountKeyName=none"),
    ),
    Rule(
        id="privacy.provider-credential.telegram-token",
        provider="Telegram",
        detector=Pattern(r"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{32,34}\b", ":AA"),
        why="A Telegram bot token.",
        matches=("{digits:9}:AA{b62:33}", "{digits:10}:AA{b62:33}"),
        passes=("12:AA", "time:AA"),
    ),
    Rule(
        id="privacy.provider-credential.discord-token",
        provider="Discord",
        detector=Pattern(r"\b[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}", "."),
        why="A Discord bot token.",
        matches=("M{b62:23}.{b62:6}.{b62:27}", "N{b62:25}.{b62:6}.{b62:38}"),
        passes=("Module.method.attribute", "No.1"),
    ),
    Rule(
        id="privacy.provider-credential.twilio-id",
        provider="Twilio",
        detector=Pattern(r"\b(?:AC|SK)[a-f0-9]{32}\b", "", "random"),
        why="A Twilio account or key id.",
        matches=("AC{hex:32}", "SK{hex:32}"),
        passes=("ACCOUNT", "SKIP"),
    ),
    Rule(
        id="privacy.provider-credential.fal-key",
        provider="fal",
        detector=Pattern(
            r"\b[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}:[a-f0-9]{32}\b", "-"
        ),
        why="A fal key: key id and secret joined by a colon.",
        matches=("{uuid}:{hex:32}", "FAL_KEY={uuid}:{hex:32}"),
        passes=("00000000:00", "key:secret"),
    ),
    Rule(
        id="privacy.provider-credential.mailchimp-key",
        provider="Mailchimp",
        detector=Pattern(r"\b[a-f0-9]{32}-us[0-9]{1,2}\b", "-us"),
        why="A Mailchimp key with its data centre.",
        matches=("{hex:32}-us12", "{hex:32}-us6"),
        passes=("region-us1", "east-us2"),
    ),
    Rule(
        id="privacy.provider-credential.firebase-key",
        provider="Firebase",
        detector=Pattern(r"\bAAAA[A-Za-z0-9_-]{7}:[A-Za-z0-9_-]{100,200}", "AAAA"),
        why="A Firebase server key.",
        matches=("AAAA{b62:7}:{b62:140}", "AAAA{b62:7}:{b62:120}"),
        passes=("AAAA: grade", "AAAA:record"),
    ),
    Rule(
        id="privacy.provider-credential.google-refresh-token",
        provider="Google",
        detector=Pattern(r"\b1//0[A-Za-z0-9_-]{30,}", "1//0"),
        why="A Google OAuth refresh token.",
        matches=("1//0{b62:60}", "1//0{b62:40}"),
        passes=("1//0", "1//01"),
    ),
    Rule(
        id="privacy.provider-credential.terraform-token",
        provider="HashiCorp",
        detector=Pattern(r"\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,}", ".atlasv1."),
        why="A Terraform Cloud token.",
        matches=("{b62:14}.atlasv1.{b62:60}", "{b62:14}.atlasv1.{b62:67}"),
        passes=(".atlasv1.", "x.atlasv1.y"),
    ),
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
    Rule(
        id="privacy.provider-credential.basic-authorization",
        detector=Pattern(
            r"(?i:\bbasic[ \t]{1,4})([A-Za-z0-9+/]{12,}={0,2})(?![A-Za-z0-9])", "asic ", "random"
        ),
        why="A user name and password in an authorization header.",
        matches=("Authorization: Basic {b62:30}==", '{"auth_header": "Basic {b62:30}"}'),
        passes=("basic internationalization", "Basic authentication"),
    ),
    Rule(
        id="privacy.provider-credential.incoming-webhook",
        provider="Slack, Discord, Zapier, Teams, Make",
        detector=Url(
            hosts=(
                "hooks.slack.com",
                "discord.com",
                "discordapp.com",
                ".discord.com",
                "hooks.zapier.com",
                ".webhook.office.com",
                "hook.eu1.make.com",
                "hook.us1.make.com",
                "chat.googleapis.com",
                "api.telegram.org",
            ),
            paths=(
                "/services/",
                "/api/webhooks/",
                "/hooks/",
                "/webhookb2/",
                "/workflows/",
                "/triggers/",
                "/messages",
                "/bot",
            ),
        ),
        why="An incoming webhook: its address is the credential.",
        matches=(
            "https://hooks.slack.com/services/T{b36:8}/B{b36:8}/{b62:24}",
            "https://discord.com/api/webhooks/{digits:19}/{b62:68}",
        ),
        passes=("https://discord.com/developers/docs", "https://slack.com/help"),
    ),
    Rule(
        id="privacy.provider-credential.mailgun-sending-key",
        provider="Mailgun",
        detector=Pattern(r"\b[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}\b", "-"),
        why="A Mailgun key: revoke it where it was published.",
        matches=("{hex:32}-{hex:8}-{hex:8}", "key {hex:32}-{hex:8}-{hex:8}"),
        passes=("a-b-c", "2026-03-01"),
    ),
    Rule(
        id="privacy.provider-credential.entra-secret",
        provider="Microsoft Entra",
        detector=Pattern(r"(?:^|[^A-Za-z0-9_~.-])([A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34})", "Q~"),
        why="A client secret of an application in Microsoft Entra.",
        matches=("{b62:3}8Q~{b62:34}", "secret={b62:3}7Q~{b62:31}"),
        passes=("Q~", "8Q~ is the mark"),
    ),
)
