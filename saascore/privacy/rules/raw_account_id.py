"""Accounts, organizations and tenants."""

from __future__ import annotations

from saascore.privacy.rule import Key, Pattern, Prefix, Rule, id_phrases, phrases

# Whose identifier it is: every one of these followed by "id", "uuid", "number", ... says raw.
_SUBJECTS = """
account, acct, company, billing account, aws account,
cloudflare account, cf account, merchant, vendor, seller, store, shop, business, partner, reseller,
entity, stripe account, connect account, enterprise, group, household, school, realm, zone, project ref,
d1 database, database, kv namespace, queue, bucket, cluster, installation account, client, app,
application, dataset
"""
# The same people and things named without "id": raw where the value looks like an identifier.
_BARE = """
account, accounts, acct, company, merchant, seller,
store, account list, on behalf of, stripe user
"""

RULES: tuple[Rule, ...] = (
    Rule(
        id="privacy.raw-account-id.key-name",
        detector=Key(id_phrases(*phrases(_SUBJECTS))),
        why="A field named for this id may hold only a reference, a public label or [redacted].",
        matches=('{"account_id": "{hex:32}"}', '{"merchant": {"id": "{digits:6}"}}'),
        passes=('{"account_kind": "team"}', '{"accounts_total": 12}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.raw-account-id.bare-name",
        detector=Key(phrases(_BARE), "weak"),
        why="The field names whose it is, and the value looks like that one's id.",
        matches=('{"account": "{b62:16}"}', '{"account": "{uuid}"}'),
        passes=('{"account": "[redacted]"}', '{"account": "core-fixture"}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.raw-account-id.account",
        provider="Stripe, Clerk, WorkOS",
        detector=Prefix(
            ("acct_", "act_", "account_", "biz_", "company_"),
            least=3,
            most=64,
            random=True,
        ),
        why="An id by its prefix, raw whichever provider it belongs to.",
        matches=("acct_{b62:14}", "company_{b62:24}"),
        passes=("acct_", "acct_internationalization"),
    ),
    Rule(
        id="privacy.raw-account-id.twilio-account",
        provider="Twilio",
        detector=Pattern(r"\bAC[a-f0-9]{32}\b", "AC", "random"),
        why="The SID of an account: every address of Twilio's API holds it.",
        matches=("AC{hex:32}", "/2010-04-01/Accounts/AC{hex:32}/Calls"),
        passes=("AC", "AC 2026"),
    ),
    Rule(
        id="privacy.raw-account-id.aws-principal",
        provider="AWS",
        detector=Pattern(r"\barn:aws[a-z-]{0,8}:(?:iam|sts)::[0-9]{12}:[^\s\"'<>]{1,256}", "arn:aws"),
        why="A role or user by its Amazon resource name, which holds the number of the account.",
        matches=(
            "arn:aws:iam::{digits:12}:role/deployer",
            "arn:aws:sts::{digits:12}:assumed-role/ci/{b36:8}",
        ),
        passes=("arn:aws:iam", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
    ),
)
