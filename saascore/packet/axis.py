"""The axis of time: every window of a summary, with or without something in it, so that a pause can be seen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import timedelta

from saascore.contract.instants import parse_instant, to_datetime
from saascore.contract.summary import Grain, SummarySpec
from saascore.contract.window import Window
from saascore.contract.words import UtcInstant
from saascore.packet.document import Place, short
from saascore.usage.windows import Bounds, window_of

#: So many columns can be told apart; neighbours of more are drawn as one.
MOST_COLUMNS = 62
_MOST_WINDOWS = 10_000
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = timedelta(days=1)
_DAYS: tuple[tuple[Grain, int], ...] = (("day", 1), ("week", 7))


def finest(window: Window) -> Grain:
    """Return the finest grain of which a page can show every window: days, weeks or months."""
    span = to_datetime(window.to) - to_datetime(window.from_)
    for grain, days in _DAYS:
        if span <= MOST_COLUMNS * days * _DAY:
            return grain
    return "month"


class Axis:
    """The windows of a spec in order, each a place; neighbours of too many share one."""

    def __init__(self, spec: SummarySpec) -> None:
        windows = list(_windows(spec))
        width = -(-len(windows) // MOST_COLUMNS) or 1
        parts = [windows[at : at + width] for at in range(0, len(windows), width)]
        self._starts = [part[0][0] for part in parts]
        self.places = tuple(_place(part[0][0], part[-1][1]) for part in parts)

    def at(self, instant: UtcInstant) -> int:
        """Return the number of the place that an instant lies in."""
        return max(bisect_right(self._starts, instant) - 1, 0)


def _windows(spec: SummarySpec) -> Iterator[Bounds]:
    _, bounds_of = window_of(spec)
    moment = spec.window.from_
    for _ in range(_MOST_WINDOWS):
        bounds = bounds_of(moment)
        yield bounds
        if not moment < bounds[1] < spec.window.to:
            return
        moment = bounds[1]


def _place(start: str, end: str) -> Place:
    """Name a piece of time: a month, a day, several of them by the first and the last, or an hour."""
    first, last = short(start), short(end)
    mark = f"{int(start[8:10])} {_MONTHS[int(start[5:7]) - 1]}"
    if len(first) > 10 or len(last) > 10:
        hour = to_datetime(end) - to_datetime(start) <= timedelta(hours=1)
        return Place(first if hour else f"{first} to {last}", f"{mark} {start[11:16]}")
    through = parse_instant(to_datetime(end) - _DAY)[:10]
    if first == through:
        return Place(first, mark)
    if first.endswith("-01") and last.endswith("-01") and first[:7] == through[:7]:
        return Place(first[:7], f"{mark[2:]} {first[:4]}")
    return Place(f"{first} to {through}", mark)
