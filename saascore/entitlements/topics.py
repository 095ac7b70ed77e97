"""What a billing fact can be found by, and everything that must be read to fold a workspace or a thing whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from saascore.contract.billing import BillingFact, FactCorrection, PlanMapping, Purchase
from saascore.contract.trusted import decoder
from saascore.entitlements.aliases import any_aliases, renamed
from saascore.ledger.reader import Reader

_SCHEMA = "saascore/billing-fact/1"


@lru_cache(maxsize=1)
def _decoder() -> Callable[[str | bytes], BillingFact]:
    return decoder(BillingFact)


def decoded(body: str) -> BillingFact:
    """Return a stored billing fact."""
    return _decoder()(body)


def subject(mode: str, reference: str) -> str:
    """Return the topic of a workspace, subscription, purchase, grant or customer."""
    return f"{mode}/{reference}"


def mapping(plan_ref: str) -> str:
    """Return the topic of facts that say what a price means."""
    return f"mapping/{plan_ref}"


def ordered(plan_ref: str) -> str:
    """Return the topic of operators' mappings of a price, which override what facts say of it."""
    return f"ordered/{plan_ref}"


def unresolved(plan_ref: str) -> str:
    """Return the topic of facts that hold a price without its plan."""
    return f"unresolved/{plan_ref}"


def correction(name: str) -> str:
    """Return the topic of corrections of a fact, by its id or idempotency key."""
    return f"corrects/{name}"


def topics(fact: BillingFact) -> list[str]:
    """Return every topic of a fact."""
    named = subjects(fact)
    for signal in fact.signals:
        if isinstance(signal, PlanMapping):
            named.append(ordered(signal.plan_ref) if fact.audit is not None else mapping(signal.plan_ref))
        elif isinstance(signal, FactCorrection):
            named.append(correction(signal.corrects))
        elif signal.kind == "link":
            named.append(subject(fact.mode, signal.workspace))
    named.extend(unresolved(price) for price, plan in prices(fact) if plan is None)
    return sorted(set(named))


def subjects(fact: BillingFact) -> list[str]:
    """Return the topics of whom and what a fact is about."""
    return [subject(fact.mode, name) for name in (fact.workspace, fact.about, fact.customer) if name]


def prices(fact: BillingFact) -> Iterator[tuple[str, str | None]]:
    """Yield every price that a fact names, with the plan that it says it means."""
    snapshot = fact.snapshot
    if snapshot is not None:
        if snapshot.plan_ref is not None:
            yield snapshot.plan_ref, snapshot.plan_key
        for change in snapshot.scheduled:
            if change.plan_ref is not None:
                yield change.plan_ref, change.plan_key
    for signal in fact.signals:
        if isinstance(signal, Purchase) and signal.plan_ref is not None:
            yield signal.plan_ref, signal.plan_key


def read_whole(
    reader: Reader, start: Iterable[str], *, as_of: int | None = None, aliased: bool | None = None
) -> list[BillingFact]:
    """Read every fact that the fold of some topics rests on.

    From a workspace it leads to its subscriptions, purchases and grants, to their customers, to what else those
    customers have, and to what the prices among them mean. What operators took back is found with what it is about.

    Args:
        reader: A ledger, or its writer inside a transaction.
        start: Topics to begin with.
        as_of: The position up to which facts are known.
        aliased: Whether the ledger's key was ever rotated, where that is known.
    """
    asked = set(start)
    bodies = reader.bodies(_SCHEMA, sorted(asked), as_of=as_of)
    found: dict[int, BillingFact] = {}
    while bodies:
        fresh = {position: decoded(body) for position, body in bodies.items()}
        found |= fresh
        wanted = {topic for fact in fresh.values() for topic in _leads(fact)} - asked
        asked |= wanted
        bodies = reader.bodies(_SCHEMA, sorted(wanted), as_of=as_of, known=found)
    facts = list(found.values())
    aliased = any_aliases(reader) if aliased is None else aliased
    return renamed(reader, facts, as_of=as_of) if aliased else facts


def billing_sources(reader: Reader) -> list[str]:
    """Return the ids of the providers that a ledger holds facts of."""
    rows = reader.driver.rows("SELECT source FROM scopes WHERE family = ?", ("billing-fact",))
    return sorted(row[0] for row in rows)


def _leads(fact: BillingFact) -> Iterator[str]:
    for name in (fact.about, fact.customer):
        if name is not None:
            yield subject(fact.mode, name)
    for price, plan in prices(fact):
        yield ordered(price)
        if plan is None:
            yield mapping(price)
