"""Counts by label: as a table with its count first, and as bars with the largest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from saascore.packet.charts import grouped
from saascore.packet.document import Bar, Block, Chart, Figure, Segment, Series, Table

COUNT = "count"
#: So many bars are drawn and said; the table holds all.
MOST = 12


def bar_chart(title: str, series: Sequence[Series], bars: Sequence[Bar]) -> tuple[Chart, ...]:
    """Draw bars, without the series that no bar has, and not at all where there is nothing to draw."""
    drawn = {segment.series for bar in bars for segment in bar.segments if segment.figure.value}
    if not drawn:
        return ()
    used = tuple(one for one in series if one.name in drawn)
    return (Chart("bars", title, in_words(bars), used, tuple(bars[:MOST])),)


def tally(caption: str, column: str, counts: Mapping[str, int], at: str, *, of: str = "ops") -> Table:
    """List counts by label.

    Args:
        caption: What is counted.
        column: What a label is.
        counts: By label.
        at: Where they stand in the summary.
        of: Which summary.
    """
    rows = ((Figure(count, f"{of} {at} {name}"), name) for name, count in largest_first(counts))
    return Table(caption, (COUNT, column), tuple(rows))


def mix(title: str, column: str, counts: Mapping[str, int], at: str, *, of: str = "ops") -> Block:
    """List counts by label and draw the largest; as :func:`tally`."""
    bars = [
        Bar(name, (Segment(COUNT, Figure(count, f"{of} {at} {name}")),))
        for name, count in largest_first(counts)
    ]
    return Block(tally(title, column, counts, at, of=of), bar_chart(title, (Series(COUNT),), bars))


def largest_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Order counts by size, and labels of one size by name."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def in_words(bars: Sequence[Bar]) -> str:
    """Say what a chart shows, for those who hear it."""
    said = []
    for bar in bars[:MOST]:
        counts = [(grouped(s.figure.value), s.series) for s in bar.segments if s.figure.value]
        if [series for _, series in counts] == [COUNT]:
            said.append(f"{counts[0][0]} {bar.label}")
        else:
            listed = ", ".join(f"{count} {series}" for count, series in counts)
            said.append(f"{bar.label} ({listed or 'none'})")
    return "; ".join(said) + ("; and more in the table." if len(bars) > MOST else ".")
