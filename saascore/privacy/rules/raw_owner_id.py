"""Owners, holders and creators."""

from __future__ import annotations

from saascore.privacy.rule import Key, Rule, id_phrases, phrases

# Whose identifier it is: every one of these followed by "id", "uuid", "number", ... says raw.
_SUBJECTS = """
owner, co owner, custodian, title holder, proprietor, created for, owned by, holder, creator, uploader, possessor, registrant, assigned to, belongs to, resource
owner, account owner, workspace owner, owner user, owner account, owner member, bucket owner, license holder, created, publisher, maintainer
"""
# The same people and things named without "id": raw where the value looks like an identifier.
_BARE = """
owner, owners, custodian, title holder, proprietor, created for, owned by, owned, creator, holder, uploader, belongs to, assigned to, account owner, workspace owner,
bucket owner, resource owner, registrant
"""

RULES: tuple[Rule, ...] = (
    Rule(
        id="privacy.raw-owner-id.key-name",
        detector=Key(id_phrases(*phrases(_SUBJECTS))),
        why="A field named for this id may hold only a reference, a public label or [redacted].",
        matches=(
            '{"owner_id": "{b62:12}"}',
            '{"owner": {"id": {digits:5}}}',
            '{"owner_user_id": "usr_{b62:14}"}',
            '{"owner": {"user_id": {digits:5}}}',
            '{"bucketOwnerId": "{hex:64}"}',
        ),
        passes=('{"owner": "cloudflare-saas-core"}', '{"owners_total": 4}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.raw-owner-id.bare-name",
        detector=Key(phrases(_BARE), "weak"),
        why="The field names whose it is, and the value looks like that one's id.",
        matches=('{"owner": "{b62:16}"}', '{"owner": "{uuid}"}'),
        passes=('{"owner": "[redacted]"}', '{"owner": "core-fixture"}'),
        profiles=("artifact",),
    ),
)
