"""Instants: one canonical text for one instant, and text order is time order."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saascore.contract.instants import parse_instant, to_datetime

moments = st.datetimes(
    min_value=datetime(2000, 1, 2),  # noqa: DTZ001  hypothesis takes naive bounds
    max_value=datetime(2099, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from(
        [UTC, timezone(timedelta(hours=5, minutes=30)), timezone(-timedelta(hours=11))]
    ),
)


@given(moments)
def test_a_datetime_and_its_rfc3339_text_are_one_instant(moment):
    assert parse_instant(moment) == parse_instant(moment.isoformat())


@given(moments)
def test_the_canonical_form_is_its_own_canonical_form(moment):
    once = parse_instant(moment)
    assert parse_instant(once) == once
    assert to_datetime(once) == moment


@given(
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 12, 31, 23)),  # noqa: DTZ001  the offset is written behind it
    st.integers(0, 6),
)
def test_a_short_fraction_in_utc_is_the_calendars_instant(moment, digits):
    text = moment.isoformat(timespec="microseconds")
    cut = text[: 20 + digits].rstrip(".")
    assert parse_instant(cut + "Z") == f"{text[: 20 + digits]:0<26}Z" == parse_instant(cut + "+00:00")


@given(st.integers(0, 99), st.integers(1, 12), st.integers(29, 31))
def test_the_last_days_of_a_month_are_those_of_the_calendar(year, month, day):
    text = f"20{year:02}-{month:02}-{day:02}T12:00:00Z"
    try:
        datetime.fromisoformat(text)
    except ValueError:
        with pytest.raises(ValueError, match="not a calendar instant"):
            parse_instant(text)
    else:
        assert parse_instant(text) == text[:-1] + ".000000Z"


@given(moments, moments)
def test_text_order_is_time_order(first, second):
    assert (parse_instant(first) < parse_instant(second)) == (first < second)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T12:00:00",
        "2026-03-01 12:00:00Z",
        "2026-03-01T12:00Z",
        "2026-03-01T12:00:60Z",
        "2026-03-01T24:00:00Z",
        "2026-02-29T12:00:00Z",
        "2026-04-31T12:00:00.000000Z",
        "2026-03-01T12:00:00.1234567Z",
        "1999-12-31T23:59:59Z",
        "2000-01-01T00:30:00+01:00",
        "2100-01-01T00:00:00Z",
        "٢٠٢٦-03-01T12:00:00Z",
        "2026-03-01T12:00:00Z\n",
        "2026-03-01T12:00:00\u00a0Z",
        "0001-01-01T00:00:00+23:59",
        "",
        1772366400,
        None,
        datetime(2026, 3, 1),  # noqa: DTZ001  naive on purpose
    ],
)
def test_what_is_no_instant_is_refused(text):
    with pytest.raises(ValueError, match=r"RFC 3339|calendar|years|offset"):
        parse_instant(text)


def test_a_leap_day_is_an_instant():
    assert parse_instant("2028-02-29T00:00:00+01:00") == "2028-02-28T23:00:00.000000Z"
