"""What became of records, in the light form that flows through a submission."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, final, overload

from saascore.contract.outcomes import AdapterOrigin, Outcome, OutcomeKind
from saascore.errors import SaascoreError


@final
class Refusal(NamedTuple):
    """Why a record gives no event: rejected or skipped, by which codes, fields, hook and adapter. No value."""

    outcome: OutcomeKind
    codes: tuple[str, ...]
    fields: tuple[str, ...] = ()
    hook: str | None = None
    origin: AdapterOrigin | None = None

    @classmethod
    def of(cls, error: SaascoreError, *fields: str) -> Refusal:
        """Refuse a record for an error; an adapter's failure names its hook and origin."""
        failure = getattr(error, "failure", None)
        if failure is None:
            return cls("rejected", (error.code,), fields)
        if failure.field:
            fields = (failure.field.partition(":")[0].rpartition(".")[2] or failure.field,)
        return cls("rejected", (error.code,), fields, failure.hook.replace("_", "-"), failure.origin)


class Verdict(NamedTuple):
    """One record's outcome, as :class:`~saascore.contract.outcomes.Outcome` publishes it."""

    record: int
    outcome: OutcomeKind
    codes: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    position: int | None = None
    event_id: str | None = None
    hook: str | None = None
    origin: AdapterOrigin | None = None

    def public(self) -> Outcome:
        """Return the outcome as a model of the contract."""
        return Outcome(**self._asdict())


_EVENT_ID = '"event_id":"'


def event_id_in(body: str) -> str:
    """Return the event id of a usage event's canonical JSON."""
    start = body.index(_EVENT_ID) + len(_EVENT_ID)
    return body[start : body.index('"', start)]


@final
class Verdicts(Sequence[Verdict]):
    """The outcomes of a batch, in input order. Those that were accepted become verdicts when they are asked for.

    Args:
        numbers: The records' numbers.
        positions: For each event that was handed to the ledger, where it stands.
        bodies: Their canonical JSON.
        others: The verdicts of those that were not appended, by their index among the events.
        refused: The verdicts of records that gave no event, by their place among all records.
    """

    def __init__(
        self,
        numbers: Sequence[int],
        positions: Sequence[int] = (),
        bodies: Sequence[str] = (),
        others: Mapping[int, Verdict] | None = None,
        refused: Mapping[int, Verdict] | None = None,
    ) -> None:
        self._numbers = numbers
        self.positions = positions
        self._bodies = bodies
        self._refused = refused or {}
        self.others = others or {}

    @classmethod
    def of(cls, verdicts: Sequence[Verdict]) -> Verdicts:
        """Take verdicts that are there already."""
        return cls([verdict.record for verdict in verdicts], refused=dict(enumerate(verdicts)))

    def among(self, numbers: Sequence[int], refused: Mapping[int, Verdict]) -> Verdicts:
        """Return these outcomes of events among those of records that gave none."""
        return Verdicts(numbers, self.positions, self._bodies, self.others, refused)

    def told(self) -> Iterator[Verdict]:
        """Yield the verdicts that are there: those that may say why."""
        return chain(self.others.values(), self._refused.values())

    def outcomes(self) -> Counter[str]:
        """Count the outcomes."""
        found = Counter[str](verdict.outcome for verdict in self.told())
        if accepted := len(self.positions) - len(self.others):
            found["accepted"] += accepted
        return found

    def reasons(self) -> Counter[str]:
        """Count the codes."""
        return Counter(code for verdict in self.told() for code in verdict.codes)

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[Verdict]:
        index = 0
        for place, number in enumerate(self._numbers):
            if (verdict := self._refused.get(place)) is None:
                verdict = self.others.get(index) or Verdict(
                    number,
                    "accepted",
                    position=self.positions[index],
                    event_id=event_id_in(self._bodies[index]),
                )
                index += 1
            yield verdict

    @overload
    def __getitem__(self, index: int) -> Verdict: ...
    @overload
    def __getitem__(self, index: slice) -> list[Verdict]: ...
    def __getitem__(self, index: int | slice) -> Verdict | list[Verdict]:
        return list(self)[index]
