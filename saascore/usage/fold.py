"""Summaries as a fold: exact aggregates that merge in any order to the same result.

The state is a commutative monoid over disjoint partitions of the effective events. Sums are integers of 10⁻⁹, so no
order of addition changes them.
"""

from __future__ import annotations

from array import array
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

from saascore.contract.quantities import from_nanos
from saascore.contract.summary import Latest, Totals
from saascore.contract.words import PublicLabel, UtcInstant
from saascore.errors import SaascoreError
from saascore.usage.windows import Bounds


class SubjectNumbers:
    """A set of small integers in four bytes each: what is added is kept as it comes and made distinct now and then."""

    __slots__ = ("_items", "_limit")

    def __init__(self, items: Iterable[int] = ()) -> None:
        self._items = array("I", items)
        self._limit = 1024

    def add(self, item: int) -> None:
        """Put a number in."""
        self._items.append(item)
        if len(self._items) > self._limit:
            self._items = array("I", set(self._items))
            self._limit = max(1024, 2 * len(self._items))

    def update(self, other: SubjectNumbers) -> None:
        """Put all numbers of another set in."""
        self._items = array("I", self.numbers() | other.numbers())
        self._limit = max(1024, 2 * len(self._items))

    def numbers(self) -> set[int]:
        """Return the distinct numbers."""
        return set(self._items)

    def __len__(self) -> int:
        return len(self.numbers())


@dataclass(slots=True)
class Group:
    """Running totals of one group; sums in 10⁻⁹ of the unit, the event of ``latest`` by its storage key."""

    count: int = 0
    nanos: int = 0
    adjustment_count: int = 0
    adjustment_nanos: int = 0
    min: int | None = None
    max: int | None = None
    latest: tuple[UtcInstant, int, bytes, int] | None = None
    subjects: SubjectNumbers = field(default_factory=SubjectNumbers)

    def add(
        self, subject: int, occurred_at: UtcInstant, nanos: int, sequence: int | None, event: bytes
    ) -> None:
        """Take in one usage entry."""
        self.count += 1
        self.nanos += nanos
        if self.min is None or nanos < self.min:
            self.min = nanos
        if self.max is None or nanos > self.max:
            self.max = nanos
        if self.latest is None or occurred_at >= self.latest[0]:
            self._later((occurred_at, -1 if sequence is None else sequence, event, nanos))
        self.subjects.add(subject)

    def adjust(self, subject: int, nanos: int) -> None:
        """Take in one adjustment: its own count and sum."""
        self.adjustment_count += 1
        self.adjustment_nanos += nanos
        self.subjects.add(subject)

    def merge(self, other: Group) -> None:
        """Take in another group's totals, over other events."""
        self.count += other.count
        self.nanos += other.nanos
        self.adjustment_count += other.adjustment_count
        self.adjustment_nanos += other.adjustment_nanos
        if other.min is not None and other.max is not None:
            self.min = other.min if self.min is None else min(self.min, other.min)
            self.max = other.max if self.max is None else max(self.max, other.max)
        if other.latest is not None:
            self._later(other.latest)
        self.subjects.update(other.subjects)

    def totals(self, *, public: bool = False) -> Totals:
        """Return the totals; a public audience does not see single events (min, max, latest)."""
        shown = self.min is not None and self.max is not None and self.latest is not None and not public
        return Totals(
            count=self.count,
            sum=from_nanos(self.nanos),
            adjustment_count=self.adjustment_count,
            adjustments=from_nanos(self.adjustment_nanos),
            min=from_nanos(self.min) if shown and self.min is not None else None,
            max=from_nanos(self.max) if shown and self.max is not None else None,
            latest=Latest(occurred_at=self.latest[0], quantity=from_nanos(self.latest[3]))
            if shown and self.latest is not None
            else None,
            subjects=len(self.subjects),
        )

    def _later(self, candidate: tuple[UtcInstant, int, bytes, int]) -> None:
        best = self.latest
        if best is None or candidate[:2] > best[:2]:
            self.latest = candidate
        elif candidate[:2] == best[:2] and b32encode(candidate[2]).lower() > b32encode(best[2]).lower():
            # event ids compare as the text they are written in; lower case puts digits first
            self.latest = candidate


@dataclass(frozen=True, slots=True, order=True)
class GroupKey:
    """What makes a group: the labels that the spec groups by, the unit and the window."""

    event_type: PublicLabel
    plan_key: PublicLabel
    unit: PublicLabel
    window: Bounds
    dimensions: tuple[tuple[PublicLabel, PublicLabel], ...]


@dataclass(slots=True)
class SummaryState:
    """Groups over a partition of one ledger's events.

    Attributes:
        groups: Totals by group. Where a spec does not group by a label, it is empty in every key.
        parts: The ranges of positions that the groups cover, each without its first and with its last.
        sources: Who has events there.
    """

    groups: dict[GroupKey, Group] = field(default_factory=dict)
    parts: list[tuple[int, int]] = field(default_factory=list)
    sources: set[PublicLabel] = field(default_factory=set)

    def merge(self, other: SummaryState) -> Self:
        """Take in another partition's state; in any order, with the same result.

        Raises:
            SaascoreError: ``USG-010`` where both cover a position.
        """
        parts = sorted(self.parts + other.parts)
        if any(later[0] < earlier[1] for earlier, later in pairwise(parts)):
            raise SaascoreError("USG-010")
        self.parts = parts
        self.sources |= other.sources
        for key, group in other.groups.items():
            self.groups.setdefault(key, Group()).merge(group)
        return self
