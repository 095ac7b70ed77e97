"""Settling a batch inside a write transaction: what is new, what came before, what has to wait."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from saascore.contract.instants import parse_instant, to_datetime
from saascore.contract.usage import NOT_FINGERPRINTED, UsageEvent
from saascore.contract.words import UtcInstant
from saascore.ledger.aliases import same_subject
from saascore.ledger.claims import claim
from saascore.ledger.facts import NewFact, Placed
from saascore.ledger.keys import storage_key
from saascore.ledger.shelf import Held, anything_waits, shelve, shelved, take_off, waiting_for
from saascore.ledger.usage_row import UsageRow
from saascore.ledger.writer import Writer
from saascore.usage.corrections import derived_key, reversal_problem
from saascore.usage.verdict import Refusal, Verdict

Bounds = tuple[UtcInstant, UtcInstant]
_EVENT_ID = '"event_id":"'


class Acceptance(NamedTuple):
    """How far from the clock an event may lie: what is older or earlier is held. Corrections may be of any age."""

    back: timedelta = timedelta(days=34)
    ahead: timedelta = timedelta(minutes=5)

    def bounds(self, now: UtcInstant) -> Bounds:
        """Return the first and the last instant that is accepted at a time."""
        moment = to_datetime(now)
        return parse_instant(moment - self.back), parse_instant(moment + self.ahead)


class Settlement:
    """Settles batches in one write transaction.

    Args:
        writer: The transaction.
        now: When the records were received.
        bounds: First and last instant that is accepted; ``None`` accepts any.
    """

    def __init__(self, writer: Writer, *, now: UtcInstant, bounds: Bounds | None) -> None:
        self.writer = writer
        self.now = now
        self.bounds = bounds

    def settle(self, batch: Sequence[tuple[int, UsageRow | NewFact | Refusal]]) -> list[Verdict]:
        """Give every record its outcome, in input order; of equal keys the first wins."""
        first, last = self.bounds or ("", "~")
        verdicts: list[Verdict | None] = [None] * len(batch)
        rows: list[tuple[int, UsageRow]] = []
        places: list[int] = []

        def append() -> None:
            if rows:
                for place, verdict in zip(places, self._append(rows), strict=True):
                    verdicts[place] = verdict
                rows.clear()
                places.clear()

        for place, (number, item) in enumerate(batch):
            if type(item) is UsageRow and item.entry in _PLAIN and first <= item.occurred_at <= last:
                rows.append((number, item))  # the common case goes in at once
                places.append(place)
            elif isinstance(item, Refusal):
                verdicts[place] = Verdict(number, *item[:3], hook=item.hook, origin=item.origin)
            else:
                append()
                one = self._fact(number, item) if isinstance(item, NewFact) else self._one(number, item)
                verdicts[place] = one
        append()
        return [verdict for verdict in verdicts if verdict is not None]

    def release(self, number: int) -> Verdict:
        """Take an event off the shelf and settle it, whatever its age.

        Raises:
            SaascoreError: ``LED-007`` where nothing of that number is held (any more).
        """
        row = UsageRow.of(UsageEvent.parse_json(take_off(self.writer.driver, number).body))
        return self._one(number, row) if row.entry not in _PLAIN else self._append([(number, row)])[0]

    def _append(self, rows: Sequence[tuple[int, UsageRow]]) -> list[Verdict]:
        appended = self.writer.append_usage([row for _, row in rows])
        verdicts = [
            Verdict(number, "accepted", (), (), position, _event_id(row.body))
            for (number, row), position in zip(rows, appended.positions, strict=True)
        ]
        if appended.taken:
            known = {index: appended.positions[index] for index in appended.taken}
            stored = self.writer.stored(list(known.values()))
            runs = self.writer.runs_of(list(known.values()))
            for index, position in known.items():
                number, row = rows[index]
                place = Placed(position, new=False, by=appended.taken[index])
                verdicts[index] = self._known(number, row, stored[position].body, place, runs)
        if anything_waits(self.writer.driver):
            self._release_waiting(
                [row.event for index, (_, row) in enumerate(rows) if index not in appended.taken]
            )
        return verdicts

    def _one(self, number: int, row: UsageRow) -> Verdict:
        """Settle an event that may have to wait: outside the window, or for what it corrects."""
        if (place := self.writer.owner(row)) is not None:
            stored = self.writer.stored([place.position])[place.position].body
            return self._known(number, row, stored, place, self.writer.runs_of([place.position]))
        if row.entry in _PLAIN:
            reason = "too-old" if self.bounds and row.occurred_at < self.bounds[0] else "too-early"
            return self._hold(number, row, reason, None)
        encoded = json.loads(row.body)
        target = _waits_for(encoded)
        position = self.writer.find_event(target)
        if position is None:
            return self._hold(number, row, "pending-target", target)
        if row.entry == "reversal":
            problem = reversal_problem(encoded, self.writer.stored([position])[position].json())
            if problem:
                return Verdict(number, "rejected", ("USG-004",), (problem,))
        return self._append([(number, row)])[0]

    def _known(
        self, number: int, row: UsageRow, stored: str, place: Placed, runs: Mapping[int, int]
    ) -> Verdict:
        """Compare with the stored event; a duplicate of a run's event is a claim of live traffic on it."""
        event_id = _event_id(stored)
        if place.by == "event":
            return Verdict(number, "conflict", ("event-id-reused",), ("event_id",), place.position, event_id)
        differing = () if row.body == stored else self._differing(row, json.loads(stored))
        if differing:
            return Verdict(number, "conflict", (), differing, place.position, event_id)
        if place.position in runs:
            claim(self.writer, row.source, {place.position: event_id}, origin="live")
        return Verdict(number, "duplicate", (), (), place.position, event_id)

    def _differing(self, row: UsageRow, stored: dict[str, Any]) -> tuple[str, ...]:
        differing = _differing(json.loads(row.body), stored)
        if "subject_label" in differing and same_subject(self.writer, row.subject, stored["subject_label"]):
            differing = tuple(name for name in differing if name != "subject_label")
        return differing

    def _hold(self, number: int, row: UsageRow, reason: str, target: bytes | None) -> Verdict:
        scope = self.writer.scope("usage-event", row.source)
        if (waiting := shelved(self.writer.driver, scope, row.key)) is not None:
            differing = _differing(json.loads(row.body), json.loads(waiting.body))
            return Verdict(number, "conflict" if differing else "held", (waiting.reason,), differing)
        shelve(self.writer.driver, row, scope, reason, self.now, target=target)
        return Verdict(number, "held", (reason,), event_id=_event_id(row.body))

    def _release_waiting(self, events: list[bytes]) -> None:
        """Append what has waited for events that are in the ledger now; what does not fit stays, and says so."""
        for held in waiting_for(self.writer.driver, events):
            row = UsageRow.of(UsageEvent.parse_json(held.body))
            if self._fits(held, row):
                take_off(self.writer.driver, held.number)
                self._append([(0, row)])
            else:
                self.writer.driver.run(
                    "UPDATE held SET reason = 'unfit', target = NULL WHERE number = ?", (held.number,)
                )

    def _fits(self, held: Held, row: UsageRow) -> bool:
        if row.entry != "reversal" or row.corrects is None:
            return True
        position = self.writer.find_event(row.corrects)
        return position is not None and not reversal_problem(
            json.loads(held.body), self.writer.stored([position])[position].json()
        )

    def _fact(self, number: int, fact: NewFact) -> Verdict:
        place = self.writer.append([fact])[0]
        if place.new:
            return Verdict(number, "accepted", position=place.position)
        stored = self.writer.stored([place.position])[place.position].json()
        differing = _differing(json.loads(fact.body), stored)
        return Verdict(number, "conflict" if differing else "duplicate", (), differing, place.position)


_PLAIN = frozenset({"usage", "adjustment"})


def _event_id(body: str) -> str:
    start = body.index(_EVENT_ID) + len(_EVENT_ID)
    return body[start : body.index('"', start)]


def _waits_for(encoded: dict[str, Any]) -> bytes:
    """A reversal waits for its target, a replacement for its target's reversal."""
    target = encoded["corrects"]
    return storage_key(target if encoded["entry_type"] == "reversal" else derived_key(target, "reversal"))


def _differing(one: dict[str, Any], other: dict[str, Any]) -> tuple[str, ...]:
    """Name the fields, of those that a fingerprint covers, in which two encoded events differ."""
    names = sorted((one.keys() | other.keys()) - NOT_FINGERPRINTED)
    return tuple(name for name in names if one.get(name) != other.get(name))
