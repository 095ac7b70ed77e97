"""The axis of time: every window's start, so that a pause in time can be seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from saascore.contract.instants import parse_instant, to_datetime
from saascore.contract.window import Window

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOST = 4000


def starts(window: Window, step: timedelta, seen: Iterable[str]) -> tuple[str, ...]:
    """Return the starts of a window's hours or days in order, those in ``seen`` and those without anything."""
    return tuple(sorted({*seen, *_steps(window, step)}))


def _steps(window: Window, step: timedelta) -> Iterator[str]:
    end = to_datetime(window.to)
    moment = to_datetime(window.from_)
    for _ in range(MOST):
        if moment >= end:
            return
        yield parse_instant(moment)
        moment = _aligned(moment, step) + step


def _aligned(moment: datetime, step: timedelta) -> datetime:
    moment = moment.replace(minute=0, second=0, microsecond=0)
    return moment.replace(hour=0) if step >= DAY else moment
