"""Summaries of a ledger as of a position: the same spec at the same position has the same bytes, for ever."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from saascore.contract.summary import (
    Remainder,
    SourceCompleteness,
    SummaryGroup,
    SummarySpec,
    UsageSummary,
)
from saascore.contract.usage import Watermark
from saascore.contract.window import Window
from saascore.contract.words import Count, PublicLabel
from saascore.ledger.reader import Reader
from saascore.usage.as_of import seen_until
from saascore.usage.effective import fold_ledger
from saascore.usage.fold import Group, GroupKey, SummaryState

#: The fewest subjects that a published group may have.
MINIMUM_SUBJECTS = 5


class _Cut(NamedTuple):
    shown: list[GroupKey]
    folded: list[Remainder]


def summarize(
    reader: Reader,
    spec: SummarySpec,
    *,
    as_of: Count | None = None,
    public: bool = False,
    minimum: Count = MINIMUM_SUBJECTS,
) -> UsageSummary:
    """Summarise the effective events of a window.

    Args:
        reader: The ledger.
        spec: What is asked.
        as_of: The position up to which facts are seen; the head by default.
        public: Fold groups of few subjects into ``suppressed``, and leave out min, max and latest.
        minimum: The fewest subjects that a published group may have.

    Returns:
        At most ``spec.max_groups`` groups, ordered by their labels and window; the smallest of more are folded into
        ``overflow``, exactly.

    Raises:
        SaascoreError: ``ENT-006`` where ``as_of`` lies after the head.
    """
    end = seen_until(reader, as_of)
    state = fold_ledger(reader, spec, end)
    return finish(
        state,
        spec,
        end,
        complete=completeness(reader, spec, end, state.sources),
        public=public,
        minimum=minimum,
    )


def finish(
    state: SummaryState,
    spec: SummarySpec,
    as_of: Count,
    *,
    complete: tuple[SourceCompleteness, ...] = (),
    public: bool = False,
    minimum: Count = MINIMUM_SUBJECTS,
) -> UsageSummary:
    """Turn a fold's state into a summary: pure, and independent of the order in which the state was built."""
    groups = dict(sorted(state.groups.items()))
    suppressed = _suppress(groups, minimum) if public else _Cut(list(groups), [])
    kept = _overflow(groups, suppressed.shown, spec.max_groups, public=public)
    return UsageSummary(
        spec=spec,
        as_of=as_of,
        audience="public" if public else "operator",
        minimum_subjects=minimum if public else None,
        groups=tuple(_shown(spec, key, groups[key], public=public) for key in kept.shown),
        overflow=tuple(kept.folded),
        suppressed=tuple(suppressed.folded),
        complete_through=complete,
    )


def completeness(
    reader: Reader, spec: SummarySpec, as_of: Count, sources: Iterable[PublicLabel]
) -> tuple[SourceCompleteness, ...]:
    """Return, for each source, how far it has said that it is complete; ``None`` where it never said.

    These are the sources with events in the summary and those that have said how far they are, events or not.
    """
    through: dict[str, str | None] = dict.fromkeys(sources)
    for fact in reader.facts(schema=Watermark.schema_id(), as_of=as_of):
        mark = fact.json()["complete_through"]
        before = through.get(fact.source)
        through[fact.source] = mark if before is None else max(before, mark)
    return tuple(
        SourceCompleteness(source=source, complete_through=through[source])
        for source in sorted(through)
        if spec.source in (None, source)
    )


def _suppress(groups: dict[GroupKey, Group], minimum: int) -> _Cut:
    """Fold small groups, unit by unit, into a remainder that is not small itself; where that cannot be, drop them."""
    shown, folded = [], []
    for unit in sorted({key.unit for key in groups}):
        ranked = sorted(
            (key for key in groups if key.unit == unit), key=lambda key: (len(groups[key].subjects), key)
        )
        cut = sum(len(groups[key].subjects) < minimum for key in ranked)
        together = _together(groups[key] for key in ranked[:cut])
        while 0 < cut < len(ranked) and (cut < 2 or len(together.subjects) < minimum):
            together.merge(groups[ranked[cut]])
            cut += 1
        shown += ranked[cut:]
        if cut >= 2 and len(together.subjects) >= minimum:
            folded.append(Remainder(unit=unit, groups=cut, totals=together.totals(public=True)))
    return _Cut(sorted(shown), folded)


def _overflow(groups: dict[GroupKey, Group], keys: list[GroupKey], most: int, *, public: bool) -> _Cut:
    """Keep the groups with most events (ties by key) and fold the others, unit by unit."""
    if len(keys) <= most:
        return _Cut(keys, [])
    ranked = sorted(keys, key=lambda key: (-groups[key].count - groups[key].adjustment_count, key))
    rest = ranked[most:]
    folded = []
    for unit in sorted({key.unit for key in rest}):
        those = [key for key in rest if key.unit == unit]
        together = _together(groups[key] for key in those)
        folded.append(Remainder(unit=unit, groups=len(those), totals=together.totals(public=public)))
    return _Cut(sorted(ranked[:most]), folded)


def _together(groups: Iterable[Group]) -> Group:
    together = Group()
    for group in groups:
        together.merge(group)
    return together


def _shown(spec: SummarySpec, key: GroupKey, group: Group, *, public: bool) -> SummaryGroup:
    return SummaryGroup(
        event_type=key.event_type if spec.by_event_type else None,
        plan_key=key.plan_key if spec.by_plan else None,
        unit=key.unit,
        window=Window.of(*key.window),
        dimensions=dict(key.dimensions),
        totals=group.totals(public=public),
    )
