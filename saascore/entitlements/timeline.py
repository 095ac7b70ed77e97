"""Spans of plan: what each source gave, from when to when, with scheduled changes carried out by the clock.

No event need arrive for a cancellation to end access: what a snapshot announces for an instant holds from that instant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from saascore.contract.billing import ScheduledChange, Suspend
from saascore.contract.journal import PlanSourceState
from saascore.contract.lifecycle import LifecycleName
from saascore.entitlements.fold import Folded, Life, Step
from saascore.entitlements.resolve import START_OF_TIME
from saascore.entitlements.state import State
from saascore.entitlements.things import Thing

END_OF_TIME = "~"
#: What takes effect at the end of the period where no date is said.
_AT_PERIOD_END = frozenset({"cancel", "pause"})


class Span(NamedTuple):
    """``[start, end)`` in which one state of one source held; ``[since, until)`` in which what is visible of it did."""

    start: str
    end: str
    since: str
    until: str
    thing: Thing
    workspace: str | None
    state: State
    cause: LifecycleName
    order: tuple[str, str]
    facts: tuple[str, ...]

    @property
    def standing(self) -> PlanSourceState:
        """The journal's word for it."""
        return self.state.standing

    def visible(self) -> tuple[object, ...]:
        """Return what a plan-source write shows of it: spans that agree in this are one row of the journal."""
        state = self.state
        kind = (self.workspace, state.source_kind, state.standing)
        return (*kind, state.plan_key, state.quantity, state.addons, state.lifetime)


def spans(life: Life) -> list[Span]:
    """Return the spans of a life, in order, without holes between the first start and the end of time."""
    workspace = life.assigned[0].workspace if life.assigned else None
    painted: list[list[Span]] = []
    stop = END_OF_TIME
    for step in reversed(life.steps):  # a later word stands over an earlier one, from its start on
        if step.start < stop:
            painted.append(_by_the_clock(life.thing, workspace, step, stop))
            stop = step.start
    shown = [span for some in reversed(painted) for span in some if span.state.service != "none"]
    return _runs(shown if len(life.assigned) < 2 else list(_owned(life, shown)))


def coarse(every: Iterable[Span]) -> list[Span]:
    """Join neighbours in which nothing visible differs: one span for each row of the journal."""
    return [span._replace(end=span.until) for span in every if span.start == span.since]


class Suspension(NamedTuple):
    """From ``start`` on a workspace is suspended, or is not."""

    start: str
    suspended: bool
    facts: tuple[str, ...]


def suspensions(folded: Folded, workspace: str) -> list[Suspension]:
    """Return when an operator's suspension began and ended. A later word on the same instant wins."""
    words: list[tuple[str, int, bool, str]] = []
    for place, fact in enumerate(folded.suspending):
        if fact.workspace != workspace:
            continue
        for signal in fact.signals:
            if isinstance(signal, Suspend):
                words.append((signal.effective_at, place, not signal.lifted, fact.fact_id))
                if signal.effective_until is not None and not signal.lifted:
                    words.append((signal.effective_until, place, False, fact.fact_id))
    found: list[Suspension] = []
    for start, _, suspended, fact_id in sorted(words):
        if found and found[-1].start == start:
            found.pop()
        found.append(Suspension(start, suspended, (fact_id,)))
    return found


def _by_the_clock(thing: Thing, workspace: str | None, step: Step, stop: str) -> list[Span]:
    """Carry out what is scheduled, instant by instant, up to where another word begins."""
    start, state, cause, order, facts = step
    found: list[Span] = []
    if state.revoke_at is not None and state.revoke_at <= start:
        state = _revoked(state, start)
    while (due := _next(state, start)) is not None and due[0] < stop:
        at, changed, why = due
        found.append(Span(start, at, start, at, thing, workspace, state, cause, order, facts))
        start, state, cause = at, changed, why
    found.append(Span(start, stop, start, stop, thing, workspace, state, cause, order, facts))
    return found


