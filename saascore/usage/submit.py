"""Submitting usage: every record gets exactly one outcome, in input order, and a bad one never loses a good one."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain, islice, repeat
from typing import Any, NamedTuple, Protocol

from saascore.contract.instants import parse_instant, to_datetime
from saascore.contract.words import OperatorLabel, PublicLabel, UtcInstant
from saascore.errors import SaascoreError
from saascore.ledger import Ledger, Measure, NewFact, Writer
from saascore.ledger.pinned import check_keys
from saascore.ledger.usage_row import UsageRow
from saascore.privacy.references import ReferenceKeys
from saascore.telemetry import log_batch, span
from saascore.usage.mapping import Product, UsageMapper
from saascore.usage.memory import no_collection
from saascore.usage.picked import Answers
from saascore.usage.settle import Acceptance, Settlement
from saascore.usage.verdict import Refusal, Verdict, Verdicts

Prepared = UsageRow | NewFact | Refusal
Prepare = Callable[[Mapping[str, Any]], Prepared]


class Batch(NamedTuple):
    """Records as they are committed together: their numbers, and what each is."""

    numbers: Sequence[int]
    items: Sequence[Prepared]


#: Records a transaction: large enough that index pages are written once for many rows.
CHUNK = 50_000
_LAGS = ("over-7d", "1d-to-7d", "1h-to-1d", "1m-to-1h", "under-1m")
_LAG_SPANS = (timedelta(days=7), timedelta(days=1), timedelta(hours=1), timedelta(minutes=1))


class RecordLike(Protocol):
    """A record as a reader gives it: its number, and its object or the id of what is wrong with it."""

    @property
    def number(self) -> int:
        """From 1, in input order."""
        ...

    @property
    def value(self) -> Any:
        """The object; ``None`` where there is a problem."""
        ...

    @property
    def problem(self) -> str | None:
        """An error id in place of the object."""
        ...


class Submission:
    """Hands usage to a ledger.

    Args:
        ledger: Where to.
        source: The source that refusals are counted under, where a record names none.
        now: The clock: when the records are received.
        acceptance: How old and how early an event may be.
    """

    def __init__(
        self, ledger: Ledger, *, source: PublicLabel, now: UtcInstant, acceptance: Acceptance | None = None
    ) -> None:
        self.ledger = ledger
        self.source = source
        self.now = parse_instant(now)
        self.bounds = (acceptance or Acceptance()).bounds(self.now)
        moment = to_datetime(self.now)
        self._lags = [parse_instant(moment - span) for span in _LAG_SPANS]

    def run(
        self, records: Iterable[RecordLike], prepare: Prepare, *, chunk: int = CHUNK
    ) -> Iterator[Verdict]:
        """Prepare and commit records, a chunk a transaction, and yield their outcomes in input order.

        After a storage fault the rest is ``unprocessed``: what was committed before is kept, and handing everything
        in again is safe.
        """
        for verdicts in self.submit(prepared(records, prepare, chunk)):
            yield from verdicts

    def run_atomic(
        self, records: Iterable[RecordLike], prepare: Prepare, *, chunk: int = CHUNK
    ) -> list[Verdict]:
        """Commit all records or none: one that is rejected, held or in conflict leaves the others ``unprocessed``."""
        return [
            verdict
            for verdicts in self.submit_atomic(prepared(records, prepare, chunk))
            for verdict in verdicts
        ]

    def submit(self, batches: Iterable[Batch]) -> Iterator[Verdicts]:
        """Commit batches, each in a transaction, and yield their outcomes; otherwise as :meth:`run`."""
        fault = None
        for batch in batches:
            if fault is None:
                try:
                    with no_collection():
                        verdicts = self.commit(batch)
                except SaascoreError as error:
                    if error.code != "LED-005":
                        raise
                    fault = error.code
                else:
                    yield verdicts
            if fault is not None:
                yield _unprocessed(batch.numbers, fault)

    def submit_atomic(self, batches: Iterable[Batch]) -> list[Verdicts]:
        """Commit all batches or none; otherwise as :meth:`run_atomic`."""
        settled: list[Verdicts] = []
        begun: list[Sequence[int]] = []
        stream = iter(batches)
        try:
            with self.ledger.write() as writer:
                for batch in stream:
                    begun.append(batch.numbers)
                    settled.append(self._settled(writer, batch))
                _demand_all(settled)
        except _NotAllOfThemError:
            return [_undone(verdicts, "atomic") for verdicts in settled]
        except SaascoreError as error:
            if error.code != "LED-005":
                raise
            rest = chain(begun[len(settled) :], (batch.numbers for batch in stream))
            undone = [_undone(verdicts, error.code) for verdicts in settled]
            return undone + [_unprocessed(numbers, error.code) for numbers in rest]
        self._log(settled)
        return settled

    def commit(self, batch: Batch) -> Verdicts:
        """Commit prepared records in one transaction.

        Raises:
            SaascoreError: ``LED-005`` where the store failed; nothing of the batch was kept then.
        """
        with span("usage.commit", source=self.source), self.ledger.write() as writer:
            verdicts = self._settled(writer, batch)
        self._log([verdicts])
        return verdicts

    def _settled(self, writer: Writer, batch: Batch) -> Verdicts:
        settlement = Settlement(writer, now=self.now, bounds=self.bounds)
        numbers, items = batch
        if isinstance(items, Answers):
            verdicts = settlement.settle_mapped(numbers, items)
        else:
            verdicts = Verdicts.of(settlement.settle(list(zip(numbers, items, strict=True))))
        counts: dict[Measure, int] = {}
        for source, arrived in self._arrived(items, verdicts).items():
            counts.update(arrived.counts(source, self._lags))
        writer.count(self.now, counts)
        return verdicts

    def _arrived(self, items: Sequence[Prepared], verdicts: Verdicts) -> Mapping[PublicLabel, _Arrived]:
        if isinstance(items, Answers) and verdicts.positions:
            times = [at for index, at in enumerate(items.rows.occurred_at) if index not in verdicts.others]
            return {items.source: _Arrived(verdicts.outcomes(), verdicts.reasons(), times)}
        found: defaultdict[PublicLabel, _Arrived] = defaultdict(lambda: _Arrived(Counter(), Counter(), []))
        for item, verdict in zip(items, verdicts, strict=True):
            arrived = found[self.source if isinstance(item, Refusal) else item.source]
            arrived.outcomes[verdict.outcome] += 1
            arrived.reasons.update(verdict.codes)
            if verdict.outcome == "accepted" and isinstance(item, UsageRow):
                arrived.times.append(item.occurred_at)
        return found

    def _log(self, settled: Sequence[Verdicts]) -> None:
        outcomes = sum((verdicts.outcomes() for verdicts in settled), Counter[str]())
        log_batch("usage", self.source, outcomes, (one for verdicts in settled for one in verdicts.told()))


class _Arrived(NamedTuple):
    """What arrived of a source: outcomes, their codes, and when the accepted events occurred."""

    outcomes: Counter[str]
    reasons: Counter[str]
    times: list[UtcInstant]

    def counts(self, source: PublicLabel, lags: Sequence[UtcInstant]) -> Iterator[tuple[Measure, int]]:
        delays = Counter(map(bisect_left, repeat(lags), self.times))
        found = {"outcome": self.outcomes, "reason": self.reasons}
        found["lag"] = Counter({_LAGS[at]: number for at, number in delays.items()})
        for measure, words in found.items():
            for word, number in words.items():
                yield Measure("usage", source, "live", measure, word), number


_ATOMIC_SUCCESS = frozenset({"accepted", "duplicate", "skipped"})


class _NotAllOfThemError(Exception):
    pass


def _demand_all(settled: Iterable[Verdicts]) -> None:
    if any(verdicts.outcomes().keys() - _ATOMIC_SUCCESS for verdicts in settled):
        raise _NotAllOfThemError


def prepared(records: Iterable[RecordLike], prepare: Prepare, chunk: int = CHUNK) -> Iterator[Batch]:
    """Yield records as they are committed, so many at a time: each is an event, or why there is none."""
    stream = iter(records)
    while taken := list(islice(stream, chunk)):
        values = (
            Refusal("rejected", (record.problem or "INP-001",)) if record.value is None else record.value
            for record in taken
        )
        items: Sequence[Prepared]
        if isinstance(prepare, UsageMapper):
            items = prepare.map(values)  # a mapper is given all at once
        else:
            items = [value if isinstance(value, Refusal) else prepare(value) for value in values]
        yield Batch([record.number for record in taken], items)


def numbered(answers: Iterable[Answers]) -> Iterator[Batch]:
    """Yield what an engine has mapped as it is committed; records are numbered from 1."""
    number = 1
    for chunk in answers:
        yield Batch(range(number, number + len(chunk)), chunk)
        number += len(chunk)


def _unprocessed(numbers: Sequence[int], code: str) -> Verdicts:
    return Verdicts.of([Verdict(number, "unprocessed", (code,)) for number in numbers])


def _undone(verdicts: Verdicts, code: str) -> Verdicts:
    return Verdicts.of(
        [
            Verdict(verdict.record, "unprocessed", (code,)) if verdict.outcome in _ATOMIC_SUCCESS else verdict
            for verdict in verdicts
        ]
    )


def mapper_for(
    ledger: Ledger,
    product: Product,
    keys: ReferenceKeys,
    *,
    now: UtcInstant,
    workspaces: str | None = None,
    backfill: bool = False,
    asserted_by: OperatorLabel | None = None,
) -> UsageMapper:
    """Return the mapper of a product for a ledger, with the keys that the ledger asks for.

    Args:
        ledger: Its pinned key makes idempotency keys, its subject key workspaces.
        product: The product's adapter.
        keys: The configured keys.
        now: When plans count as resolved.
        workspaces: The namespace of workspaces, where products share them on purpose; the product's id by default.
        backfill: Whether the rows are of the past; see :class:`UsageMapper`.
        asserted_by: Who answers for asserted plans.

    Raises:
        SaascoreError: ``KEY-003`` where one of the ledger's keys is not configured, ``KEY-005`` where it is another.
    """
    check_keys(ledger, keys)
    info = ledger.info
    return UsageMapper(
        product,
        keys=keys.redactor(product.id, key_id=info.reference_key),
        subjects=keys.redactor(workspaces or product.id, key_id=info.subject_key),
        resolved_at=now,
        backfill=backfill,
        asserted_by=asserted_by,
    )
