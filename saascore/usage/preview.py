"""A run's preview: what it would do, with nothing written, and the digest that binds apply to it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from itertools import islice
from typing import Any, NamedTuple

from saascore.adapters import ProductAdapter
from saascore.contract.canonical import digest
from saascore.contract.instants import to_datetime
from saascore.contract.outcomes import IntakeCounts
from saascore.contract.quantities import SCALE, from_nanos, to_nanos
from saascore.contract.runs import BackfillRun, Manifest, RunDelta, RunKind, RunLimits, RunPreview
from saascore.contract.usage import Correction, UsageEvent
from saascore.contract.window import Window
from saascore.contract.words import CommitSha, Digest, OperatorLabel, PublicLabel
from saascore.drafts import SourceRow
from saascore.errors import SaascoreError
from saascore.ledger import Ledger
from saascore.ledger.runs import owners
from saascore.ledger.usage_row import UsageRow
from saascore.privacy.references import Redactor, ReferenceKeys
from saascore.usage.effective import counting
from saascore.usage.judge import Judge
from saascore.usage.mapping import Engine, UsageMapper, map_here
from saascore.usage.submit import mapper_for
from saascore.usage.verdict import Refusal

_MANIFEST = "saascore/run-manifest/1"
_FACTS = "saascore/run-facts/1"
_CHUNK = 4096
_Group = tuple[PublicLabel, PublicLabel, PublicLabel]


class Audit(NamedTuple):
    """Who runs it, on whose approval, why, and with which code."""

    operator: OperatorLabel
    approval: OperatorLabel
    reason: PublicLabel
    commit_sha: CommitSha | None = None


class RunningDigest:
    """A digest over lines, under a domain tag."""

    def __init__(self, domain: str) -> None:
        self._hash = hashlib.sha256(domain.encode("ascii") + b"\n")

    def add(self, line: str) -> None:
        """Take in one line."""
        self._hash.update(line.encode("ascii") + b"\n")

    def value(self) -> Digest:
        """Return the digest of what was taken in."""
        return "sha256:" + self._hash.hexdigest()


class SourceReading:
    """A reading of a product's rows that keeps count: the manifest is how many there are and which, as references."""

    def __init__(
        self, product: ProductAdapter, window: Window, redactor: Redactor, limits: RunLimits
    ) -> None:
        self._rows = product.read_source_rows(window)
        self._redactor = redactor
        self._limits = limits
        self._digest = RunningDigest(_MANIFEST)
        self.count = 0

    def __iter__(self) -> Iterator[SourceRow]:
        for row in self._rows:
            self.count += 1
            if self.count > self._limits.rows:
                raise SaascoreError("USG-008", where="rows")
            self._digest.add(self._redactor.redact("source-row", *row.cursor))
            yield row

    def manifest(self) -> Manifest:
        """Return the manifest of what was read so far."""
        return Manifest(rows=self.count, digest=self._digest.value())


def preview_digest(run: BackfillRun, facts_digest: Digest) -> Digest:
    """Return the digest that binds what is applied: parameters, adapter, manifest and mapped facts; not the ledger."""
    return digest("saascore/run-preview/1", {"run": run.to_json(), "facts": facts_digest})


def run_mapper(
    ledger: Ledger, product: ProductAdapter, keys: ReferenceKeys, window: Window, operator: OperatorLabel
) -> UsageMapper:
    """Return the mapper of a run. Plans of its rows count as resolved at the window's end, whenever it runs."""
    return mapper_for(ledger, product, keys, now=window.to, backfill=True, asserted_by=operator)


