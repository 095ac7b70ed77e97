"""Checking the tables that summaries read against the facts that they were made from.

The seal covers facts. Who changes a column of ``usage`` changes every summary and no fact: this finds it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from saascore.contract.runs import RunApplied, RunReverted
from saascore.ledger.keys import storage_key
from saascore.ledger.reader import Reader
from saascore.ledger.usage_row import shape_label, split_quantity

_PAGE = 10_000
_ROWS = (
    "SELECT facts.position, facts.body, shapes.label, subjects.label, usage.occurred_at, usage.whole, usage.nanos,"
    " usage.sequence, usage.event, usage.run FROM facts LEFT JOIN usage ON usage.position = facts.position"
    " LEFT JOIN shapes ON shapes.shape = usage.shape LEFT JOIN subjects ON subjects.subject = usage.subject"
    " WHERE facts.position > ? AND facts.kind = 1 ORDER BY facts.position LIMIT ?"
)
_CORRECTIONS = "SELECT position, target, replaces, run FROM corrections WHERE position > ? AND position <= ? ORDER BY position"
_LONELY = (
    "SELECT min({table}.position) FROM {table} LEFT JOIN facts ON facts.position = {table}.position AND facts.kind = 1"
    " WHERE facts.position IS NULL"
)


def first_underived(reader: Reader, *, progress: Callable[[int], None] | None = None) -> int | None:
    """Return the first position at which ``usage``, ``corrections`` or ``runs`` do not say what the facts say.

    Args:
        reader: The ledger.
        progress: Told up to which position was compared.
    """
    lonely = [
        reader.driver.rows(_LONELY.replace("{table}", table))[0][0] for table in ("usage", "corrections")
    ]
    found = [position for position in (*lonely, _stray_run(reader)) if position is not None]
    found += list(_different(reader, progress))
    return min(found, default=None)


def _different(reader: Reader, progress: Callable[[int], None] | None) -> Iterator[int]:
    """Yield the first position whose columns differ from its fact."""
    after = 0
    while page := reader.driver.rows(_ROWS, (after, _PAGE)):
        corrections = {
            position: (bytes(target), replaces, run)
            for position, target, replaces, run in reader.driver.rows(_CORRECTIONS, (after, page[-1][0]))
        }
        for position, body, *columns, event, run in page:
            fact = json.loads(body)
            if (*columns, event and bytes(event)) != _columns(fact):
                yield position
                return
            expected = _correction(fact)
            if corrections.get(position) != (expected and (*expected, run)):
                yield position
                return
        after = page[-1][0]
        if progress is not None:
            progress(after)


def _columns(event: dict[str, Any]) -> tuple[Any, ...]:
    shape = shape_label(
        event["event_type"],
        event["plan_key"],
        event["unit"],
        event["source"],
        event["entry_type"],
        event.get("dimensions", {}),
    )
    return (
        shape,
        event["subject_label"],
        event["occurred_at"],
        *split_quantity(event["quantity"]),
        event.get("source_sequence"),
        storage_key(event["event_id"]),
    )


def _correction(event: dict[str, Any]) -> tuple[bytes, int] | None:
    if event.get("corrects") is None or event["entry_type"] == "adjustment":
        return None
    return storage_key(event["corrects"]), int(event["entry_type"] == "usage")


def _stray_run(reader: Reader) -> int | None:
    """Return the first position at which the table of runs says otherwise than the facts of applying and reverting."""
    events: dict[int, int] = dict(
        reader.driver.rows("SELECT run, count(*) FROM usage WHERE run IS NOT NULL GROUP BY run")
    )
    applied = {fact.json()["run_id"]: fact for fact in reader.facts(schema=RunApplied.schema_id())}
    reverted = {fact.json()["run_id"]: fact.position for fact in reader.facts(schema=RunReverted.schema_id())}
    strays = []
    for run, run_id, at, back in reader.driver.rows(
        "SELECT run, run_id, applied_position, reverted_position FROM runs"
    ):
        fact = applied.pop(run_id, None)
        said = (fact.position, fact.json()["facts"]) if fact else (None, 0)
        if (at, events.pop(run, 0)) != said or back != reverted.pop(run_id, None):
            strays.append(at or back or (fact.position if fact else 0))
    strays += [fact.position for fact in applied.values()] + list(reverted.values())
    strays += [
        reader.driver.rows("SELECT min(position) FROM usage WHERE run = ?", (run,))[0][0] for run in events
    ]
    return min(strays, default=None)
