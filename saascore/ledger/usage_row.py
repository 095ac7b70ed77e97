"""A usage event as columns: what a summary needs without parsing JSON, and what guards it against coming twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import compress
from typing import Literal, NamedTuple

from saascore.contract.canonical import canonical_bytes
from saascore.contract.model import encode_fact
from saascore.contract.quantities import SCALE, to_nanos
from saascore.contract.usage import UsageEvent
from saascore.ledger.keys import storage_key

Entry = Literal["usage", "reversal", "replacement", "adjustment"]


class UsageRow(NamedTuple):
    """A validated usage event, ready to be appended.

    Attributes:
        source: Who says it; with ``key`` the scope of idempotency.
        key: Storage key of the idempotency key.
        event: Storage key of the event id.
        body: Canonical JSON.
        shape: What summaries group by, as canonical JSON (:func:`shape_label`).
        subject: A workspace's reference, or a label.
        whole: The quantity's integer part rounded down, so that ``whole`` and ``nanos`` add up exactly in SQL.
        nanos: What is left of the quantity, in 10⁻⁹, never negative.
        sequence: The source's own number of the row, if it has one.
        entry: What the event is; a ``replacement`` is a usage entry that stands in for a reversed one.
        corrects: Storage key of the event that it corrects.
    """

    source: str
    key: bytes
    event: bytes
    body: str
    shape: str
    subject: str
    occurred_at: str
    whole: int
    nanos: int
    sequence: int | None = None
    entry: Entry = "usage"
    corrects: bytes | None = None

    @classmethod
    def of(cls, event: UsageEvent) -> UsageRow:
        """Take a usage event apart.

        Raises:
            SaascoreError: ``CON-004`` where it is too large.
        """
        shape = shape_label(
            event.event_type, event.plan_key, event.unit, event.source, event.entry_type, event.dimensions
        )
        replaces = event.entry_type == "usage" and event.corrects is not None
        return cls(
            event.source,
            storage_key(event.idempotency_key),
            storage_key(event.event_id),
            encode_fact(event).decode(),
            shape,
            event.subject_label,
            event.occurred_at,
            *split_quantity(event.quantity),
            event.source_sequence,
            "replacement" if replaces else event.entry_type,
            storage_key(event.corrects) if event.corrects else None,
        )


class UsageColumns(NamedTuple):
    """Usage events column by column, as a ledger takes them: no object for each, and the loops are the database's.

    The attributes are those of :class:`UsageRow`, each with a value for every event.
    """

    sources: Sequence[str] = ()
    keys: Sequence[bytes] = ()
    events: Sequence[bytes] = ()
    bodies: Sequence[str] = ()
    shapes: Sequence[str] = ()
    subjects: Sequence[str] = ()
    occurred_at: Sequence[str] = ()
    wholes: Sequence[int] = ()
    nanos: Sequence[int] = ()
    sequences: Sequence[int | None] = ()
    entries: Sequence[Entry] = ()
    corrects: Sequence[bytes | None] = ()

    @classmethod
    def of(cls, rows: Iterable[UsageRow]) -> UsageColumns:
        """Turn rows into columns."""
        return cls(*zip(*rows, strict=True))

    def rows(self) -> Iterator[UsageRow]:
        """Yield the events as rows."""
        return map(UsageRow._make, zip(*self, strict=True))

    def row(self, index: int) -> UsageRow:
        """Return one event as a row."""
        return UsageRow._make(column[index] for column in self)

    def without(self, indexes: Collection[int]) -> UsageColumns:
        """Return all events but those at some indexes."""
        if not indexes:
            return self
        kept = [index not in indexes for index in range(len(self.keys))]
        return UsageColumns._make(list(compress(column, kept)) for column in self)


def shape_label(  # noqa: PLR0917  the order is the order in the text
    event_type: str, plan_key: str, unit: str, source: str, entry_type: str, dimensions: dict[str, str]
) -> str:
    """Return the labels of an event that summaries group and filter by, as one canonical text."""
    return canonical_bytes([event_type, plan_key, unit, source, entry_type, dimensions]).decode()


@lru_cache(maxsize=65_536)
def split_quantity(quantity: str) -> tuple[int, int]:
    """Split a canonical quantity into whole units (rounded down) and nanos (never negative)."""
    return divmod(to_nanos(quantity), SCALE)
