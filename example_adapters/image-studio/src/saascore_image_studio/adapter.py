"""What Image Studio calls its events, plans and workspaces, and which fields of a job row count.

A job row is one row of the product's D1 table ``jobs``, as its queue hands it over. Prompts, storage keys, execution
ids and gateway metadata are in it too: only what ``map_usage_record`` picks goes on.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from saascore.contract.decision import Decision
from saascore.contract.plans import Capability, CapabilitySnapshot, EntitlementRules, GraceWindows, QuotaBasis
from saascore.contract.summary import UsageSummary
from saascore.contract.usage import UsageAggregate
from saascore.contract.window import Window
from saascore.drafts import RawId, Skip, SourceRow, UsageDraft
from saascore.hookspecs import hookimpl
from saascore.hookspecs.identity import Redact
from saascore.hookspecs.usage import Cursor
from saascore_image_studio import d1

api = 1

EVENTS = {
    "job.image.completed": "image.generated",
    "job.upscale.completed": "image.upscaled",
    "job.video.completed": "video.rendered",
}
UNITS = {"job.video.completed": "second"}  # every other job counts images

# What a plan is called: by the product, by Stripe, by Paddle, by Lemon Squeezy. The lowest plan comes first.
NAMES = {
    "free": ("Studio Free",),
    "starter": (
        "Studio Starter (monthly)",
        "price_00SYNstarterMonthly00001",
        "pri_01synstudiostartermonth001",
        "variant:9100001",
    ),
    "pro": (
        "Studio Pro (monthly)",
        "price_00SYNproMonthly000000002",
        "pri_01synstudiopromonth0000002",
        "variant:9100002",
        "Studio Pro (yearly)",
        "price_00SYNproYearly0000000003",
        "pri_01synstudiopro0year0000003",
        "variant:9100003",
    ),
    "studio": (
        "Studio Max (monthly)",
        "price_00SYNstudioMonthly000004",
        "pri_01synstudiomaxmonth0000004",
        "variant:9100004",
    ),
}
PLANS = {name: label for label, names in NAMES.items() for name in (label, *names)}
IMAGES_A_MONTH = {"free": "25", "starter": "200", "pro": "1000", "studio": "5000"}


@hookimpl
def map_event_name(event_name: str) -> str | None:
    """Answer the shared event type of a job event."""
    return EVENTS.get(event_name)


@hookimpl
def map_usage_record(record: Mapping[str, Any]) -> UsageDraft | Skip:
    """Pick a job row apart. A failed job costs its workspace nothing."""
    if record["event"].endswith(".failed"):
        return Skip("job-failed")
    return UsageDraft(
        event_name=record["event"],
        key=(record["id"],),
        quantity=record["quantity"],
        unit=UNITS.get(record["event"], "image"),
        occurred_at=record["finished_at"],
        claims={"workspace_id": record["workspace_id"]},
        plan=record["plan"],
        plan_basis=record.get("plan_basis", "submission"),  # a row of the database carries its dated plan
        dimensions={"model": record["model"], "format": record["format"]},
    )


@hookimpl
def read_source_rows(window: Window, after: Cursor | None) -> Iterator[SourceRow]:
    """Read the job table for a backfill."""
    for job in d1.finished_jobs(window, after):
        yield SourceRow((job["finished_at"], job["id"]), job)


@hookimpl
def read_aggregates(window: Window) -> Iterator[UsageAggregate]:
    """Count the job table by event type and plan: the product's own numbers, for a reconcile."""
    totals: dict[tuple[str, str, str], list[Decimal]] = defaultdict(list)
    for job in d1.finished_jobs(window):
        if event_type := EVENTS.get(job["event"]):
            group = (event_type, PLANS[job["plan"]], UNITS.get(job["event"], "image"))
            totals[group].append(Decimal(job["quantity"]))
    for (event_type, plan, unit), quantities in sorted(totals.items()):
        yield UsageAggregate(
            source="image-studio",
            event_type=event_type,
            plan_key=plan,
            unit=unit,
            window=window,
            count=len(quantities),
            sum=str(sum(quantities)),
        )


@hookimpl
def map_plan_label(plan: str) -> str | None:
    """Answer the public label of a plan name or price; what is not listed stays unmapped."""
    return PLANS.get(plan) or _custom_deals().get(plan)


@hookimpl
def describe_plan(plan: str) -> CapabilitySnapshot:
    """List what a plan holds."""
    capabilities = {"image.generate": Capability(limit=IMAGES_A_MONTH[plan], unit="image")}
    if plan in {"pro", "studio"}:
        capabilities["video.render"] = Capability(limit="600", unit="second")
    if plan == "studio":
        capabilities["api.access"] = Capability()
    return CapabilitySnapshot(plan_key=plan, capabilities=capabilities)


@hookimpl
def entitlement_rules() -> EntitlementRules:
    """State the rank of the plans, and a week of grace for a failed payment."""
    return EntitlementRules(
        version="studio-1",
        plan_rank=tuple(NAMES),
        default_plan="free",
        grace=GraceWindows(payment=7),
    )


@hookimpl
def choose_quota_basis(plan: str, event_type: str) -> QuotaBasis:
    """Free images are counted by the job table, videos metered by the provider, the rest by the ledger."""
    if event_type == "video.rendered":
        return "paid_metering"
    return "job_counts" if plan == "free" else "ledger_replay"


@hookimpl
def reference_workspace(claims: Mapping[str, RawId], redact: Redact) -> str | None:
    """Find the workspace of a job row or of a webhook's metadata."""
    workspace = claims.get("workspace_id")
    return None if workspace is None else redact("workspace", workspace)


@hookimpl
def render_quota_copy(summary: UsageSummary) -> str:
    """Word what was made."""
    images = sum(Decimal(group.totals.sum) for group in summary.groups if group.unit == "image")
    return f"{images} images made in this period."


@hookimpl
def render_upgrade_copy(decision: Decision) -> str:
    """Word what the workspace can do next."""
    if decision.outcome == "granted":
        return f"You are on the {decision.plan_key} plan."
    return "Choose a plan to go on making images."


def _custom_deals() -> dict[str, str]:
    """Return the prices agreed with single customers: a JSON object of price to plan, which sales keeps in a file."""
    path = os.environ.get("IMAGE_STUDIO_DEALS")
    return json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
