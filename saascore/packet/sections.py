"""What the report says: the published summaries, section by section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from saascore.contract.evidence import PrivacyEvidence
from saascore.contract.ops import AuditSummary, LagBucket, OpsSummary, SourceIntake
from saascore.contract.outcomes import IntakeCounts
from saascore.contract.summary import UsageSummary
from saascore.packet.axis import DAY, starts
from saascore.packet.charts import grouped
from saascore.packet.document import (
    Bar,
    Block,
    Cell,
    Chart,
    Document,
    Figure,
    Note,
    Section,
    Segment,
    Table,
    Tile,
    Tone,
    short,
)
from saascore.packet.usage_section import usage_section

OUTCOMES = tuple(IntakeCounts.model_fields)
LAG: tuple[LagBucket, ...] = get_args(LagBucket)
COUNT = "count"
DECISIONS = ("granted", "denied", "unknown")


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
            ("Ledger position", str(ops.as_of)),
            ("Mode", ops.mode),
            ("Generated", short(ops.generated_at)),
        ),
        warning=(
            "References in this ledger were made with the public demo key, which protects nothing."
            if ops.demo_key
            else None
        ),
        sections=(
            _attention(ops),
            _intake("usage-intake", "Usage records handed in", "usage_intake", ops.usage_intake),
            usage_section(data.usage),
            _intake("billing-intake", "Billing events handed in", "billing_intake", ops.billing_intake),
            _lifecycle(ops),
            _entitlements(ops),
            _audit(data.audit),
            _privacy(data.evidence),
        ),
    )


def _attention(ops: OpsSummary) -> Section:
    def tile(label: str, value: int, at: str, tone: Tone) -> Tile:
        return Tile(label, Figure(value, f"ops {at}"), tone if value else "plain")

    def handed(label: str, sources: tuple[SourceIntake, ...], name: str) -> Tile:
        total = sum(getattr(source.counts, outcome) for source in sources for outcome in OUTCOMES)
        return Tile(label, Figure(total, f"ops {name} * counts *"))

    def rejected(sources: tuple[SourceIntake, ...]) -> int:
        return sum(source.counts.rejected for source in sources)

    sources = ops.usage_intake + ops.billing_intake
    return Section(
        name="overview",
        title="At a glance",
        lead="What came in, and what needs an operator's eye: after the first two figures, zero is the good answer.",
        tiles=(
            handed("usage records", ops.usage_intake, "usage_intake"),
            handed("billing events", ops.billing_intake, "billing_intake"),
            tile(
                "rejected",
                rejected(sources),
                "usage_intake * counts rejected; ops billing_intake * counts rejected",
                "bad",
            ),
            tile("held", ops.held, "held", "watch"),
            tile(
                "unmapped events",
                sum(ops.unmapped_event_types.values()),
                "unmapped_event_types *",
                "watch",
            ),
            tile("plans unresolved", ops.unresolved_plans, "unresolved_plans", "bad"),
            tile("workspaces unresolved", ops.unresolved_workspaces, "unresolved_workspaces", "bad"),
            tile("gaps: an event was missed", ops.gaps, "gaps", "watch"),
            tile("ties: order not known", ops.ties, "ties", "watch"),
        ),
        parts=(
            Block(
                _tally(
                    "Provider event types nobody mapped",
                    "event type",
                    ops.unmapped_event_types,
                    "unmapped_event_types",
                )
            ),
        ),
    )


def _intake(name: str, title: str, field: str, sources: tuple[SourceIntake, ...]) -> Section:
    outcome_rows: list[tuple[Cell, ...]] = []
    lag_rows: list[tuple[Cell, ...]] = []
    reason_rows: list[tuple[Cell, ...]] = []
    outcome_bars, lag_bars = [], []
    for index, source in enumerate(sources):
        at = f"ops {field} {index}"
        outcomes = [Figure(getattr(source.counts, item), f"{at} counts {item}") for item in OUTCOMES]
        lags = [Figure(source.lag.get(item, 0), f"{at} lag {item}") for item in LAG]
        outcome_rows.append((source.source, *outcomes))
        outcome_bars.append(Bar(source.source, tuple(map(Segment, OUTCOMES, outcomes))))
        if source.lag:
            lag_rows.append((source.source, *lags))
            lag_bars.append(Bar(source.source, tuple(map(Segment, LAG, lags))))
        reason_rows.extend(
            (Figure(count, f"{at} reasons {code}"), source.source, code)
            for code, count in sorted(source.reasons.items(), key=_largest_first)
        )
    return Section(
        name=name,
        title=title,
        lead="One outcome for each record. Only accepted records count; a rejected one may come again.",
        parts=(
            Block(
                Table("Outcomes by source", ("source", *OUTCOMES), tuple(outcome_rows)),
                _chart("Outcomes by source", OUTCOMES, outcome_bars, meaning=True),
            ),
            Block(Table("Why", ("records", "source", "code"), tuple(reason_rows))),
            Block(
                Table("Delay from event to ledger", ("source", *LAG), tuple(lag_rows)),
                _chart("Delay from event to ledger", LAG, lag_bars, meaning=True),
            ),
        ),
    )


def _lifecycle(ops: OpsSummary) -> Section:
    names = sorted(ops.lifecycle)
    windows = starts(ops.window, DAY, {point.window.from_ for point in ops.timeline})
    spots: dict[str, list[Segment]] = {}
    for index, point in enumerate(ops.timeline):
        spots.setdefault(point.event_name, []).append(
            Segment(short(point.window.from_), Figure(point.count, f"ops timeline {index} count"))
        )
    grid = Chart(
        kind="grid",
        title="Lifecycle events over time",
        summary=f"{len(names)} kinds of event over {len(windows)} days; a larger mark means more events.",
        series=tuple(map(short, windows)),
        bars=tuple(Bar(name, tuple(spots[name])) for name in sorted(spots)),
    )
    table = Table(
        "Lifecycle events",
        ("count", "event"),
        tuple((Figure(ops.lifecycle[name], f"ops lifecycle {name}"), name) for name in names),
    )
    return Section(
        name="lifecycle",
        title="Lifecycle of subscriptions, purchases and grants",
        lead="Derived from the stored facts in their own order of time, never from the order of arrival.",
        parts=(Block(table, (grid,) if spots else ()),),
    )


def _entitlements(ops: OpsSummary) -> Section:
    at = f" as of {short(ops.decided_at)}" if ops.decided_at else ""
    decided = tuple(
        Segment(name, Figure(ops.decisions.get(name, 0), f"ops decisions {name}")) for name in DECISIONS
    )
    decisions = Table("Decisions", ("count", "outcome"), tuple((s.figure, s.series) for s in decided))
    return Section(
        name="entitlements",
        title="Entitlements",
        lead=f"One decision for each workspace{at}, and the plan and kind of source that won it.",
        parts=(
            Block(
                decisions,
                _chart("Decisions by outcome", DECISIONS, [Bar("decisions", decided)], meaning=True),
            ),
            _mix("Why decided so", "reason", ops.decision_reasons, "decision_reasons"),
            _mix("Plan sources", "kind of source", ops.source_kinds, "source_kinds"),
            _mix("Plans", "plan", ops.plans, "plans"),
        ),
    )


def _audit(audit: AuditSummary) -> Section:
    def tally(caption: str, column: str, counts: Mapping[str, int], at: str) -> Block:
        return Block(_tally(caption, column, counts, at, of="audit"))

    approval = Table(
        "Approval",
        ("count", "writes"),
        (
            (Figure(audit.with_approval, "audit with_approval"), "with approval"),
            (Figure(audit.without_approval, "audit without_approval"), "without approval"),
            (Figure(audit.superseded, "audit superseded"), "superseded by a later write"),
        ),
    )
    operators = Table(
        "By operator",
        ("count", "operator"),
        tuple(
            (Figure(item.count, f"audit operators {index} count"), item.operator)
            for index, item in enumerate(audit.operators)
        ),
    )
    return Section(
        name="audit",
        title="Audit of plan-source writes",
        lead="Who changed what a workspace's plan rests on. Operators appear under labels of their own choosing.",
        parts=(
            Block(approval),
            tally("By actor", "actor", audit.actor_kinds, "actor_kinds"),
            tally("By kind of source", "kind of source", audit.source_kinds, "source_kinds"),
            tally("By reason", "reason", audit.reasons, "reasons"),
            Block(operators),
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
    findings = sum(artifact.findings for artifact in evidence.artifacts)
    return Section(
        name="privacy",
        title="Privacy evidence",
        lead=(
            f"Every artifact was scanned as bytes before it was published, with rule set"
            f" {evidence.ruleset.version} in profile {evidence.profile}. Any finding refuses the whole packet."
        ),
        tiles=(
            Tile(
                "findings", Figure(findings, "evidence artifacts * findings"), "bad" if findings else "good"
            ),
            Tile(
                "values scanned",
                Figure(sum(a.values for a in evidence.artifacts), "evidence artifacts * values"),
            ),
        ),
        parts=(
            Block(Table("Scanned artifacts", ("artifact", "bytes", "values", "findings"), rows)),
            Note(
                f"Shown to be absent: {', '.join(evidence.excluded)}."
                if evidence.excluded
                else "No categories."
            ),
        ),
    )


def _chart(
    title: str, series: tuple[str, ...], bars: list[Bar], *, meaning: bool = False
) -> tuple[Chart, ...]:
    """Draw bars, unless there is nothing to draw."""
    if not any(segment.figure.value for bar in bars for segment in bar.segments):
        return ()
    used = tuple(
        name
        for name in series
        if any(s.figure.value for bar in bars for s in bar.segments if s.series == name)
    )
    return (Chart("bars", title, _in_words(bars), used, tuple(bars), meaning=meaning),)


def _in_words(bars: list[Bar]) -> str:
    """Say what a chart shows, for those who hear it."""
    said = []
    for bar in bars[:12]:
        counts = [(grouped(s.figure.value), s.series) for s in bar.segments if s.figure.value]
        if [series for _, series in counts] == [COUNT]:
            said.append(f"{counts[0][0]} {bar.label}")
        else:
            said.append(
                f"{bar.label} ({', '.join(f'{count} {series}' for count, series in counts) or 'none'})"
            )
    return "; ".join(said) + ("; and more in the table." if len(bars) > 12 else ".")


def _tally(caption: str, column: str, counts: Mapping[str, int], at: str, *, of: str = "ops") -> Table:
    rows = ((Figure(count, f"{of} {at} {name}"), name) for name, count in _ordered(counts))
    return Table(caption, ("count", column), tuple(rows))


def _mix(title: str, column: str, counts: Mapping[str, int], at: str) -> Block:
    """A tally, and its twelve largest drawn as bars."""
    table = _tally(title, column, counts, at)
    bars = [
        Bar(name, (Segment(COUNT, Figure(count, f"ops {at} {name}")),))
        for name, count in list(_ordered(counts))[:12]
    ]
    return Block(table, _chart(title, (COUNT,), bars))


def _ordered(counts: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    return iter(sorted(counts.items(), key=_largest_first))


def _largest_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]
