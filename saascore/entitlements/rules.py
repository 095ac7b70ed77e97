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
    _seen: int | None = None

    def __post_init__(self) -> None:
        self.rules = _complete(self.product)
        self.digest = digest_of(self.rules)

    def record(self, writer: Writer) -> str:
        """Append the rules as a fact where they are not the last recorded ones, and return their digest."""
        last = last_recorded(writer, self.product.id)
        if last is None or digest_of(last.rules) != self.digest:
            sequence = 0 if last is None else last.sequence + 1
            fact = RulesRecorded(source=self.product.id, rules=self.rules, sequence=sequence)
            writer.append([NewFact.of(fact, source=self.product.id, topics=[_topic(self.product.id)])])
        return self.digest

    def ensure_recorded(self, ledger: Ledger) -> None:
        """Record the rules before they are first decided by, or where others have been recorded since."""
        last = last_position(ledger, self.product.id)
        if last is None or last != self._seen:
            with ledger.write() as writer:
                self.record(writer)
            self._seen = last_position(ledger, self.product.id)


def last_recorded(reader: Reader, product: str, *, as_of: int | None = None) -> RulesRecorded | None:
    """Return the rules that a ledger held of a product at a position."""
    stored = [
        fact for fact in reader.facts_by_topics([_topic(product)], as_of=as_of) if fact.schema == _SCHEMA
    ]
    return _parsed(stored[-1].body) if stored else None


def last_position(reader: Reader, product: str) -> int | None:
    """Return where the last recorded rules of a product stand."""
    rows = reader.driver.rows("SELECT max(position) FROM topics WHERE topic = ?", (_topic(product),))
    return None if rows[0][0] is None else int(rows[0][0])


def _topic(product: str) -> str:
    return f"rules/{product}"


@lru_cache(maxsize=64)
def _parsed(body: str) -> RulesRecorded:
    return RulesRecorded.model_validate_json(body)


def digest_of(rules: EntitlementRules) -> str:
    """Return the digest that decisions and journal rows name the rules by."""
    return rules.content_digest()


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
