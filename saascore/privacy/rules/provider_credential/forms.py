"""Credentials of a form of their own: key files, connection strings, headers, addresses that are credentials."""

from __future__ import annotations

from saascore.privacy.rule import Pattern, Prefix, Rule, Url

RULES: tuple[Rule, ...] = (
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
        id="privacy.provider-credential.netrc",
        detector=Pattern(
            r"(?i:\b(?:password|passwd))[ \t]{1,4}([^\s\"'<>|:=]{10,128})(?!\S)", "assw", "random"
        ),
        why="A password after its name, as in a .netrc file. Change it where it was published.",
        matches=("machine packages.example.com login bot password {b62:24}", "  password {b62:16}"),
        passes=("the password internationalization", "password reset"),
    ),
    Rule(
        id="privacy.provider-credential.sentry-address",
        provider="Sentry",
        detector=Pattern(r"https?://[0-9a-f]{32}(?::[0-9a-f]{32})?@[A-Za-z0-9.-]{4,80}/[0-9]{1,20}", "://"),
        why="A Sentry DSN: whoever holds it can send events in the project's name.",
        matches=(
            "https://{hex:32}@o{digits:6}.ingest.sentry.io/{digits:7}",
            "SENTRY_DSN=https://{hex:32}@sentry.example.com/4",
        ),
        passes=("https://sentry.io/welcome", "https://key@o0.ingest.sentry.io/0"),
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
            r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@'\"<>{}$]{0,64}:([^\s/:@'\"<>{}$*]{1,128})@[A-Za-z0-9\[]",
            "://",
        ),
        why="A connection string with a password in it. Change the password and pass it in the environment.",
        matches=("postgres://app:{b62:16}@db:5432/app", "redis://:{b62:16}@cache:6379"),
        passes=(
            "postgres://app@db:5432/app",
            "postgres://user:password@db/app",
            "postgres://${USER}:${PASSWORD}@db/app",
        ),
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
        detector=Pattern(r"\bSK[a-f0-9]{32}\b", "SK", "random"),
        why="A Twilio key id.",
        matches=("SK{hex:32}", "key SK{hex:32} was revoked"),
        passes=("SK", "SKIP"),
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
    Rule(
        id="privacy.provider-credential.command-line-secret",
        detector=Pattern(
            r"\b(?:redis-cli[^\n|;]{0,120}?[ \t](?:-a|--pass)|sshpass[ \t]-p|docker[ \t]login[^\n|;]{0,120}?[ \t](?:-p|--password)"
            r"|curl[^\n|;]{0,200}?[ \t](?:-u|--user)[ \t]{1,4}[^\s:\"']{1,64}:)[ \t=]{0,4}([^\s\"'`$<\[{-][^\s\"'`]{5,128})",
            "",
            "random",
        ),
        why="A password on a command line, which every process of the machine can read.",
        matches=("sshpass -p {b62:16} ssh host", "curl -s -u app:{b62:24} https://example.com"),
        passes=("docker login -u ci --password-stdin", "curl -u app:$PASSWORD https://example.com"),
    ),
    Rule(
        id="privacy.provider-credential.command-line-password",
        provider="MySQL, MariaDB",
        detector=Pattern(
            r"\b(?:mysql|mariadb)[a-z_-]{0,16}(?:[ \t][^\n|;]{0,200}?)?[ \t]-p([^\s\"'`$<\[{-][^\s\"'`]{3,128})",
            " -p",
            "random",
        ),
        why="A database's password on a command line, which every process of the machine can read.",
        matches=("mysql -u root -p{b62:16} ledger", "mysqldump -h db1 -p{b62:14} ledger > dump.sql"),
        passes=("mysql -u root -p ledger", "mysql -u root -p$PASSWORD ledger"),
    ),
)
