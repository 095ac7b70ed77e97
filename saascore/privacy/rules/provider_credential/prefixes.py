"""Credentials that start as their provider makes them start, one group a family of vendors."""

from __future__ import annotations

from saascore.privacy.rule import Prefix, Rule, token_rules

_WHY = "A {provider} credential: whoever reads it can act for its owner. Revoke it where it was published."
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
        ("Square", "square-access-token", Prefix(("EAAA", "EAAl"), _WORD, 56)),
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
        ("NuGet", "nuget-key", Prefix(("oy2",), "a-z0-9", 43, 43, random=True)),
        ("Clojars", "clojars-token", Prefix(("CLOJARS_",), _HEX, 60)),
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

RULES: tuple[Rule, ...] = (*_PAYMENT, *_CLOUD, *_MODELS, *_TOOLS)
