"""Executing the stages of ``entitlement-plan-source``: decisions, the journal, the lifecycle and the audit."""

from __future__ import annotations

import random
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from saascore.adapters import Registry
from saascore.contract.billing import BillingFact
from saascore.contract.decision import Decision
from saascore.contract.fixtures import (
    AcceptanceFixture,
    AuditExpected,
    AuditStage,
    DecisionStage,
    ExpectedDecision,
    ExpectedLifecycle,
    ExpectedWrite,
    LifecycleStage,
    Question,
    WriterStage,
)
from saascore.contract.journal import PlanSourceWrite
from saascore.contract.lifecycle import LifecycleEvent
from saascore.contract.outcomes import IntakeCounts, Outcome
from saascore.entitlements.fold import fold
from saascore.entitlements.intake import Intake
from saascore.entitlements.reading import Entitlements
from saascore.ledger import Ledger, create_ledger
from saascore.packet.audit import audit_summary
from saascore.packet.core_fixture import CORE, registry_of
from saascore.packet.refusals import fact_refusals
from saascore.packet.stage import FIXTURE_KEY, StageResult, compare, compare_one, numbered, paths
from saascore.privacy.references import ReferenceKeys

_FACT = BillingFact.schema_id()


@dataclass(slots=True)
class EntitlementRun:
    """One execution: the fixture, and the keys drawn for it."""

    fixture: AcceptanceFixture
    keys: ReferenceKeys = field(default_factory=lambda: ReferenceKeys({FIXTURE_KEY: secrets.token_bytes(32)}))
    shape: frozenset[str] = frozenset()

    def results(self) -> Iterator[StageResult]:
        """Execute the stages in order."""
        decisions = next(stage for stage in self.fixture.stages if isinstance(stage, DecisionStage))
        writer = next(stage for stage in self.fixture.stages if isinstance(stage, WriterStage))
        registry = registry_of(self.fixture.mapping, decisions.inputs.rules)
        with create_ledger("sqlite:///:memory:", reference_key=FIXTURE_KEY) as ledger:
            now = writer.inputs.received_at
            first = self._hand_in(ledger, registry, decisions, now)
            self.shape = frozenset(path for fact in ledger.facts(schema=_FACT) for path in paths(fact.json()))
            for stage in self.fixture.stages:
                problems: list[str]
                match stage:
                    case DecisionStage():
                        problems = [f"fact {o.record}: {o.outcome}" for o in first if o.outcome != "accepted"]
                        problems += self._decide(ledger, registry, stage)
                        checks = len(first) + len(stage.expected)
                    case WriterStage():
                        problems = list(self._write(ledger, registry, decisions, stage))
                        checks = len(stage.expected.writes) + 1
                    case LifecycleStage():
                        problems = list(self._live(ledger, decisions, stage))
                        checks = len(stage.expected) + stage.inputs.permutations
                    case AuditStage():
                        problems = list(self._audit(ledger, registry, decisions, stage, now))
                        checks = 4 + len(stage.expected.refused)
                    case _:
                        continue
                yield StageResult(stage.stage, checks, tuple(problems))

    def _product(self) -> str:
        return self.fixture.mapping.product if self.fixture.mapping else CORE

    def _intake(self, ledger: Ledger, registry: Registry, now: str) -> Intake:
        product = registry.product(self._product())
        return Intake(ledger, registry.provider(CORE), product, "live", self.keys, now)

    def _hand_in(self, ledger: Ledger, registry: Registry, stage: DecisionStage, now: str) -> list[Outcome]:
        """Hand the facts in one by one, each in a transaction of its own."""
        inputs = stage.inputs
        ready = bool(inputs.facts)
        records: list[dict[str, Any]] = [fact.to_json() for fact in inputs.facts] or [
            {"state": state.canonical().decode()} for state in inputs.states
        ]
        return list(self._intake(ledger, registry, now).run(numbered(records), envelopes=ready, chunk=1))

    def _decide(self, ledger: Ledger, registry: Registry, stage: DecisionStage) -> list[str]:
        entitlements = Entitlements(ledger, registry.product(self._product()))
        answers = [
            entitlements.decide(self._workspace(question), question.at, capability=question.capability)
            for question in stage.inputs.questions
        ]
        again = [
            entitlements.decide(self._workspace(question), question.at, capability=question.capability)
            for question in stage.inputs.questions
        ]
        problems = list(compare("question", stage.expected, [_answered(answer) for answer in answers]))
        if [answer.canonical() for answer in answers] != [answer.canonical() for answer in again]:
            problems.append("the same question had two answers")
        return problems

    def _workspace(self, question: Question) -> str:
        """Return a workspace's reference; a word of a second product stands for one made with the drawn key."""
        if question.workspace.startswith("ref:"):
            return question.workspace
        return self.keys.redactor(self._product(), key_id=FIXTURE_KEY).redact("workspace", question.workspace)

    def _write(
        self, ledger: Ledger, registry: Registry, decisions: DecisionStage, stage: WriterStage
    ) -> Iterator[str]:
        rows = [row.body for row in ledger.journal()]
        writes = [_written(PlanSourceWrite.parse_json(body)) for body in rows]
        yield from compare("write", stage.expected.writes, writes)
        outcomes = self._hand_in(ledger, registry, decisions, stage.inputs.received_at)
        counts = IntakeCounts(**Counter(str(outcome.outcome) for outcome in outcomes))
        yield from compare_one("again", stage.expected.again, counts)
        if [row.body for row in ledger.journal()] != rows:
            yield "again: something was written"

    def _live(self, ledger: Ledger, decisions: DecisionStage, stage: LifecycleStage) -> Iterator[str]:
        facts = [BillingFact.parse_json(fact.body) for fact in ledger.facts(schema=_FACT)]
        rank = decisions.inputs.rules.plan_rank
        events = fold(facts, rank=rank).events()
        yield from compare("event", stage.expected, [_lived(event) for event in events])
        expected = [event.canonical() for event in events]
        draw = random.Random(secrets.token_bytes(16))  # noqa: S311  an order, not a secret
        for number in range(stage.inputs.permutations):
            if [event.canonical() for event in fold(_shuffled(facts, draw), rank=rank).events()] != expected:
                yield f"permutation {number}: the lifecycle changed"
                return

    def _audit(
        self, ledger: Ledger, registry: Registry, decisions: DecisionStage, stage: AuditStage, now: str
    ) -> Iterator[str]:
        audit = audit_summary(ledger, window=stage.inputs.window, as_of=ledger.head)
        found = AuditExpected(
            actor_kinds=audit.actor_kinds,
            source_kinds=audit.source_kinds,
            with_approval=audit.with_approval,
            superseded=audit.superseded,
            refused=stage.expected.refused,
        )
        yield from compare_one("audit", stage.expected, found)
        first = next((fact for fact in decisions.inputs.facts if fact.audit is not None), None)
        if first is None:
            return
        ways, head = fact_refusals(), ledger.head
        for refusal in stage.expected.refused:
            if refusal.category not in ways:
                yield f"refused: nobody knows how to make {refusal.category}"
                continue
            broken = ways[refusal.category](first.to_json())
            (outcome,) = self._intake(ledger, registry, now).run(numbered([broken]), envelopes=True)
            if outcome.outcome != "rejected" or not set(outcome.codes) & set(refusal.codes):
                yield f"refused: {refusal.category} was {outcome.outcome}"
        if ledger.head != head:
            yield "refused: something of it was kept"


