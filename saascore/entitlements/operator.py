"""What an operator may say beside the manual adapter: whose a subscription is, what a price means, what does not count.

Each becomes a fact of the provider that it is about, with the operator's audit fields; nothing stored is edited.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import ValidationError

from saascore.contract.billing import BillingFact, Grant, Link, OperatorAudit, Purchase
from saascore.contract.words import Digest, Mode, Reference, UtcInstant
from saascore.entitlements.facts import identified
from saascore.entitlements.made import Encoded
from saascore.entitlements.topics import decoded, mapping, ordered, unresolved
from saascore.errors import SaascoreError
from saascore.ledger.reader import Reader
from saascore.privacy.facts import fit
from saascore.privacy.references import Redactor


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator at work on one provider and mode.

    Args:
        source: The provider's id.
        mode: ``live`` or ``test``.
        key: Makes idempotency keys: the redactor of provider and mode.
        audit: Who decides, on whose approval, and why.
        at: When it is decided. The same word at the same instant is the same fact.
    """

    source: str
    mode: Mode
    key: Redactor
    audit: OperatorAudit
    at: UtcInstant

    def link(self, about: Reference, workspace: Reference) -> BillingFact:
        """Say that a subscription, purchase or grant belongs to a workspace from now on."""
        return self._fact("link", (about, workspace), {"workspace": workspace}, about=about)

    def map_price(self, plan_ref: Reference, plan_key: str) -> BillingFact:
        """Say what a price means, whatever facts say of it: for all of time."""
        said = {"plan_ref": plan_ref, "plan_key": plan_key}
        return self._fact("plan_mapping", (plan_ref, plan_key), said)

    def correct(self, fact: BillingFact) -> BillingFact:
        """Take a stored fact out of every fold."""
        said = {"corrects": fact.fact_id}
        return self._fact("correction", (fact.fact_id,), said, about=fact.about, workspace=fact.workspace)

    def _fact(
        self, kind: str, parts: tuple[Reference | Digest, ...], said: Encoded, **more: str | None
    ) -> BillingFact:
        try:
            fact = identified(
                {
                    "source": self.source,
                    "mode": self.mode,
                    "occurred_at": self.at,
                    "provider_event_type": f"saascore.operator-{kind.replace('_', '-')}",
                    "specificity": 9,
                    "idempotency_key": self.key.redact("key", "operator", kind, *parts, self.at),
                    "signals": ({"kind": kind, **said},),
                    "audit": self.audit,
                    **more,
                }
            )
        except ValidationError:
            raise SaascoreError("CON-001", where="a reference or label") from None
        return fit(fact)


def unresolved_prices(reader: Reader) -> list[tuple[Reference, int]]:
    """Return every price that facts hold without a plan and that nothing maps, with how many facts hold it."""
    found = []
    for topic, count in sorted(reader.topics(unresolved("")).items()):
        price = topic.partition("/")[2]
        if not reader.facts_by_topics([mapping(price), ordered(price)]):
            found.append((price, count))
    return found


class Unlinked(NamedTuple):
    """A subscription, purchase or grant that no fact links to a workspace, and how many facts are about it."""

    source: str
    mode: Mode
    about: Reference
    facts: int


def unlinked(reader: Reader) -> list[Unlinked]:
    """Return everything that gives a plan and belongs to no workspace; every billing fact is read once."""
    told: Counter[tuple[str, Mode, Reference]] = Counter()
    plans: dict[tuple[str, Mode, Reference], Reference | None] = {}
    linked: set[tuple[str, Mode, Reference | None]] = set()
    for stored in reader.facts(schema=BillingFact.schema_id()):
        fact = decoded(stored.body)
        known = fact.workspace is not None or any(isinstance(signal, Link) for signal in fact.signals)
        if known:
            linked.add((fact.source, fact.mode, fact.about or fact.customer))
        if fact.about is not None:
            thing = (fact.source, fact.mode, fact.about)
            told[thing] += 1
            if fact.snapshot is not None or any(isinstance(one, (Purchase, Grant)) for one in fact.signals):
                plans[thing] = fact.customer or plans.get(thing)
    return sorted(
        Unlinked(*thing, told[thing])
        for thing, customer in plans.items()
        if thing not in linked and (thing[0], thing[1], customer) not in linked
    )
