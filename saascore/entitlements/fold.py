"""The lifecycle fold: facts in, states over time and named events out.

Pure and order-free: facts are put in their total order first, so any permutation of them, with any duplicates, gives
the same bytes. One fold serves all providers. Source of the rules: docs/lifecycle.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from saascore.contract.billing import BillingFact, Link, Signal, Snapshot, Suspend
from saascore.contract.lifecycle import LifecycleEvent, LifecycleName
from saascore.contract.words import Mode
from saascore.entitlements.naming import Named, differences
from saascore.entitlements.order import in_order, is_tie, order_key, without_corrected
from saascore.entitlements.resolve import (
    START_OF_TIME,
    Assignment,
    Prices,
    assignments,
    customer_links,
)
from saascore.entitlements.signals import Around, apply
from saascore.entitlements.snapshots import asserted
from saascore.entitlements.state import State
from saascore.entitlements.things import Thing, group

NOTHING_YET = State()


class Change(NamedTuple):
    """One named difference or signal; :meth:`event` writes it in the contract's form."""

    named: Named
    fact: BillingFact
    thing: Thing | None
    workspace: str | None
    before: State
    after: State
    tie: bool
    facts: tuple[str, ...]

    @property
    def name(self) -> LifecycleName:
        """The event's name."""
        return self.named.name

    def event(self) -> LifecycleEvent:
        """Return the lifecycle event."""
        named, fact = self.named, self.fact
        plan = named.plan_key if named.name.startswith("plan.") else self.after.plan_key
        changed = named.name == "plan.changed"
        quantity = named.quantity if named.quantity is not None else self.after.quantity
        return LifecycleEvent(
            event_name=named.name,
            workspace=self.workspace,
            about=self.thing.about if self.thing else None,
            source=fact.source,
            mode=fact.mode,
            occurred_at=fact.occurred_at,
            effective_at=named.effective_at or fact.occurred_at,
            effective_until=named.effective_until,
            plan_key=plan,
            previous_plan_key=self.before.plan_key if changed else None,
            quantity=quantity,
            before=self.before.axes(),
            after=self.after.axes(),
            direction=named.direction,
            timing=named.timing,
            end_reason=named.end_reason,
            order_confidence="tie" if self.tie else "strict",
            gap=named.gap,
            facts=self.facts,
        )


class Step(NamedTuple):
    """From ``start`` on the state holds, by the clock of the business; ``order`` is the place of the fact that says so."""

    start: str
    state: State
    cause: LifecycleName
    order: tuple[str, str]
    facts: tuple[str, ...]


class Life(NamedTuple):
    """The life of one thing: what happened to it, its states over time, and to whom it belongs.

    ``held`` says that its latest price is not mapped to a plan. ``ties`` and ``gaps`` count what should be refetched.
    """

    thing: Thing
    customer: str | None
    assigned: tuple[Assignment, ...]
    changes: tuple[Change, ...]
    steps: tuple[Step, ...]

    @property
    def held(self) -> bool:
        """Whether its last price could not be mapped."""
        return bool(self.steps) and self.steps[-1].state.plan_held

    @property
    def ties(self) -> int:
        """How many facts could not be ordered by anything they hold."""
        return len({change.fact.fact_id for change in self.changes if change.tie})

    @property
    def gaps(self) -> int:
        """How many transitions tell of a missed event."""
        return sum(change.named.gap for change in self.changes)

    def workspace_at(self, at: str) -> str | None:
        """Return whose it is at an instant."""
        found = None
        for item in self.assigned:
            if item.since > at:
                break
            found = item.workspace
        return found


@dataclass(frozen=True, slots=True)
class Folded:
    """Everything that a set of facts says: the lives of things, and the facts that are about no thing.

    ``suspending`` are the facts that suspend a workspace, or lift that. ``taken_out`` names, by the id of each fact that does not count, the correction that took it out.
    """

    lives: tuple[Life, ...]
    loose: tuple[BillingFact, ...]
    loose_changes: tuple[Change, ...]
    prices: Prices
    suspending: tuple[BillingFact, ...]
    taken_out: dict[str, str]

    def events(self) -> tuple[LifecycleEvent, ...]:
        """Return every lifecycle event in the total order of the facts."""
        every = [change for life in self.lives for change in life.changes]
        every.extend(self.loose_changes)
        every.sort(key=lambda change: order_key(change.fact))  # stable: names of one fact keep their order
        return tuple(change.event() for change in every)


def fold(
    facts: Iterable[BillingFact],
    *,
    rank: Sequence[str] = (),
    mode: Mode | None = None,
    naming: bool = True,
) -> Folded:
    """Fold facts into lives.

    Args:
        facts: In any order, with any duplicates. All facts about a thing are needed for its life to be right.
        rank: The product's plans from lowest to highest, for the direction of plan changes.
        mode: Fold the facts of this mode only. Modes never mix, with or without it.
        naming: Whether to name what happened. A decision needs the states alone.
    """
    ordered, taken_out = without_corrected(in_order(facts))
    if mode is not None:
        ordered = [fact for fact in ordered if fact.mode == mode]
    prices = Prices.of(ordered)
    things, loose = group(ordered)
    linked = customer_links(loose)
    lives = []
    for thing in sorted(things):
        own = things[thing]
        customer = next((fact.customer for fact in reversed(own) if fact.customer), None)
        of_customer = linked.get((thing.source, thing.mode, customer or ""), [])
        assigned = assignments(own, of_customer)
        lives.append(_Fold(thing, assigned, prices, rank, naming).run(own, customer))
    told = tuple(_loose(loose, prices, rank)) if naming else ()
    suspending = tuple(fact for fact in ordered if any(isinstance(one, Suspend) for one in fact.signals))
    return Folded(tuple(lives), tuple(loose), told, prices, suspending, taken_out)


