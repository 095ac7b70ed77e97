"""One transaction of intake: which facts are new, what they resolve, and what the journal says of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from saascore.contract.billing import OPERATOR_SIGNALS, BillingFact, PlanMapping, Suspend
from saascore.contract.journal import PlanSourceWrite
from saascore.contract.outcomes import AdapterOrigin, Outcome
from saascore.contract.plans import EntitlementRules
from saascore.contract.words import Reference, UtcInstant
from saascore.entitlements.aliases import newest
from saascore.entitlements.facts import FactMaker
from saascore.entitlements.fold import fold
from saascore.entitlements.journal import Scribe
from saascore.entitlements.taken_back import Placed, index_corrections
from saascore.entitlements.topics import (
    decoded,
    prices,
    read_whole,
    subject,
    subjects,
    topics,
    unresolved,
)
from saascore.ledger import NewFact, StoredFact, Writer

_WORKSPACE = "/ref:workspace:"
#: What makes two bodies under one event id another event, and not another reading of the same one.
_IDENTITY = ("about", "occurred_at", "provider_event_type", "audit")


#: A duplicate that names another workspace than the stored event: told, because the event gives this one nothing.
WORKSPACE_DIFFERS = "workspace-differs"


class Handed(NamedTuple):
    """A fact that was handed in, and when; ``ready`` says that no adapter of ours made it, ``body`` is its canonical JSON."""

    fact: BillingFact
    received_at: UtcInstant
    ready: bool = False
    body: str | None = None


@dataclass(slots=True)
class Settlement:
    """Settles the facts of one transaction.

    Args:
        writer: The ledger's writer.
        maker: Makes the mapping and link facts that a resolved price or workspace gives.
        rules: The product's rules, and their digest.
        origin: The provider adapter.
        now: When it all is recorded.
    """

    writer: Writer
    maker: FactMaker
    rules: EntitlementRules
    rules_digest: str
    origin: AdapterOrigin
    now: UtcInstant

    def settle(self, handed: Sequence[Handed]) -> list[Outcome]:
        """Append facts, write the journal, and return an outcome for each, in order."""
        if not handed:
            return []
        placed = self.writer.append([_new(item.fact, item.body) for item in handed])
        stored = self.writer.stored([place.position for place in placed if not place.new])
        outcomes: list[Outcome] = []
        deliveries: dict[str, list[tuple[int, bool]]] = {}
        touched: list[Placed] = []
        links: list[BillingFact] = []
        for item, place in zip(handed, placed, strict=True):
            if place.new:
                touched.append(Placed(item.fact, place.position))
                outcomes.append(Outcome(record=0, outcome="accepted", position=place.position))
            else:
                outcome, link = self._again(item, stored[place.position])
                outcomes.append(outcome)
                links.extend(link)
            differs = not place.new and _differs(item.fact, stored[place.position])
            deliveries.setdefault(item.received_at, []).append((place.position, differs))
        touched.extend(self._also(links))
        touched.extend(self._also(self._mappings(item.fact for item in handed)))
        for received_at, seen in deliveries.items():
            self.writer.deliver(received_at, seen)
        self._write_journal(touched)
        return outcomes

    def _also(self, facts: Iterable[BillingFact]) -> list[Placed]:
        """Append facts that others gave rise to; those that are there already say nothing new."""
        wanted = list({fact.idempotency_key: fact for fact in facts}.values())
        if not wanted:
            return []
        placed = zip(wanted, self.writer.append([_new(fact) for fact in wanted]), strict=True)
        return [Placed(fact, place.position) for fact, place in placed if place.new]

    def _again(self, item: Handed, stored: StoredFact) -> tuple[Outcome, list[BillingFact]]:
        """Return what becomes of an event that came before, and the link that it now knows.

        The same event is a duplicate, also where an upgraded adapter reads it otherwise. Only another event under the
        same id is a conflict, and whatever an operator or a ready-made fact says differently.
        """
        before = decoded(stored.body)
        fields = tuple(name for name in _IDENTITY if getattr(before, name) != getattr(item.fact, name))
        spoken = any(signal.kind in OPERATOR_SIGNALS for signal in (*before.signals, *item.fact.signals))
        if item.ready or spoken:
            fields = _differing(before, item.fact)
        if fields:
            return Outcome(record=0, outcome="conflict", fields=fields, position=stored.position), []
        workspace, taken = item.fact.workspace, before.workspace
        codes = (WORKSPACE_DIFFERS,) if workspace and taken and not self._same(workspace, taken) else ()
        again = Outcome(record=0, outcome="duplicate", codes=codes, position=stored.position)
        if workspace is None or taken is not None or before.about is None or item.ready:
            return again, []
        return again, [self.maker.link(before, workspace)]

    def _same(self, one: Reference, other: Reference) -> bool:
        """Tell whether two references name one workspace, also across a rotation of the key."""
        return one == other or newest(self.writer, one) == newest(self.writer, other)

    def _mappings(self, facts: Iterable[BillingFact]) -> Iterator[BillingFact]:
        for price, plan in sorted({pair for fact in facts for pair in prices(fact) if pair[1] is not None}):
            yield self.maker.mapping(price, plan or "")

    def _write_journal(self, touched: Sequence[Placed]) -> None:
        """Fold everything again that the new facts bear upon, and append what the journal does not say yet."""
        corrected = index_corrections(self.writer, touched)
        start = corrected | {topic for placed in touched for topic in subjects(placed.fact)}
        mapped = {
            unresolved(signal.plan_ref)
            for placed in touched
            for signal in placed.fact.signals
            if isinstance(signal, PlanMapping)
        }
        for stored in self.writer.facts_by_topics(sorted(mapped)):
            start.update(subjects(decoded(stored.body)))
        suspended = {topic for topic in corrected if _WORKSPACE in topic}
        for placed in touched:
            if placed.fact.workspace and any(isinstance(one, Suspend) for one in placed.fact.signals):
                suspended.add(subject(placed.fact.mode, placed.fact.workspace))
        scribe = Scribe(self.rules, self.rules_digest, self.origin, self.now)
        writes = [
            *self._of_things(scribe, {topic for topic in start if _WORKSPACE not in topic}),
            *(write for topic in sorted(suspended) for write in self._of_suspensions(scribe, topic)),
        ]
        self.writer.append_journal(
            [(write.write_id, write.canonical().decode(), _row_topics(write)) for write in writes]
        )

    def _of_things(self, scribe: Scribe, start: set[str]) -> Iterator[PlanSourceWrite]:
        """Yield the rows of the subscriptions, purchases and grants that some topics lead to."""
        facts = read_whole(self.writer, start)
        names = {subject(fact.mode, fact.about) for fact in facts if fact.about is not None}
        folded = fold(facts, rank=self.rules.plan_rank)
        yield from scribe.writes(folded, {fact.fact_id: fact for fact in facts}, self._rows(names))

    def _of_suspensions(self, scribe: Scribe, topic: str) -> Iterator[PlanSourceWrite]:
        """Yield the rows of a workspace's suspensions."""
        mode, _, workspace = topic.partition("/")
        facts = read_whole(self.writer, [topic])
        folded = fold((fact for fact in facts if fact.mode == mode), naming=False)
        by_id = {fact.fact_id: fact for fact in facts}
        yield from scribe.suspensions(workspace, folded, by_id, self._rows({topic}))

    def _rows(self, names: set[str]) -> list[PlanSourceWrite]:
        rows = self.writer.journal(topics=sorted(names))
        return [PlanSourceWrite.model_validate_json(row.body) for row in rows]


def _new(fact: BillingFact, body: str | None = None) -> NewFact:
    return NewFact.of(fact, source=fact.source, key=fact.idempotency_key, topics=topics(fact), body=body)


def _row_topics(write: PlanSourceWrite) -> list[str]:
    return [subject(write.mode, name) for name in (write.workspace, write.about) if name is not None]


def _differing(before: BillingFact, after: BillingFact) -> tuple[str, ...]:
    old, new = before.to_json(), after.to_json()
    return tuple(
        sorted(
            name for name in old.keys() | new.keys() if name != "fact_id" and old.get(name) != new.get(name)
        )
    )


def _differs(fact: BillingFact, stored: StoredFact) -> bool:
    return bool(json.loads(stored.body)["fact_id"] != fact.fact_id)
