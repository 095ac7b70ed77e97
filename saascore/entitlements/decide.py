"""Decisions: the whole answer, with everything considered, the next change, its evidence and a digest.

A pure function of facts, rules, the instant asked about and the position known of: the same question has the same
bytes, for ever. Source of the rules: docs/entitlements.md, "Decisions".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any

from saascore.contract.canonical import digest_bytes
from saascore.contract.decision import Decision, DecisionReason, DecisionRequest, NextChange, Verdict
from saascore.contract.instants import to_datetime
from saascore.contract.plans import EntitlementRules
from saascore.contract.trusted import builder
from saascore.entitlements.judge import Judgement, judge
from saascore.entitlements.sources import Source, Sources
from saascore.entitlements.timeline import END_OF_TIME
from saascore.entitlements.weigh import Phase, Strength

DECISION_DOMAIN = "saascore/decision/1"
_CLASS: dict[Verdict, int] = {"granted": 2, "unknown": 1, "denied": 0}
Encoded = dict[str, Any]
#: The canonical encoding without its checks: whatever is encoded here is made of the contract's words.
_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
).encode


@lru_cache(maxsize=1)
def _build() -> Callable[[Mapping[str, Any]], Decision]:
    return builder(Decision)


def decide(sources: Sources, request: DecisionRequest) -> Decision:
    """Answer a question about the workspace whose sources these are.

    Args:
        sources: Compiled from the facts up to ``request.as_of``.
        request: The question. Its workspace and mode are those of ``sources``.
    """
    found = judge(sources, request.at)
    span = found.phase.span if found.phase is not None else None
    answer: Encoded = {
        "schema": DECISION_DOMAIN,
        "request": _request(request),
        "outcome": found.outcome,
        "reason": found.reason,
        "plan_key": found.plan_key,
        "quantity": found.quantity,
        "capability": _capability(sources.rules, found, request.capability),
        "effective_from": span.since if span else None,
        "effective_until": span.until if span and span.until < END_OF_TIME else None,
        "next_change": _next_change(sources, request.at, found),
        "winner": _name(found.phase) if found.granted and found.phase is not None else None,
        "considered": _considered(sources, request.at),
        "staleness": _staleness(found.phase, request.at, sources.rules),
        "evidence": _evidence(sources, request.at, found),
        "rules_digest": sources.rules_digest,
    }
    answer = _said(answer)
    answer["decision_digest"] = digest_bytes(DECISION_DOMAIN, _encode(answer).encode())
    return _build()(answer)


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
            return _said({"capability": asked, "included": True, "limit": held.limit, "unit": held.unit})
    return {"capability": asked, "included": False}


def _next_change(sources: Sources, at: str, now: Judgement) -> Encoded | None:
    """Return the next instant at which the same facts give another answer, and what happens then."""
    for instant in sources.boundaries(at):
        then = judge(sources, instant)
        if then.answer() != now.answer():
            return _said({"at": instant, "what": _what(now, then), "plan_key": then.plan_key})
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
    return {"source_kind": span.state.source_kind, "source": span.thing.source, "about": span.thing.about}


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
    return _said(
        {
            "name": _name(phase),
            "verdict": verdict,
            "reasons": tuple(reasons),
            "plan_key": span.state.plan_key,
            "effective_from": span.since,
            "effective_until": span.until if span.until < END_OF_TIME else None,
        }
    )


def _staleness(phase: Phase | None, at: str, rules: EntitlementRules) -> Encoded:
    expected = phase.span.state.word_expected if phase is not None else None
    days = 0
    if phase is not None and phase.stale and expected is not None:
        days = (to_datetime(at) - to_datetime(expected)).days
    stale = phase is not None and phase.stale
    said = {"stale": stale, "days": days, "limit_days": rules.staleness_days, "expected_at": expected}
    return _said(said)


def _request(request: DecisionRequest) -> Encoded:
    return _said(
        {
            "product": request.product,
            "workspace": request.workspace,
            "mode": request.mode,
            "capability": request.capability,
            "at": request.at,
            "as_of": request.as_of,
        }
    )


def _said(encoded: Encoded) -> Encoded:
    """Leave out what is not said, as the contract's encoded form does."""
    return {name: value for name, value in encoded.items() if value is not None}


def _evidence(sources: Sources, at: str, found: Judgement) -> tuple[str, ...]:
    """Return the facts that the answer rests on: those of what won, or of everything that did not."""
    if found.suspension is not None:
        return found.suspension.facts
    if found.phase is not None:
        return tuple(sorted(set(found.phase.span.facts)))
    return tuple(sorted({fact for _, phase in _at(sources, at) if phase for fact in phase.span.facts}))
