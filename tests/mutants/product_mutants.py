"""A sound product adapter with every hook, and copies of it that each break one rule.

``fails`` names exactly the checks that must find it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from saascore.contract.plans import Capability, CapabilitySnapshot, EntitlementRules
from saascore.contract.usage import UsageAggregate
from saascore.drafts import Skip, SourceRow, UsageDraft
from saascore.hookspecs import hookimpl

EVENTS = {"render.finished": "image.rendered", "upscale.finished": "image.upscaled"}
PLANS = {"Free": "free", "Pro (monthly)": "pro", "price-example-pro": "pro"}
JOBS = [
    {
        "id": f"job-{n}",
        "kind": kind,
        "state": "done",
        "images": n,
        "done_at": done,
        "studio": studio,
        "plan": plan,
    }
    for n, kind, done, studio, plan in (
        (1, "render.finished", "2026-03-01T10:00:00.000000Z", "studio-alpha-7", "Free"),
        (2, "render.finished", "2026-03-01T11:00:00.000000Z", "studio-beta-8", "Pro (monthly)"),
        (3, "upscale.finished", "2026-03-01T11:00:00.000000Z", "studio-beta-8", "Pro (monthly)"),
        (4, "render.finished", "2026-03-02T09:00:00.000000Z", "studio-beta-8", "Pro (monthly)"),
        (5, "render.finished", "2026-03-03T00:00:00.000000Z", "studio-alpha-7", "Free"),
    )
]


class SoundProduct:
    api = 1
    fails: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        self.calls = 0
        self.kept: list[Any] = []

    def draft(self, record, **changes):
        fields = {
            "event_name": record["kind"],
            "key": (record["id"],),
            "quantity": record["images"],
            "unit": "image",
            "occurred_at": record["done_at"],
            "claims": {"studio": record["studio"]},
            "plan": record["plan"],
        }
        return UsageDraft(**(fields | changes))

    @hookimpl
    def map_event_name(self, event_name: str) -> str | None:
        return EVENTS.get(event_name)

    @hookimpl
    def map_usage_record(self, record):
        return self.draft(record) if record["state"] == "done" else Skip("not-finished")

    def jobs(self, window, after):
        for job in JOBS:
            cursor = (job["done_at"], job["id"])
            if window.holds(cursor[0]) and (after is None or cursor > after):
                yield SourceRow(cursor, dict(job))

    @hookimpl
    def read_source_rows(self, window, after):
        yield from self.jobs(window, after)

    @hookimpl
    def read_aggregates(self, window):
        rows = [row.record for row in self.jobs(window, None) if row.record["kind"] == "upscale.finished"]
        yield UsageAggregate(
            source="mutant",
            event_type="image.upscaled",
            plan_key="pro",
            unit="image",
            window=window,
            count=len(rows),
            sum=str(sum(row["images"] for row in rows)),
        )

    @hookimpl
    def choose_quota_basis(self, plan, event_type):
        return "job_counts" if plan == "free" else "ledger_replay"

    @hookimpl
    def map_plan_label(self, plan: str) -> str | None:
        return PLANS.get(plan)

    @hookimpl
    def describe_plan(self, plan: str) -> CapabilitySnapshot:
        return CapabilitySnapshot(
            plan_key=plan, capabilities={"image.render": Capability(limit="9", unit="image")}
        )

    @hookimpl
    def entitlement_rules(self) -> EntitlementRules:
        return EntitlementRules(version="rules-1", plan_rank=("free", "pro"), default_plan="free")

    @hookimpl
    def reference_workspace(self, claims, redact):
        studio = claims.get("studio")
        return None if studio is None else redact("workspace", studio)

    @hookimpl
    def render_quota_copy(self, summary):
        return f"{len(summary.groups)} kinds of usage this month"

    @hookimpl
    def render_upgrade_copy(self, decision):
        return "Your plan is active." if decision.outcome == "granted" else "Choose a plan to go on."


class RaisesOnOneRow(SoundProduct):
    fails: ClassVar = {"USE-001", "USE-003", "USE-011"}

    @hookimpl
    def map_usage_record(self, record):
        if record["id"] == "job-4":
            raise RuntimeError
        return super().map_usage_record(record)


class FloatQuantity(SoundProduct):
    fails: ClassVar = {"USE-002", "USE-003"}

    def draft(self, record, **changes):
        return super().draft(record, quantity=float(record["images"]))


class NaiveTime(SoundProduct):
    fails: ClassVar = {"USE-002"}

    def draft(self, record, **changes):
        return super().draft(record, occurred_at=record["done_at"].rstrip("Z"))


class UnitThatIsNoLabel(SoundProduct):
    fails: ClassVar = {"USE-002", "USE-003"}

    def draft(self, record, **changes):
        return super().draft(record, unit="Image!")


class WrongSumOfUnits(SoundProduct):
    fails: ClassVar = {"USE-003"}

    def draft(self, record, **changes):
        return super().draft(record, quantity=1)


class SkipsEverySecondRow(SoundProduct):
    fails: ClassVar = {"USE-003"}

    @hookimpl
    def map_usage_record(self, record):
        return Skip("not-counted") if record["images"] % 2 else super().map_usage_record(record)


class KeyFromTime(SoundProduct):
    fails: ClassVar = {"USE-004", "USE-005", "USE-011"}

    def draft(self, record, **changes):
        return super().draft(record, key=(record["done_at"],))


class KeyFromSubject(SoundProduct):
    fails: ClassVar = {"USE-005", "USE-011"}

    def draft(self, record, **changes):
        return super().draft(record, key=(record["studio"],))


class DefaultEventName(SoundProduct):
    fails: ClassVar = {"USE-006"}

    @hookimpl
    def map_event_name(self, event_name):
        return EVENTS.get(event_name, "image.rendered")


class AnswersDifferentlyTwice(SoundProduct):
    fails: ClassVar = {"USE-007"}

    def draft(self, record, **changes):
        self.calls += 1
        return super().draft(record, plan_revision=f"revision-{self.calls % 97}")


class ChangesItsInput(SoundProduct):
    fails: ClassVar = {"USE-008"}

    @hookimpl
    def map_usage_record(self, record):
        answer = super().map_usage_record(record)
        record["seen"] = True
        return answer


class EndOfWindowIncluded(SoundProduct):
    fails: ClassVar = {"USE-009"}

    @hookimpl
    def read_source_rows(self, window, after):
        for job in JOBS:
            cursor = (job["done_at"], job["id"])
            if window.from_ <= cursor[0] <= window.to and (after is None or cursor > after):
                yield SourceRow(cursor, dict(job))


class RowsOutOfOrder(SoundProduct):
    fails: ClassVar = {"USE-009"}

    @hookimpl
    def read_source_rows(self, window, after):
        return list(self.jobs(window, after))[::-1]


class GeneratorRaisesHalfway(SoundProduct):
    fails: ClassVar = {"USE-009"}

    @hookimpl
    def read_source_rows(self, window, after):
        for number, row in enumerate(self.jobs(window, after)):
            if number == 2:
                raise OSError
            yield row


class ResumesByTimeAlone(SoundProduct):
    fails: ClassVar = {"USE-010"}

    @hookimpl
    def read_source_rows(self, window, after):
        return [row for row in self.jobs(window, None) if after is None or row.cursor[0] > after[0]]


class IgnoresTheCursor(SoundProduct):
    fails: ClassVar = {"USE-010"}

    @hookimpl
    def read_source_rows(self, window, after):
        yield from self.jobs(window, None)


class SourceRowsOfAnotherShape(SoundProduct):
    fails: ClassVar = {"USE-011"}

    @hookimpl
    def read_source_rows(self, window, after):
        for row in self.jobs(window, after):
            yield SourceRow(row.cursor, {"job": row.record})


class AggregatesOfAnotherSource(SoundProduct):
    fails: ClassVar = {"USE-012"}

    @hookimpl
    def read_aggregates(self, window):
        for aggregate in super().read_aggregates(window):
            yield aggregate.model_copy(update={"source": "another"})


class UnknownQuotaBasis(SoundProduct):
    fails: ClassVar = {"USE-013"}

    @hookimpl
    def choose_quota_basis(self, plan, event_type):
        return "unlimited"


class ForgottenPrice(SoundProduct):
    fails: ClassVar = {"PLN-001"}

    @hookimpl
    def map_plan_label(self, plan):
        return None if plan == "price-example-pro" else PLANS.get(plan)


class DefaultPlanForUnknownPrice(SoundProduct):
    fails: ClassVar = {"PLN-002"}

    @hookimpl
    def map_plan_label(self, plan):
        return PLANS.get(plan, "free")


class DescribesAnotherPlan(SoundProduct):
    fails: ClassVar = {"PLN-003"}

    @hookimpl
    def describe_plan(self, plan):
        return CapabilitySnapshot(plan_key="free")


class UnrankedPlan(SoundProduct):
    fails: ClassVar = {"PLN-004"}

    @hookimpl
    def entitlement_rules(self):
        return EntitlementRules(version="rules-1", plan_rank=("free",))


class ReferenceMadeByHand(SoundProduct):
    fails: ClassVar = {"IDN-001"}

    @hookimpl
    def reference_workspace(self, claims, redact):
        made = super().reference_workspace(claims, lambda kind, *parts: "ref:workspace:k1:" + "a" * 26)
        return made and redact("workspace", "other") and made


class ReferenceOfAnotherKind(SoundProduct):
    fails: ClassVar = {"IDN-001"}

    @hookimpl
    def reference_workspace(self, claims, redact):
        return redact("actor", claims["studio"]) if "studio" in claims else None


class OneWorkspaceForAll(SoundProduct):
    fails: ClassVar = {"IDN-002"}

    @hookimpl
    def reference_workspace(self, claims, redact):
        return redact("workspace", "all") if "studio" in claims else None


class RaisesWithoutClaims(SoundProduct):
    fails: ClassVar = {"IDN-003"}

    @hookimpl
    def reference_workspace(self, claims, redact):
        return redact("workspace", claims["studio"])


class FirstClaimIsTheWorkspace(SoundProduct):
    fails: ClassVar = {"IDN-004"}

    @hookimpl
    def reference_workspace(self, claims, redact):
        return redact("workspace", list(claims.values())[-1]) if "studio" in claims else None


class RawIdInADimension(SoundProduct):
    fails: ClassVar = {"PRV-001"}

    def draft(self, record, **changes):
        return super().draft(record, dimensions={"studio": record["studio"]})


class RawIdInASkipReason(SoundProduct):
    fails: ClassVar = {"USE-002", "PRV-001"}

    @hookimpl
    def map_usage_record(self, record):
        if record["state"] != "done":
            return Skip(f"job {record['reference']} is not finished")
        return self.draft(record)


class PrintsTheRow(SoundProduct):
    fails: ClassVar = {"PRV-002"}

    @hookimpl
    def map_usage_record(self, record):
        print(record)  # noqa: T201  what the check must find
        return super().map_usage_record(record)


class KeepsTheRow(SoundProduct):
    fails: ClassVar = {"PRV-003"}

    @hookimpl
    def map_usage_record(self, record):
        self.kept.append(record)
        return super().map_usage_record(record)


class ExceptionTextWithAnId(SoundProduct):
    fails: ClassVar = {"PRV-004"}

    @hookimpl
    def map_usage_record(self, record):
        if not isinstance(record.get("images"), int):
            raise TypeError(f"no images in the job of {record['studio']}")
        return super().map_usage_record(record)


class CopyWithARawId(SoundProduct):
    fails: ClassVar = {"PRV-005"}

    @hookimpl
    def render_quota_copy(self, summary):
        return "Your workspace ws_" + "8f7a2b9c1d2e has used everything."


class CopyThatIsNoText(SoundProduct):
    fails: ClassVar = {"PRV-005"}

    @hookimpl
    def render_upgrade_copy(self, decision):
        return None
