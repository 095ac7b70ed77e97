"""The story that a provider's samples tell: the public facts of their drafts, folded by core as in production."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from saascore.adapters import AdapterFailure, ProductAdapter, Registry
from saascore.contract.billing import BillingFact
from saascore.drafts import RawId
from saascore.entitlements.facts import FactMaker, Namespaces, Refused
from saascore.entitlements.fold import fold
from saascore.hookspecs import hookimpl
from saascore.hookspecs.identity import Redact
from saascore.privacy.references import ReferenceKeys
from saascore.testing.samples import EventSample
from saascore.testing.subject import ProviderSubject, drafts_of

KEY = {"demo-check": bytes(range(32))}
Told = list[tuple[str, str, str | None]]


class AnyProduct:
    """A product that names every plan, and takes every claim for a workspace's."""

    api = 1

    def __init__(self) -> None:
        self.plans: list[str] = []

    @hookimpl
    def map_plan_label(self, plan: str) -> str | None:
        """Name a plan by its place among those seen."""
        if plan not in self.plans:
            self.plans.append(plan)
        return f"plan-{self.plans.index(plan)}"

    @hookimpl
    def reference_workspace(self, claims: Mapping[str, RawId], redact: Redact) -> str | None:
        """Reference all claims together."""
        parts = [part for claim in sorted(claims.items()) for part in claim if part != ""]
        return redact("workspace", *parts) if claims else None


def facts_of(subject: ProviderSubject) -> list[tuple[EventSample, BillingFact | Refused | AdapterFailure]]:
    """Return the facts of every sample, or why a draft gives none."""
    maker = FactMaker(_product(), _spaces(subject.adapter.id), ())
    found: list[tuple[EventSample, BillingFact | Refused | AdapterFailure]] = []
    for sample, answer in subject.answers:
        for draft in drafts_of(answer):
            try:
                found.append((sample, maker.fact(draft, sample.event())))
            except (Refused, AdapterFailure) as refused:
                found.append((sample, refused))
    return found


def story(facts: Iterable[BillingFact]) -> Told:
    """Fold facts and return what happened: event name, when, and to what plan; without the facts it rests on."""
    return [(event.event_name, event.occurred_at, event.plan_key) for event in fold(facts).events()]


def _product() -> ProductAdapter:
    return Registry.of({"any-product": AnyProduct()}).product("any-product")


def _spaces(source: str) -> Namespaces:
    key = next(iter(KEY))
    return Namespaces.of(
        ReferenceKeys(KEY),
        source=source,
        mode="live",
        product="any-product",
        reference_key=key,
        subject_key=key,
    )
