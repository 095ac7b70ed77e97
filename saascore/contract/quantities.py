"""Exact quantities: decimal text at the edge, integers times 10⁹ ("nanos") inside, no float anywhere."""

from __future__ import annotations

import re

SCALE = 1_000_000_000
#: What a caller may hand in; the canonical form has no trailing zeros and no negative zero.
QUANTITY = r"^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,9})?$"
#: Sums may have more digits than one quantity.
SUM = r"^-?(0|[1-9][0-9]{0,29})(\.[0-9]{1,9})?$"
_QUANTITY = re.compile(r"(-?)(0|[1-9][0-9]{0,11})(?:\.([0-9]{1,9}))?").fullmatch
_SUM = re.compile(r"(-?)(0|[1-9][0-9]{0,29})(?:\.([0-9]{1,9}))?").fullmatch
_PLAIN = re.compile(r"0|[1-9][0-9]{0,11}").fullmatch
LIMIT = 10**12


def parse_quantity(value: object) -> str:
    """Return a quantity in canonical form.

    Args:
        value: Decimal text (at most 12 whole and 9 fraction digits) or an integer. Floats and booleans are refused.

    Raises:
        ValueError: Anything else. The message holds no value.
    """
    if isinstance(value, str):
        if plain := _PLAIN(value):
            return plain[0]  # text alone: the value may be an Enum too, which writes its name
        match = _QUANTITY(value)
        if match is None:
            raise ValueError("not an exact decimal")
        return _canonical(match)
    if isinstance(value, int) and not isinstance(value, bool):
        if not -LIMIT < value < LIMIT:
            raise ValueError("more than 12 whole digits")
        return str(int(value))
    raise ValueError("not an exact decimal")


def parse_sum(value: object) -> str:
    """Return an exact sum in canonical form; as :func:`parse_quantity`, with up to 30 whole digits."""
    if isinstance(value, str) and (match := _SUM(value)):
        return _canonical(match)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30:
        return str(int(value))
    raise ValueError("not an exact decimal")


def to_nanos(quantity: str) -> int:
    """Return a quantity or sum as an integer number of 10⁻⁹."""
    whole, _, fraction = quantity.partition(".")
    if not fraction:
        return int(whole) * SCALE
    nanos = abs(int(whole)) * SCALE + int(fraction.ljust(9, "0"))
    return -nanos if whole.startswith("-") else nanos


def from_nanos(nanos: int) -> str:
    """Return an integer number of 10⁻⁹ as canonical decimal text."""
    whole, rest = divmod(abs(nanos), SCALE)
    sign = "-" if nanos < 0 else ""
    return f"{sign}{whole}.{rest:09d}".rstrip("0") if rest else f"{sign}{whole}"


def _canonical(match: re.Match[str]) -> str:
    sign, whole, fraction = match.groups()
    fraction = (fraction or "").rstrip("0")
    if not fraction:
        return "0" if whole == "0" else sign + whole
    return f"{sign}{whole}.{fraction}"
