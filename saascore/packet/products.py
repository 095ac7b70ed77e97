"""The products of a ledger: their rules and their billing facts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from saascore.contract.billing import BillingFact
from saascore.contract.plans import EntitlementRules, RulesRecorded
from saascore.contract.words import Mode
from saascore.entitlements.topics import read_whole, subject
from saascore.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Product:
    """One product's newest rules, and the billing facts of everything that was written by its rules."""

    name: str
    rules: EntitlementRules
    facts: tuple[BillingFact, ...]


def products(ledger: Ledger, *, mode: Mode, as_of: int) -> Iterator[Product]:
    """Yield the products whose rules the ledger knows, in order of their names, one at a time.

    A subscription belongs to the product by whose rules the journal speaks of it; references do not tell.
    """
    rules: dict[str, EntitlementRules] = {}
    owner: dict[str, str] = {}
    for fact in ledger.facts(schema=RulesRecorded.schema_id(), as_of=as_of):
        rules[fact.source] = RulesRecorded.parse_json(fact.body).rules
        owner.setdefault(rules[fact.source].content_digest(), fact.source)
    topics: dict[str, set[str]] = {name: set() for name in rules}
    for row in ledger.journal(as_of=as_of):
        write = json.loads(row.body)
        name = owner.get(write["audit"]["rules_digest"])
        if name is not None and write["mode"] == mode:
            topics[name].update(subject(mode, write[key]) for key in ("workspace", "about") if key in write)
    for name in sorted(rules):
        yield Product(name, rules[name], tuple(read_whole(ledger, topics[name], as_of=as_of)))
