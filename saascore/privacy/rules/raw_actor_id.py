"""Who did it: actors, operators, sessions and devices under their own names."""

from __future__ import annotations

from saascore.privacy.rule import Key, Rule, id_phrases, phrases

# Who did something, and when the name says so, that it was a user: deleted_by, deleted_by_user.
_DOERS = """
created by, updated by, approved by, deleted by, uploaded by, invited by, requested by, triggered by, performed by, modified by, submitted by, granted by, revoked by,
changed by, acted by, invoked by, edited by, initiated by
"""
_BY = tuple(f"{doer}{user}" for doer in phrases(_DOERS) for user in ("", " user"))
# Whose identifier it is: every one of these followed by "id", "uuid", "number", ... says raw.
_SUBJECTS = """
actor, operator, principal, performer, initiator, invoker, requester, requestor, caller, agent, device,
installation, visitor, session, employee, staff, admin, reviewer, approver, impersonator,
subject, participant, author, sender, recipient, assignee, by, acting user, acting member, editor, last editor
"""
# The same people and things named without "id": raw where the value looks like an identifier.
_BARE = """
signed off by, actor, operator, principal, acting user, editor, last editor, author, reviewer, approver, employee, sender, recipient, assignee, requester, caller, device,
session,  impersonator, who
"""

RULES: tuple[Rule, ...] = (
    Rule(
        id="privacy.raw-actor-id.key-name",
        detector=Key(id_phrases(*phrases(_SUBJECTS), *_BY)),
        why="A field named for this id may hold only a reference, a public label or [redacted].",
        matches=(
            '{"actor_id": "{b62:12}"}',
            '{"actor": {"id": {digits:5}}}',
            '{"acting_user_id": "usr_{b62:14}"}',
            '{"last_editor_id": {digits:5}}',
        ),
        passes=('{"actor_kind": "operator"}', '{"operator": "op:launch-review"}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.raw-actor-id.bare-name",
        detector=Key((*phrases(_BARE), *_BY), "weak"),
        why="The field names whose it is, and the value looks like that one's id.",
        matches=('{"actor": "{b62:16}"}', '{"actor": "{uuid}"}', '{"deleted_by_user": {digits:7}}'),
        passes=('{"actor": "[redacted]"}', '{"actor": "core-fixture"}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.raw-actor-id.subject-name",
        detector=Key(("subject", "participant", "by", "principal ref"), "hint"),
        why="The field names who or what an event is about, and the value looks like an id.",
        matches=('{"subject": "{b62:16}"}', '{"by": "{uuid}"}'),
        passes=('{"subject": "image.generated"}', '{"by": "plan"}'),
        profiles=("artifact",),
    ),
)
