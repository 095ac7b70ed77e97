"""Time zones become explicit instants, which the summary's spec records: later zone data cannot change a past summary."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from saascore.contract.instants import parse_instant, to_datetime
from saascore.contract.summary import Zone
from saascore.contract.window import Window
from saascore.contract.words import UtcInstant
from saascore.errors import SaascoreError


def local_midnight(day: date, zone: str | None) -> UtcInstant:
    """Return the instant at which a civil day starts in a zone, or in UTC.

    Where the clock skips midnight, the day starts at the first instant after the gap; where midnight comes twice, at
    the first of them.
    """
    if zone is None:
        return parse_instant(datetime.combine(day, time(), UTC))
    info = _zone(zone)
    start = datetime.combine(day, time(), info).astimezone(UTC)
    if start.astimezone(info).date() < day:  # midnight lies in a gap and was read with the offset before it
        start = datetime.combine(day, time(), info).replace(fold=1).astimezone(UTC)
    while start.astimezone(info).date() < day:
        start += timedelta(minutes=15)
    return parse_instant(start)


def zone_of(name: str, window: Window, grain: Literal["hour", "day", "week", "month"]) -> Zone:
    """Return a zone's bounds of hours, days, weeks or months over a window, as UTC instants.

    Args:
        name: An IANA zone, for example ``Europe/Berlin``.
        window: What the summary covers. The first bound is at or before its start, the last at or after its end.
        grain: Hours are the zone's full hours (of half-hour zones too); days have 23, 24 or 25 of them.

    Raises:
        SaascoreError: ``INP-004`` where the zone is not known here, or the window has more than 2,000 bounds.
    """
    first = to_datetime(window.from_).astimezone(_zone(name))
    bounds: list[UtcInstant] = []
    day = first.date()
    if grain in ("week", "month"):
        day = day.replace(day=1) if grain == "month" else day - timedelta(days=day.weekday())
    while not bounds or bounds[-1] < window.to:
        starts = _hours(day, name) if grain == "hour" else [local_midnight(day, name)]
        bounds += [
            start for start in starts if not bounds or start > bounds[-1]
        ]  # a zone may skip a whole day
        day = _following(day) if grain == "month" else day + timedelta(days=7 if grain == "week" else 1)
        if len(bounds) > 2000 + 26:
            break
    start = max((at for at, bound in enumerate(bounds) if bound <= window.from_), default=0)
    end = next((at for at, bound in enumerate(bounds) if bound >= window.to), len(bounds))
    cut = tuple(bounds[start : end + 1])
    if len(cut) > 2001:
        raise SaascoreError(
            "INP-004", where="--by", detail="more than 2000 windows; ask for less time or a coarser grain"
        )
    return Zone(name=name, bounds=cut)


def _hours(day: date, name: str) -> list[UtcInstant]:
    """Return where the zone's wall clock strikes an hour (or jumps) during a civil day."""
    info = _zone(name)
    start, end = (
        to_datetime(local_midnight(day, name)),
        to_datetime(local_midnight(day + timedelta(days=1), name)),
    )
    found, moment = [], start
    while moment < end:
        found.append(parse_instant(moment))
        minute = moment.astimezone(info).minute
        step = timedelta(minutes=60 - minute)
        if (moment + step).astimezone(info).minute:  # the clock was moved by part of an hour
            step = timedelta(minutes=30 - minute % 30)
        moment += step
    return found


def _following(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise SaascoreError(
            "INP-004", where="--zone", detail="a zone this machine knows, for example Europe/Berlin"
        ) from None
