"""What came in: at a glance, and by source and outcome."""

from __future__ import annotations

from typing import get_args

from saascore.contract.ops import LagBucket, OpsSummary, SourceIntake
from saascore.contract.outcomes import IntakeCounts
from saascore.packet.document import Bar, Block, Cell, Figure, Section, Segment, Table, Tile, Tone
from saascore.packet.tallies import bar_chart, largest_first, tally

OUTCOMES = tuple(IntakeCounts.model_fields)
LAG: tuple[LagBucket, ...] = get_args(LagBucket)


def attention(ops: OpsSummary) -> Section:
    """Show first what came in and what needs an eye."""

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
                tally(
                    "Provider event types nobody mapped",
                    "event type",
                    ops.unmapped_event_types,
                    "unmapped_event_types",
                )
            ),
        ),
    )


def intake(name: str, title: str, field: str, sources: tuple[SourceIntake, ...]) -> Section:
    """Show what one flow handed in: outcomes, why, and how late."""
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
            for code, count in largest_first(source.reasons)
        )
    return Section(
        name=name,
        title=title,
        lead="One outcome for each record. Only accepted records count; a rejected one may come again.",
        parts=(
            Block(
                Table("Outcomes by source", ("source", *OUTCOMES), tuple(outcome_rows)),
                bar_chart("Outcomes by source", OUTCOMES, outcome_bars, meaning=True),
            ),
            Block(Table("Why", ("records", "source", "code"), tuple(reason_rows))),
            Block(
                Table("Delay from event to ledger", ("source", *LAG), tuple(lag_rows)),
                bar_chart("Delay from event to ledger", LAG, lag_bars, meaning=True),
            ),
        ),
    )
