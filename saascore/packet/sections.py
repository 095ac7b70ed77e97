"""What the report says: the published summaries, section by section."""

from __future__ import annotations

from dataclasses import dataclass

from saascore.contract.evidence import PrivacyEvidence
from saascore.contract.ops import AuditSummary, OpsSummary
from saascore.contract.summary import UsageSummary
from saascore.packet.charts import grouped
from saascore.packet.document import (
    Bar,
    Block,
    Document,
    Figure,
    Section,
    Segment,
    Series,
    Table,
    Tile,
    Tiles,
    Words,
    short,
)
from saascore.packet.entitlement_sections import audit, entitlements, lifecycle
from saascore.packet.intake_sections import attention, intake
from saascore.packet.tallies import bar_chart
from saascore.packet.usage_section import usage_section


@dataclass(frozen=True, slots=True)
class Summaries:
    """The four published summaries that a report is made from."""

    ops: OpsSummary
    audit: AuditSummary
    usage: UsageSummary
    evidence: PrivacyEvidence


def document(data: Summaries) -> Document:
    """Lay out the report of one packet."""
    ops = data.ops
    return Document(
        title="Operations report",
        subtitle=f"{short(ops.window.from_)} to {short(ops.window.to)} (UTC, end not included)",
        facts=(
            ("Ledger position", grouped(ops.as_of)),
            ("Mode", ops.mode),
            ("Generated", short(ops.generated_at)),
        ),
        warning=(
            "References in this ledger were made with the public demo key, which protects nothing."
            if ops.demo_key
            else None
        ),
        sections=(
            attention(ops),
            usage_section(data.usage),
            intake("usage-intake", "Usage records handed in", "usage_intake", ops.usage_intake),
            intake("billing-intake", "Billing events handed in", "billing_intake", ops.billing_intake),
            lifecycle(ops),
            entitlements(ops),
            audit(data.audit),
            _privacy(data.evidence),
        ),
    )


def _privacy(evidence: PrivacyEvidence) -> Section:
    rows = tuple(
        (
            artifact.name,
            Figure(artifact.bytes, f"evidence artifacts {index} bytes"),
            Figure(artifact.values, f"evidence artifacts {index} values"),
            Figure(artifact.findings, f"evidence artifacts {index} findings"),
        )
        for index, artifact in enumerate(evidence.artifacts)
    )
    table = Table("Values scanned, by artifact", ("artifact", "bytes", "values", "findings"), rows)
    bars = [Bar(name, (Segment("values", values),)) for name, _, values, _ in rows]
    findings = sum(artifact.findings for artifact in evidence.artifacts)
    scanned = sum(artifact.values for artifact in evidence.artifacts)
    return Section(
        name="privacy",
        title="Privacy evidence",
        lead=(
            f"Every artifact was scanned as bytes before it was published, with rule set"
            f" {evidence.ruleset.version} in profile {evidence.profile}. Any finding refuses the whole packet."
        ),
        parts=(
            Tiles(
                (
                    Tile(
                        "findings",
                        Figure(findings, "evidence artifacts * findings"),
                        "bad" if findings else "good",
                    ),
                    Tile("values scanned", Figure(scanned, "evidence artifacts * values")),
                )
            ),
            Block(table, bar_chart(table.caption, (Series("values"),), bars)),
            Words("Shown to be absent, by category", evidence.excluded),
        ),
    )
