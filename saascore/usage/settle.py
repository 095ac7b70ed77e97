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
from saascore.ledger.usage_row import UsageColumns, UsageRow
from saascore.ledger.writer import Writer
from saascore.usage.corrections import derived_key, reversal_problem
from saascore.usage.picked import Answers
from saascore.usage.verdict import Refusal, Verdict, Verdicts, event_id_in

Bounds = tuple[UtcInstant, UtcInstant]


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
        verdicts: list[Verdict | None] = [None] * len(batch)
        rows: list[UsageRow] = []
        places: list[int] = []

        def append() -> None:
            if rows:
                settled = self._append([batch[place][0] for place in places], UsageColumns.of(rows))
                for place, verdict in zip(places, settled, strict=True):
                    verdicts[place] = verdict
                rows.clear()
                places.clear()

        for place, (number, item) in enumerate(batch):
            if isinstance(item, UsageRow) and item.entry in _PLAIN and self._accepts(item.occurred_at):
                rows.append(item)  # the common case goes in at once
                places.append(place)
            elif isinstance(item, Refusal):
                verdicts[place] = _refused(number, item)
            else:
                append()
                one = self._fact(number, item) if isinstance(item, NewFact) else self._one(number, item)
                verdicts[place] = one
        append()
        return [verdict for verdict in verdicts if verdict is not None]

    def settle_mapped(self, numbers: Sequence[int], answers: Answers) -> Verdicts:
        """Give every record that was mapped its outcome, as :meth:`settle` does, column by column."""
        rows, refusals = answers.rows, answers.refusals
        times = rows.occurred_at
        if not times or not (self._accepts(min(times)) and self._accepts(max(times))):
            return Verdicts.of(self.settle(list(zip(numbers, answers, strict=True))))
        refused = {place: _refused(numbers[place], refusal) for place, refusal in refusals.items()}
        own = [number for place, number in enumerate(numbers) if place not in refused] if refused else numbers
        settled = self._append(own, rows)
        return settled.among(numbers, refused) if refused else settled

    def release(self, number: int) -> Verdict:
        """Take an event off the shelf and settle it, whatever its age.

        Raises:
            SaascoreError: ``LED-007`` where nothing of that number is held (any more).
        """
        row = UsageRow.of(UsageEvent.parse_json(take_off(self.writer.driver, number).body))
        return self._one(number, row) if row.entry not in _PLAIN else self._append_one(number, row)

    def _accepts(self, occurred_at: UtcInstant) -> bool:
        return self.bounds is None or self.bounds[0] <= occurred_at <= self.bounds[1]

    def _append_one(self, number: int, row: UsageRow) -> Verdict:
        return self._append([number], UsageColumns.of([row]))[0]

    def _append(self, numbers: Sequence[int], rows: UsageColumns) -> Verdicts:
        positions, taken = self.writer.append_usage(rows)
        places = {index: Placed(positions[index], new=False, by=by) for index, by in taken.items()}
        others = self._known(numbers, rows, places)
        if anything_waits(self.writer.driver):
            self._release_waiting(list(rows.without(taken).events))
        return Verdicts(numbers, positions, rows.bodies, others)

    def _one(self, number: int, row: UsageRow) -> Verdict:
        """Settle an event that may have to wait: outside the window, or for what it corrects."""
        if (place := self.writer.owner(row)) is not None:
            return self._known([number], UsageColumns.of([row]), {0: place})[0]
        if row.entry in _PLAIN:
            reason = "too-old" if self.bounds and row.occurred_at < self.bounds[0] else "too-early"
            return self._hold(number, row, reason, None)
        encoded = json.loads(row.body)
        target = _waits_for(encoded)
        position = self.writer.find_event(target)
        if position is None:
            return self._hold(number, row, "pending-target", target)
        if row.entry == "reversal":
            problem = reversal_problem(encoded, json.loads(self.writer.bodies_at([position])[position]))
            if problem:
                return Verdict(number, "rejected", ("USG-004",), (problem,))
        return self._append_one(number, row)

    def _known(
        self, numbers: Sequence[int], rows: UsageColumns, places: Mapping[int, Placed]
    ) -> dict[int, Verdict]:
        """Compare events with the stored ones; a duplicate of a run's event is a claim of live traffic on it.

        Args:
            numbers: The records' numbers.
            rows: The events.
            places: What has taken their keys or event ids, by their index.
        """
        positions = [place.position for place in places.values()]
        bodies, runs = self.writer.bodies_at(positions), self.writer.runs_of(positions)
        verdicts: dict[int, Verdict] = {}
        for index, (position, _, by) in places.items():
            number, stored = numbers[index], bodies[position]
            event_id = event_id_in(stored)
            if by == "event":
                fields: tuple[str, ...] = ("event_id",)
                verdict = Verdict(number, "conflict", ("event-id-reused",), fields, position, event_id)
            elif rows.bodies[index] != stored and (fields := self._differing(rows.row(index), stored)):
                verdict = Verdict(number, "conflict", (), fields, position, event_id)
            else:
                verdict = Verdict(number, "duplicate", (), (), position, event_id)
                if position in runs:
                    claim(self.writer, rows.sources[index], {position: event_id}, origin="live")
            verdicts[index] = verdict
        return verdicts

    def _differing(self, row: UsageRow, body: str) -> tuple[str, ...]:
        stored: dict[str, Any] = json.loads(body)
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
        return Verdict(number, "held", (reason,), event_id=event_id_in(row.body))

    def _release_waiting(self, events: list[bytes]) -> None:
        """Append what has waited for events that are in the ledger now; what does not fit stays, and says so."""
        for held in waiting_for(self.writer.driver, events):
            row = UsageRow.of(UsageEvent.parse_json(held.body))
            if self._fits(held, row):
                take_off(self.writer.driver, held.number)
                self._append_one(0, row)
            else:
                self.writer.driver.run(
                    "UPDATE held SET reason = 'unfit', target = NULL WHERE number = ?", (held.number,)
                )

    def _fits(self, held: Held, row: UsageRow) -> bool:
        if row.entry != "reversal" or row.corrects is None:
            return True
        position = self.writer.find_event(row.corrects)
        return position is not None and not reversal_problem(
            json.loads(held.body), json.loads(self.writer.bodies_at([position])[position])
        )

    def _fact(self, number: int, fact: NewFact) -> Verdict:
        place = self.writer.append([fact])[0]
        if place.new:
            return Verdict(number, "accepted", position=place.position)
        stored = self.writer.bodies_at([place.position])[place.position]
        differing = _differing(json.loads(fact.body), json.loads(stored))
        return Verdict(number, "conflict" if differing else "duplicate", (), differing, place.position)


_PLAIN = frozenset({"usage", "adjustment"})


def _refused(number: int, refusal: Refusal) -> Verdict:
    return Verdict(number, *refusal[:3], hook=refusal.hook, origin=refusal.origin)


def _waits_for(encoded: dict[str, Any]) -> bytes:
    """A reversal waits for its target, a replacement for its target's reversal."""
    target = encoded["corrects"]
    return storage_key(target if encoded["entry_type"] == "reversal" else derived_key(target, "reversal"))


def _differing(one: dict[str, Any], other: dict[str, Any]) -> tuple[str, ...]:
    """Name the fields, of those that a fingerprint covers, in which two encoded events differ."""
    names = sorted((one.keys() | other.keys()) - NOT_FINGERPRINTED)
    return tuple(name for name in names if one.get(name) != other.get(name))
