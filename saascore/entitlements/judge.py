"""The core of a decision: which source wins at an instant. Light enough to ask at every request of a product."""

from __future__ import annotations

from typing import NamedTuple

from saascore.contract.decision import DecisionReason, Verdict
from saascore.entitlements.sources import Sources
from saascore.entitlements.timeline import Suspension
from saascore.entitlements.weigh import Phase


class Judgement(NamedTuple):
    """The answer alone: outcome, reason, plan and quantity, and the phase it rests on."""

    outcome: Verdict
    reason: DecisionReason
    plan_key: str | None = None
    quantity: int | None = None
    phase: Phase | None = None
    suspension: Suspension | None = None

    @property
    def granted(self) -> bool:
        """Whether the workspace may use its plan."""
        return self.outcome == "granted"

    def answer(self) -> tuple[Verdict, str | None, int | None]:
        """Return what must differ at another instant for it to be another answer."""
        return (self.outcome, self.plan_key, self.quantity)


def judge(sources: Sources, at: str) -> Judgement:
    """Decide at a canonical instant.

    An operator's suspension gates everything. Then the strongest granted source wins. Where none is granted but one
    is not known, the answer is unknown: an unmapped price or a silent provider never falls to the default plan.
    """
    spell = sources.spell(at)
    found = sources.judged.get(spell)
    if found is None:
        found = sources.judged[spell] = _judged(sources, at)
    return found


def _judged(sources: Sources, at: str) -> Judgement:
    if sources.suspensions and (held := sources.suspended(at)) is not None:
        return Judgement("denied", "suspended_by_operator", suspension=held)
    strongest = _strongest(sources, at)
    if (won := strongest.get("granted")) is not None:
        state = won.span.state
        return Judgement("granted", won.reason, state.plan_key, state.quantity, won)
    if (unknown := strongest.get("unknown")) is not None:
        return Judgement("unknown", unknown.reason, unknown.span.state.plan_key, phase=unknown)
    if (unlinked := strongest.get("unlinked")) is not None:
        return Judgement("unknown", "workspace_unresolved", phase=unlinked)
    if sources.rules.default_plan is not None:
        return Judgement("granted", "default_plan", sources.rules.default_plan)
    if (denied := strongest.get("denied")) is not None:
        return Judgement("denied", denied.reason, phase=denied)
    ahead = any(source.linked and source.starts[0] > at for source in sources.sources)
    return Judgement("denied", "not_started" if ahead else "no_source")


def _strongest(sources: Sources, at: str) -> dict[str, Phase]:
    """Return the strongest phase of each verdict, those of sources that nobody linked apart."""
    best: dict[str, Phase] = {}
    for source in sources.sources:
        phase = source.at(at)
        if phase is None or (source.linked and phase.span.workspace != sources.workspace):
            continue
        verdict: str = phase.verdict
        if not source.linked:
            if verdict == "denied":
                continue
            verdict = "unlinked"
        known = best.get(verdict)
        if known is None or phase.strength > known.strength:
            best[verdict] = phase
    return best
