"""Decisions: the whole answer, with everything considered, the next change, its evidence and a digest.

A pure function of facts, rules, the instant asked about and the position known of: the same question has the same
bytes, for ever. Source of the rules: docs/entitlements.md, "Decisions".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import to_json

from saascore.contract.decision import Decision, DecisionReason, DecisionRequest, NextChange, Verdict
from saascore.contract.instants import to_datetime
from saascore.contract.plans import EntitlementRules
from saascore.contract.trusted import builder
from saascore.entitlements.judge import Judgement, judge
from saascore.entitlements.made import stated
from saascore.entitlements.sources import Source, Sources
from saascore.entitlements.timeline import END_OF_TIME
from saascore.entitlements.weigh import Phase, Strength

if TYPE_CHECKING:
    from _hashlib import HASH

DECISION_DOMAIN = "saascore/decision/1"
#: Answers kept for one workspace: far more than the spells and capabilities that a product asks about.
REMEMBERED = 256
#: JSON values whose keys are written in canonical order, so that pydantic's encoder gives the canonical bytes.
Encoded = dict[str, Any]
_CLASS: dict[Verdict, int] = {"granted": 2, "unknown": 1, "denied": 0}


@lru_cache(maxsize=1)
def _build() -> Callable[[Mapping[str, Any]], Decision]:
    return builder(Decision)


class Answer(NamedTuple):
    """The answer of one spell: a decision, and what of its canonical form stands around the question in it.

    ``before`` is digested already, so that a later question costs the digest of itself and of what comes after it.
    """

    decision: Decision
    before: HASH
    after: bytes


def decide(sources: Sources, request: DecisionRequest) -> Decision:
    """Answer a question about the workspace whose sources these are.

    Args:
        sources: Compiled from the facts up to ``request.as_of``.
        request: The question. Its workspace and mode are those of ``sources``.
    """
    found = judge(sources, request.at)
    key = (sources.spell(request.at), request.capability, _days_silent(found.phase, request.at))
    known = sources.answers.get(key)
    if known is not None:
        said = {"request": request, "decision_digest": _digest(known.before, request, known.after)}
        return known.decision.model_copy(update=said)
    if len(sources.answers) >= REMEMBERED:
        sources.answers.clear()
    answer = sources.answers[key] = _answer(sources, request, found, key[-1])
    return answer.decision


def _answer(sources: Sources, request: DecisionRequest, found: Judgement, days: int) -> Answer:
    at, span = request.at, found.phase.span if found.phase is not None else None
    first = stated(
        {
            "capability": _capability(sources.rules, found, request.capability),
            "considered": _considered(sources, at),
            "effective_from": span.since if span else None,
            "effective_until": span.until if span and span.until < END_OF_TIME else None,
            "evidence": _evidence(sources, at, found),
            "next_change": _next_change(sources, at, found),
            "outcome": found.outcome,
            "plan_key": found.plan_key,
            "quantity": found.quantity,
            "reason": found.reason,
        }
    )
    last = stated(
        {
            "rules_digest": sources.rules_digest,
            "schema": DECISION_DOMAIN,
            "staleness": _staleness(found.phase, days, sources.rules),
            "winner": _name(found.phase) if found.granted and found.phase is not None else None,
        }
    )
    before = sha256(f"{DECISION_DOMAIN}\n".encode() + to_json(first)[:-1] + b',"request":')
    after = b"," + to_json(last)[1:]
    said = {"request": request, "decision_digest": _digest(before, request, after)}
    return Answer(_build()({**first, **last, **said}), before, after)


def _digest(before: HASH, request: DecisionRequest, after: bytes) -> str:
    asked: Encoded = {"as_of": request.as_of, "at": request.at}
    if request.capability is not None:
        asked["capability"] = request.capability
    asked["mode"], asked["product"], asked["workspace"] = request.mode, request.product, request.workspace
    whole = before.copy()
    whole.update(to_json(asked) + after)
    return f"sha256:{whole.hexdigest()}"


def _capability(rules: EntitlementRules, found: Judgement, asked: str | None) -> Encoded | None:
    """Return what the plan says of a capability, or ``None`` where nothing was asked or the plan is not described.

    An add-on may bring what the plan itself does not have.
    """
    if asked is None or found.plan_key is None or not found.granted:
        return None
    addons = found.phase.span.state.addons or () if found.phase is not None else ()
    described = [rules.capabilities[key] for key in (found.plan_key, *addons) if key in rules.capabilities]
    if not described:
        return None
    for snapshot in described:
        if (held := snapshot.capabilities.get(asked)) is not None:
            return stated({"capability": asked, "included": True, "limit": held.limit, "unit": held.unit})
    return {"capability": asked, "included": False}


def _next_change(sources: Sources, at: str, now: Judgement) -> Encoded | None:
    """Return the next instant at which the same facts give another answer, and what happens then."""
    for instant in sources.starts[sources.spell(at) :]:
        then = judge(sources, instant)
        if then.answer() != now.answer():
            return stated({"at": instant, "plan_key": then.plan_key, "what": _what(now, then)})
    return None


def _what(now: Judgement, then: Judgement) -> NextChange:
    if now.suspension is not None:
        return "suspension_ends"
    if then.outcome == "unknown":
        return "becomes_unknown"
    if now.granted and then.granted and then.reason != "default_plan":
        return "plan_change" if now.plan_key != then.plan_key else "quantity_change"
    if now.granted:
        if now.phase is not None and now.phase.grace:
            return "grace_ends"
        return "pause" if then.reason == "paused" else "ends"
    return "resume" if now.reason == "paused" else "starts"


def _name(phase: Phase) -> Encoded:
    span = phase.span
    return {"about": span.thing.about, "source": span.thing.source, "source_kind": span.state.source_kind}


def _considered(sources: Sources, at: str) -> tuple[Encoded, ...]:
    """List every source with its verdict: what is granted before what is not, the strongest first."""
    rows: list[tuple[tuple[int, Strength], Encoded]] = []
    asked = _at(sources, at)
    here = [(source, phase) for source, phase in asked if phase is not None]
    conflict = len({phase.span.state.plan_key for source, phase in here if _competes(source, phase)}) > 1
    for source, phase in here:
        reasons: list[DecisionReason] = [phase.reason if source.linked else "workspace_unresolved"]
        if conflict and _competes(source, phase):
            reasons.append("source_conflict")
        if phase.span.state.plan_held and phase.reason != "plan_unresolved":
            reasons.append("plan_unresolved")
        verdict = phase.verdict if source.linked else "unknown"
        rows.append(((_CLASS[verdict], phase.strength), _consider(phase, verdict, reasons)))
    for source in [source for source, phase in asked if phase is None]:
        first = source.phases[0]
        if first.span.workspace == sources.workspace:
            rows.append(((-1, first.strength), _consider(first, "denied", ["not_started"])))
    return tuple(row for _, row in sorted(rows, key=itemgetter(0), reverse=True))


def _at(sources: Sources, at: str) -> list[tuple[Source, Phase | None]]:
    phases = ((source, source.at(at)) for source in sources.sources)
    return [
        (source, phase)
        for source, phase in phases
        if phase is None or not source.linked or phase.span.workspace == sources.workspace
    ]


def _competes(source: Source, phase: Phase) -> bool:
    """Tell whether it is one of the live subscriptions that may contradict each other."""
    return source.linked and phase.verdict == "granted" and phase.span.state.source_kind == "billing"


def _consider(phase: Phase, verdict: Verdict, reasons: list[DecisionReason]) -> Encoded:
    span = phase.span
    return stated(
        {
            "effective_from": span.since,
            "effective_until": span.until if span.until < END_OF_TIME else None,
            "name": _name(phase),
            "plan_key": span.state.plan_key,
            "reasons": tuple(reasons),
            "verdict": verdict,
        }
    )


def _days_silent(phase: Phase | None, at: str) -> int:
    """Return for how many whole days the provider's word has been overdue; it alone differs within a spell."""
    if phase is None or not phase.stale or (expected := phase.span.state.word_expected) is None:
        return 0
    return (to_datetime(at) - to_datetime(expected)).days


def _staleness(phase: Phase | None, days: int, rules: EntitlementRules) -> Encoded:
    expected = phase.span.state.word_expected if phase is not None else None
    stale = phase is not None and phase.stale
    return stated({"days": days, "expected_at": expected, "limit_days": rules.staleness_days, "stale": stale})


def _evidence(sources: Sources, at: str, found: Judgement) -> tuple[str, ...]:
    """Return the facts that the answer rests on: those of what won, or of everything that did not."""
    if found.suspension is not None:
        return found.suspension.facts
    if found.phase is not None:
        return tuple(sorted(set(found.phase.span.facts)))
    return tuple(sorted({fact for _, phase in _at(sources, at) if phase for fact in phase.span.facts}))
