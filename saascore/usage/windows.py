"""Windows of a summary: UTC hours, days, weeks (from Monday) and months, or the explicit instants that a time zone was turned into."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import timedelta

from saascore.contract.instants import parse_instant, to_datetime
from saascore.contract.summary import Grain, SummarySpec
from saascore.contract.words import UtcInstant

Bounds = tuple[UtcInstant, UtcInstant]
#: How much of a canonical instant tells its window; a zone's bounds lie on whole minutes.
PREFIX: dict[Grain | str, int] = {"none": 0, "hour": 13, "day": 10, "week": 10, "month": 7, "zone": 16}
_LENGTH: dict[Grain, timedelta] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
}
_REST = {13: ":00:00.000000Z", 10: "T00:00:00.000000Z", 7: "-01T00:00:00.000000Z"}


def window_of(spec: SummarySpec) -> tuple[int, Callable[[UtcInstant], Bounds]]:
    """Return how an instant finds its window.

    Returns:
        How many leading characters of a canonical instant decide, and a function from an instant inside the spec's
        window to the bounds of its window, cut to the spec's.
    """
    first, end = spec.window.from_, spec.window.to
    if spec.zone is not None:
        bounds = spec.zone.bounds

        def zoned(instant: UtcInstant) -> Bounds:
            at = bisect_right(bounds, instant)
            start = bounds[at - 1] if at else first
            return max(first, start), min(end, bounds[at] if at < len(bounds) else end)

        return PREFIX["zone"], zoned
    length = PREFIX[spec.grain]
    if not length:
        return 0, lambda _: (first, end)

    def plain(instant: UtcInstant) -> Bounds:
        start = instant[:length] + _REST[length]
        if spec.grain == "week":
            start = _monday(start)
        return max(first, start), min(end, _next(start, spec.grain))

    return length, plain


def _next(start: UtcInstant, grain: Grain) -> UtcInstant:
    if grain == "month":
        year, month = int(start[:4]), int(start[5:7])
        if (year, month) == (2099, 12):
            return "2099-12-31T23:59:59.999999Z"  # the last instant of the contract
        return f"{year + month // 12}-{month % 12 + 1:02d}-01T00:00:00.000000Z"
    moment = to_datetime(start) + _LENGTH[grain]
    return parse_instant(moment) if moment.year < 2100 else "2099-12-31T23:59:59.999999Z"


def _monday(start: UtcInstant) -> UtcInstant:
    moment = to_datetime(start)
    moment -= timedelta(days=moment.weekday())
    return parse_instant(moment) if moment.year >= 2000 else "2000-01-01T00:00:00.000000Z"
