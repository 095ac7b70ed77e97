"""Every option that takes an instant takes a date too."""

import pytest

from saascore.cli.clock import clock_of, instant_of
from saascore.errors import SaascoreError


def test_a_date_is_its_midnight_in_utc():
    assert clock_of("2026-03-01", "--at") == instant_of("2026-03-01T00:00:00Z", None, "--at")


@pytest.mark.parametrize("text", ["2026-13-01", "2026-03-01T00:00:00", "yesterday"])
def test_what_is_neither_a_date_nor_an_instant_is_refused_by_the_option_s_name(text):
    with pytest.raises(SaascoreError, match=r"INP-004 .*\(--at\)") as refused:
        clock_of(text, "--at")
    assert text not in str(refused.value)
