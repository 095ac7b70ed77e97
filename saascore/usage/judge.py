"""What a run does with a source row whose key is in the ledger already: leave it, report it, or amend it."""

from __future__ import annotations

import json
from typing import Any, Literal, NamedTuple

from saascore.contract.runs import RunKind
from saascore.contract.usage import NOT_FINGERPRINTED, Correction, UsageEvent
from saascore.ledger.aliases import same_subject
from saascore.ledger.keys import storage_key
from saascore.ledger.reader import Reader
from saascore.usage.corrections import derived_key, replacement_of, reversal_of
from saascore.usage.effective import Counts

#: What makes a mapped event differ from a stored one; a correction's own fields do not.
_COMPARED_BUT = NOT_FINGERPRINTED | {"corrects", "correction"}
_AMENDED = ("event_type", "subject_label", "unit", "quantity", "occurred_at", "dimensions", "source_sequence")


class Amend(NamedTuple):
    """A reversal of the effective event and the event that stands in for it."""

    reversed_event: UsageEvent
    reversal: UsageEvent
    replacement: UsageEvent


class Judgement(NamedTuple):
    """What becomes of a row: ``duplicate``, ``conflict``, ``skipped`` (an operator took it back), or an amend."""

    outcome: Literal["duplicate", "conflict", "skipped", "accepted"]
    amend: Amend | None = None


class Judge:
    """Judges rows of one run.

    Args:
        reader: The ledger.
        kind: A backfill only adds what is missing; a replay amends what is mapped differently now.
        correction: What amends say of who, why and on whose approval.
        counts: Which facts count, as of the run's start.
    """

    def __init__(self, reader: Reader, kind: RunKind, correction: Correction, counts: Counts) -> None:
        self.reader = reader
        self.kind = kind
        self.correction = correction
        self.counts = counts

    def judge(self, body: str, stored: dict[str, Any]) -> Judgement:
        """Compare a mapped event with the stored fact that owns its key, and with what stands in for that."""
        mapped = json.loads(body)
        if self.kind == "backfill":
            return Judgement("duplicate" if self._same(mapped, stored) else "conflict")
        effective = self._effective(stored)
        if effective is None:
            return Judgement("skipped")
        if self._same(mapped, effective):
            return Judgement("duplicate")
        event = UsageEvent.parse(effective)
        changes = {name: mapped.get(name) for name in _AMENDED}
        return Judgement(
            "accepted",
            Amend(
                event,
                reversal_of(event, self.correction),
                replacement_of(event, self.correction, changes),
            ),
        )

    def _effective(self, event: dict[str, Any]) -> dict[str, Any] | None:
        """Follow an event's replacements to the one that nobody has taken back."""
        while self._counting(derived_key(event["event_id"], "reversal")) is not None:
            replacement = self._counting(derived_key(event["event_id"], "replacement"))
            if replacement is None:
                return None
            event = replacement
        return event

    def _same(self, mapped: dict[str, Any], stored: dict[str, Any]) -> bool:
        names = (mapped.keys() | stored.keys()) - _COMPARED_BUT
        differing = {name for name in names if mapped.get(name) != stored.get(name)}
        if differing == {"subject_label"}:
            return same_subject(self.reader, mapped["subject_label"], stored["subject_label"])
        return not differing

    def _counting(self, key: str) -> dict[str, Any] | None:
        position = self.reader.find_event(storage_key(key))
        if position is None:
            return None
        run = self.reader.driver.rows("SELECT run FROM usage WHERE position = ?", (position,))[0][0]
        return json.loads(self.reader.bodies_at([position])[position]) if self.counts(position, run) else None
