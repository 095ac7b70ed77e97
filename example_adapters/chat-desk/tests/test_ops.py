"""Operations: repeated entries count once, what cannot be counted is named, and no team is shown."""

import random

from saascore.contract.summary import SummarySpec
from saascore.contract.window import Window
from saascore.usage.summary import summarize

AUTUMN = Window.of("2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z")


def test_repeated_and_late_entries_count_once(rows, submit, totals):
    entries = rows * 2
    random.Random(5).shuffle(entries)
    assert submit(entries) == {"accepted": 13, "duplicate": 13, "skipped": 2}
    assert totals(AUTUMN)["answer.drafted", "team", "token"] == (2, "5792")


def test_an_unknown_tier_is_counted_under_its_code_and_never_defaulted(rows, submit, ledger, totals):
    assert submit([rows[0] | {"team": rows[0]["team"] | {"tier": "Desk Beta"}}]) == {"rejected": 1}
    assert totals(AUTUMN) == {}
    assert {measure.word for measure in ledger.arrivals() if measure.measure == "reason"} == {"USG-002"}


def test_the_public_summary_shows_no_group_of_few_teams(rows, submit, ledger):
    submit(rows)
    public = summarize(ledger, SummarySpec(window=AUTUMN), public=True)
    assert public.groups == ()
    assert "ref:" not in public.canonical().decode()
