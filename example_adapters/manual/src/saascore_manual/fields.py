"""How single fields of an action are read: the value in its one form, ``None``, or ``WrongShape``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from saascore.contract.instants import parse_instant

_MAX_COUNT = 2**53 - 1
_MAX_TEXT = 255


class WrongShape(Exception):  # noqa: N818  it names what was found, and holds nothing of it
    """A field is missing or is not what the README says. It carries no value."""


def fields(value: object) -> Mapping[str, str | int]:
    """Return an object of names and ids; empty where it is absent."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise WrongShape
    if not all(isinstance(key, str) and type(item) in (str, int) for key, item in value.items()):
        raise WrongShape
    return value


def text(value: object) -> str | None:
    """Return non-empty text of at most 255 characters, or ``None`` where it is absent."""
    if value is None:
        return None
    if isinstance(value, str) and 0 < len(value) <= _MAX_TEXT:
        return value
    raise WrongShape


def instant(value: object) -> str | None:
    """Return RFC 3339 text with an offset as a canonical UTC instant."""
    if value is None:
        return None
    try:
        return parse_instant(value if isinstance(value, str | datetime) else None)
    except ValueError:
        raise WrongShape from None


def count(value: object) -> int | None:
    """Return a whole number that is not negative."""
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= _MAX_COUNT:
        raise WrongShape
    return value


def required(value: str | None) -> str:
    """Return a value that the action cannot do without."""
    if value is None:
        raise WrongShape
    return value
