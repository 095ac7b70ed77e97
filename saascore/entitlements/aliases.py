"""Workspaces that got new references when the key was rotated: folds read every old one as the newest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from saascore.contract.billing import BillingFact, Link
from saascore.contract.runs import Alias
from saascore.contract.words import MAX_COUNT, Reference
from saascore.ledger.reader import Reader


def alias_topic(new: Reference) -> str:
    """Return the topic under which the alias facts of a new reference are found."""
    return f"alias/{new}"


def any_aliases(reader: Reader) -> bool:
    """Tell whether a ledger's key was ever rotated."""
    return bool(reader.driver.rows("SELECT 1 FROM aliases LIMIT 1"))


def newest(reader: Reader, reference: Reference, *, as_of: int | None = None) -> Reference:
    """Return the newest reference that is known, at a position, of what a reference names."""
    end, seen = MAX_COUNT if as_of is None else as_of, {reference}
    sql = "SELECT new FROM aliases WHERE old = ? AND position <= ?"
    while found := reader.driver.rows(sql, (reference, end)):
        reference = str(found[0][0])
        if reference in seen:  # a rotation back to an earlier key
            return min(seen)
        seen.add(reference)
    return reference


def every_reference(reader: Reader, reference: Reference, *, as_of: int | None = None) -> set[Reference]:
    """Return all references of what a newest reference names, itself among them."""
    known, fresh = {reference}, {reference}
    while fresh:
        topics = sorted(map(alias_topic, fresh))
        stored = reader.facts_by_topics(topics, as_of=as_of)
        olds = {fact.json()["old"] for fact in stored if fact.schema == Alias.schema_id()}
        fresh = olds - known
        known |= fresh
    return known


def renamed(reader: Reader, facts: Sequence[BillingFact], *, as_of: int | None = None) -> list[BillingFact]:
    """Return facts with every workspace under its newest reference. Their ids stay those of what is stored."""
    names = {fact.workspace for fact in facts} | {name for fact in facts for name in _linked(fact)}
    new = {name: newest(reader, name, as_of=as_of) for name in names if name is not None}
    if all(old == later for old, later in new.items()):
        return list(facts)
    return [_renamed(fact, new) for fact in facts]


def _linked(fact: BillingFact) -> Iterable[Reference]:
    return (signal.workspace for signal in fact.signals if isinstance(signal, Link))


def _renamed(fact: BillingFact, new: dict[Reference, Reference]) -> BillingFact:
    update: dict[str, Any] = {}
    if fact.workspace is not None:
        update["workspace"] = new[fact.workspace]
    if any(_linked(fact)):
        update["signals"] = tuple(
            signal.model_copy(update={"workspace": new[signal.workspace]})
            if isinstance(signal, Link)
            else signal
            for signal in fact.signals
        )
    return fact.model_copy(update=update)
