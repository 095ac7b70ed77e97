"""Runs: what was previewed is staged in chunks, moved into the ledger in one transaction, and can be taken back whole."""

from __future__ import annotations

import hashlib
import json
from base64 import b32encode
from collections import Counter
from collections.abc import Callable
from itertools import islice

from saascore.adapters import AdapterFailure, ProductAdapter
from saascore.contract.instants import parse_instant
from saascore.contract.outcomes import IntakeCounts
from saascore.contract.runs import RunApplied, RunPreview, RunReverted
from saascore.contract.usage import Correction
from saascore.contract.words import Digest, RunId, UtcInstant
from saascore.errors import SaascoreError
from saascore.ledger import Ledger, NewFact, Writer
from saascore.ledger.claims import claim
from saascore.ledger.runs import (
    Run,
    applied_with,
    drop_staging,
    next_run,
    open_run,
    release_keys,
    run_of,
    set_state,
    stage,
    staged,
)
from saascore.ledger.usage_row import UsageColumns, UsageRow
from saascore.privacy.references import ReferenceKeys
from saascore.telemetry import log_event
from saascore.usage.effective import counting
from saascore.usage.judge import Judge
from saascore.usage.mapping import Engine, map_here
from saascore.usage.preview import Audit, RunningDigest, SourceReading, chunks, preview_digest, run_mapper
from saascore.usage.verdict import Refusal, event_id_in

_FACTS = "saascore/run-facts/1"
Progress = Callable[[int], None]


def apply(
    ledger: Ledger,
    product: ProductAdapter,
    keys: ReferenceKeys,
    preview: RunPreview,
    *,
    now: UtcInstant,
    progress: Progress | None = None,
    engine: Engine = map_here,
) -> RunApplied:
    """Do what a preview showed. The same preview again answers what its run has done already.

    Args:
        ledger: Where to.
        product: The adapter that made the preview.
        keys: The configured keys.
        preview: What was previewed, whole.
        now: The clock.
        progress: Told how many source rows are staged.
        engine: Who maps; this process by default. The result is the same, byte for byte.

    Raises:
        SaascoreError: ``USG-005`` where the preview was altered, or source, adapter or mapping have changed since;
            ``USG-006`` where the source has an open run.
    """
    if preview.preview_digest != preview_digest(preview.run, preview.facts_digest):
        raise SaascoreError("USG-005", where="preview_digest")
    if (done := applied_with(ledger, preview.preview_digest)) is not None:
        return _applied_fact(ledger, done)
    _same_adapter(product, preview)
    with ledger.write() as writer:
        run_id = _run_id(preview.preview_digest, next_run(writer))
        open_run(writer, run_id, preview, started_at=parse_instant(now))
    return resume(ledger, product, keys, run_id, now=now, progress=progress, engine=engine)


def resume(
    ledger: Ledger,
    product: ProductAdapter,
    keys: ReferenceKeys,
    run_id: RunId,
    *,
    now: UtcInstant,
    progress: Progress | None = None,
    engine: Engine = map_here,
) -> RunApplied:
    """Go on with a run that was interrupted or failed, from the last chunk that was committed.

    Raises:
        SaascoreError: As :func:`apply`; ``USG-007`` where the run is not open.
    """
    run = run_of(ledger, run_id)
    if run.state not in ("applying", "failed"):
        raise SaascoreError("USG-007", where="resume")
    try:
        preview = run.previewed()
        _same_adapter(product, preview)
        _stage_source(ledger, product, keys, run, progress=progress, engine=engine)
        return _move(ledger, product, keys, run_of(ledger, run_id), now=now)
    except (SaascoreError, AdapterFailure) as error:
        if error.code != "LED-005":
            with ledger.write() as writer:
                set_state(writer.driver, run, "failed")
        raise


def cancel(ledger: Ledger, run_id: RunId) -> None:
    """Give an open run up: its staged rows are dropped, and nothing of it is left in the ledger.

    Raises:
        SaascoreError: ``USG-007`` where the run is not open.
    """
    with ledger.write() as writer:
        run = run_of(writer, run_id)
        if run.state not in ("applying", "failed"):
            raise SaascoreError("USG-007", where="cancel")
        drop_staging(writer.driver, run)
        set_state(writer.driver, run, "cancelled")


def revert(ledger: Ledger, run_id: RunId, audit: Audit, *, now: UtcInstant) -> RunReverted:
    """Take a run's facts out of every count and give their keys up, except where others have said the same events.

    Raises:
        SaascoreError: ``LED-007`` where there is no such run, ``USG-007`` where it is not applied.
    """
    with ledger.write() as writer:
        run = run_of(writer, run_id)
        if run.state != "applied":
            raise SaascoreError("USG-007", where="revert")
        reverted = RunReverted(
            run_id=run_id,
            operator=audit.operator,
            approval=audit.approval,
            reason=audit.reason,
            reverted_at=parse_instant(now),
        )
        place = writer.append([NewFact.of(reverted, source=run.source, key=f"{run_id} reverted")])[0]
        set_state(writer.driver, run, "reverted", at=place.position)
        release_keys(writer.driver)
    log_event("run.reverted", source=run.source)
    return reverted


