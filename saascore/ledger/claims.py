"""Claims: who else has said an event. An event of a run that is reverted goes on counting on a live claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from saascore.contract.runs import Claim
from saascore.contract.words import Reference, RunId
from saascore.ledger.facts import NewFact
from saascore.ledger.writer import Writer

LIVE = 0  # the number of the origin that is no run


def claim(
    writer: Writer,
    source: str,
    events: Mapping[int, Reference],
    *,
    origin: Literal["live"] | RunId,
    run: int = LIVE,
) -> None:
    """Append a claim of an origin on each event, once. Only events of runs need claims: live ones stay anyway.

    Args:
        writer: The open transaction.
        source: The events' source.
        events: Their ids by position.
        origin: ``live``, or the run's id.
        run: The run's number; 0 for live traffic.
    """
    facts = [NewFact.of(Claim(event_id=event, origin=origin), source=source) for event in events.values()]
    placed = writer.append(facts)
    rows = [(target, run, place.position) for target, place in zip(events, placed, strict=True) if place.new]
    writer.driver.insert("claims", ("target", "origin", "position"), rows)
