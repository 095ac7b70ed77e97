"""The one writer: inside its transaction facts get their positions and the keys decide what is new."""

# ruff: noqa: S608  table and column names are ours, values are parameters

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from saascore.ledger.arrivals import Measure, count_arrivals, record_deliveries
from saascore.ledger.driver import Driver
from saascore.ledger.facts import Appended, NewFact, Placed, family
from saascore.ledger.keys import storage_key
from saascore.ledger.placing import owners_of, place
from saascore.ledger.reader import Reader
from saascore.ledger.schema import KINDS
from saascore.ledger.usage_row import UsageColumns, UsageRow

_FACT_COLUMNS = ("position", "kind", "scope", "body")


class Writer(Reader):
    """What can be done inside ``Ledger.write()``. Reading through it sees what it has appended.

    Args:
        driver: The connection, in a write transaction.
        head: The position of the last committed fact.
    """

    def __init__(self, driver: Driver, head: int) -> None:
        super().__init__(driver)
        self._head = head
        self._scopes: dict[tuple[str, str], int] = {}

    @property
    def head(self) -> int:
        """The position of the last fact, those of this transaction included."""
        return self._head

    def append(self, facts: Sequence[NewFact]) -> list[Placed]:
        """Append facts of any kind but usage events, each once for its (schema family, source, key).

        Returns:
            One answer a fact, in order. A fact whose key is taken is not appended; of equal keys within ``facts`` the
            first wins.
        """
        scopes = [self.scope(family(fact.schema), fact.source) for fact in facts]
        appended = place(self, self._head, [storage_key(fact.key) for fact in facts], scopes)
        self._head += len(facts) - len(appended.taken)
        placed = [
            Placed(position, index not in appended.taken) for index, position in enumerate(appended.positions)
        ]
        self.driver.insert(
            "facts",
            _FACT_COLUMNS,
            [
                (place.position, KINDS[fact.schema], scope, fact.body)
                for fact, scope, place in zip(facts, scopes, placed, strict=True)
                if place.new
            ],
        )
        topics = {
            (topic, place.position)
            for fact, place in zip(facts, placed, strict=True)
            if place.new
            for topic in fact.topics
        }
        self.driver.insert("topics", ("topic", "position"), sorted(topics))
        return placed

    def append_journal(self, writes: Sequence[tuple[str, str, Iterable[str]]]) -> list[int]:
        """Append rows to the journal, each once.

        Args:
            writes: For each row its write id, its canonical JSON and the topics it can be read by.

        Returns:
            The number of each row, in order; of a write id that is there already, the number it has.
        """
        ids = [storage_key(write_id) for write_id, _, _ in writes]
        known = {
            bytes(row[0]): row[1]
            for row in self.driver.among("SELECT write_id, number FROM journal", "write_id", ids)
        }
        number = int(self.driver.rows("SELECT coalesce(max(number), 0) FROM journal")[0][0])
        rows, topics = [], []
        for write_id, (_, body, words) in zip(ids, writes, strict=True):
            if write_id not in known:
                number += 1
                known[write_id] = number
                rows.append((number, write_id, self._head, body))
                topics += [(topic, number) for topic in sorted(set(words))]
        self.driver.insert("journal", ("number", "write_id", "position", "body"), rows)
        self.driver.insert("journal_topics", ("topic", "number"), topics)
        return [known[write_id] for write_id in ids]

    def append_usage(self, rows: UsageColumns, *, run: int | None = None) -> Appended:
        """Append usage events, each once for its (source, idempotency key) and once for its event id.

        Args:
            rows: Validated usage events.
            run: The number of the backfill or replay run that they belong to.
        """
        scopes = {source: self.scope("usage-event", source) for source in set(rows.sources)}
        appended = place(
            self, self._head, rows.keys, [scopes[source] for source in rows.sources], rows.events
        )
        new = rows.without(appended.taken)
        if new.keys:
            self._insert_usage(new, range(self._head + 1, self._head + 1 + len(new.keys)), scopes, run)
            self._head += len(new.keys)
        return appended

    def _insert_usage(
        self, rows: UsageColumns, positions: Sequence[int], scopes: Mapping[str, int], run: int | None
    ) -> None:
        # by columns: the database's module takes its rows out of zip, and no loop of ours runs
        shapes = self._intern("shapes", "shape", set(rows.shapes))
        subjects = self._intern("subjects", "subject", set(rows.subjects))
        self.driver.insert(
            "facts",
            ("position", "scope", "body"),  # a usage event is the kind by default
            zip(positions, map(scopes.__getitem__, rows.sources), rows.bodies, strict=True),
        )
        columns: dict[str, Iterable[Any]] = {
            "position": positions,
            "shape": map(shapes.__getitem__, rows.shapes),
            "subject": map(subjects.__getitem__, rows.subjects),
            "occurred_at": rows.occurred_at,
            "whole": rows.wholes,
            "event": rows.events,
        }
        # a column of nothing but its default costs as much as any other, and is left to the database
        if any(rows.nanos):
            columns["nanos"] = rows.nanos
        if rows.sequences.count(None) < len(rows.sequences):
            columns["sequence"] = rows.sequences
        if run is not None:
            columns["run"] = repeat(run)
        self.driver.insert("usage", tuple(columns), zip(*columns.values(), strict=False))
        if not any(rows.corrects):
            return
        corrections = [
            (target, at, run, int(entry == "replacement"))
            for target, entry, at in zip(rows.corrects, rows.entries, positions, strict=True)
            if target is not None and entry in ("reversal", "replacement")
        ]
        self.driver.insert("corrections", ("target", "position", "run", "replaces"), corrections)

    def count(self, received_at: str, counts: Mapping[Measure, int]) -> None:
        """Add to the counters of intake; see :class:`~saascore.ledger.arrivals.Measure`."""
        count_arrivals(self.driver, received_at, counts)

    def deliver(self, received_at: str, deliveries: Iterable[tuple[int, bool]]) -> None:
        """Note deliveries: for each the fact's position, and whether its content differed from the stored one."""
        record_deliveries(self.driver, received_at, deliveries)

    def owner(self, row: UsageRow) -> Placed | None:
        """Return what has taken a usage event's key or event id, without appending anything."""
        scope = self.scope("usage-event", row.source)
        if (taken := owners_of(self.driver, [row.key])[scope].get(row.key)) is not None:
            return Placed(taken, new=False)
        by_event = self.find_event(row.event)
        return None if by_event is None else Placed(by_event, new=False, by="event")

    def runs_of(self, positions: Sequence[int]) -> dict[int, int]:
        """Return the number of the run for those usage facts that belong to one."""
        if not positions or not self.driver.rows("SELECT 1 FROM runs LIMIT 1"):
            return {}
        rows = self.driver.among("SELECT position, run FROM usage", "position", sorted(set(positions)))
        return {position: run for position, run in rows if run is not None}

    def scope(self, family_: str, source: str) -> int:
        """Return the number of a scope of idempotency, making it where it is new."""
        name = (family_, source)
        if name not in self._scopes:
            found = self.driver.rows("SELECT scope FROM scopes WHERE family = ? AND source = ?", name)
            if not found:
                found = self.driver.rows("SELECT coalesce(max(scope), 0) + 1 FROM scopes")
                self.driver.insert("scopes", ("scope", "family", "source"), [(found[0][0], *name)])
            self._scopes[name] = int(found[0][0])
        return self._scopes[name]

    def _intern(self, table: str, column: str, labels: set[str]) -> dict[str, int]:
        """Return the number of each label, giving new ones the next numbers."""
        wanted = sorted(labels)
        known: dict[str, int] = dict(
            self.driver.among(f"SELECT label, {column} FROM {table}", "label", wanted)
        )
        missing = [label for label in wanted if label not in known]
        if missing:
            start = int(self.driver.rows(f"SELECT coalesce(max({column}), 0) + 1 FROM {table}")[0][0])
            rows: list[tuple[Any, ...]] = [(start + index, label) for index, label in enumerate(missing)]
            self.driver.insert(table, (column, "label"), rows)
            known.update((label, number) for number, label in rows)
        return known
