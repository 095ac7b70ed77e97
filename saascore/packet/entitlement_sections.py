"""What is entitled: lifecycle, decisions and plan sources, and the audit of how they came to be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from saascore.contract.lifecycle import LifecycleName
from saascore.contract.ops import AuditSummary, OpsSummary
from saascore.contract.summary import SummarySpec
from saascore.packet.axis import Axis, finest
from saascore.packet.document import (
    Bar,
    Block,
    Cell,
    Chart,
    Figure,
    Section,
    Segment,
    Series,
    Table,
)
from saascore.packet.tallies import bar_chart, mix, tally

DECISIONS = tuple(Series(outcome, f"is-{outcome}") for outcome in ("granted", "denied", "unknown"))
USUAL, TROUBLE = Series("usual"), Series("needs an eye", "is-denied")
AUDIT_TITLE = "Audit of plan-source writes"
#: What an operator or a customer has to act on.
TROUBLES = frozenset(
    {
        "subscription.activation_failed",
        "payment.action_required",
        "payment.failed",
        "payment.past_due",
        "payment.dunning_exhausted",
        "dispute.warning",
        "dispute.opened",
        "dispute.lost",
    }
)


def lifecycle(ops: OpsSummary) -> Section:
    """Show what happened to subscriptions, purchases and grants, over time."""
    if not ops.lifecycle and not ops.timeline:
        return Section(
            "lifecycle", "Lifecycle", "Nothing happened to a subscription, purchase or grant in this window."
        )
    names = sorted(ops.lifecycle, key=get_args(LifecycleName).index)
    table = Table(
        "Lifecycle events",
        ("count", "event"),
        tuple((Figure(ops.lifecycle[name], f"ops lifecycle {name}"), name) for name in names),
    )
    return Section(
        name="lifecycle",
        title="Lifecycle",
        lead="What happened to subscriptions, purchases and grants, in the facts' own order of time and never in the order of arrival.",
        parts=(
            Block(table, _timeline(ops) if ops.timeline else ()),
            Block(Table("Lifecycle events over time", ("from", "event", "count"), tuple(_points(ops)))),
        ),
    )


def _timeline(ops: OpsSummary) -> tuple[Chart, ...]:
    axis = Axis(SummarySpec(window=ops.window, grain=finest(ops.window)))
    bars = tuple(_lines(ops, axis))
    used = {segment.series for bar in bars for segment in bar.segments}
    return (
        Chart(
            kind="timeline",
            title="Lifecycle events over time",
            summary=f"{len(bars)} kinds of event from {axis.places[0].label} to {axis.places[-1].label}; "
            "a larger dot means more events. The tables hold every count.",
            series=tuple(series for series in (USUAL, TROUBLE) if series.name in used),
            bars=bars,
            places=axis.places,
        ),
    )


def _lines(ops: OpsSummary, axis: Axis) -> Iterator[Bar]:
    """Put each kind of event on a line, in the order of a subscription's life."""
    found: dict[str, dict[int, list[int]]] = {}
    for index, point in enumerate(ops.timeline):
        places = found.setdefault(point.event_name, {})
        places.setdefault(axis.at(point.window.from_), []).append(index)
    for name in get_args(LifecycleName):
        if name in found:
            series = (TROUBLE if name in TROUBLES else USUAL).name
            yield Bar(
                name,
                tuple(
                    Segment(series, _counted(ops, indexes), place)
                    for place, indexes in sorted(found[name].items())
                ),
            )


def _counted(ops: OpsSummary, indexes: list[int]) -> Figure:
    count = sum(ops.timeline[index].count for index in indexes)
    return Figure(count, f"ops timeline {', '.join(map(str, indexes))} count")


def _points(ops: OpsSummary) -> Iterator[tuple[Cell, ...]]:
    for index, point in enumerate(ops.timeline):
        day = point.window.from_[:10]
        yield day, point.event_name, Figure(point.count, f"ops timeline {index} count")


def entitlements(ops: OpsSummary) -> Section:
    """Show how workspaces were decided, and by which sources."""
    if not ops.decisions:
        return Section(
            "entitlements", "Entitlements", "No provider or operator has spoken of a workspace yet."
        )
    at = f" as of {ops.decided_at[:16].replace('T', ' ')}" if ops.decided_at else ""
    decided = tuple(
        Segment(one.name, Figure(ops.decisions.get(one.name, 0), f"ops decisions {one.name}"))
        for one in DECISIONS
    )
    table = Table("Decisions by outcome", ("count", "outcome"), tuple((s.figure, s.series) for s in decided))
    return Section(
        name="entitlements",
        title="Entitlements",
        lead=f"One decision for each workspace{at}: granted, denied or unknown, why, and the plan and kind of source that won it.",
        parts=(
            Block(table, bar_chart(table.caption, DECISIONS, [Bar("workspaces", decided)])),
            mix("Reasons of the decisions", "reason", ops.decision_reasons, "decision_reasons"),
            mix("Plan sources that won", "kind of source", ops.source_kinds, "source_kinds"),
            mix("Plans granted", "plan", ops.plans, "plans"),
        ),
        columns=True,
    )


def audit(summary: AuditSummary) -> Section:
    """Show who wrote plan sources, why and with whose approval."""
    if not summary.with_approval + summary.without_approval:
        return Section("audit", AUDIT_TITLE, "No plan source was written in this window.")
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
        title=AUDIT_TITLE,
        lead="Who changed what a workspace's plan rests on. Operators appear under labels of their own choosing.",
        parts=(
            Block(approval),
            Block(tally("By actor", "actor", summary.actor_kinds, "actor_kinds", of="audit")),
            Block(
                tally("By kind of source", "kind of source", summary.source_kinds, "source_kinds", of="audit")
            ),
            Block(operators),
            Block(tally("By reason", "reason", summary.reasons, "reasons", of="audit")),
        ),
        columns=True,
    )