def preview(
    ledger: Ledger,
    product: ProductAdapter,
    keys: ReferenceKeys,
    window: Window,
    audit: Audit,
    *,
    kind: RunKind = "backfill",
    limits: RunLimits | None = None,
    engine: Engine = map_here,
) -> RunPreview:
    """Read the source, map it, and tell what a run would change; writes nothing.

    Args:
        ledger: What is compared with.
        product: The adapter that reads and maps.
        keys: The configured keys.
        window: At most ``limits.days`` long.
        audit: Who runs it, and why.
        kind: ``backfill`` for rows that are not in the ledger yet, ``replay`` to amend those that map differently now.
        limits: How large a run may be.
        engine: Who maps; this process by default.

    Raises:
        SaascoreError: ``USG-008`` where the window or the source is larger than the limits, or the adapter's failure.
    """
    limits = limits or RunLimits()
    if to_datetime(window.to) - to_datetime(window.from_) > timedelta(days=limits.days):
        raise SaascoreError("USG-008", where="window")
    as_of = ledger.head
    reading = SourceReading(
        product, window, keys.redactor(product.id, key_id=ledger.info.reference_key), limits
    )
    mapper = run_mapper(ledger, product, keys, window, audit.operator)
    correction = Correction(operator=audit.operator, approval=audit.approval, reason=audit.reason)
    sums = _Sums(Judge(ledger, kind, correction, counting(ledger, as_of)), product.id)
    facts = RunningDigest(_FACTS)
    for mapped in engine(mapper, chunks(reading, limits.chunk), limits.chunk):
        for item in mapped:
            if not isinstance(item, Refusal):
                facts.add(item.body)
        sums.add(mapped)
    run = BackfillRun(
        kind=kind,
        source=product.id,
        window=window,
        manifest=reading.manifest(),
        adapter=product.origin,
        adapter_digest=product.digest,
        limits=limits,
        **audit._asdict(),
    )
    return RunPreview(
        run=run,
        outcomes=IntakeCounts(**sums.outcomes),
        amends=sums.amends,
        delta=sums.delta(window),
        facts_digest=facts.value(),
        preview_digest=preview_digest(run, facts.value()),
        as_of=as_of,
    )


class _Sums:
    """Counts and exact deltas of what a run would do. Keys seen go to a temporary file, so memory does not grow."""

    def __init__(self, judge: Judge, source: PublicLabel) -> None:
        self._judge = judge
        self._source = source
        self._seen = sqlite3.connect("")
        self._seen.execute("CREATE TABLE seen (key BLOB PRIMARY KEY) WITHOUT ROWID")
        self.outcomes: Counter[str] = Counter()
        self.amends = 0
        self._delta: dict[_Group, list[int]] = {}

    def add(self, mapped: Iterable[UsageRow | Refusal]) -> None:
        rows = []
        for item in mapped:
            if isinstance(item, Refusal):
                self.outcomes[item.outcome] += 1
            elif self._seen.execute("INSERT OR IGNORE INTO seen VALUES (?)", (item.key,)).rowcount:
                rows.append(item)
            else:
                self.outcomes["duplicate"] += 1
        owned = owners(self._judge.reader, self._source, [row.key for row in rows])
        stored = self._judge.reader.bodies_at(list(owned.values()))
        for row in rows:
            position = owned.get(row.key)
            if position is None:
                self.outcomes["accepted"] += 1
                event_type, plan_key, unit = json.loads(row.shape)[:3]
                self._change((event_type, plan_key, unit), 1, row.whole * SCALE + row.nanos)
                continue
            judgement = self._judge.judge(row.body, json.loads(stored[position]))
            self.outcomes[judgement.outcome] += 1
            if judgement.amend:
                self.amends += 1
                for event, sign in ((judgement.amend.reversed_event, -1), (judgement.amend.replacement, 1)):
                    self._change(_group(event), sign, sign * to_nanos(event.quantity))

    def delta(self, window: Window) -> tuple[RunDelta, ...]:
        with closing(self._seen):
            return tuple(
                RunDelta(
                    event_type=group[0],
                    plan_key=group[1],
                    unit=group[2],
                    window=window,
                    count=count,
                    sum=from_nanos(nanos),
                )
                for group, (count, nanos) in sorted(self._delta.items())
                if count or nanos
            )

    def _change(self, group: _Group, count: int, nanos: int) -> None:
        change = self._delta.setdefault(group, [0, 0])
        change[0] += count
        change[1] += nanos


def _group(event: UsageEvent) -> _Group:
    return event.event_type, event.plan_key, event.unit


def chunks(rows: Iterable[SourceRow], size: int) -> Iterator[list[Mapping[str, Any]]]:
    """Yield the records of source rows, at most so many at a time: what is sent to a worker together."""
    stream, most = iter(rows), min(size, _CHUNK)
    while chunk := [row.record for row in islice(stream, most)]:
        yield chunk
