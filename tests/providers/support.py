"""Reads the cases and the adapters' samples, tells a case as facts, and writes the table of the documentation."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

from saascore.adapters import Registry
from saascore.contract.billing import BillingFact
from saascore.contract.plans import EntitlementRules
from saascore.drafts import Context, Mapped, ProviderEvent
from saascore.entitlements.facts import FactMaker, Namespaces
from saascore.entitlements.fold import fold
from saascore.entitlements.judge import judge
from saascore.entitlements.sources import Sources
from saascore.hookspecs import hookimpl
from saascore.privacy.references import ReferenceKeys

PROVIDERS = {
    "stripe": "Stripe",
    "paddle": "Paddle Billing",
    "lemonsqueezy": "Lemon Squeezy",
    "manual": "by hand",
}
PAGE = Path(__file__).parents[2] / "docs" / "lifecycle-cases.md"
WORKSPACE = "wsp_syntheticworkspace0001"

#: What the samples' prices are sold as. The second product uses other names, the third has mapped none of them.
_PRICES = {
    "price_000000000SYNproMonthly01": "pro",
    "price_000000000000SYNstarter01": "starter",
    "price_000000000SYNprioritySup1": "support",
    "plink_00000000000000SYNlink001": "pro",
    "pri_01syn000000000promonthly01": "pro",
    "pri_01syn00000000startermonth1": "starter",
    "pri_01syn00000000prioritysup01": "support",
    "pri_01syn00000000000lifetime01": "pro",
    "variant:9100002": "pro",
    "variant:9100001": "starter",
    "order-variant:9100009": "pro",
    "Pro (monthly)": "pro",
}
PRODUCTS: dict[str, dict[str, str]] = {
    "studio": {"starter": "starter", "pro": "pro", "support": "priority-support"},
    "desk": {"starter": "solo", "pro": "business", "support": "hotline"},
    "nothing": {},
}


@dataclass(frozen=True)
class Told:
    """A story as facts, and what they are read with."""

    facts: list[BillingFact]
    rules: EntitlementRules
    workspace: str

    def names(self, facts: Iterable[BillingFact] | None = None) -> list[str]:
        """Return the names of everything that happened, in the order of the alphabet."""
        return sorted(event.event_name for event in self._folded(facts).events())

    def state(self, facts: Iterable[BillingFact] | None = None) -> list[str]:
        """Return the state after the last fact: service and collection, then what the clock will do."""
        steps = [life.steps[-1] for life in self._folded(facts).lives if life.steps]
        if not steps:
            return []
        axes = steps[-1].state.axes()
        return [
            f"{axes.service} {axes.collection}",
            *(f"{item.kind} {_day(item.effective_at)}" for item in axes.scheduled),
        ]

    def decide(self, days: Iterable[str], facts: Iterable[BillingFact] | None = None) -> list[str]:
        """Return outcome, reason and plan at noon of each day, written ``2026-09-10``."""
        given = self.facts if facts is None else list(facts)
        sources = Sources.of(given, self.rules, workspace=self.workspace, mode="live")
        answers = ((day, judge(sources, f"{day}T12:00:00.000000Z")) for day in days)
        return [" ".join(filter(None, (day, a.outcome, a.reason, a.plan_key))) for day, a in answers]

    def _folded(self, facts: Iterable[BillingFact] | None) -> Any:
        return fold(self.facts if facts is None else facts, rank=self.rules.plan_rank, mode="live")


class Teller:
    """Tells stories by the adapters' own samples."""

    def __init__(self) -> None:
        self.keys = ReferenceKeys({"k1": bytes(range(32))})
        self.samples = {provider: _samples(provider) for provider in PROVIDERS}
        products = {name: _product(labels) for name, labels in PRODUCTS.items()}
        providers = {provider: import_module(f"saascore_{provider}") for provider in PROVIDERS}
        self.registry = Registry.of({**products, **providers})

    def tell(self, product: str, provider: str, names: Sequence[str]) -> Told:
        """Turn the named samples of a provider into facts for a product."""
        adapter = self.registry.product(product)
        rules = adapter.entitlement_rules()
        spaces = Namespaces.of(
            self.keys, source=provider, mode="live", product=product, reference_key="k1", subject_key="k1"
        )
        maker = FactMaker(adapter, spaces, rules.plan_rank)
        facts = []
        for name in names:
            event = ProviderEvent(self.samples[provider][name]["body"])
            answer = self.registry.provider(provider).normalize_billing_event(event)
            assert isinstance(answer, Mapped | Context), name
            drafts = answer.drafts if isinstance(answer, Mapped) else [answer.draft]
            facts.extend(maker.fact(draft, event) for draft in drafts if draft is not None)
        workspace = self.keys.redactor(product).redact("workspace", WORKSPACE)
        return Told(facts, rules, workspace)

    def types(self, provider: str, names: Sequence[str]) -> list[str]:
        """Return the provider's event types of the named samples, each once, in order."""
        bodies = [self.samples[provider][name]["body"] for name in names]
        found = [
            body.get("type") or body.get("event_type") or body.get("meta", {}).get("event_name")
            for body in bodies
        ]
        return list(dict.fromkeys(found))


