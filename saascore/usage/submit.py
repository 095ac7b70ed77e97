"""Submitting usage: every record gets exactly one outcome, in input order, and a bad one never loses a good one."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice, repeat
from typing import Any, Protocol

from saascore.contract.instants import parse_instant, to_datetime
from saascore.contract.words import OperatorLabel, PublicLabel, UtcInstant
from saascore.errors import SaascoreError
from saascore.ledger import Ledger, Measure, NewFact
from saascore.ledger.pinned import check_keys
from saascore.ledger.usage_row import UsageRow
from saascore.privacy.references import ReferenceKeys
from saascore.telemetry import log_batch, span
from saascore.usage.mapping import Product, UsageMapper
from saascore.usage.memory import no_collection
from saascore.usage.settle import Acceptance, Settlement
from saascore.usage.verdict import Refusal, Verdict

Prepared = UsageRow | NewFact | Refusal
Prepare = Callable[[Mapping[str, Any]], Prepared]
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
        """The object, or what an engine has made of it; ``None`` where there is a problem."""
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
        stream, fault = iter(records), None
        while batch := list(islice(stream, chunk)):
            if fault is None:
                try:
                    with no_collection():
                        verdicts = self.commit(prepared(batch, prepare))
                    yield from verdicts
                except SaascoreError as error:
                    if error.code != "LED-005":
                        raise
                    fault = error.code
            if fault is not None:
                yield from (Verdict(record.number, "unprocessed", (fault,)) for record in batch)

    def run_atomic(
        self, records: Iterable[RecordLike], prepare: Prepare, *, chunk: int = CHUNK
    ) -> list[Verdict]:
        """Commit all records or none: one that is rejected, held or in conflict leaves the others ``unprocessed``."""
        verdicts: list[Verdict] = []
        stream = iter(records)
        try:
            with self.ledger.write() as writer:
                settlement = Settlement(writer, now=self.now, bounds=self.bounds)
                while batch := prepared(list(islice(stream, chunk)), prepare):
                    verdicts += settlement.settle(batch)
                    writer.count(self.now, self._tally(batch, verdicts[-len(batch) :]))
                _demand_all(verdicts)
        except _NotAllOfThemError:
            return [_undone(verdict, "atomic") for verdict in verdicts]
        except SaascoreError as error:
            if error.code != "LED-005":
                raise
            rest = [Verdict(record.number, "unprocessed", (error.code,)) for record in stream]
            return [_undone(verdict, error.code) for verdict in verdicts] + rest
        log_batch("usage", self.source, verdicts)
        return verdicts

    def commit(self, batch: Sequence[tuple[int, Prepared]]) -> list[Verdict]:
        """Commit prepared records in one transaction.

        Raises:
            SaascoreError: ``LED-005`` where the store failed; nothing of the batch was kept then.
        """
        with span("usage.commit", source=self.source), self.ledger.write() as writer:
            verdicts = Settlement(writer, now=self.now, bounds=self.bounds).settle(batch)
            writer.count(self.now, self._tally(batch, verdicts))
        log_batch("usage", self.source, verdicts)
        return verdicts

    def _tally(
        self, batch: Sequence[tuple[int, Prepared]], verdicts: Sequence[Verdict]
    ) -> Mapping[Measure, int]:
        sources = [self.source if isinstance(item, Refusal) else item.source for _, item in batch]
        outcomes = Counter(zip(sources, [verdict.outcome for verdict in verdicts], strict=True))
        reasons = Counter(
            (source, code)
            for source, verdict in zip(sources, verdicts, strict=True)
            if verdict.codes
            for code in verdict.codes
        )
        accepted = [
            item
            for (_, item), verdict in zip(batch, verdicts, strict=True)
            if verdict.outcome == "accepted" and type(item) is UsageRow
        ]
        lags = Counter(
            zip(
                [item.source for item in accepted],
                map(bisect_left, repeat(self._lags), [item.occurred_at for item in accepted]),
                strict=True,
            )
        )
        counts: dict[Measure, int] = {}
        for (source, outcome), number in outcomes.items():
            counts[Measure("usage", source, "live", "outcome", outcome)] = number
        for (source, code), number in reasons.items():
            counts[Measure("usage", source, "live", "reason", code)] = number
        for (source, at), number in lags.items():
            counts[Measure("usage", source, "live", "lag", _LAGS[at])] = number
        return counts


_ATOMIC_SUCCESS = frozenset({"accepted", "duplicate", "skipped"})


class _NotAllOfThemError(Exception):
    pass


def _demand_all(verdicts: Sequence[Verdict]) -> None:
    if any(verdict.outcome not in _ATOMIC_SUCCESS for verdict in verdicts):
        raise _NotAllOfThemError


def prepared(records: Sequence[RecordLike], prepare: Prepare) -> list[tuple[int, Prepared]]:
    """Prepare records for committing: each is an event, or why there is none. A mapper is given all at once."""
    values = [
        Refusal("rejected", (record.problem or "INP-001",)) if record.value is None else record.value
        for record in records
    ]
    made: Sequence[Prepared]
    if isinstance(prepare, UsageMapper):
        made = prepare.map(values)
    else:
        made = [value if isinstance(value, Refusal) else prepare(value) for value in values]
    return [(record.number, item) for record, item in zip(records, made, strict=True)]


def _undone(verdict: Verdict, code: str) -> Verdict:
    return Verdict(verdict.record, "unprocessed", (code,)) if verdict.outcome in _ATOMIC_SUCCESS else verdict


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
