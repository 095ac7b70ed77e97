"""UTC instants as fixed-width text: equal instants have equal bytes, and text order is time order."""

from __future__ import annotations

import re
from datetime import UTC, datetime

#: RFC 3339 with an offset, at most six fraction digits, no leap second and no 24:00.
RFC3339 = (
    r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)
_RFC3339 = re.compile(RFC3339[:-1] + r"\Z")
_IN_UTC = re.compile(
    r"20[0-9]{2}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?Z"
).fullmatch
#: By length: what takes the place of the Z.
_ENDS = {20: ".000000Z", **{28 - missing: f"{'0' * (missing - 1)}Z" for missing in range(1, 7)}}


def parse_instant(value: object) -> str:
    """Return an instant in the one canonical form ``YYYY-MM-DDTHH:MM:SS.ffffffZ``.

    Args:
        value: RFC 3339 text with an offset, or an aware ``datetime``.

    Raises:
        ValueError: The value has no offset, is no calendar instant, is finer than a microsecond, or lies outside
            the years 2000 to 2099 of UTC. The message holds no value.
    """
    if isinstance(value, str):
        if _IN_UTC(value):  # a fifth of the time of the calendar's road, which the 29th of February must take
            return value[:-1] + _ENDS[len(value)]
        if not _RFC3339.match(value):
            raise ValueError("not RFC 3339 with an offset")
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError("not a calendar instant") from None
    elif isinstance(value, datetime):
        moment = value
    else:
        raise ValueError("not RFC 3339 with an offset")  # noqa: TRY004  pydantic reports ValueError as a problem
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("no offset")
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("outside the years 2000 to 2099") from None
    if not 2000 <= moment.year <= 2099:
        raise ValueError("outside the years 2000 to 2099")
    return moment.isoformat(timespec="microseconds")[:26] + "Z"


def to_datetime(instant: str) -> datetime:
    """Return a canonical instant as an aware ``datetime`` in UTC."""
    return datetime.fromisoformat(instant)
