"""The shelf: usage events that wait, outside the acceptance window or for the event they correct. Nothing on it counts."""

from __future__ import annotations

from typing import NamedTuple

from saascore.errors import SaascoreError
from saascore.ledger.driver import Driver
from saascore.ledger.usage_row import UsageRow


class Held(NamedTuple):
    """One waiting event: its number on the shelf, why it waits, since when, and its canonical JSON."""

    number: int
    reason: str
    held_at: str
    body: str


def shelved(driver: Driver, scope: int, key: bytes) -> Held | None:
    """Return the waiting event with an idempotency key."""
    rows = driver.rows(
        "SELECT number, reason, held_at, body FROM held WHERE scope = ? AND key = ?", (scope, key)
    )
    return Held(*rows[0]) if rows else None


def shelve(
    driver: Driver, row: UsageRow, scope: int, reason: str, now: str, *, target: bytes | None = None
) -> int:
    """Put an event on the shelf and return its number."""
    number = int(driver.rows("SELECT coalesce(max(number), 0) + 1 FROM held")[0][0])
    driver.insert(
        "held",
        ("number", "scope", "key", "reason", "target", "body", "held_at"),
        [(number, scope, row.key, reason, target, row.body, now)],
    )
    return number


def held_events(driver: Driver, *, after: int = 0, limit: int = 1000) -> list[Held]:
    """Return waiting events in the order in which they were put on the shelf."""
    rows = driver.rows(
        "SELECT number, reason, held_at, body FROM held WHERE number > ? ORDER BY number LIMIT ?",
        (after, limit),
    )
    return [Held(*row) for row in rows]


def anything_waits(driver: Driver) -> bool:
    """Tell whether some event waits for another one."""
    return bool(driver.rows("SELECT 1 FROM held WHERE target IS NOT NULL LIMIT 1"))


def waiting_for(driver: Driver, targets: list[bytes]) -> list[Held]:
    """Return the events that wait for one of these events, in shelf order."""
    rows = driver.among("SELECT number, reason, held_at, body FROM held", "target", sorted(targets))
    return sorted(Held(*row) for row in rows)


def take_off(driver: Driver, number: int) -> Held:
    """Take an event off the shelf, once.

    Raises:
        SaascoreError: ``LED-007`` where there is none of that number (any more).
    """
    rows = driver.rows("SELECT number, reason, held_at, body FROM held WHERE number = ?", (number,))
    if not rows:
        raise SaascoreError("LED-007", where="held")
    driver.run("DELETE FROM held WHERE number = ?", (number,))
    return Held(*rows[0])
