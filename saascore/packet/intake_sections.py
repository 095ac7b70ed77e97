"""What came in: at a glance, and by source and outcome."""

from __future__ import annotations

from typing import get_args

from saascore.contract.ops import LagBucket, OpsSummary, SourceIntake
from saascore.contract.outcomes import IntakeCounts
from saascore.packet.document import (
    Bar,
    Block,
    Cell,
    Figure,
    Section,
    Segment,
    Series,
    Table,
    Tile,
    Tiles,
    Tone,
)
from saascore.packet.reasons import meaning
from saascore.packet.tallies import bar_chart, largest_first, tally

OUTCOMES = tuple(Series(name, f"is-{name}") for name in IntakeCounts.model_fields)
LAG_NAMES: dict[LagBucket, str] = {
    "under-1m": "under 1 minute",
    "1m-to-1h": "1 minute to 1 hour",
    "1h-to-1d": "1 hour to 1 day",
    "1d-to-7d": "1 to 7 days",
    "over-7d": "over 7 days",
}
LAG = tuple(Series(LAG_NAMES[bucket], f"is-{bucket}") for bucket in get_args(LagBucket))
HELD, UNMAPPED = Series("held", "is-held"), Series("unmapped", "is-conflict")


def attention(ops: OpsSummary) -> Section:
    """Show first what came in and what needs an eye."""

    def tile(label: str, value: int, at: str, tone: Tone) -> Tile:
        return Tile(label, Figure(value, f"ops {at}"), tone if value else "plain")

    def handed(label: str, sources: tuple[SourceIntake, ...], name: str) -> Tile:
        return Tile(label, Figure(sum(s.counts.total for s in sources), f"ops {name} * counts *"))

    rejected = sum(source.counts.rejected for source in ops.usage_intake + ops.billing_intake)
    conflicts = sum(source.counts.conflict for source in ops.usage_intake + ops.billing_intake)

    decided: tuple[tuple[str, Tone], ...] = (("granted", "good"), ("denied", "plain"), ("unknown", "watch"))

    def both(outcome: str) -> str:
        return f"usage_intake * counts {outcome}; ops billing_intake * counts {outcome}"

    return Section(
        name="overview",
        title="At a glance",
        lead="What came in and how workspaces stand; below it what needs an operator's eye, where zero is the good answer.",
        parts=(
            Tiles(
                (
                    handed("usage records", ops.usage_intake, "usage_intake"),
                    handed("billing events", ops.billing_intake, "billing_intake"),
                    *(
                        tile(
                            f"workspaces {outcome}",
                            ops.decisions.get(outcome, 0),
                            f"decisions {outcome}",
                            tone,
                        )
                        for outcome, tone in decided
                    ),
                )
            ),
            Tiles(
                (
                    tile("rejected", rejected, both("rejected"), "bad"),
                    tile("conflicts", conflicts, both("conflict"), "bad"),
                    tile("held", ops.held, "held", "watch"),
                    tile(
                        "unmapped", sum(ops.unmapped_event_types.values()), "unmapped_event_types *", "watch"
                    ),
                    tile("plans unresolved", ops.unresolved_plans, "unresolved_plans", "bad"),
                    tile("workspaces unresolved", ops.unresolved_workspaces, "unresolved_workspaces", "bad"),
                    tile("gaps: an event was missed", ops.gaps, "gaps", "watch"),
                    tile("ties: order not known", ops.ties, "ties", "watch"),
                )
            ),
            _waiting(ops),
        ),
    )


def _waiting(ops: OpsSummary) -> Block:
    """Draw what is held and what nobody mapped."""
    held = Bar("usage events on the shelf", (Segment(HELD.name, Figure(ops.held, "ops held")),))
    unmapped = [
        Bar(name, (Segment(UNMAPPED.name, Figure(count, f"ops unmapped_event_types {name}")),))
        for name, count in largest_first(ops.unmapped_event_types)
    ]
    table = tally(
        "Provider event types nobody mapped", "event type", ops.unmapped_event_types, "unmapped_event_types"
    )
    return Block(table, bar_chart("Held and unmapped", (HELD, UNMAPPED), [held] * (ops.held > 0) + unmapped))


def intake(name: str, title: str, field: str, sources: tuple[SourceIntake, ...]) -> Section:
    """Show what one flow handed in: outcomes, why, and how late."""
    if not sources:
        return Section(name, title, "Nothing was handed in in this window.")
    outcomes: list[Bar] = []
    lags: list[Bar] = []
    reasons: list[tuple[Cell, ...]] = []
    for index, source in enumerate(sources):
        at = f"ops {field} {index}"
        counts = source.counts.model_dump()
        outcomes.append(
            Bar(
                source.source,
                tuple(Segment(s.name, Figure(counts[s.name], f"{at} counts {s.name}")) for s in OUTCOMES),
            )
        )
        if source.lag:
            parts = (
                Segment(words, Figure(source.lag.get(bucket, 0), f"{at} lag {bucket}"))
                for bucket, words in LAG_NAMES.items()
            )
            lags.append(Bar(source.source, tuple(parts)))
        reasons.extend(
            (Figure(count, f"{at} reasons {code}"), source.source, code, meaning(code))
            for code, count in largest_first(source.reasons)
        )
    return Section(
        name=name,
        title=title,
        lead="One outcome for each record. Only accepted records count; a rejected one may come again.",
        parts=(
            _by_source("Outcomes by source", OUTCOMES, outcomes),
            _by_source("Delay from event to ledger", LAG, lags),
            Block(Table("Reasons given", ("records", "source", "code", "meaning"), tuple(reasons))),
        ),
    )


def _by_source(title: str, series: tuple[Series, ...], bars: list[Bar]) -> Block:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (bar.label, *(segment.figure for segment in bar.segments)) for bar in bars
    )
    columns = ("source", *(one.name for one in series))
    return Block(Table(title, columns, rows), bar_chart(title, series, bars))
