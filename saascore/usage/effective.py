"""Which events count as of a position: not those of a run that is not applied or was reverted, not what is reversed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import NamedTuple

from saascore.contract.quantities import SCALE
from saascore.contract.summary import SummarySpec
from saascore.contract.words import PublicLabel
from saascore.ledger.driver import Row
from saascore.ledger.reader import Reader
from saascore.usage.fold import Group, GroupKey, SummaryState
from saascore.usage.windows import window_of

_PAGE = 20_000
_REMEMBERED = 65_536
_ROWS = (
    "SELECT position, shape, subject, occurred_at, whole, nanos, sequence, run, event FROM usage"
    " WHERE position > ? AND position <= ? AND occurred_at >= ? AND occurred_at < ? ORDER BY position LIMIT ?"
)
Counts = Callable[[int, int | None], bool]


class Shape(NamedTuple):
    """The labels of an event that summaries group and filter by."""

    event_type: PublicLabel
    plan_key: PublicLabel
    unit: PublicLabel
    source: PublicLabel
    entry_type: str
    dimensions: dict[PublicLabel, PublicLabel]


def shapes(reader: Reader) -> dict[int, Shape]:
    """Return every shape by its number."""
    return {
        number: Shape(*json.loads(label))
        for number, label in reader.driver.rows("SELECT shape, label FROM shapes")
    }


def counting(reader: Reader, as_of: int) -> Counts:
    """Return the test whether a fact, given by position and run, counts as of a position."""
    runs = {
        run
        for run, applied, reverted in reader.driver.rows(
            "SELECT run, applied_position, reverted_position FROM runs WHERE applied_position IS NOT NULL"
        )
        if applied <= as_of and (reverted is None or reverted > as_of)
    }
    claimed = {
        target
        for target, origin in reader.driver.rows(
            "SELECT target, origin FROM claims WHERE position <= ?", (as_of,)
        )
        if origin == 0 or origin in runs
    }
    return lambda position, run: run is None or run in runs or position in claimed


def taken_back(reader: Reader, as_of: int, counts: Counts) -> set[bytes]:
    """Return the storage keys of the events that corrections keep out of every count.

    These are the events that a counting reversal takes back, and the replacements of events that do not count
    themselves (their run was reverted).
    """
    rows = reader.driver.rows(
        "SELECT target, position, run, replaces FROM corrections WHERE position <= ?", (as_of,)
    )
    counting_rows = [
        (bytes(target), position, replaces)
        for target, position, run, replaces in rows
        if counts(position, run)
    ]
    reversed_events = {target for target, _, replaces in counting_rows if not replaces}
    replacements = {position: target for target, position, replaces in counting_rows if replaces}
    return reversed_events | _orphans(reader, as_of, counts, replacements)


def _orphans(reader: Reader, as_of: int, counts: Counts, replacements: dict[int, bytes]) -> set[bytes]:
    if not replacements:
        return set()
    in_runs = reader.driver.rows(
        "SELECT event, position, run FROM usage WHERE run IS NOT NULL AND position <= ?", (as_of,)
    )
    gone = {bytes(event) for event, position, run in in_runs if not counts(position, run)}
    suspects = sorted(gone.intersection(replacements.values()))
    again = reader.driver.among("SELECT event, position, run FROM usage", "event", suspects)
    dead = set(suspects) - {
        bytes(event) for event, position, run in again if position <= as_of and counts(position, run)
    }
    events = {
        position: bytes(event)
        for position, event in reader.driver.among(
            "SELECT position, event FROM usage", "position", sorted(replacements) if dead else []
        )
    }
    orphans: set[bytes] = set()
    for position in sorted(events):  # a replacement of a replacement comes after it
        if replacements[position] in dead | orphans:
            orphans.add(events[position])
    return orphans


def fold_ledger(
    reader: Reader, spec: SummarySpec, as_of: int, *, part: tuple[int, int] | None = None
) -> SummaryState:
    """Fold the effective events of a spec's window into groups, in one pass whose memory does not grow.

    Args:
        reader: The ledger.
        spec: What is asked.
        as_of: The position that decides what is effective.
        part: Only facts after the first and up to the second position; states of disjoint parts merge.
    """
    counts = counting(reader, as_of)
    excluded = taken_back(reader, as_of, counts)
    same_subject = _aliases(reader, as_of)
    known = shapes(reader)
    length, window = window_of(spec)
    state = SummaryState(parts=[part or (0, as_of)])
    found: dict[tuple[int, str], tuple[Group | None, bool]] = {}
    for position, shape, subject, occurred_at, whole, nanos, sequence, run, event in _rows(
        reader, spec, part or (0, as_of)
    ):
        if run is not None and not counts(position, run):
            continue
        at = (shape, occurred_at[:length])
        entry = found.get(at)
        if entry is None:
            if len(found) >= _REMEMBERED:
                found.clear()
            labels = known[shape]
            key = _key(spec, labels, window(occurred_at))
            group = None
            if key is not None:
                group = state.groups.setdefault(key, Group())
                state.sources.add(labels.source)
            entry = found[at] = (group, labels.entry_type == "adjustment")
        group, adjusts = entry
        if group is None or (excluded and event in excluded):
            continue
        if same_subject:
            subject = same_subject[subject]  # noqa: PLW2901  read as its newer reference
        if adjusts:
            group.adjust(subject, whole * SCALE + nanos)
        else:
            group.add(subject, occurred_at, whole * SCALE + nanos, sequence, event)
    # a group whose every event was taken back is no group
    state.groups = {
        key: group for key, group in state.groups.items() if group.count or group.adjustment_count
    }
    return state


def _rows(reader: Reader, spec: SummarySpec, part: tuple[int, int]) -> Iterator[Row]:
    after, end = part
    while page := reader.driver.rows(_ROWS, (after, end, spec.window.from_, spec.window.to, _PAGE)):
        yield from page
        after = page[-1][0]
        if len(page) < _PAGE:
            return


def _key(spec: SummarySpec, shape: Shape, window: tuple[str, str]) -> GroupKey | None:
    """Return the group of a shape, or ``None`` where the spec does not ask for it. Reversals act by their target."""
    if shape.entry_type == "reversal" or (spec.source is not None and shape.source != spec.source):
        return None
    return GroupKey(
        shape.event_type if spec.by_event_type else "",
        shape.plan_key if spec.by_plan else "",
        shape.unit,
        window,
        tuple((name, shape.dimensions[name]) for name in spec.dimensions if name in shape.dimensions),
    )


def _aliases(reader: Reader, as_of: int) -> dict[int, int]:
    """Return, for each subject that has a newer reference, the number that both count as."""
    pairs: dict[str, str] = dict(
        reader.driver.rows("SELECT old, new FROM aliases WHERE position <= ?", (as_of,))
    )
    if not pairs:
        return {}
    numbers: dict[str, int] = dict(reader.driver.rows("SELECT label, subject FROM subjects"))
    first: dict[str, int] = {}
    same: dict[int, int] = {}
    for label, number in numbers.items():
        newest, seen = label, {label}
        while newest in pairs and pairs[newest] not in seen:
            newest = pairs[newest]
            seen.add(newest)
        if newest in pairs:
            newest = min(seen)  # a rotation back to an earlier key
        same[number] = first.setdefault(newest, number)
    return same
