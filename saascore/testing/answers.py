"""Answers of core as a product's copy hooks get them: a small summary, and decisions on each of its plans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from saascore.contract.canonical import digest
from saascore.contract.decision import Decision, DecisionRequest
from saascore.contract.summary import SummaryGroup, SummarySpec, Totals, UsageSummary
from saascore.contract.window import Window
from saascore.privacy.references import Redactor
from saascore.testing.samples import Total

_MONTH = Window.parse({"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"})


def sample_summary(totals: Iterable[Total]) -> UsageSummary:
    """Return a summary of one month with the given totals."""
    groups = tuple(
        SummaryGroup(
            event_type=total.event_type,
            plan_key=total.plan_key,
            unit=total.unit,
            window=_MONTH,
            totals=Totals(count=total.count, sum=total.sum, subjects=1),
        )
        for total in totals
    )
    return UsageSummary(spec=SummarySpec(window=_MONTH), as_of=1, groups=groups)


def sample_decisions(product: str, redactor: Redactor, plans: Iterable[str]) -> Iterator[Decision]:
    """Yield a granted and a denied decision for each plan."""
    request = DecisionRequest(
        product=product, workspace=redactor.redact("workspace", "sample"), at=_MONTH.to, as_of=1
    )
    for plan in sorted(set(plans)):
        for granted in (True, False):
            yield Decision(
                request=request,
                outcome="granted" if granted else "denied",
                reason="active_subscription" if granted else "expired",
                plan_key=plan,
                rules_digest=digest("saascore/sample/1", plan),
                decision_digest=digest("saascore/sample/1", [plan, granted]),
            )