def _day(instant: str | None) -> str:
    return "undated" if instant is None else instant[5:16]


def read_cases() -> list[dict[str, Any]]:
    """Return the cases in the order of the file."""
    found: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "cases.toml").read_text("utf-8"))[
        "case"
    ]
    return found


def write_page(cases: Sequence[Mapping[str, Any]], teller: Teller) -> str:
    """Return the page of the documentation that shows every case."""
    columns = [*PROVIDERS.values(), "core names", "then"]
    lines = [
        "# Lifecycle cases by provider",
        "",
        "Every case of a subscription's life, told in each provider's own events, and what core makes of it. The table is",
        "written by `python tests/providers/write_page.py` from `tests/providers/cases.toml`, which the tests run: for two",
        "products with different plan names, in every order of arrival, with every event twice.",
        "",
        f"| case | {' | '.join(columns)} |",
        f"|---|{'---|' * len(columns)}",
    ]
    for case in cases:
        cells = [_cell(case, provider, teller) for provider in PROVIDERS]
        named = ", ".join(f"`{name}`" for name in case["names"])
        lines.append(f"| {case['title']} | {' | '.join(cells)} | {named} | {'; '.join(case['state'])} |")
    return "\n".join(lines) + "\n"


def _cell(case: Mapping[str, Any], provider: str, teller: Teller) -> str:
    if provider in case:
        return ", ".join(f"`{name}`" for name in teller.types(provider, case[provider]))
    reason: str = case.get("absent", {}).get(provider, "")
    return f"*{reason}*" if reason else ""


def _samples(provider: str) -> dict[str, dict[str, Any]]:
    text = (files(f"saascore_{provider}") / "samples" / "events.ndjson").read_text("utf-8")
    return {sample["name"]: sample for sample in map(json.loads, text.splitlines())}


def _product(labels: Mapping[str, str]) -> ModuleType:
    """Return a product adapter that sells the samples' prices under its own labels."""
    module = ModuleType("product")
    plans = {price: labels[plan] for price, plan in _PRICES.items() if plan in labels}

    @hookimpl
    def map_plan_label(plan: str) -> str | None:
        return plans.get(plan)

    @hookimpl
    def reference_workspace(claims: Mapping[str, str | int], redact: Any) -> str | None:
        workspace = claims.get("workspace_id") or claims.get("client_reference_id")
        return None if workspace is None else str(redact("workspace", workspace))

    @hookimpl
    def entitlement_rules() -> EntitlementRules:
        return EntitlementRules(version="rules-1", plan_rank=tuple(labels.values())[:2])

    for name, value in {
        "api": 1,
        "map_plan_label": map_plan_label,
        "reference_workspace": reference_workspace,
        "entitlement_rules": entitlement_rules,
    }.items():
        setattr(module, name, value)
    return module
