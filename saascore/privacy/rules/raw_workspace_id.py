"""Workspaces and projects by a product's own ids."""

from __future__ import annotations

from saascore.privacy.rule import Key, Prefix, Rule, id_phrases, phrases

# Whose identifier it is: every one of these followed by "id", "uuid", "number", ... says raw.
_SUBJECTS = """
workspace, work space, organization, organisation, org, tenant, team, slack team, clerk org, workos org, ws, wsp, project, site, space, board, channel, room, environment, env, folder,
notebook, server, instance, guild, page, document, doc, deployment, namespace, conversation, thread,
chat, ticket, issue, repository, repo, collection
"""
# The same people and things named without "id": raw where the value looks like an identifier.
_BARE = """
workspace, workspaces, organization, organisation, organizations, org, orgs, tenant, tenants, wsp, workspace list, tenant workspace
"""

RULES: tuple[Rule, ...] = (
    Rule(
        id="privacy.raw-workspace-id.key-name",
        detector=Key(id_phrases(*phrases(_SUBJECTS))),
        why="A field named for this id may hold only a reference, a public label or [redacted].",
        matches=('{"workspace_id": "{b62:12}"}', '{"workspace": {"id": {digits:5}}}'),
        passes=('{"workspace": "core-fixture"}', '{"workspaces": 14}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.raw-workspace-id.bare-name",
        detector=Key(phrases(_BARE), "weak"),
        why="The field names whose it is, and the value looks like that one's id.",
        matches=('{"workspace": "{b62:16}"}', '{"workspace": "{uuid}"}'),
        passes=('{"workspace": "[redacted]"}', '{"workspace": "core-fixture"}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.raw-workspace-id.team-name",
        detector=Key(("team", "teams"), "hint"),
        why="The field names a team, and the value looks like its id; a number there may be a plan's count.",
        matches=('{"team": "{b62:16}"}', '{"team": "{uuid}"}'),
        passes=('{"team": 48213}', '{"team": "billing"}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.raw-workspace-id.workspace",
        provider="",
        detector=Prefix(
            (
                "ws_",
                "org_",
                "orgs_",
                "team_",
                "ten_",
                "tenant_",
                "wsp_",
                "wks_",
                "workspace_",
                "proj_",
                "prj_",
                "project_",
                "space_",
                "site_",
                "room_",
                "conv_",
            ),
            least=3,
            most=64,
            random=True,
        ),
        why="An id by its prefix, raw whichever provider it belongs to.",
        matches=("ws_{b62:14}", "conv_{b62:24}"),
        passes=("ws_", "ws_internationalization"),
    ),
)
