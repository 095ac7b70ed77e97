"""Rotating the key of subjects: old and new reference of each workspace are noted as one, and nothing is rewritten.

Idempotency stays with the key that the ledger is pinned to, so that key must be kept as long as the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple

from saascore.adapters import AdapterFailure, ProductAdapter
from saascore.contract.runs import Alias
from saascore.contract.words import KeyId
from saascore.ledger import Ledger, NewFact
from saascore.ledger.pinned import check_keys
from saascore.privacy.references import ReferenceKeys

_CHUNK = 10_000


class Rekeyed(NamedTuple):
    """How many records were read, aliases appended, known before, and records that name no workspace."""

    records: int
    aliases: int
    known: int
    unnamed: int


def rekey(
    ledger: Ledger,
    product: ProductAdapter,
    keys: ReferenceKeys,
    claims: Iterable[Mapping[str, Any]],
    *,
    to: KeyId,
    finish: bool = False,
) -> Rekeyed:
    """Append an alias for every workspace that a product streams, and make the new key that of new subjects.

    Args:
        ledger: Which ledger.
        product: Whose workspaces; ``reference_workspace`` is asked with both keys.
        keys: Must hold the old and the new key.
        claims: What identifies each workspace, as drafts hold it. May be streamed again: known aliases stay.
        to: The new key's id.
        finish: Every workspace of every product has been streamed: from now on subjects are made with the new key.

    Raises:
        SaascoreError: ``KEY-003`` where one of the keys is not configured, ``KEY-005`` where the ledger knows another
            key by that id.
    """
    check_keys(ledger, keys, to)
    old = keys.redactor(product.id, key_id=ledger.info.subject_key)
    new = keys.redactor(product.id, key_id=to)
    counts = [0, 0, 0, 0]
    stream = iter(claims)
    while chunk := list(islice(stream, _CHUNK)):
        before = _references(product, chunk, old)
        after = _references(product, chunk, new)
        aliases = [
            Alias(old=first, new=second)
            for first, second in zip(before, after, strict=True)
            if first and second and first != second
        ]
        with ledger.write() as writer:
            placed = writer.append(
                [
                    NewFact.of(alias, source=product.id, key=alias.old, topics=[f"alias/{alias.new}"])
                    for alias in aliases
                ]
            )
            rows = [
                (alias.old, alias.new, place.position)
                for alias, place in zip(aliases, placed, strict=True)
                if place.new
            ]
            writer.driver.insert("aliases", ("old", "new", "position"), rows)
        for at, count in enumerate((len(chunk), len(rows), len(aliases) - len(rows), before.count(None))):
            counts[at] += count
    if finish:
        with ledger.write() as writer:
            writer.driver.run("UPDATE meta SET value = ? WHERE name = 'subject_key'", (to,))
    return Rekeyed(*counts)


def _references(product: ProductAdapter, chunk: list[Mapping[str, Any]], redactor: Any) -> list[str | None]:
    made: list[str | None] = []
    for claims in chunk:
        try:
            made.append(product.reference_workspace(claims, redactor))
        except AdapterFailure:
            made.append(None)
    return made
