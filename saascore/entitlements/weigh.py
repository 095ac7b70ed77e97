"""What a span of plan is worth, phase by phase: granted, denied or unknown, and why.

Rules are the product's: grace windows, staleness, plan rank, priority. A span becomes phases once, so that a decision
is a look-up by instant. Source of the rules: docs/entitlements.md, "Decisions".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from saascore.contract.billing import SourceKind
from saascore.contract.decision import DecisionReason, Verdict
from saascore.contract.plans import EntitlementRules
from saascore.entitlements.state import State
from saascore.entitlements.timeline import END_OF_TIME, Span

#: The first year that the contract's instants do not reach.
END_OF_CALENDAR = 2100
_GRANTS = frozenset({"manual_override", "contract", "promo"})


Strength = tuple[int, int, str, str, str]


class Phase(NamedTuple):
    """From ``start`` on a source has one verdict, until its next phase. ``grace`` and ``stale`` say what kind it is.

    Of two phases with one verdict the one of greater ``strength`` counts: source priority, plan rank, later
    effective_from, later occurred_at, fact id.
    """

    start: str
    verdict: Verdict
    reason: DecisionReason
    span: Span
    strength: Strength
    grace: bool = False
    stale: bool = False


class Scale(NamedTuple):
    """What strength is read off: the place of each source kind and of each plan, the greater the stronger."""

    priority: dict[SourceKind, int]
    rank: dict[str | None, int]

    @classmethod
    def of(cls, rules: EntitlementRules) -> Scale:
        """Read the scale off a product's rules. A kind or plan that is not on it is the weakest."""
        priority: dict[SourceKind, int] = {
            kind: -place for place, kinds in enumerate(rules.priority) for kind in kinds
        }
        return cls(priority, {plan: place for place, plan in enumerate(rules.plan_rank)})


def phases(span: Span, rules: EntitlementRules, scale: Scale) -> Iterator[Phase]:
    """Cut a span where its verdict or reason changes by the clock."""
    strength = _strength(span, scale)
    unmapped = span.state.plan_key is None
    for start, verdict, reason, grace, stale in _phases(span.state, span.start, rules):
        if start >= span.end:
            return
        if unmapped and verdict == "granted":
            # A purchase that no plan is known for may be no plan at all (credits); it must not make us unsure.
            bought = span.state.source_kind == "purchase"
            yield Phase(start, "denied" if bought else "unknown", "plan_unresolved", span, strength)
        else:
            yield Phase(start, verdict, reason, span, strength, grace=grace, stale=stale)


def _strength(span: Span, scale: Scale) -> Strength:
    state = span.state
    priority = scale.priority.get(state.source_kind, -len(scale.priority))
    return (priority, scale.rank.get(state.plan_key, -1), span.since, *span.order)


def days_after(instant: str, days: int) -> str:
    """Return the instant a number of days later, or the end of time where the calendar of the contract ends."""
    day = date.fromisoformat(instant[:10]) + timedelta(days)  # at most 100 years: no calendar overflows
    return f"{day.isoformat()}{instant[10:]}" if day.year < END_OF_CALENDAR else END_OF_TIME


_Row = tuple[str, Verdict, DecisionReason, bool, bool]


def _phases(state: State, start: str, rules: EntitlementRules) -> Iterator[_Row]:
    standing = state.standing
    if standing == "revoked":
        yield start, "denied", "revoked_by_operator", False, False
    elif standing == "pending":
        yield start, "denied", "activation_incomplete", False, False
    elif standing == "paused":
        yield start, "denied", "paused", False, False
    elif standing == "ended":
        yield from _after_end(state, start, rules)
    elif standing == "disputed":
        days = 0 if state.dispute_lost else rules.grace.dispute
        yield from _with_grace(start, state.disputed_since, days, "disputed", "disputed")
    elif standing in {"past_due", "unpaid"}:
        reason: DecisionReason = "unpaid" if standing == "unpaid" else "past_due"
        yield from _with_grace(start, state.failing_since, rules.grace.payment, "payment_grace", reason)
    else:
        yield from _running(state, start, rules)


def _running(state: State, start: str, rules: EntitlementRules) -> Iterator[_Row]:
    yield start, "granted", _reason(state), False, False
    if (expected := state.word_expected) is not None:
        yield max(start, expected), "granted", "source_stale", False, True
        yield max(start, days_after(expected, rules.staleness_days)), "unknown", "source_stale", False, True


def _reason(state: State) -> DecisionReason:
    if state.service == "trialing" or state.source_kind == "trial":
        return "trial_active"
    if state.source_kind == "purchase":
        return "lifetime_purchase" if state.lifetime else "active_grant"
    if state.source_kind == "default":
        return "default_plan"
    return "active_grant" if state.source_kind in _GRANTS else "active_subscription"


def _after_end(state: State, start: str, rules: EntitlementRules) -> Iterator[_Row]:
    reason, grace = state.end_reason, rules.grace
    if reason in {"canceled_at_period_end", "canceled_immediately"}:
        yield from _with_grace(
            start, state.ended_at, grace.cancellation, "in_cancellation_window", "canceled"
        )
    elif reason == "dunning_exhausted":
        yield from _with_grace(start, state.failing_since, grace.payment, "payment_grace", "unpaid")
    elif reason == "refunded":
        yield from _with_grace(start, state.ended_at, grace.refund, "refunded", "refunded")
    elif reason == "dispute_lost":
        yield start, "denied", "disputed", False, False
    elif reason == "activation_failed":
        yield start, "denied", "activation_incomplete", False, False
    elif reason == "operator":
        yield start, "denied", "revoked_by_operator", False, False
    elif reason in {"replaced", "migrated"}:
        yield start, "denied", "canceled", False, False
    else:
        yield start, "denied", "expired", False, False


def _with_grace(
    start: str, since: str | None, days: int, during: DecisionReason, after: DecisionReason
) -> Iterator[_Row]:
    """Grant through the days of grace that count from ``since``, and deny after them."""
    end = days_after(since, days) if days and since is not None else start
    if end > start:
        yield start, "granted", during, True, False
    if end < END_OF_TIME:
        yield max(start, end), "denied", after, False, False