def _stage_source(
    ledger: Ledger,
    product: ProductAdapter,
    keys: ReferenceKeys,
    run: Run,
    *,
    progress: Progress | None,
    engine: Engine,
) -> None:
    previewed = run.previewed().run
    limits = previewed.limits
    redactor = keys.redactor(product.id, key_id=ledger.info.reference_key)
    mapper = run_mapper(ledger, product, keys, previewed.window, previewed.operator)
    rows = iter(SourceReading(product, previewed.window, redactor, limits))
    consumed = sum(1 for _ in islice(rows, run.consumed))
    for mapped in engine(mapper, chunks(rows, limits.chunk), limits.chunk):
        outcomes = Counter(item.outcome for item in mapped if isinstance(item, Refusal))
        events = [(consumed + at, item) for at, item in enumerate(mapped) if isinstance(item, UsageRow)]
        with ledger.write() as writer:
            stage(
                writer.driver,
                run,
                events,
                rejected=outcomes["rejected"],
                skipped=outcomes["skipped"],
                consumed=len(mapped),
            )
        consumed += len(mapped)
        if progress is not None:
            progress(consumed)


def _move(
    ledger: Ledger, product: ProductAdapter, keys: ReferenceKeys, run: Run, *, now: UtcInstant
) -> RunApplied:
    """Move the staged rows into the ledger in one transaction, if they still are what was previewed."""
    preview = run.previewed()
    definition = preview.run
    with ledger.write() as writer:
        redactor = keys.redactor(product.id, key_id=ledger.info.reference_key)
        reading = SourceReading(product, definition.window, redactor, definition.limits)
        for _ in reading:
            pass
        if reading.manifest() != definition.manifest:
            raise SaascoreError("USG-005", where="manifest")
        correction = Correction(
            operator=definition.operator, approval=definition.approval, reason=definition.reason
        )
        judge = Judge(writer, definition.kind, correction, counting(writer, writer.head))
        mover = _Mover(writer, run, judge)
        facts = RunningDigest(_FACTS)
        for page in staged(writer.driver, run):
            for row in page:
                facts.add(row.body)
            mover.move(page)
        if facts.value() != preview.facts_digest:
            raise SaascoreError("USG-005", where="mapped facts")
        applied = RunApplied(
            run_id=run.run_id,
            run=definition,
            preview_digest=preview.preview_digest,
            facts=mover.facts,
            facts_digest=preview.facts_digest,
            outcomes=IntakeCounts(
                rejected=run.rejected,
                skipped=run.skipped + mover.outcomes.pop("skipped", 0),
                **mover.outcomes,
            ),
            applied_at=parse_instant(now),
        )
        place = writer.append([NewFact.of(applied, source=run.source, key=f"{run.run_id} applied")])[0]
        set_state(writer.driver, run, "applied", at=place.position)
        drop_staging(writer.driver, run)
    log_event("run.applied", source=run.source, kind=definition.kind, facts=applied.facts)
    return applied


class _Mover:
    """Appends staged rows as the run's facts, and settles those whose key is taken."""

    def __init__(self, writer: Writer, run: Run, judge: Judge) -> None:
        self.writer = writer
        self.run = run
        self.judge = judge
        self.outcomes: Counter[str] = Counter()
        self.facts = 0

    def move(self, page: list[UsageRow]) -> None:
        appended = self.writer.append_usage(UsageColumns.of(page), run=self.run.number)
        taken = {page[index].key: (page[index], appended.positions[index]) for index in appended.taken}
        new = len(page) - len(appended.taken)
        self.outcomes["accepted"] += new
        self.facts += new
        self.outcomes["duplicate"] += len(page) - new - len(taken)  # the same key more than once in a page
        stored = self.writer.bodies_at([position for _, position in taken.values()])
        origins = self.writer.runs_of([position for _, position in taken.values()])
        claimed = {}
        for row, position in taken.values():
            if origins.get(position) == self.run.number:
                self.outcomes["duplicate"] += 1
                continue
            judgement = self.judge.judge(row.body, json.loads(stored[position]))
            self.outcomes[judgement.outcome] += 1
            if judgement.outcome == "duplicate" and position in origins:
                claimed[position] = event_id_in(stored[position])
            if judgement.amend:
                pair = [UsageRow.of(judgement.amend.reversal), UsageRow.of(judgement.amend.replacement)]
                self.facts += len(pair) - len(
                    self.writer.append_usage(UsageColumns.of(pair), run=self.run.number).taken
                )
        claim(self.writer, self.run.source, claimed, origin=self.run.run_id, run=self.run.number)


def _applied_fact(ledger: Ledger, run: Run) -> RunApplied:
    fact = ledger.fact(run.applied_position or 0)
    if fact is None:
        raise SaascoreError("LED-006", where="run")
    return RunApplied.parse_json(fact.body)


def _same_adapter(product: ProductAdapter, preview: RunPreview) -> None:
    if product.digest != preview.run.adapter_digest or product.origin != preview.run.adapter:
        raise SaascoreError("USG-005", where="adapter")


def _run_id(preview_digest: Digest, number: int) -> RunId:
    """A run's id follows from what it applies, so that an undisturbed and a resumed run write the same bytes."""
    name = hashlib.sha256(f"{preview_digest} {number}".encode("ascii")).digest()[:10]
    return "run-" + b32encode(name).decode("ascii").lower()