def _next(state: State, after: str) -> tuple[str, State, LifecycleName] | None:
    """Return the next instant at which the clock alone changes a state, and what it becomes."""
    if state.revoke_at is None and state.until is None and not state.scheduled:
        return None
    if state.revoked or state.service == "none" or (state.service == "ended" and state.revoke_at is None):
        return None
    due: list[tuple[str, int, State, LifecycleName]] = []
    if state.revoke_at is not None:
        due.append((state.revoke_at, 0, _revoked(state, state.revoke_at), "grant.revoked"))
    if state.service != "ended":
        if state.until is not None:
            ended = state._replace(service="ended", ended_at=state.until, scheduled=())
            over: LifecycleName = "trial.expired" if state.source_kind == "trial" else "subscription.ended"
            due.append((state.until, 1, ended, over))
        due.extend(
            (at, 2, *_carried_out(state, change, at))
            for change in state.scheduled
            if (at := _due(state, change)) is not None
        )
    ahead = [item for item in due if item[0] > after]
    if not ahead:
        return None
    at, _, changed, why = min(ahead, key=lambda item: item[:2])
    return at, changed, why


def _due(state: State, change: ScheduledChange) -> str | None:
    """Return when the clock carries out a change. What waits for something else, a payment perhaps, has no date."""
    if change.effective_at is not None:
        return change.effective_at
    return state.period_to if change.kind in _AT_PERIOD_END else None


def _carried_out(state: State, change: ScheduledChange, at: str) -> tuple[State, LifecycleName]:
    rest = tuple(item for item in state.scheduled if item is not change)
    if change.kind == "cancel":
        ended = state._replace(
            service="ended", ended_at=at, end_reason="canceled_at_period_end", scheduled=()
        )
        return ended, "subscription.ended"
    if change.kind == "pause":
        return state._replace(service="paused", scheduled=rest), "subscription.paused"
    if change.kind == "resume":
        collection = "current" if state.collection == "collection_paused" else state.collection
        service = "active" if state.service == "paused" else state.service
        return state._replace(service=service, collection=collection, scheduled=rest), "subscription.resumed"
    if change.kind == "plan_change":
        plan, ref = change.plan_key or state.plan_key, change.plan_ref or state.plan_ref
        quantity = change.quantity if change.quantity is not None else state.quantity
        held = change.plan_key is None and change.plan_ref is not None
        moved = state._replace(plan_key=plan, plan_ref=ref, plan_held=held, quantity=quantity, scheduled=rest)
        return moved, "plan.changed"
    return state._replace(quantity=change.quantity, scheduled=rest), "quantity.changed"


def _revoked(state: State, at: str) -> State:
    return state._replace(
        service="ended", revoked=True, ended_at=at, end_reason="operator", scheduled=(), until=None
    )


def _owned(life: Life, painted: Iterable[Span]) -> Iterator[Span]:
    """Cut spans where a thing goes over to another workspace."""
    ends = [item.since for item in life.assigned[1:]] + [END_OF_TIME]
    for span in painted:
        for item, end in zip(life.assigned, ends, strict=True):
            start, stop = max(span.start, item.since or START_OF_TIME), min(span.end, end)
            if start < stop:
                moved: LifecycleName = span.cause if start == span.start else "subject.reassigned"
                yield span._replace(
                    start=start, end=stop, since=start, until=stop, workspace=item.workspace, cause=moved
                )


def _runs(every: list[Span]) -> list[Span]:
    """Tell every span when the run of neighbours that look the same begins and ends."""
    found: list[Span] = []
    run: list[Span] = []
    for span in every:
        last = run[-1] if run else None
        if last is not None and not (last.end == span.start and last.visible() == span.visible()):
            found.extend(_run(run))
            run = []
        run.append(span)
    return found + _run(run)


def _run(run: list[Span]) -> list[Span]:
    if len(run) < 2:
        return run
    since, until = run[0].start, run[-1].end
    return [span._replace(since=since, until=until) for span in run]
