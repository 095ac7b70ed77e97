"""Corrections are found with what they correct, whichever of the two came first.

A correction names its target by id or key alone. So that reading a workspace needs no look-up for each fact, the
correction is indexed under whom and what its target is about, as soon as both are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from saascore.contract.billing import BillingFact, FactCorrection
from saascore.entitlements.topics import billing_sources, correction, decoded, subjects
from saascore.ledger import Writer


class Placed(NamedTuple):
    """A fact and where it stands."""

    fact: BillingFact
    position: int


def index_corrections(writer: Writer, new: Sequence[Placed]) -> set[str]:
    """Index the corrections among some new facts, and those that waited for one of them.

    Returns:
        The topics of everything that they bear upon.
    """
    wanted: set[tuple[str, int]] = set()
    waiting = _correctors(writer, new)
    for placed in new:
        corrects = [signal.corrects for signal in placed.fact.signals if isinstance(signal, FactCorrection)]
        own = waiting.get(placed.fact.fact_id, [])
        if not corrects and not own:
            continue
        about = set(subjects(placed.fact)) | {
            topic for name in corrects for topic in _target_subjects(writer, name, seen=frozenset())
        }
        positions = set(_chain(writer, own, seen=frozenset()))
        if corrects:
            positions.add(placed.position)
        wanted.update((topic, position) for topic in about for position in positions)
    topics = sorted({topic for topic, _ in wanted})
    known = set(map(tuple, writer.driver.among("SELECT topic, position FROM topics", "topic", topics)))
    writer.driver.insert("topics", ("topic", "position"), sorted(wanted - known))
    return set(topics)


def _correctors(writer: Writer, facts: Sequence[Placed]) -> dict[str, list[Placed]]:
    """Return, by fact id, the corrections that name each fact."""
    named = {
        name: placed.fact.fact_id
        for placed in facts
        for name in (placed.fact.fact_id, placed.fact.idempotency_key)
    }
    found: dict[str, list[Placed]] = {}
    for stored in writer.facts_by_topics(sorted(map(correction, named))):
        fact = decoded(stored.body)
        for signal in fact.signals:
            if isinstance(signal, FactCorrection) and signal.corrects in named:
                found.setdefault(named[signal.corrects], []).append(Placed(fact, stored.position))
    return found


def _chain(writer: Writer, correctors: Sequence[Placed], seen: frozenset[int]) -> Iterator[int]:
    """Yield the positions of corrections, of the corrections of those, and so on."""
    fresh = [placed for placed in correctors if placed.position not in seen]
    if not fresh:
        return
    yield from (placed.position for placed in fresh)
    seen |= {placed.position for placed in fresh}
    more = [placed for own in _correctors(writer, fresh).values() for placed in own]
    yield from _chain(writer, more, seen)


def _target_subjects(writer: Writer, corrects: str, seen: frozenset[str]) -> set[str]:
    """Return whom and what the target of a correction is about; of a corrected correction, what its own target is."""
    if corrects in seen:
        return set()
    for source in billing_sources(writer):
        position = writer.find(BillingFact.schema_id(), source, corrects)
        if position is not None:
            (stored,) = writer.stored([position]).values()
            target = decoded(stored.body)
            further = [signal.corrects for signal in target.signals if isinstance(signal, FactCorrection)]
            return set(subjects(target)).union(
                *(_target_subjects(writer, name, seen | {corrects}) for name in further)
            )
    return set()
