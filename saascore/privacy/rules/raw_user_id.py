"""Users, members and people by the ids of products and identity providers."""

from __future__ import annotations

from saascore.privacy.rule import Key, Pattern, Prefix, Rule, id_phrases, phrases

# Whose identifier it is: every one of these followed by "id", "uuid", "number", ... says raw.
_SUBJECTS = """
user, end user, enduser, login, seat holder, seat, account user, login user, rc anonymous, anonymous, app user, auth user, member, person, people, profile, player, contributor, subscriber,
guest, viewer, learner, student, patient, driver, rider, clerk user, firebase, cognito, auth0, supabase
user, workos user, github user, slack user, discord user, telegram user, identity, external user,
internal user, target user, raw user, telegram, google, facebook, apple user, original app user
"""
# The same people and things named without "id": raw where the value looks like an identifier.
_BARE = """
user, users, enduser, seat holder, member, members, person, username, user name, uid, end user, userid, usr, guest, profile,
app user, nickname, screen name, user list, alias, aliases, login, player
"""

RULES: tuple[Rule, ...] = (
    Rule(
        id="privacy.raw-user-id.key-name",
        detector=Key(id_phrases(*phrases(_SUBJECTS))),
        why="A field named for this id may hold only a reference, a public label or [redacted].",
        matches=('{"user_id": "{b62:12}"}', '{"userId": {digits:4}}'),
        passes=('{"user_count": 12}', '{"user_id": null}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.raw-user-id.bare-name",
        detector=Key(phrases(_BARE), "weak"),
        why="The field names whose it is, and the value looks like that one's id.",
        matches=('{"user": "{b62:16}"}', '{"user": "{uuid}"}'),
        passes=('{"user": "[redacted]"}', '{"user": "core-fixture"}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.raw-user-id.clerk-user",
        provider="Clerk, WorkOS",
        detector=Prefix(
            ("user_", "usr_", "u_", "mem_", "member_", "person_", "idn_", "om_", "sess_"),
            least=3,
            most=64,
            random=True,
        ),
        why="An id by its prefix, raw whichever provider it belongs to.",
        matches=("user_{b62:14}", "sess_{b62:24}"),
        passes=("user_", "user_internationalization"),
    ),
    Rule(
        id="privacy.raw-user-id.auth0-user",
        provider="Auth0, RevenueCat",
        detector=Pattern(
            r"(?:auth0|google-oauth2|github|facebook|twitter|apple|windowslive|linkedin|email|sms|samlp|oidc|waad)"
            r"(?:\||%7[Cc])[A-Za-z0-9._-]{4,}|\$RCAnonymousID:[0-9a-f]{32}",
            "",
        ),
        why="A user id of an identity provider.",
        matches=("auth0|{hex:24}", "google-oauth2|{digits:21}", "$RCAnonymousID:{hex:32}"),
        passes=("auth0", "github | actions"),
    ),
)
