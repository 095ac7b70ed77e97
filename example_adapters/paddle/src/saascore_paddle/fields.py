"""How single fields of a Paddle entity are read: the value in its one form, ``None``, or ``WrongShape``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from saascore.contract.instants import parse_instant

Fields = Mapping[str, Any]

_MAX_COUNT = 2**53 - 1
_MAX_TEXT = 255
_NANOSECONDS = re.compile(r"(\.[0-9]{6})[0-9]{1,3}(?=Z|[+-])")


class WrongShape(Exception):  # noqa: N818  it names what was found, and holds nothing of it
    """A field is not what Paddle documents. It carries no value."""


def fields(value: object) -> Fields | None:
    """Return an object, or ``None`` where it is absent."""
    if value is None or type(value) is dict or isinstance(value, Mapping):
        return value
    raise WrongShape


def listed(value: object) -> list[Fields]:
    """Return the objects of an array; none where it is absent."""
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


def instant(value: object) -> str | None:
    """Return RFC 3339 text as a canonical UTC instant. Paddle writes up to nine fraction digits; six are kept."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise WrongShape
    try:
        return parse_instant(value if len(value) < 28 else _NANOSECONDS.sub(r"\1", value))
    except ValueError:
        raise WrongShape from None


def count(value: object) -> int | None:
    """Return a whole number that is not negative."""
    if type(value) is int and 0 <= value <= _MAX_COUNT:
        return value
    if value is None:
        return None
    raise WrongShape


def required(value: str | None) -> str:
    """Return a value that the answer cannot do without."""
    if value is None:
        raise WrongShape
    return value


def claims(custom_data: object) -> dict[str, str | int]:
    """Collect what may identify the workspace from the merchant's ``custom_data``.

    E-mails and names stay behind: a value with ``@`` or a blank identifies a person, not a workspace.
    """
    return {key: value for key, value in (fields(custom_data) or {}).items() if _identifies(key, value)}


def _identifies(key: object, value: object) -> bool:
    if not isinstance(key, str):
        return False
    if isinstance(value, str):
        return 0 < len(value) <= _MAX_TEXT and "@" not in value and " " not in value
    return type(value) is int
