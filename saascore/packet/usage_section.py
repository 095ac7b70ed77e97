"""The usage part of the report: exact sums by event type and plan, over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from saascore.contract.quantities import from_nanos, to_nanos
from saascore.contract.summary import Remainder, SummaryGroup, SummarySpec, UsageSummary
from saascore.packet.axis import DAY, HOUR, starts
from saascore.packet.charts import grouped
from saascore.packet.document import Bar, Block, Cell, Chart, Figure, Note, Section, Segment, Table, short

MAX_CHARTS = 6
MAX_SERIES = 7
MAX_COLUMNS = 62
OTHER = "other plans"
NO_PLAN = "all plans"


@dataclass(slots=True)
class _Measure:
    """What one event type counted in one unit, by plan and by window."""

    event_type: str
    unit: str
    plans: dict[str, int] = field(default_factory=dict)
    spots: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)


def usage_section(usage: UsageSummary) -> Section:
    """Draw the largest event types and list every group."""
    measures = sorted(_measures(usage.groups), key=lambda m: (-len(m.spots), m.event_type, m.unit))
    shown = measures[:MAX_CHARTS]
    palette = _palette(usage.groups)
    axis = _starts(usage.spec, usage.groups)
    table = Table("Usage by event type, plan and window", _columns(usage), tuple(_rows(usage)))
    parts: list[Block | Note] = [Block(table, tuple(_chart(measure, axis, palette) for measure in shown))]
    if len(measures) > len(shown):
        parts.append(Note(f"{len(measures) - len(shown)} more event types stand in the table only."))
    parts.extend(_remainders(usage))
    if usage.complete_through:
        rows = tuple(
            (source.source, short(source.complete_through) if source.complete_through else "has not said")
            for source in usage.complete_through
        )
        parts.append(Block(Table("Complete through", ("source", "until"), rows)))
    return Section(
        name="usage",
        title="Usage by plan and event type",
        lead=_lead(usage),
        parts=tuple(parts),
    )


def _lead(usage: UsageSummary) -> str:
    if not usage.groups:
        return "No event counts in this window."
    text = "Exact sums of the events that count: reversed ones are out, adjustments have their own column."
    if usage.audience == "public":
        text += f" Groups of fewer than {usage.minimum_subjects or 0} subjects are folded together."
    return text


def _measures(groups: tuple[SummaryGroup, ...]) -> Iterator[_Measure]:
    found: dict[tuple[str, str], _Measure] = {}
    for index, group in enumerate(groups):
        key = (group.event_type or "all events", group.unit)
        measure = found.setdefault(key, _Measure(*key))
        nanos = max(to_nanos(group.totals.sum), 0)
        plan = group.plan_key or NO_PLAN
        measure.plans[plan] = measure.plans.get(plan, 0) + nanos
        measure.spots.setdefault((group.window.from_, plan), []).append((index, nanos))
    yield from found.values()


def _palette(groups: tuple[SummaryGroup, ...]) -> tuple[str, ...]:
    """Give the plans with most events a colour of their own, and the others one together."""
    events: dict[str, int] = {}
    for group in groups:
        plan = group.plan_key or NO_PLAN
        events[plan] = events.get(plan, 0) + group.totals.count
    ranked = sorted(events, key=lambda plan: (-events[plan], plan))
    return tuple(ranked) if len(ranked) <= MAX_SERIES + 1 else (*ranked[:MAX_SERIES], OTHER)


def _chart(measure: _Measure, axis: tuple[str, ...], palette: tuple[str, ...]) -> Chart:
    ranked = sorted(measure.plans, key=lambda plan: (-measure.plans[plan], plan))
    others = any(plan not in palette for plan in ranked)
    series = tuple(name for name in palette if name in measure.plans or (others and name == OTHER))
    total = from_nanos(sum(measure.plans.values()))
    return Chart(
        kind="columns",
        title=f"{measure.event_type}, {measure.unit}",
        summary=f"{grouped(total)} {measure.unit} in all; most on plan {ranked[0]}.",
        series=series,
        bars=tuple(_bar(measure, span, series) for span in _spans(axis)),
        palette=palette,
    )


def _bar(measure: _Measure, span: tuple[str, ...], series: tuple[str, ...]) -> Bar:
    """Sum a column's windows, plan by plan, keeping where each figure stands."""
    nanos = dict.fromkeys(series, 0)
    places: dict[str, list[str]] = {name: [] for name in series}
    for start in span:
        for plan in measure.plans:
            for index, amount in measure.spots.get((start, plan), ()):
                name = plan if plan in nanos else OTHER
                nanos[name] += amount
                places[name].append(f"usage groups {index} totals sum")
    segments = (
        Segment(name, Figure(from_nanos(nanos[name]), "; ".join(places[name])))
        for name in series
        if places[name]
    )
    label = short(span[0]) if len(span) == 1 else f"{short(span[0])} to {short(span[-1])}"
    return Bar(label, tuple(segments))


def _spans(axis: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Put neighbouring windows into one column where there are too many to draw."""
    width = -(-len(axis) // MAX_COLUMNS) or 1
    return (axis[place : place + width] for place in range(0, len(axis), width))


def _starts(spec: SummarySpec, groups: tuple[SummaryGroup, ...]) -> tuple[str, ...]:
    seen = {group.window.from_ for group in groups}
    if spec.zone is not None:
        return tuple(sorted(seen.union(spec.zone.bounds[:-1])))
    if spec.grain == "day":
        return starts(spec.window, DAY, seen)
    return starts(spec.window, HOUR, seen) if spec.grain == "hour" else tuple(sorted(seen))


def _columns(usage: UsageSummary) -> tuple[str, ...]:
    adjusted = ("adjustments",) if _adjusted(usage) else ()
    return (
        "from",
        "event type",
        "plan",
        *usage.spec.dimensions,
        "unit",
        "events",
        "sum",
        *adjusted,
        "subjects",
    )


def _rows(usage: UsageSummary) -> Iterator[tuple[Cell, ...]]:
    adjusted = _adjusted(usage)
    for index, group in enumerate(usage.groups):
        at, totals = f"usage groups {index} totals", group.totals
        yield (
            short(group.window.from_),
            group.event_type or "all events",
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