@dataclass(slots=True)
class _Fold:
    thing: Thing
    assigned: list[Assignment]
    prices: Prices
    rank: Sequence[str]
    naming: bool
    state: State = NOTHING_YET
    last: BillingFact | None = None
    basis: dict[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    heard: set[tuple[str, Signal]] = field(default_factory=set)

    def run(self, facts: Sequence[BillingFact], customer: str | None) -> Life:
        if self.assigned:
            self.basis["workspace"] = self.assigned[0].fact_id
        for position, fact in enumerate(facts):
            self._assign(fact, first=position == 0)
            if fact.snapshot is not None:
                self._snapshot(fact, fact.snapshot)
            for signal in fact.signals:
                self._signal(fact, signal)
        return Life(self.thing, customer, tuple(self.assigned), tuple(self.changes), tuple(self.steps))

    def _assign(self, fact: BillingFact, *, first: bool) -> None:
        for position, item in enumerate(self.assigned):
            if item.fact_id == fact.fact_id:
                self.basis["workspace"] = fact.fact_id
                if position:
                    self._name(fact, Named("subject.reassigned"), self.state, tie=False)
                elif not first or any(isinstance(signal, Link) for signal in fact.signals):
                    self._name(fact, Named("subject.linked"), self.state, tie=False)

    def _snapshot(self, fact: BillingFact, snapshot: Snapshot) -> None:
        before = self.state
        after, taught = asserted(before, snapshot, fact.occurred_at, self.prices)
        tie = self.naming and self.last is not None and is_tie(self.last, fact)
        earlier = self.last.fact_id if self.last is not None else None
        self.last = fact
        if after == before:
            return
        self.basis["snapshot"] = fact.fact_id
        if snapshot.plan_key or taught:
            self.basis["plan"] = taught or fact.fact_id
        self._follow(before, after, fact)
        rests_on = (earlier, fact.fact_id) if earlier else (fact.fact_id,)
        first = len(self.changes)
        names = differences(before, after, fact.occurred_at, self.rank) if self.naming else ()
        for named in names:
            self._name(fact, named, before, after, tie=tie, facts=rests_on)
        start = fact.occurred_at
        if after.service == "ended" and after.ended_at is not None:
            start = min(start, after.ended_at)
        self._step(after, fact, start, first)

    def _signal(self, fact: BillingFact, signal: Signal) -> None:
        twin = (fact.occurred_at, signal)
        if twin in self.heard:
            return
        self.heard.add(twin)
        before = self.state
        kind = self.thing.about.split(":", 2)[1]
        effect = apply(signal, before, Around(fact, self.prices, self.rank, kind))
        first = len(self.changes)
        for named in effect.names:
            self._name(fact, named, before, effect.state)
        if effect.state != before:
            self._follow(before, effect.state, fact)
            self.basis[signal.kind] = fact.fact_id
            self._step(effect.state, fact, effect.start or fact.occurred_at, first)

    def _follow(self, before: State, after: State, fact: BillingFact) -> None:
        """Keep the facts that a running episode rests on, and let go of those of one that is over."""
        if after.failing_since is None:
            self.basis.pop("payment_failed", None)
            self.basis.pop("behind", None)
        elif before.failing_since is None:
            self.basis["behind"] = fact.fact_id
        if after.disputed_since is None:
            self.basis.pop("dispute", None)

    def _step(self, state: State, fact: BillingFact, start: str, first: int) -> None:
        self.state = state
        cause = _cause(state)
        for change in reversed(self.changes[first:]):
            if change.name != "subscription.period_advanced" or len(self.changes) == first + 1:
                cause = change.name
        place = (fact.occurred_at, fact.fact_id)
        self.steps.append(Step(start, state, cause, place, tuple(self.basis.values())))

    def _name(
        self,
        fact: BillingFact,
        named: Named,
        before: State,
        after: State | None = None,
        *,
        tie: bool = False,
        facts: tuple[str, ...] = (),
    ) -> None:
        if not self.naming:
            return
        workspace = _at(self.assigned, fact.occurred_at)
        facts = facts or (fact.fact_id,)
        self.changes.append(Change(named, fact, self.thing, workspace, before, after or before, tie, facts))


def _loose(facts: Iterable[BillingFact], prices: Prices, rank: Sequence[str]) -> Iterator[Change]:
    """Name the signals of facts that are about no thing: nothing is lost for want of a subscription."""
    for fact in facts:
        around = Around(fact, prices, rank, "")
        for signal in fact.signals:
            if isinstance(signal, Link):
                yield Change(
                    Named("subject.linked"),
                    fact,
                    None,
                    signal.workspace,
                    NOTHING_YET,
                    NOTHING_YET,
                    False,
                    (fact.fact_id,),
                )
                continue
            for named in apply(signal, NOTHING_YET, around).names:
                yield Change(
                    named, fact, None, fact.workspace, NOTHING_YET, NOTHING_YET, False, (fact.fact_id,)
                )


def _at(assigned: Sequence[Assignment], at: str) -> str | None:
    found = None
    for item in assigned:
        if item.since != START_OF_TIME and item.since > at:
            break
        found = item.workspace
    return found


def _cause(state: State) -> LifecycleName:
    """Return the cause of a step without a name: a plan or quantity became known that was not."""
    return "subscription.ended" if state.service == "ended" else "plan.changed"
