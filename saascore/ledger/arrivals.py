"""How things arrived: counters for operators, and a receipt for every delivered fact. No fact depends on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from saascore.contract.window import Window
from saascore.ledger.driver import Driver


class Measure(NamedTuple):
    """What is counted: of a flow (``usage`` or ``billing``), a source and a mode, a measure's word.

    Measures are ``outcome`` (accepted …), ``reason`` (a code of an outcome), ``lag`` (a bucket of delay),
    ``unmapped`` (a provider event type) and what else a flow counts.
    """

    flow: str
    source: str
    mode: str
    measure: str
    word: str


def count_arrivals(driver: Driver, received_at: str, counts: Mapping[Measure, int]) -> None:
    """Add to the counters of the hour of a canonical instant, inside a write transaction."""
    driver.run_many(
        "INSERT INTO tallies (hour, flow, source, mode, measure, word, count) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (hour, flow, source, mode, measure, word) DO UPDATE SET count = tallies.count + excluded.count",
        [(received_at[:13], *measure, count) for measure, count in sorted(counts.items()) if count],
    )


def arrivals(driver: Driver, window: Window | None = None) -> Counter[Measure]:
    """Return the counters, of all time or of the hours that overlap a window."""
    first, end = "", "~"
    if window:
        first, end = window.from_[:13], window.to.removesuffix(":00:00.000000Z")
    rows = driver.rows(
        "SELECT flow, source, mode, measure, word, sum(count) FROM tallies WHERE hour >= ? AND hour < ?"
        " GROUP BY flow, source, mode, measure, word ORDER BY flow, source, mode, measure, word",
        (first, end),
    )
    return Counter({Measure(*row[:5]): int(row[5]) for row in rows})


class Receipt(NamedTuple):
    """When and how often a fact was delivered, and how often with other content than at first."""

    position: int
    first_received_at: str
    last_received_at: str
    deliveries: int
    differing: int


def record_deliveries(driver: Driver, received_at: str, deliveries: Iterable[tuple[int, bool]]) -> None:
    """Note that facts were delivered, inside a write transaction.

    Args:
        driver: The ledger's connection.
        received_at: When.
        deliveries: Position, and whether the content differed from the stored fact's.
    """
    driver.run_many(
        "INSERT INTO receipts (position, first_received_at, last_received_at, deliveries, differing)"
        " VALUES (?, ?, ?, 1, ?) ON CONFLICT (position) DO UPDATE SET deliveries = receipts.deliveries + 1,"
        " differing = receipts.differing + excluded.differing,"
        " first_received_at = CASE WHEN excluded.first_received_at < receipts.first_received_at"
        " THEN excluded.first_received_at ELSE receipts.first_received_at END,"
        " last_received_at = CASE WHEN excluded.last_received_at > receipts.last_received_at"
        " THEN excluded.last_received_at ELSE receipts.last_received_at END",
        [(position, received_at, received_at, int(differs)) for position, differs in deliveries],
    )


def receipt(driver: Driver, position: int) -> Receipt | None:
    """Return the receipt of a fact."""
    rows = driver.rows(
        "SELECT position, first_received_at, last_received_at, deliveries, differing FROM receipts WHERE position = ?",
        (position,),
    )
    return Receipt(*rows[0]) if rows else None
