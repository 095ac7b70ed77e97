"""What waits outside the acceptance window: listed, and released once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from saascore.contract.instants import parse_instant
from saascore.contract.words import UtcInstant
from saascore.ledger import Ledger
from saascore.ledger.shelf import Held, held_events
from saascore.usage.settle import Settlement
from saascore.usage.verdict import Verdict


def list_held(ledger: Ledger) -> Iterator[Held]:
    """Yield what is held, in the order in which it came."""
    after = 0
    while page := held_events(ledger.driver, after=after):
        yield from page
        after = page[-1].number


def release_held(ledger: Ledger, numbers: Sequence[int], *, now: UtcInstant) -> list[Verdict]:
    """Let held events into the ledger, all in one transaction, whatever their age.

    Raises:
        SaascoreError: ``LED-007`` where one of the numbers is not held (any more); nothing is released then.
    """
    clock = parse_instant(now)
    with ledger.write() as writer:
        settlement = Settlement(writer, now=clock, bounds=None)
        return [settlement.release(number) for number in numbers]
