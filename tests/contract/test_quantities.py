"""Quantities are exact: decimal text outside, integers of 10⁻⁹ inside."""

from decimal import Decimal
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saascore.contract.quantities import from_nanos, parse_quantity, parse_sum, to_nanos

nanos = st.integers(min_value=-(10**21) + 1, max_value=10**21 - 1)


@given(nanos)
def test_nanos_and_text_round_trip(value):
    assert to_nanos(from_nanos(value)) == value


@given(nanos)
def test_from_nanos_is_canonical(value):
    assert parse_quantity(from_nanos(value)) == from_nanos(value)


@given(st.decimals(min_value="-999999999999", max_value="999999999999", places=9))
def test_the_canonical_form_keeps_the_exact_value(value):
    text = f"{value:f}"
    assert Decimal(parse_quantity(text)) == value
    assert Decimal(to_nanos(parse_quantity(text))).scaleb(-9) == value


@given(st.integers(min_value=-(10**12) + 1, max_value=10**12 - 1))
def test_an_integer_is_its_own_text(value):
    assert parse_quantity(value) == parse_quantity(str(value)) == str(value)


@pytest.mark.parametrize("parse", [parse_quantity, parse_sum])
@pytest.mark.parametrize("kind", [int, str])
def test_an_enum_is_its_value(kind, parse):
    mixed = Enum("Mixed", {"SEVEN": kind(7)}, type=kind)
    assert f"{parse(mixed.SEVEN)}" == "7"


@pytest.mark.parametrize(
    ("text", "canonical"),
    [("1.50", "1.5"), ("-0", "0"), ("0.000", "0"), ("-0.0", "0"), ("10", "10"), ("-0.5", "-0.5")],
)
def test_zeros_are_stripped(text, canonical):
    assert parse_quantity(text) == canonical


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        True,
        "01",
        "1.",
        ".5",
        "+1",
        "1e3",
        "1,5",
        "\u0661",
        " 1",
        "1\n",
        "1.0000000001",
        "1" * 13,
        10**12,
        None,
        "NaN",
        "",
    ],
)
def test_what_is_no_quantity_is_refused(value):
    with pytest.raises(ValueError, match=r"decimal|digits"):
        parse_quantity(value)


def test_a_sum_may_have_more_digits_than_a_quantity():
    assert parse_sum("9" * 30 + ".5") == "9" * 30 + ".5"
