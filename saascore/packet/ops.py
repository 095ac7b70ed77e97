"""The operations summary: what a ledger says of a window in counts and labels, ready to be published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from saascore.contract.billing import BillingFact
from saascore.contract.lifecycle import LifecycleName
from saascore.contract.ops import LagBucket, LifecyclePoint, OpsSummary, SourceIntake
from saascore.contract.outcomes import IntakeCounts
from saascore.contract.plans import EntitlementRules
from saascore.contract.summary import SummarySpec, UsageSummary
from saascore.contract.window import Window
from saascore.contract.words import Mode, UtcInstant
from saascore.entitlements.fold import Change, Folded, Life, fold
from saascore.entitlements.judge import judge
from saascore.entitlements.sources import Sources
from saascore.ledger import Ledger, Measure
from saascore.ledger.shelf import held_events
from saascore.packet.axis import finest
from saascore.packet.products import Product, products
from saascore.privacy.references import DEMO_PREFIX
from saascore.usage.windows import Bounds, window_of

#: As many different things of a kind as the contract lets a summary hold; the rarest of more are left out.
MOST = {"reasons": 256, "unmapped": 512, "plans": 2000, "timeline": 4000}


def ops_summary(
    ledger: Ledger, *, window: Window, usage: UsageSummary, now: UtcInstant, mode: Mode = "live"
) -> OpsSummary:
    """Sum a window up.

    Intake is counted by the hour of receipt, lifecycle events by when they took place; decisions are made as of the
    end of the window, or now where that is earlier.

    Args:
        ledger: Read up to the usage summary's position.
        window: What is reported on.
        usage: The usage summary of the same window.
        now: The clock.
        mode: Facts of the other mode are left aside.
    """
    told = _Told(window, decided_at=min(window.to, now))
    for product in products(ledger, mode=mode, as_of=usage.as_of):
        told.tell(product, mode)
    intake = Counter({m: n for m, n in ledger.arrivals(window).items() if m.mode == mode})
    return OpsSummary(
        window=window,
        as_of=usage.as_of,
        mode=mode,
        generated_at=now,
        demo_key=ledger.info.reference_key.startswith(DEMO_PREFIX),
        usage_intake=_intake(intake, "usage"),
        billing_intake=_intake(intake, "billing"),
        usage_events=_events(usage),
        lifecycle=dict(sorted(told.lifecycle.items())),
        timeline=told.points(),
        decided_at=told.decided_at,
        plans=_most(told.plans, "plans"),
        source_kinds=dict(sorted(told.source_kinds.items())),
        decisions=dict(sorted(told.decisions.items())),
        decision_reasons=dict(sorted(told.reasons.items())),
        unmapped_event_types=_most(_words(intake, "billing", "unmapped"), "unmapped"),
        held=_held(ledger),
        ties=told.ties,
        gaps=told.gaps,
        unresolved_plans=told.unresolved_plans,
        unresolved_workspaces=told.unresolved_workspaces,
        complete_through=usage.complete_through,
    )


@dataclass(slots=True)
class _Told:
    """What the products' facts tell of a window."""

    window: Window
    decided_at: UtcInstant
    lifecycle: Counter[LifecycleName] = field(default_factory=Counter)
    timeline: Counter[tuple[Bounds, LifecycleName]] = field(default_factory=Counter)
    plans: Counter[str] = field(default_factory=Counter)
    source_kinds: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    ties: int = 0
    gaps: int = 0
    unresolved_plans: int = 0
    unresolved_workspaces: int = 0

    def tell(self, product: Product, mode: Mode) -> None:
        """Add one product's facts."""
        folded = fold(product.facts, rank=product.rules.plan_rank, mode=mode)
        changes = [change for change in _changes(folded) if self.window.holds(change.fact.occurred_at)]
        _, bounds_of = window_of(SummarySpec(window=self.window, grain=finest(self.window)))
        for change in changes:
            self.lifecycle[change.name] += 1
            self.timeline[bounds_of(change.fact.occurred_at), change.name] += 1
        self.ties += len({change.fact.fact_id for change in changes if change.tie})
        self.gaps += sum(change.named.gap for change in changes)
        self.unresolved_plans += sum(life.held and not _is_purchase(life) for life in folded.lives)
        self.unresolved_workspaces += sum(not life.assigned for life in folded.lives)
        self._decide(folded, product.facts, product.rules, mode)

    def _decide(
        self, folded: Folded, facts: Iterable[BillingFact], rules: EntitlementRules, mode: Mode
    ) -> None:
        digest = rules.content_digest()
        named = {fact.workspace for fact in facts if fact.workspace and fact.mode == mode}
        parts = _Parts(folded)
        for workspace in sorted(named.union(parts.lives)):
            part = parts.of(workspace)
            sources = Sources.weighed(part, rules, workspace=workspace, mode=mode, rules_digest=digest)
            found = judge(sources, self.decided_at)
            self.decisions[found.outcome] += 1
            self.reasons[found.reason] += 1
            if found.granted and found.plan_key:
                self.plans[found.plan_key] += 1
                kind = found.phase.span.state.source_kind if found.phase is not None else "default"
                self.source_kinds[kind] += 1

    def points(self) -> tuple[LifecyclePoint, ...]:
        """Return the timeline by UTC day, or by week or month where the window is long."""
        kept = sorted(self.timeline)[: MOST["timeline"]]
        return tuple(
            LifecyclePoint(window=Window.of(*bounds), event_name=name, count=self.timeline[bounds, name])
            for bounds, name in kept
        )


