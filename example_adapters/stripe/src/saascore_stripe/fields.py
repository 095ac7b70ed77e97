"""How single fields of a Stripe object are read: the value in its one form, ``None``, or ``WrongShape``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

Fields = Mapping[str, Any]

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  the offset is written by hand below, which is twice as fast
_FROM, _TO = 946_684_800, 4_102_444_800  # the years 2000 to 2099
_MAX_COUNT = 2**53 - 1
_MAX_TEXT = 255


class WrongShape(Exception):  # noqa: N818  it names what was found, and holds nothing of it
    """A field is not what Stripe documents. It carries no value."""


def fields(value: object) -> Fields | None:
    """Return an object, or ``None`` where it is absent."""
    if value is None or type(value) is dict or isinstance(value, Mapping):
        return value
    raise WrongShape


def listed(value: object) -> list[Fields]:
    """Return the objects of an array, or of Stripe's ``{"object": "list", "data": [...]}``; none where absent."""
    if type(value) is not list:
        if isinstance(value, Mapping):
            value = value.get("data")
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            raise WrongShape
    for item in value:
        if type(item) is not dict and not isinstance(item, Mapping):
            raise WrongShape
    return list(value)


def text(value: object) -> str | None:
    """Return non-empty text of at most 255 characters, or ``None`` where it is absent."""
    if type(value) is str and 0 < len(value) <= _MAX_TEXT:
        return value
    if value is None:
        return None
    raise WrongShape


def expandable(value: object) -> str | None:
    """Return the id of a field that holds an id or, expanded, the object itself."""
    return text(value if type(value) is str or not isinstance(value, Mapping) else value.get("id"))


def instant(value: object) -> str | None:
    """Return Unix seconds as a canonical UTC instant."""
    if type(value) is int and _FROM <= value < _TO:
        return (_EPOCH + timedelta(0, value)).isoformat() + ".000000Z"
    if value is None:
        return None
    raise WrongShape


def count(value: object) -> int | None:
    """Return a whole number that is not negative."""
    if type(value) is int and 0 <= value <= _MAX_COUNT:
        return value
    if value is None:
        return None
    raise WrongShape


def flag(value: object) -> bool:
    """Return a boolean; absent is false."""
    if value is None or value is False:
        return False
    if value is True:
        return True
    raise WrongShape


def required(value: str | None) -> str:
    """Return a value that the answer cannot do without."""
    if value is None:
        raise WrongShape
    return value


def claims(metadata: object, reference: Any = None) -> dict[str, str | int]:
    """Collect what may identify the workspace: merchant metadata, and the checkout's client reference.

    E-mails and names stay behind: a value with ``@`` or a blank identifies a person, not a workspace.
    """
    found = {key: value for key, value in (fields(metadata) or {}).items() if _identifies(key, value)}
    if _identifies("client_reference_id", reference):
        found["client_reference_id"] = reference
    return found


def _identifies(key: object, value: object) -> bool:
    if not isinstance(key, str):
        return False
    if isinstance(value, str):
        return 0 < len(value) <= _MAX_TEXT and "@" not in value and " " not in value
    return type(value) is int
