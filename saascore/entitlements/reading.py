"""Asking a ledger: decisions, lifecycle events, timelines and the journal of one workspace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from saascore.adapters import ProductAdapter
from saascore.contract.billing import BillingFact
from saascore.contract.decision import Decision, DecisionRequest
from saascore.contract.journal import PlanSourceWrite
from saascore.contract.lifecycle import LifecycleEvent
from saascore.contract.plans import EntitlementRules
from saascore.contract.words import Mode, Reference, UtcInstant
from saascore.entitlements.aliases import any_aliases, every_reference, newest
from saascore.entitlements.decide import decide
from saascore.entitlements.fold import Folded, fold
from saascore.entitlements.rules import RulesInForce, digest_of, last_recorded
from saascore.entitlements.sources import Sources
from saascore.entitlements.timeline import END_OF_TIME, Span, coarse, spans
from saascore.entitlements.topics import read_whole, subject
from saascore.errors import SaascoreError
from saascore.ledger import Ledger


@dataclass(slots=True)
class Entitlements:
    """What a ledger says of the workspaces of one product.

    Args:
        ledger: An open ledger.
        product: The product's adapter. Its rules are recorded in the ledger when they are first used.
        mode: ``live`` or ``test``.
    """

    ledger: Ledger
    product: ProductAdapter
    mode: Mode = "live"
    _rules: RulesInForce | None = None
    _checked_at: int = -1
    _recorded_at: int = -1
    _aliased: bool = True

    def decide(
        self,
        workspace: Reference,
        at: UtcInstant,
        *,
        capability: str | None = None,
        as_of: int | None = None,
    ) -> Decision:
        """Answer whether a workspace may use its plan (and a capability of it) at an instant.

        Args:
            workspace: Its reference.
            at: Business time.
            capability: A capability's label.
            as_of: The position up to which facts are known; the head by default.

        Raises:
            SaascoreError: ``ENT-006`` where ``as_of`` lies after the head, ``CON-001`` where another part of the
                question does not fit the contract.
        """
        known = self._known(as_of)
        if self._aliased:
            workspace = newest(self.ledger, workspace, as_of=known.position)
        request = DecisionRequest.parse(
            {
                "product": self.product.id,
                "workspace": workspace,
                "mode": self.mode,
                "capability": capability,
                "at": at,
                "as_of": known.position,
            }
        )
        sources = Sources.of(
            self._facts(workspace, known.position),
            known.rules,
            workspace=workspace,
            mode=self.mode,
            rules_digest=known.digest,
            since=request.at,
        )
        return decide(sources, request)

    def events(self, workspace: Reference, *, as_of: int | None = None) -> tuple[LifecycleEvent, ...]:
        """Return what happened to a workspace's subscriptions, purchases and grants, in order."""
        workspace = self._newest(workspace, as_of)
        folded = self._folded(workspace, as_of)
        return tuple(event for event in folded.events() if event.workspace == workspace)

    def timeline(self, workspace: Reference, *, as_of: int | None = None) -> list[Span]:
        """Return the spans of plan of every source of a workspace, scheduled changes included."""
        workspace = self._newest(workspace, as_of)
        found = [span for life in self._folded(workspace, as_of).lives for span in coarse(spans(life))]
        own = [span for span in found if span.workspace == workspace]
        return sorted(own, key=lambda span: (span.start, span.thing))

    def workspaces(self) -> list[Reference]:
        """Return every workspace that billing facts of this mode name, in order."""
        found = self.ledger.topics(subject(self.mode, "ref:workspace:"))
        return sorted(topic.partition("/")[2] for topic in found)

    def capabilities(self) -> frozenset[str]:
        """Return every capability that a plan of the product has."""
        plans = self._in_force().rules.capabilities.values()
        return frozenset(name for plan in plans for name in plan.capabilities)

    def plans(self, workspace: Reference, *, as_of: int | None = None) -> list[dict[str, Any]]:
        """Return the timeline as JSON values: one object a span of plan."""
        return [
            {
                name: value
                for name, value in (
                    ("effective_from", span.start),
                    ("effective_until", span.end if span.end < END_OF_TIME else None),
                    ("source_kind", span.state.source_kind),
                    ("source", span.thing.source),
                    ("about", span.thing.about),
                    ("plan_key", span.state.plan_key),
                    ("quantity", span.state.quantity),
                    ("state", span.standing),
                    ("cause", span.cause),
                )
                if value is not None
            }
            for span in self.timeline(workspace, as_of=as_of)
        ]

    def journal(self, workspace: Reference) -> Iterator[PlanSourceWrite]:
        """Yield the audited rows of a workspace: what was believed, when and why."""
        for row in self.ledger.journal(topics=self._topics(self._newest(workspace))):
            yield PlanSourceWrite.model_validate_json(row.body)

    def _folded(self, workspace: Reference, as_of: int | None) -> Folded:
        known = self._known(as_of)
        return fold(self._facts(workspace, known.position), rank=known.rules.plan_rank, mode=self.mode)

    def _facts(self, workspace: Reference, as_of: int) -> list[BillingFact]:
        return read_whole(self.ledger, self._topics(workspace, as_of), as_of=as_of, aliased=self._aliased)

    def _topics(self, workspace: Reference, as_of: int | None = None) -> list[str]:
        """Return the topics of a workspace under every reference that it ever had."""
        if not self._aliased:
            return [subject(self.mode, workspace)]
        names = every_reference(self.ledger, workspace, as_of=as_of)
        return [subject(self.mode, name) for name in sorted(names)]

    def _newest(self, workspace: Reference, as_of: int | None = None) -> Reference:
        self._check(self.ledger.head)
        return newest(self.ledger, workspace, as_of=as_of) if self._aliased else workspace

    def _check(self, head: int) -> None:
        """Look again, where the ledger has grown, at what every question needs to know of it."""
        if head != self._checked_at:
            self._aliased = any_aliases(self.ledger)
            self._checked_at = head

    def _in_force(self) -> RulesInForce:
        if self._rules is None:
            self._rules = RulesInForce(self.product)
        return self._rules

    def _known(self, as_of: int | None) -> _Known:
        """Return the rules in force at a position: a past decision is asked by the rules of its time."""
        ours, head = self._in_force(), self.ledger.head
        if as_of is None:
            if head != self._recorded_at:
                ours.ensure_recorded(self.ledger)
                self._recorded_at = head = self.ledger.head
            self._check(head)
            return _Known(ours.rules, ours.digest, head)
        self._check(head)
        if not 0 <= as_of <= head:
            raise SaascoreError("ENT-006")
        recorded = last_recorded(self.ledger, self.product.id, as_of=as_of)
        if recorded is None:
            return _Known(ours.rules, ours.digest, as_of)
        return _Known(recorded.rules, digest_of(recorded.rules), as_of)


class _Known(NamedTuple):
    rules: EntitlementRules
    digest: str
    position: int
