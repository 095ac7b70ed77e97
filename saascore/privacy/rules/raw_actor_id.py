"""Who did it: actors, operators, sessions and devices under their own names."""

from __future__ import annotations

from saascore.privacy.rule import Key, Rule, id_phrases, phrases

# Whose identifier it is: every one of these followed by "id", "uuid", "number", ... says raw.
_SUBJECTS = """
actor, operator, principal, performer, initiator, invoker, requester, requestor, caller, agent, device,
installation, visitor, session, employee, staff, admin, reviewer, approver, impersonator,
subject, participant, author, sender, recipient, assignee, created by, updated by, approved by,
deleted by, uploaded by, invited by, requested by, triggered by, performed by, modified by, submitted
by, granted by, revoked by, by
"""
# The same people and things named without "id": raw where the value looks like an identifier.
_BARE = """
changed by, acted by, invoked by, signed off by, edited by, actor, operator, principal, performed by, created by, updated by, approved by, deleted by, uploaded by,
invited by, requested by, triggered by, modified by, submitted by, initiated by, granted by, revoked by,
author, reviewer, approver, employee, sender, recipient, assignee, requester, caller, device,
session,  impersonator, who
"""

RULES: tuple[Rule, ...] = (
    Rule(
        id="privacy.raw-actor-id.key-name",
        detector=Key(id_phrases(*phrases(_SUBJECTS))),
        why="A field named for this id may hold only a reference, a public label or [redacted].",
        matches=('{"actor_id": "{b62:12}"}', '{"actor": {"id": {digits:5}}}'),
        passes=('{"actor_kind": "operator"}', '{"operator": "op:launch-review"}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.raw-actor-id.bare-name",
        detector=Key(phrases(_BARE), "weak"),
        why="The field names whose it is, and the value looks like that one's id.",
        matches=('{"actor": "{b62:16}"}', '{"actor": "{uuid}"}'),
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
