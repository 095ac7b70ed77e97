"""The rules a product's sources are weighed by: asked of its adapter, and recorded as facts when first used."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from saascore.adapters import ProductAdapter
from saascore.contract.plans import EntitlementRules, RulesRecorded
from saascore.ledger import Ledger, NewFact, Writer
from saascore.ledger.reader import Reader

_SCHEMA = RulesRecorded.schema_id()


@dataclass(slots=True)
class RulesInForce:
    """What a product's adapter says of its rules now, complete with the capabilities of every ranked plan."""

    product: ProductAdapter
    rules: EntitlementRules = field(init=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        self.rules = _complete(self.product)
        self.digest = self.rules.content_digest()

    def recorded(self, reader: Reader, *, as_of: int | None = None) -> bool:
        """Tell whether these are the last recorded rules."""
        last = last_recorded(reader, self.product.id, as_of=as_of)
        return last is not None and last.rules.content_digest() == self.digest

    def record(self, writer: Writer) -> str:
        """Append the rules as a fact where they are not the last recorded ones, and return their digest."""
        last = last_recorded(writer, self.product.id)
        if last is None or last.rules.content_digest() != self.digest:
            sequence = 0 if last is None else last.sequence + 1
            fact = RulesRecorded(source=self.product.id, rules=self.rules, sequence=sequence)
            writer.append([NewFact.of(fact, source=self.product.id, topics=[_topic(self.product.id)])])
        return self.digest


def last_recorded(reader: Reader, product: str, *, as_of: int | None = None) -> RulesRecorded | None:
    """Return the rules that a ledger held of a product at a position."""
    stored = [
        fact for fact in reader.facts_by_topics([_topic(product)], as_of=as_of) if fact.schema == _SCHEMA
    ]
    return _parsed(stored[-1].body) if stored else None


def ensure_recorded(ledger: Ledger, rules: RulesInForce) -> None:
    """Record the rules before they are first decided by."""
    if not rules.recorded(ledger):
        with ledger.write() as writer:
            rules.record(writer)


def _topic(product: str) -> str:
    return f"rules/{product}"


@lru_cache(maxsize=64)
def _parsed(body: str) -> RulesRecorded:
    return RulesRecorded.model_validate_json(body)


def _complete(product: ProductAdapter) -> EntitlementRules:
    rules = (
        product.entitlement_rules()
        if product.implements("entitlement_rules")
        else EntitlementRules(version="none")
    )
    if not product.implements("describe_plan"):
        return rules
    plans = [*rules.plan_rank, *([rules.default_plan] if rules.default_plan else [])]
    missing = {plan: product.describe_plan(plan) for plan in plans if plan not in rules.capabilities}
    return rules.model_copy(update={"capabilities": {**rules.capabilities, **missing}}) if missing else rules
