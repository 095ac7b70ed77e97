"""Operations: what an operator sees of a day's deliveries, and that no workspace is in it."""

import random

from saascore.contract.summary import SummarySpec
from saascore.contract.window import Window
from saascore.usage.summary import summarize

AUTUMN = Window.of("2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z")


def test_repeated_and_late_deliveries_count_once(rows, submit, totals):
    deliveries = rows * 3
    random.Random(11).shuffle(deliveries)
    outcomes = submit(deliveries)
    failed = sum("failed" in row["event"] for row in rows)
    assert outcomes == {
        "accepted": len(rows) - failed,
        "duplicate": 2 * (len(rows) - failed),
        "skipped": 3 * failed,
    }
    assert sum(count for count, _ in totals(AUTUMN).values()) == len(rows) - failed


def test_an_upgrade_between_two_deliveries_changes_nothing(rows, submit, totals):
    submit(rows)
    before = totals(AUTUMN)
    assert set(submit(row | {"plan": "Studio Max (monthly)"} for row in rows)) <= {"duplicate", "skipped"}
    assert totals(AUTUMN) == before


def test_a_job_that_comes_again_with_other_content_is_a_conflict(rows, submit, totals):
    submit(rows)
    before = totals(AUTUMN)
    assert submit([rows[0] | {"quantity": "400"}]) == {"conflict": 1}
    assert totals(AUTUMN) == before


def test_arrivals_are_counted_by_outcome_and_reason(rows, submit, ledger):
    submit([*rows, rows[0], rows[0] | {"id": "job-new", "event": "job.audio.completed"}])
    seen = {(measure.measure, measure.word): count for measure, count in ledger.arrivals().items()}
    assert seen["outcome", "duplicate"] == 1
    assert seen["reason", "USG-001"] == 1


def test_the_public_summary_shows_no_group_of_few_workspaces(rows, submit, ledger):
    submit(rows)
    public = summarize(ledger, SummarySpec(window=AUTUMN), public=True)
    assert public.groups == ()
    assert public.suppressed
    assert "ref:workspace" not in public.canonical().decode()


def test_the_quota_copy_says_what_was_made(rows, submit, ledger, studio):
    submit(rows)
    images = SummarySpec(window=AUTUMN, by_plan=False)
    assert studio.render_quota_copy(summarize(ledger, images)) == "28 images made in this period."
