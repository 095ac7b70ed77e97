"""Executing the stages of ``usage-event-ledger``: handing in, replaying, summing up, and the privacy boundary."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from saascore.contract.fixtures import (
    AcceptanceFixture,
    EventStage,
    ExpectedEvent,
    ExpectedGroup,
    OpsSummaryStage,
    PrivacyStage,
    ReplayStage,
)
from saascore.contract.outcomes import IntakeCounts
from saascore.contract.summary import SummarySpec, UsageSummary
from saascore.contract.window import Window
from saascore.ledger import Ledger, create_ledger
from saascore.packet.artifacts import encoded
from saascore.packet.core_fixture import CORE, registry_of
from saascore.packet.inspection import Inspector
from saascore.packet.ops import ops_summary
from saascore.packet.refusals import drawn_examples, planted, usage_refusals
from saascore.packet.stage import FIXTURE_KEY, StageResult, compare, compare_one, numbered, paths
from saascore.privacy.references import ReferenceKeys
from saascore.usage.envelopes import EnvelopeReader
from saascore.usage.submit import Prepare, Submission, mapper_for
from saascore.usage.summary import summarize
from saascore.usage.verdict import Verdict

EVER = Window.of("2000-01-01T00:00:00.000000Z", "2099-12-31T00:00:00.000000Z")
#: What comes again in another order: a duplicate may honestly differ in its plan, and then the first one fixes it.
_STEADY = frozenset({"accepted", "held"})


@dataclass(slots=True)
class UsageRun:
    """One execution: the fixture, the keys drawn for it, and what was published on the way."""

    fixture: AcceptanceFixture
    keys: ReferenceKeys = field(default_factory=lambda: ReferenceKeys({FIXTURE_KEY: secrets.token_bytes(32)}))
    published: dict[str, bytes] = field(default_factory=dict)
    shape: frozenset[str] = frozenset()

    def results(self) -> Iterator[StageResult]:
        """Execute the stages in order."""
        event = next(stage for stage in self.fixture.stages if isinstance(stage, EventStage))
        with self._ledger() as ledger:
            for stage in self.fixture.stages:
                problems: list[str]
                match stage:
                    case EventStage():
                        problems = list(self._event(ledger, stage))
                        checks = len(stage.expected.outcomes) + len(stage.expected.refused)
                    case ReplayStage():
                        problems = list(self._replay(event, stage))
                        checks = len(stage.inputs.arrivals) * 2
                    case OpsSummaryStage():
                        problems = list(self._ops(ledger, event, stage))
                        checks = len(stage.expected.groups) + 1
                    case PrivacyStage():
                        problems = list(self._privacy(ledger, event, stage))
                        checks = len(stage.inputs.categories) * 2 + len(self.published)
                    case _:
                        continue
                yield StageResult(stage.stage, checks, tuple(problems))

    def _ledger(self) -> Ledger:
        return create_ledger("sqlite:///:memory:", reference_key=FIXTURE_KEY)

    def _records(self, stage: EventStage) -> list[dict[str, Any]]:
        return [record.to_json() for record in stage.inputs.envelopes or stage.inputs.rows]

    def _hand_in(self, ledger: Ledger, stage: EventStage, records: Iterable[dict[str, Any]]) -> list[Verdict]:
        submission = Submission(ledger, source=self._source(), now=stage.inputs.received_at)
        return list(submission.run(numbered(records), self._prepare(ledger, stage)))

    def _source(self) -> str:
        return self.fixture.mapping.product if self.fixture.mapping else CORE

    def _prepare(self, ledger: Ledger, stage: EventStage) -> Prepare:
        if stage.inputs.envelopes:
            return EnvelopeReader(reference_key=FIXTURE_KEY, subject_key=FIXTURE_KEY)
        product = registry_of(self.fixture.mapping).product(self._source())
        return mapper_for(ledger, product, self.keys, now=stage.inputs.received_at)

    def _event(self, ledger: Ledger, stage: EventStage) -> Iterator[str]:
        verdicts = self._hand_in(ledger, stage, self._records(stage))
        yield from compare("record", stage.expected.outcomes, [_said(ledger, v) for v in verdicts])
        self.shape = frozenset(path for fact in ledger.facts() for path in paths(fact.json()))
        if stage.expected.refused:
            yield from self._refused(stage)

    def _refused(self, stage: EventStage) -> Iterator[str]:
        """Break the first record in each named way, on a ledger of its own."""
        first = self._records(stage)[0]
        ways = usage_refusals(ready=bool(stage.inputs.envelopes))
        with self._ledger() as ledger:
            for refusal in stage.expected.refused:
                if refusal.category not in ways:
                    yield f"refused: nobody knows how to make {refusal.category}"
                    continue
                (verdict,) = self._hand_in(ledger, stage, [ways[refusal.category](first)])
                if verdict.outcome != "rejected" or not set(verdict.codes) & set(refusal.codes):
                    yield f"refused: {refusal.category} was {verdict.outcome} with {', '.join(verdict.codes) or 'no code'}"
            if ledger.head:
                yield "refused: something of it was kept"

    def _replay(self, event: EventStage, stage: ReplayStage) -> Iterator[str]:
        records = self._records(event)
        steady = [
            record
            for record, expected in zip(records, event.expected.outcomes, strict=True)
            if expected.outcome in _STEADY
        ]
        with self._ledger() as ledger:
            self._hand_in(ledger, event, records)
            before = _summary(ledger)
            for arrival in stage.inputs.arrivals:
                if arrival == "again":
                    verdicts = self._hand_in(ledger, event, records)
                    yield from compare_one("again: outcomes", stage.expected.outcomes, _counted(verdicts))
                    after = _summary(ledger)
                else:
                    with self._ledger() as other:
                        self._hand_in(other, event, list(_arriving(arrival, steady)))
                        after = _summary(other)
                if after.canonical() != before.canonical():
                    yield f"{arrival}: the summary changed"

    def _ops(self, ledger: Ledger, event: EventStage, stage: OpsSummaryStage) -> Iterator[str]:
        spec = SummarySpec(window=stage.inputs.window, grain=stage.inputs.grain)
        usage = summarize(ledger, spec)
        groups = [
            ExpectedGroup(
                event_type=group.event_type or "",
                plan_key=group.plan_key or "",
                unit=group.unit,
                count=group.totals.count,
                sum=group.totals.sum,
            )
            for group in usage.groups
        ]
        yield from compare("group", stage.expected.groups, groups)
        ops = ops_summary(ledger, window=EVER, usage=usage, now=event.inputs.received_at)
        counts: Counter[str] = Counter()
        for intake in ops.usage_intake:
            counts.update(intake.counts.to_json())
        yield from compare_one("intake", stage.expected.intake, IntakeCounts(**counts))
        self.published |= {"usage-summary.json": encoded(usage), "ops-summary.json": encoded(ops)}

    def _privacy(self, ledger: Ledger, event: EventStage, stage: PrivacyStage) -> Iterator[str]:
        inspector = Inspector()
        first = self._records(event)[0]
        for category in stage.inputs.categories:
            examples = drawn_examples(category)
            if not examples:
                yield f"{category} is no category"
            for text in examples:
                if not inspector.inspect("artifact.txt", text).findings:
                    yield f"{category}: a value passed in an artifact"
            yield from self._planted(event, first, category, examples)
        for name, data in self.published.items():
            if found := inspector.inspect(name, data).findings:
                yield f"{name}: {found[0].rule} in what was published"
        for fact in ledger.facts():
            if found := inspector.inspect("fact.json", fact.body.encode()).findings:
                yield f"fact {fact.position}: {found[0].rule}"

    def _planted(
        self, event: EventStage, first: Mapping[str, Any], category: str, examples: Sequence[bytes]
    ) -> Iterator[str]:
        """Put each value where a label goes: the envelope is refused, and nothing is kept or said of the value."""
        records = [
            record for text in examples for record in planted(first, text, ready=bool(event.inputs.envelopes))
        ]
        with self._ledger() as ledger:
            verdicts = self._hand_in(ledger, event, records)
            if any(verdict.outcome != "rejected" for verdict in verdicts) or ledger.head:
                yield f"{category}: a value passed in an envelope"


def _said(ledger: Ledger, verdict: Verdict) -> ExpectedEvent:
    fact = ledger.fact(verdict.position) if verdict.position and verdict.outcome == "accepted" else None
    stored = fact.json() if fact is not None else {}
    return ExpectedEvent(
        outcome=verdict.outcome,
        codes=verdict.codes,
        event_type=stored.get("event_type"),
        plan_key=stored.get("plan_key"),
    )


def _summary(ledger: Ledger) -> UsageSummary:
    return summarize(ledger, SummarySpec(window=EVER))


def _counted(verdicts: Iterable[Verdict]) -> IntakeCounts:
    return IntakeCounts(**Counter(str(verdict.outcome) for verdict in verdicts))


def _arriving(arrival: str, records: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    if arrival == "reversed":
        yield from reversed(records)
    else:
        for record in records:
            yield from (record, record)
