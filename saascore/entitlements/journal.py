"""The plan-source writer: what changed in a timeline, as audited rows that supersede what was believed before.

State depends on the facts alone; the journal tells what was believed when. Source of the rules:
docs/entitlements.md, "The journal".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from saascore.contract.billing import BillingFact
from saascore.contract.canonical import digest
from saascore.contract.journal import Audit, PlanSourceWrite
from saascore.contract.lifecycle import LifecycleName
from saascore.contract.outcomes import AdapterOrigin
from saascore.contract.plans import EntitlementRules
from saascore.contract.words import Reference, UtcInstant
from saascore.entitlements.fold import Folded, Life
from saascore.entitlements.timeline import END_OF_TIME, Span, coarse, spans, suspensions

WRITE_DOMAIN = "saascore/plan-source-write/1"
STATE_DOMAIN = "saascore/plan-source-state/1"
_UNWRITTEN = "sha256:" + "0" * 64
#: What a row says of the plan; two rows that agree in these say the same.
_SAID = (
    "workspace",
    "source_kind",
    "plan_key",
    "quantity",
    "effective_from",
    "effective_until",
    "lifetime",
    "state",
)


@dataclass(frozen=True, slots=True)
class Scribe:
    """Who writes, by which rules, and when.

    Args:
        rules: The product's rules.
        rules_digest: Their digest.
        origin: The adapter through which the facts came.
        now: When the rows are recorded.
    """

    rules: EntitlementRules
    rules_digest: str
    origin: AdapterOrigin
    now: UtcInstant

    def writes(
        self, folded: Folded, facts: Mapping[str, BillingFact], rows: Sequence[PlanSourceWrite]
    ) -> Iterator[PlanSourceWrite]:
        """Yield the rows by which the journal comes to say what the fold says now.

        Args:
            folded: Everything that facts have just been added to, folded again.
            facts: The facts by id.
            rows: What the journal holds of the things that they are about, in order.
        """
        believed: dict[tuple[str, str | None], list[PlanSourceWrite]] = {}
        for row in rows:
            believed.setdefault((row.source, row.about), []).append(row)
        for life in folded.lives:
            known = standing(believed.pop((life.thing.source, life.thing.about), []))
            previous = _state_digest(known)
            drafts = [self._row(life, span, facts, previous) for span in coarse(spans(life))]
            yield from self._changes(drafts, known, facts, folded.taken_out)
        for gone in believed.values():
            yield from self._changes([], standing(gone), facts, folded.taken_out)

    def suspensions(
        self,
        workspace: Reference,
        folded: Folded,
        facts: Mapping[str, BillingFact],
        rows: Sequence[PlanSourceWrite],
    ) -> Iterator[PlanSourceWrite]:
        """Yield the rows that say when an operator suspended a workspace; they are about no source.

        Args:
            workspace: Which one.
            folded: At least the facts that suspend it, folded.
            facts: The facts by id.
            rows: What the journal holds of the workspace, in order.
        """
        known = standing([row for row in rows if row.about is None])
        previous = _state_digest(known)
        told = suspensions(folded, workspace)
        ends = [*(spell.start for spell in told[1:]), None] if told else []
        drafts = [
            self._suspended(workspace, facts[spell.facts[0]], spell.start, end, previous)
            for spell, end in zip(told, ends, strict=True)
            if spell.suspended
        ]
        yield from self._changes(drafts, known, facts, folded.taken_out)

    def _suspended(
        self, workspace: Reference, fact: BillingFact, start: str, end: str | None, previous: str | None
    ) -> PlanSourceWrite:
        return PlanSourceWrite(
            write_id=_UNWRITTEN,
            mode=fact.mode,
            workspace=workspace,
            source_kind="manual_override",
            source=fact.source,
            effective_from=start,
            effective_until=end,
            state="paused",
            cause="subscription.paused",
            audit=self._audit(fact, "subscription.paused", (fact.fact_id,), previous),
        )

    def _changes(
        self,
        drafts: list[PlanSourceWrite],
        known: list[PlanSourceWrite],
        facts: Mapping[str, BillingFact],
        taken_out: Mapping[str, str],
    ) -> Iterator[PlanSourceWrite]:
        said, still = {_said(row) for row in known}, {_said(draft) for draft in drafts}
        new = [draft for draft in drafts if _said(draft) not in said]
        gone = {row.effective_from: row for row in known if _said(row) not in still}
        for draft in new:
            start = draft.effective_from
            old = gone.pop(start, None) or (gone.pop(min(gone)) if gone and min(gone) < start else None)
            yield _signed(draft, old)
        latest = new[-1] if new else drafts[-1] if drafts else None
        previous = _state_digest(known)
        for old in gone.values():
            corrector = next((taken_out[fact] for fact in old.audit.facts if fact in taken_out), None)
            yield _signed(self._emptied(old, latest, facts.get(corrector or ""), previous), old)

    def _row(
        self, life: Life, span: Span, facts: Mapping[str, BillingFact], previous: str | None
    ) -> PlanSourceWrite:
        state, fact = span.state, facts[span.order[1]]
        described = self.rules.capabilities.get(state.plan_key or "")
        return PlanSourceWrite(
            write_id=_UNWRITTEN,
            mode=fact.mode,
            workspace=span.workspace,
            source_kind=state.source_kind,
            source=life.thing.source,
            about=life.thing.about,
            plan_key=state.plan_key,
            capabilities_digest=described.content_digest() if described else None,
            quantity=state.quantity,
            effective_from=span.start,
            effective_until=span.end if span.end < END_OF_TIME else None,
            lifetime=state.lifetime and span.end == END_OF_TIME,
            state=span.standing,
            cause=span.cause,
            audit=self._audit(fact, span.cause, tuple(sorted(set(span.facts))), previous),
        )

    def _emptied(
        self,
        old: PlanSourceWrite,
        latest: PlanSourceWrite | None,
        corrector: BillingFact | None,
        previous: str | None,
    ) -> PlanSourceWrite:
        """Return the row that takes back one of which nothing is left, by the fact that is to blame."""
        cause: LifecycleName = "correction.recorded"
        audit = latest.audit if latest is not None else old.audit
        if corrector is not None:
            audit = self._audit(corrector, cause, (corrector.fact_id,), previous)
        elif latest is not None:
            cause = latest.cause
        said = {"recorded_at": self.now, "rules_digest": self.rules_digest, "previous_state_digest": previous}
        return old.model_copy(
            update={
                "effective_until": old.effective_from,
                "lifetime": False,
                "state": "ended",
                "cause": cause,
                "audit": audit.model_copy(update=said),
            }
        )

    def _audit(self, fact: BillingFact, cause: str, facts: tuple[str, ...], previous: str | None) -> Audit:
        audit = fact.audit
        return Audit(
            actor_kind="operator" if audit is not None else "adapter",
            operator=audit.operator if audit is not None else None,
            approval=audit.approval if audit is not None else None,
            reason=audit.reason if audit is not None else cause,
            adapter=fact.source,
            adapter_version=self.origin.version if self.origin.adapter == fact.source else None,
            rules_digest=self.rules_digest,
            occurred_at=fact.occurred_at,
            recorded_at=self.now,
            previous_state_digest=previous,
            facts=facts,
        )


def standing(rows: Sequence[PlanSourceWrite]) -> list[PlanSourceWrite]:
    """Return the rows that nothing supersedes and that say something, in order of their start."""
    superseded = {row.supersedes for row in rows}
    left = [
        row for row in rows if row.write_id not in superseded and row.effective_until != row.effective_from
    ]
    return sorted(left, key=lambda row: row.effective_from)


def _said(row: PlanSourceWrite) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _SAID)


def _state_digest(rows: Sequence[PlanSourceWrite]) -> str | None:
    return digest(STATE_DOMAIN, [row.write_id for row in rows]) if rows else None


def _signed(row: PlanSourceWrite, old: PlanSourceWrite | None) -> PlanSourceWrite:
    row = row.model_copy(update={"supersedes": old.write_id if old is not None else None})
    encoded = row.to_json()
    del encoded["write_id"]
    return row.model_copy(update={"write_id": digest(WRITE_DOMAIN, encoded)})
