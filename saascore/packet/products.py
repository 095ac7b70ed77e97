"""The products of a ledger: their rules and their billing facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from saascore.contract.billing import BillingFact
from saascore.contract.plans import EntitlementRules, RulesRecorded
from saascore.contract.words import Mode
from saascore.entitlements.topics import read_whole
from saascore.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Product:
    """One product's newest rules, and every billing fact that was handed in for it."""

    name: str
    rules: EntitlementRules
    facts: tuple[BillingFact, ...]


def topic(product: str, mode: Mode) -> str:
    """Return the topic that a product's billing facts have."""
    return f"product/{mode}/{product}"


def products(ledger: Ledger, *, mode: Mode, as_of: int) -> Iterator[Product]:
    """Yield the products whose rules the ledger knows, in order of their names, one at a time."""
    rules: dict[str, EntitlementRules] = {}
    for fact in ledger.facts(schema=RulesRecorded.schema_id(), as_of=as_of):
        rules[fact.source] = RulesRecorded.parse_json(fact.body).rules
    for name in sorted(rules):
        facts = read_whole(ledger, [topic(name, mode)], as_of=as_of)
        yield Product(name, rules[name], tuple(facts))