def _answered(decision: Decision) -> ExpectedDecision:
    change, capability = decision.next_change, decision.capability
    return ExpectedDecision(
        outcome=decision.outcome,
        reason=decision.reason,
        plan_key=decision.plan_key,
        winner=decision.winner.source_kind if decision.winner else None,
        included=capability.included if capability else None,
        limit=capability.limit if capability else None,
        next_change=change.what if change else None,
        next_change_at=change.at if change else None,
    )


def _written(write: PlanSourceWrite) -> ExpectedWrite:
    return ExpectedWrite(
        source_kind=write.source_kind,
        plan_key=write.plan_key,
        state=write.state,
        cause=write.cause,
        effective_from=write.effective_from,
        effective_until=write.effective_until,
        lifetime=write.lifetime,
        supersedes=write.supersedes is not None,
    )


def _lived(event: LifecycleEvent) -> ExpectedLifecycle:
    return ExpectedLifecycle(
        event_name=event.event_name,
        occurred_at=event.occurred_at,
        plan_key=event.plan_key,
        direction=event.direction,
        timing=event.timing,
        end_reason=event.end_reason,
    )


def _shuffled(facts: Sequence[BillingFact], draw: random.Random) -> list[BillingFact]:
    """Return the facts in a random order, some of them twice."""
    mixed = [*facts, *draw.sample(facts, len(facts) // 2)]
    draw.shuffle(mixed)
    return mixed
