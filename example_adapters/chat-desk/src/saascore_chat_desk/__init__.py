"""Chat Desk, a support desk sold by the seat, as a saascore product: the whole adapter is this module.

A row is one entry of the desk's journal, a nested JSON object. Agents, e-mail addresses and message texts are in it
too: only what ``map_usage_record`` picks goes on.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from saascore.contract.instants import parse_instant
from saascore.contract.plans import Capability, CapabilitySnapshot, EntitlementRules, QuotaBasis
from saascore.contract.window import Window
from saascore.drafts import RawId, Skip, SourceRow, UsageDraft
from saascore.errors import SaascoreError
from saascore.hookspecs import hookimpl
from saascore.hookspecs.identity import Redact
from saascore.hookspecs.usage import Cursor

api = 1

ARCHIVE = "CHAT_DESK_ARCHIVE"
EVENTS = {
    "desk.reply.sent": "message.sent",
    "desk.answer.drafted": "answer.drafted",
    "desk.seat.enabled": "seat.assigned",
}
# What a plan is called: by the product, by Stripe, by Paddle, by Lemon Squeezy. The lowest plan comes first.
NAMES = {
    "solo": (
        "Desk Solo",
        "price_00SYNdeskSolo00000000011",
        "pri_01syndesksolo0000000000011",
        "variant:9200001",
    ),
    "team": (
        "Desk Team, per seat",
        "price_00SYNdeskTeam00000000012",
        "pri_01syndeskteam0000000000012",
        "variant:9200002",
    ),
    "business": (
        "Desk Business, per seat",
        "price_00SYNdeskBusiness0000013",
        "pri_01syndeskbusiness000000013",
        "variant:9200003",
    ),
}
PLANS = {name: label for label, names in NAMES.items() for name in (label, *names)}
CHANNELS = {"solo": ("email",), "team": ("email", "chat"), "business": ("email", "chat", "phone")}
DRAFT_TOKENS = {"solo": "100000", "team": "1000000", "business": "10000000"}


@hookimpl
def map_event_name(event_name: str) -> str | None:
    """Answer the shared event type of a journal entry."""
    return EVENTS.get(event_name)


@hookimpl
def map_usage_record(record: Mapping[str, Any]) -> UsageDraft | Skip:
    """Pick a journal entry apart. A reply that was recalled in time does not count."""
    entry, team = record["entry"], record["team"]
    if entry["kind"] == "desk.reply.recalled":
        return Skip("reply-recalled")
    return UsageDraft(
        event_name=entry["kind"],
        key=(team["id"], entry["uid"]),
        quantity=record["usage"]["amount"],
        unit=record["usage"]["measure"],
        occurred_at=entry["at"],
        claims={"team_id": team["id"]},
        plan=team["tier"],
        plan_basis=record.get("plan_basis", "submission"),
        dimensions={"channel": record["channel"]},
    )


@hookimpl
def read_source_rows(window: Window, after: Cursor | None) -> Iterator[SourceRow]:
    """Read the journal's archive, an NDJSON file, for a backfill. Each entry carries the tier of its time."""
    try:
        lines = Path(os.environ.get(ARCHIVE, "")).read_text(encoding="utf-8").splitlines()
    except OSError:
        raise SaascoreError("INP-002", where=ARCHIVE) from None
    entries = {}
    for record in map(json.loads, lines):
        entries[parse_instant(record["entry"]["at"]), record["entry"]["uid"]] = record
    for cursor, record in sorted(entries.items()):
        if window.holds(cursor[0]) and (after is None or cursor > after):
            yield SourceRow(cursor, record | {"plan_basis": "occurrence"})


@hookimpl
def map_plan_label(plan: str) -> str | None:
    """Answer the public label of a tier or price; what is not listed stays unmapped."""
    return PLANS.get(plan)


@hookimpl
def describe_plan(plan: str) -> CapabilitySnapshot:
    """List what a seat of a plan holds."""
    channels = {f"channel.{channel}": Capability() for channel in CHANNELS[plan]}
    drafts = Capability(limit=DRAFT_TOKENS[plan], unit="token")
    return CapabilitySnapshot(plan_key=plan, capabilities=channels | {"answer.draft": drafts})


@hookimpl
def entitlement_rules() -> EntitlementRules:
    """State the rank of the plans. There is no free plan and no grace."""
    return EntitlementRules(version="desk-1", plan_rank=tuple(NAMES))


@hookimpl
def choose_quota_basis(plan: str, event_type: str) -> QuotaBasis:  # noqa: ARG001  one answer for every plan
    """Seats are billed by the provider, everything else is read from the ledger."""
    return "paid_metering" if event_type == "seat.assigned" else "ledger_replay"


@hookimpl
def reference_workspace(claims: Mapping[str, RawId], redact: Redact) -> str | None:
    """Find the team of a journal entry or of a webhook's custom data."""
    team = claims.get("team_id")
    return None if team is None else redact("workspace", team)
