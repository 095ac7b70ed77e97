"""Times on the command line: the clock, instants and dates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from saascore.errors import SaascoreError

if TYPE_CHECKING:
    from saascore.contract.window import Window

Now = Annotated[
    str | None, typer.Option("--now", help="The clock, as RFC 3339; for repeatable runs.", metavar="INSTANT")
]


def clock_of(now: str | None, option: str = "--now") -> str:
    """Return the clock: what the option says (a date is its midnight in UTC), or the time."""
    from saascore.contract.instants import parse_instant  # noqa: PLC0415  keeps --help fast

    return parse_instant(datetime.now(UTC)) if now is None else instant_of(now, None, option)


def instant_of(text: str, zone: str | None, option: str) -> str:
    """Read an instant, or a date as its midnight in a zone or in UTC."""
    from saascore.contract.instants import parse_instant  # noqa: PLC0415  keeps --help fast
    from saascore.usage.zones import local_midnight  # noqa: PLC0415  keeps --help fast

    try:
        return local_midnight(date.fromisoformat(text), zone) if len(text) == 10 else parse_instant(text)
    except ValueError:
        raise SaascoreError(
            "INP-004", where=option, detail="a date or an RFC 3339 instant with an offset"
        ) from None


def window_of(since: str, until: str, zone: str | None = None) -> Window:
    """Read the window of ``--from`` and ``--to``."""
    from saascore.contract.window import Window  # noqa: PLC0415  keeps --help fast

    start, end = instant_of(since, zone, "--from"), instant_of(until, zone, "--to")
    if start >= end:
        raise SaascoreError("INP-004", where="--from", detail="it is not before --to")
    return Window.of(start, end)
