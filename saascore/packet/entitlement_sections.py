"""What is entitled: lifecycle, decisions and plan sources, and the audit of how they came to be."""

from __future__ import annotations

from collections.abc import Mapping

from saascore.contract.ops import AuditSummary, OpsSummary
from saascore.packet.axis import DAY, starts
from saascore.packet.document import Bar, Block, Chart, Figure, Section, Segment, Table, short
from saascore.packet.tallies import bar_chart, mix, tally

DECISIONS = ("granted", "denied", "unknown")


def lifecycle(ops: OpsSummary) -> Section:
    """Show what happened to subscriptions, purchases and grants, over time."""
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


def entitlements(ops: OpsSummary) -> Section:
    """Show how workspaces were decided, and by which sources."""
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
                bar_chart("Decisions by outcome", DECISIONS, [Bar("decisions", decided)], meaning=True),
            ),
            mix("Why decided so", "reason", ops.decision_reasons, "decision_reasons"),
            mix("Plan sources", "kind of source", ops.source_kinds, "source_kinds"),
            mix("Plans", "plan", ops.plans, "plans"),
        ),
    )


def audit(summary: AuditSummary) -> Section:
    """Show who wrote plan sources, why and with whose approval."""

    def counted(caption: str, column: str, counts: Mapping[str, int], at: str) -> Block:
        return Block(tally(caption, column, counts, at, of="audit"))

    approval = Table(
        "Approval",
        ("count", "writes"),
        (
            (Figure(summary.with_approval, "audit with_approval"), "with approval"),
            (Figure(summary.without_approval, "audit without_approval"), "without approval"),
            (Figure(summary.superseded, "audit superseded"), "superseded by a later write"),
        ),
    )
    operators = Table(
        "By operator",
        ("count", "operator"),
        tuple(
            (Figure(item.count, f"audit operators {index} count"), item.operator)
            for index, item in enumerate(summary.operators)
        ),
    )
    return Section(
        name="audit",
        title="Audit of plan-source writes",
        lead="Who changed what a workspace's plan rests on. Operators appear under labels of their own choosing.",
        parts=(
            Block(approval),
            counted("By actor", "actor", summary.actor_kinds, "actor_kinds"),
            counted("By kind of source", "kind of source", summary.source_kinds, "source_kinds"),
            counted("By reason", "reason", summary.reasons, "reasons"),
            Block(operators),
        ),
    )
