"""A product adapter with every hook of api 1. Frozen: it is never edited, and must keep passing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from saascore.contract.decision import Decision
from saascore.contract.plans import Capability, CapabilitySnapshot, EntitlementRules, QuotaBasis
from saascore.contract.summary import UsageSummary
from saascore.contract.usage import UsageAggregate
from saascore.contract.window import Window
from saascore.drafts import RawId, Skip, SourceRow, UsageDraft
from saascore.hookspecs import hookimpl
from saascore.hookspecs.identity import Redact

api = 1

EVENTS = {"report.finished": "report.created", "export.finished": "export.created"}
PLANS = {"Free": "free", "Team (monthly)": "team", "Team (yearly)": "team"}
REPORTS = {"free": "5", "team": "200"}


@hookimpl
def map_event_name(event_name: str) -> str | None:
    """Name the shared event type; an unknown name stays unmapped."""
    return EVENTS.get(event_name)


@hookimpl
def map_usage_record(record: Mapping[str, Any]) -> UsageDraft | Skip:
    """Pick one row apart. The key is the row's own id, never its time."""
    if record["state"] != "done":
        return Skip("not-finished")
    return UsageDraft(
        event_name=record["event"],
        key=(record["id"],),
        quantity=record["amount"],
        unit="document",
        occurred_at=record["finished_at"],
        claims={"workspace_id": record["workspace_id"]},
        plan=record["plan"],
    )


@hookimpl
def map_plan_label(plan: str) -> str | None:
    """Name the public plan; an unknown plan or price stays unmapped."""
    return PLANS.get(plan)


@hookimpl
def describe_plan(plan: str) -> CapabilitySnapshot:
    """Say what a plan allows."""
    reports = Capability(limit=REPORTS.get(plan, "0"), unit="document")
    return CapabilitySnapshot(plan_key=plan, capabilities={"report.create": reports})


@hookimpl
def entitlement_rules() -> EntitlementRules:
    """Rank the plans from lowest to highest."""
    return EntitlementRules(version="rules-1", plan_rank=("free", "team"), default_plan="free")


@hookimpl
def reference_workspace(claims: Mapping[str, RawId], redact: Redact) -> str | None:
    """Say which workspace the claims name, in redacted form."""
    workspace = claims.get("workspace_id")
    return None if workspace is None else redact("workspace", workspace)


ROWS = [
    {
        "id": f"row-{number}",
        "event": "report.finished",
        "state": "done",
        "amount": number,
        "finished_at": f"2026-03-0{number}T10:00:00.000000Z",
        "workspace_id": "example-workspace-1",
        "plan": "Free",
    }
    for number in range(1, 5)
]


@hookimpl
def read_source_rows(window: Window, after: tuple[str, str] | None) -> Iterator[SourceRow]:
    for row in ROWS:
        cursor = (str(row["finished_at"]), str(row["id"]))
        if window.holds(cursor[0]) and (after is None or cursor > after):
            yield SourceRow(cursor, row)


@hookimpl
def read_aggregates(window: Window) -> Iterator[UsageAggregate]:
    yield UsageAggregate(
        source="compat",
        event_type="report.created",
        plan_key="free",
        unit="document",
        window=window,
        count=3,
        sum="6",
    )


@hookimpl
def choose_quota_basis(plan: str, event_type: str) -> QuotaBasis:
    return "job_counts" if plan == "free" else "ledger_replay"


@hookimpl
def render_quota_copy(summary: UsageSummary) -> str:
    return f"{len(summary.groups)} kinds of usage this month"


@hookimpl
def render_upgrade_copy(decision: Decision) -> str:
    return "Your plan is active." if decision.outcome == "granted" else "Choose a plan to go on."
