"""The usage part of the report: exact sums by event type and plan, over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from saascore.contract.quantities import from_nanos, to_nanos
from saascore.contract.summary import Remainder, SummaryGroup, UsageSummary
from saascore.packet.axis import Axis
from saascore.packet.charts import grouped
from saascore.packet.document import (
    Bar,
    Block,
    Cell,
    Chart,
    Figure,
    Note,
    Part,
    Section,
    Segment,
    Series,
    Table,
    short,
)

MAX_CHARTS = 8
MAX_SERIES = 7
OTHER_PLANS, OTHER_TYPES = "other plans", "other types"
NO_PLAN, NO_TYPE = "all plans", "all events"


@dataclass(slots=True)
class _Measure:
    """What one event type counted in one unit: its groups by their place in the summary."""

    event_type: str
    unit: str
    groups: list[tuple[int, SummaryGroup]] = field(default_factory=list)

    @property
    def events(self) -> int:
        return sum(group.totals.count for _, group in self.groups)


def usage_section(usage: UsageSummary) -> Section:
    """Draw the event types with most events, list the totals, and list every group."""
    measures = sorted(_measures(usage.groups), key=lambda m: (-m.events, m.event_type, m.unit))
    shown = measures[:MAX_CHARTS]
    axis = Axis(usage.spec)
    plans = _palette(usage.groups, lambda group: group.plan_key or NO_PLAN, OTHER_PLANS)
    every = Table("Usage by event type, plan and window", _columns(usage), tuple(_rows(usage)))
    charts = (
        *_overview(usage, axis, measures),
        *(_chart(measure, axis, plans, _each(usage)) for measure in shown),
    )
    parts: list[Part] = [Block(_totals(usage, measures), charts)]
    if len(measures) > len(shown):
        parts.append(
            Note(
                f"The {len(shown)} event types with most events are drawn; all {len(measures)} stand in the tables."
            )
        )
    parts.append(Block(every))
    parts.extend(_remainders(usage))
    if usage.complete_through:
        rows = tuple(
            (source.source, short(source.complete_through) if source.complete_through else "no watermark yet")
            for source in usage.complete_through
        )
        parts.append(Block(Table("Complete through", ("source", "until"), rows)))
    return Section(name="usage", title="Usage", lead=_lead(usage), parts=tuple(parts))


def _lead(usage: UsageSummary) -> str:
    if not usage.groups:
        return "No event counts in this window."
    text = "Exact sums of the events that count: reversed ones are out, adjustments have their own column."
    if usage.audience == "public":
        text += f" Groups of fewer than {usage.minimum_subjects or 0} subjects are folded together."
    return text


def _each(usage: UsageSummary) -> str:
    """Say what one window is, for the axis: ``" / day"``."""
    return "" if usage.spec.zone or usage.spec.grain == "none" else f" / {usage.spec.grain}"


def _measures(groups: tuple[SummaryGroup, ...]) -> Iterator[_Measure]:
    found: dict[tuple[str, str], _Measure] = {}
    for index, group in enumerate(groups):
        key = (group.event_type or NO_TYPE, group.unit)
        found.setdefault(key, _Measure(*key)).groups.append((index, group))
    yield from found.values()


def _palette(
    groups: Iterable[SummaryGroup], name_of: Callable[[SummaryGroup], str], other: str
) -> dict[str, Series]:
    """Give the names with most events a colour of their own, and the others one together."""
    events: Counter[str] = Counter()
    for group in groups:
        events[name_of(group)] += group.totals.count
    ranked = sorted(events, key=lambda name: (-events[name], name))
    own = ranked if len(ranked) <= MAX_SERIES + 1 else ranked[:MAX_SERIES]
    rest = Series(other, f"s{MAX_SERIES}")
    colours = {name: Series(name, f"s{place}") for place, name in enumerate(own)}
    return {name: colours.get(name, rest) for name in ranked}


def _overview(usage: UsageSummary, axis: Axis, measures: list[_Measure]) -> Iterator[Chart]:
    """Draw how many events of every type counted over time, where there is more than one type and one window."""
    if len(measures) < 2 or len(axis.places) < 2:
        return

    def event_type(group: SummaryGroup) -> str:
        return group.event_type or NO_TYPE

    types = _palette(usage.groups, event_type, OTHER_TYPES)
    total = sum(measure.events for measure in measures)
    yield Chart(
        kind="columns",
        title="Events of every type",
        unit=f"events{_each(usage)}, by type",
        summary=f"{grouped(total)} events of {len(types)} types; most of type {measures[0].event_type}.",
        series=tuple(dict.fromkeys(types.values())),
        bars=_stacked(
            enumerate(usage.groups),
            axis,
            types,
            name_of=event_type,
            value_of=lambda group: group.totals.count,
            figure="count",
        ),
    )


def _chart(measure: _Measure, axis: Axis, plans: dict[str, Series], each: str) -> Chart:
    """Draw what one event type counted: by plan over time, or by plan alone where there is one window."""

    def plan(group: SummaryGroup) -> str:
        return group.plan_key or NO_PLAN

    def amount(group: SummaryGroup) -> int:
        return max(to_nanos(group.totals.sum), 0)

    sums: Counter[str] = Counter()
    for _, group in measure.groups:
        sums[plan(group)] += amount(group)
    ranked = sorted(sums, key=lambda name: (-sums[name], name))
    used = {plans[name] for name in sums}
    series = tuple(one for one in dict.fromkeys(plans.values()) if one in used)
    said = f"{grouped(from_nanos(sums.total()))} {measure.unit} in all; most on plan {ranked[0]}."
    bars = _stacked(
        measure.groups, axis, plans, name_of=plan, value_of=lambda group: group.totals.sum, figure="sum"
    )
    if len(axis.places) > 1:
        return Chart("columns", measure.event_type, said, series, bars, unit=f"{measure.unit}{each}, by plan")
    alone = tuple(Bar(segment.series, (segment,)) for segment in bars[0].segments)
    return Chart("bars", measure.event_type, said, series, alone, unit=f"{measure.unit}, by plan")


def _stacked(
    groups: Iterable[tuple[int, SummaryGroup]],
    axis: Axis,
    palette: dict[str, Series],
    *,
    name_of: Callable[[SummaryGroup], str],
    value_of: Callable[[SummaryGroup], int | str],
    figure: str,
) -> tuple[Bar, ...]:
    """Sum groups by window and series, keeping where each figure stands."""
    order = list(dict.fromkeys(one.name for one in palette.values()))
    found: dict[tuple[int, str], list[tuple[int, int | str]]] = {}
    for index, group in groups:
        key = (axis.at(group.window.from_), palette[name_of(group)].name)
        found.setdefault(key, []).append((index, value_of(group)))
    return tuple(
        Bar(
            place.label,
            tuple(
                Segment(name, _sum(found[number, name], figure)) for name in order if (number, name) in found
            ),
            place.mark,
        )
        for number, place in enumerate(axis.places)
    )


def _sum(found: list[tuple[int, int | str]], figure: str) -> Figure:
    """Add up a figure of several groups."""
    at = f"usage groups {', '.join(str(index) for index, _ in found)} totals {figure}"
    if figure == "count":
        return Figure(sum(int(value) for _, value in found), at)
    return Figure(from_nanos(sum(to_nanos(str(value)) for _, value in found)), at)


def _columns(usage: UsageSummary) -> tuple[str, ...]:
    adjusted = ("adjustments",) if _adjusted(usage) else ()
    labels = ("from", "event type", "plan", *usage.spec.dimensions, "unit")
    return (*labels, "events", "sum", *adjusted, "subjects")


def _totals(usage: UsageSummary, measures: list[_Measure]) -> Table:
    """Add a whole window up; subjects are left out, for one may stand in several groups."""
    figures = {"count": "events", "sum": "sum"} | ({"adjustments": "adjustments"} if _adjusted(usage) else {})
    rows: list[tuple[Cell, ...]] = []
    for measure in measures:
        plans: dict[str, list[tuple[int, SummaryGroup]]] = {}
        for index, group in measure.groups:
            plans.setdefault(group.plan_key or NO_PLAN, []).append((index, group))
        for plan, groups in sorted(plans.items()):
            sums = (
                _sum([(index, getattr(group.totals, name)) for index, group in groups], name)
                for name in figures
            )
            rows.append((*sums, measure.event_type, plan, measure.unit))
    return Table(
        "Totals by event type and plan", (*figures.values(), "event type", "plan", "unit"), tuple(rows)
    )


def _rows(usage: UsageSummary) -> Iterator[tuple[Cell, ...]]:
    adjusted = _adjusted(usage)
    for index, group in enumerate(usage.groups):
        at, totals = f"usage groups {index} totals", group.totals
        yield (
            short(group.window.from_),
            group.event_type or NO_TYPE,
            group.plan_key or NO_PLAN,
            *(group.dimensions.get(name) for name in usage.spec.dimensions),
            group.unit,
            Figure(totals.count, f"{at} count"),
            Figure(totals.sum, f"{at} sum"),
            *((Figure(totals.adjustments, f"{at} adjustments"),) if adjusted else ()),
            Figure(totals.subjects, f"{at} subjects"),
        )


def _adjusted(usage: UsageSummary) -> bool:
    return any(group.totals.adjustment_count for group in usage.groups)


def _remainders(usage: UsageSummary) -> Iterator[Block]:
    for name, caption in (
        ("suppressed", "Folded together: too few subjects"),
        ("overflow", "Beyond the largest groups"),
    ):
        remainders: tuple[Remainder, ...] = getattr(usage, name)
        if remainders:
            rows = tuple(
                (
                    Figure(rest.groups, f"usage {name} {index} groups"),
                    Figure(rest.totals.count, f"usage {name} {index} totals count"),
                    Figure(rest.totals.sum, f"usage {name} {index} totals sum"),
                    rest.unit,
                )
                for index, rest in enumerate(remainders)
            )
            yield Block(Table(caption, ("groups", "events", "sum", "unit"), rows))