class _Parts:
    """What was folded, workspace by workspace, so that the time to decide for all grows with their number alone."""

    def __init__(self, folded: Folded) -> None:
        self._folded = folded
        self.lives: dict[str, list[Life]] = {}
        self._open: dict[tuple[str, str], list[Life]] = {}
        self._suspending: dict[str, list[BillingFact]] = {}
        for life in folded.lives:
            for workspace in {item.workspace for item in life.assigned}:
                self.lives.setdefault(workspace, []).append(life)
            if not life.assigned and life.customer:
                self._open.setdefault((life.thing.source, life.customer), []).append(life)
        for fact in folded.suspending:
            self._suspending.setdefault(fact.workspace or "", []).append(fact)

    def of(self, workspace: str) -> Folded:
        """Return the lives that are or may be a workspace's, and its suspensions."""
        own = self.lives.get(workspace, [])
        customers = {(life.thing.source, life.customer) for life in own if life.customer}
        may_be = [life for customer in sorted(customers) for life in self._open.get(customer, ())]
        return replace(
            self._folded, lives=(*own, *may_be), suspending=tuple(self._suspending.get(workspace, ()))
        )


def _is_purchase(life: Life) -> bool:
    return life.thing.about.startswith("ref:purchase:")


def _changes(folded: Folded) -> Iterator[Change]:
    for life in folded.lives:
        yield from life.changes
    yield from folded.loose_changes


def _intake(counts: Counter[Measure], flow: str) -> tuple[SourceIntake, ...]:
    sources = sorted({measure.source for measure in counts if measure.flow == flow})
    return tuple(_source(counts, flow, source) for source in sources)


def _source(counts: Counter[Measure], flow: str, source: str) -> SourceIntake:
    lag = _words(counts, flow, "lag", source)
    buckets: tuple[LagBucket, ...] = ("under-1m", "1m-to-1h", "1h-to-1d", "1d-to-7d", "over-7d")
    return SourceIntake(
        source=source,
        counts=IntakeCounts(**_words(counts, flow, "outcome", source)),
        reasons=_most(_words(counts, flow, "reason", source), "reasons"),
        lag={bucket: lag[bucket] for bucket in buckets if lag[bucket]},
    )


def _words(counts: Counter[Measure], flow: str, measure: str, source: str | None = None) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, number in counts.items():
        if (key.flow, key.measure) == (flow, measure) and source in (None, key.source):
            found[key.word] += number
    return found


def _most(counts: Counter[str], kind: str) -> dict[str, int]:
    ranked = sorted(counts, key=lambda word: (-counts[word], word))[: MOST[kind]]
    return {word: counts[word] for word in sorted(ranked)}


def _events(usage: UsageSummary) -> dict[str, int]:
    found: Counter[str] = Counter()
    for group in usage.groups:
        if group.event_type:
            found[group.event_type] += group.totals.count
    return dict(sorted(found.items()))


def _held(ledger: Ledger) -> int:
    """Count what waits on the shelf, a page at a time."""
    found, after = 0, 0
    while page := held_events(ledger.driver, after=after):
        found, after = found + len(page), page[-1].number
    return found
