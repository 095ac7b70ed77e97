"""Backfill and replay: bound to their preview, applied whole, resumed, cancelled and taken back."""

import pytest

from saascore.contract.runs import RunLimits
from saascore.contract.usage import Correction
from saascore.contract.window import Window
from saascore.errors import SaascoreError
from saascore.ledger.runs import runs
from saascore.usage.correct import reverse
from saascore.usage.preview import Audit, preview
from saascore.usage.runs import apply, cancel, resume, revert

WINDOW = Window.parse({"from": "2026-02-01T00:00:00Z", "to": "2026-03-01T00:00:00Z"})
AUDIT = Audit("op:ops", "op:finance", "launch-backfill")


@pytest.fixture
def desk(desk):
    desk.adapter.rows = [
        desk.row(f"old{n}", at=f"2026-02-{n + 1:02d}T08:00:00.000000Z", basis="occurrence", ws=f"w{n % 3}")
        for n in range(10)
    ]
    return desk


def previewed(desk, **more):
    return preview(desk.ledger, desk.product, desk.keys, WINDOW, AUDIT, **more)


def applied(desk, shown=None, **more):
    return apply(desk.ledger, desk.product, desk.keys, shown or previewed(desk), now=desk.now, **more)


def test_a_preview_writes_nothing_and_says_exactly_what_apply_does(desk):
    before = list(desk.ledger.driver._connection.iterdump())
    shown = previewed(desk)
    assert list(desk.ledger.driver._connection.iterdump()) == before
    assert (shown.outcomes.accepted, [(d.event_type, d.count, d.sum) for d in shown.delta]) == (
        10,
        [("image.rendered", 10, "15")],
    )
    done = applied(desk, shown)
    assert done.outcomes == shown.outcomes
    assert desk.totals() == {("image.rendered", "pro"): (10, "15")}


def test_the_preview_digest_binds_parameters_but_not_the_ledger(desk):
    one = previewed(desk)
    desk.submit(desk.row("live"))
    assert previewed(desk).preview_digest == one.preview_digest
    other = preview(desk.ledger, desk.product, desk.keys, WINDOW, AUDIT._replace(reason="other"))
    assert other.preview_digest != one.preview_digest


@pytest.mark.parametrize("change", ["row added", "row removed", "row changed", "adapter", "forged"])
def test_a_stale_preview_is_refused(desk, change):
    shown = previewed(desk)
    if change == "row added":
        desk.adapter.rows.append(desk.row("more", at="2026-02-20T00:00:00Z", basis="occurrence"))
    elif change == "row removed":
        desk.adapter.rows.pop()
    elif change == "row changed":
        desk.adapter.rows[3]["quantity"] = "2"
    elif change == "adapter":
        run = shown.run.model_copy(update={"adapter_digest": "sha256:" + "0" * 64})
        from saascore.usage.preview import preview_digest

        shown = shown.model_copy(
            update={"run": run, "preview_digest": preview_digest(run, shown.facts_digest)}
        )
    else:
        shown = shown.model_copy(update={"preview_digest": "sha256:" + "0" * 64})
    with pytest.raises(SaascoreError, match="USG-005"):
        applied(desk, shown)
    assert desk.ledger.head == 0
    assert desk.totals() == {}


def test_applying_the_same_preview_again_answers_what_was_done(desk):
    shown = previewed(desk)
    assert applied(desk, shown) == applied(desk, shown)
    assert desk.ledger.head == 11


def test_live_traffic_may_race_and_nothing_counts_twice(desk):
    shown = previewed(desk)
    live = [{**row, "basis": "submission"} for row in desk.adapter.rows[:3]]
    assert desk.kinds(*live, now="2026-02-10T00:00:00Z") == ["accepted"] * 3
    assert applied(desk, shown).outcomes.duplicate == 3
    assert desk.totals() == {("image.rendered", "pro"): (10, "15")}


def test_facts_of_a_run_count_from_the_position_at_which_it_was_applied(desk):
    applied(desk)
    assert desk.totals(as_of=10) == {}
    assert desk.totals(as_of=11) == {("image.rendered", "pro"): (10, "15")}


def test_a_reverted_run_counts_no_more_except_for_what_live_traffic_has_claimed(desk):
    done = applied(desk)
    live = [{**row, "basis": "submission"} for row in desk.adapter.rows[:2]]
    assert desk.kinds(*live) == ["duplicate", "duplicate"], "older than the window, and known"
    head = desk.ledger.head
    revert(desk.ledger, done.run_id, AUDIT, now=desk.now)
    assert desk.totals() == {("image.rendered", "pro"): (2, "3")}
    assert desk.totals(as_of=head) == {("image.rendered", "pro"): (10, "15")}
    assert desk.kinds(*live) == ["duplicate", "duplicate"]
    again = [{**row, "basis": "submission"} for row in desk.adapter.rows[2:4]]
    assert desk.kinds(*again, now="2026-02-10T00:00:00Z") == ["accepted", "accepted"], (
        "their keys are free again"
    )
    assert desk.totals() == {("image.rendered", "pro"): (4, "6")}
    assert applied(desk).outcomes.accepted == 6
    assert desk.totals() == {("image.rendered", "pro"): (10, "15")}


def test_a_second_run_that_says_the_same_keeps_it_when_the_first_is_reverted(desk):
    first = applied(desk)
    second = apply(
        desk.ledger,
        desk.product,
        desk.keys,
        preview(desk.ledger, desk.product, desk.keys, WINDOW, AUDIT._replace(reason="again")),
        now=desk.now,
    )
    assert second.outcomes.duplicate == 10
    revert(desk.ledger, first.run_id, AUDIT, now=desk.now)
    assert desk.totals() == {("image.rendered", "pro"): (10, "15")}
    revert(desk.ledger, second.run_id, AUDIT, now=desk.now)
    assert desk.totals() == {}
    assert desk.kinds({**desk.adapter.rows[0], "basis": "submission"}, now="2026-02-02T00:00:00Z") == [
        "accepted"
    ]


def test_a_replay_amends_what_is_mapped_differently_now_and_only_that(desk):
    applied(desk)
    desk.adapter.rows[0]["quantity"] = "4"
    desk.adapter.rows[1]["event"] = "upscale"
    desk.adapter.rows[2]["plan"] = "Free"  # the first submission fixed the plan
    shown = previewed(desk, kind="replay")
    assert (shown.amends, shown.outcomes.duplicate) == (2, 8)
    assert {(d.event_type, d.count, d.sum) for d in shown.delta} == {
        ("image.rendered", -1, "1"),
        ("image.upscaled", 1, "1.5"),
    }
    done = applied(desk, shown)
    expected = {("image.rendered", "pro"): (9, "16"), ("image.upscaled", "pro"): (1, "1.5")}
    assert desk.totals() == expected
    assert previewed(desk, kind="replay").amends == 0, "a second replay finds nothing to amend"
    revert(desk.ledger, done.run_id, AUDIT, now=desk.now)
    assert desk.totals() == {("image.rendered", "pro"): (10, "15")}
    applied(desk)
    assert desk.totals() == {("image.rendered", "pro"): (10, "15")}, "a backfill amends nothing"
    applied(desk, previewed(desk, kind="replay"))
    assert desk.totals() == expected


def test_a_replay_amends_the_effective_event_and_leaves_what_an_operator_took_back(desk):
    applied(desk)
    ids = [fact.json()["event_id"] for fact in desk.ledger.facts(as_of=2)]
    reverse(desk.ledger, ids[0], Correction(reason="test", operator="op:a"), now=desk.now)
    desk.adapter.rows[0]["quantity"] = "9"
    desk.adapter.rows[1]["quantity"] = "2"
    applied(desk, previewed(desk, kind="replay"))
    desk.adapter.rows[1]["quantity"] = "3"
    shown = previewed(desk, kind="replay")
    assert (shown.amends, shown.outcomes.skipped) == (1, 1)
    applied(desk, shown)
    assert desk.totals() == {("image.rendered", "pro"): (9, "15")}


def test_a_backfill_reports_what_differs_as_conflict(desk):
    applied(desk)
    desk.adapter.rows[0]["quantity"] = "4"
    shown = previewed(desk)
    assert (shown.outcomes.conflict, shown.delta) == (1, ())


def test_bad_rows_are_rejected_and_a_backfill_may_not_claim_submission(desk):
    desk.adapter.rows[0]["basis"] = "submission"
    desk.adapter.rows[1]["quantity"] = 0.5
    desk.adapter.rows[2]["state"] = "failed"
    shown = previewed(desk)
    assert (shown.outcomes.rejected, shown.outcomes.skipped, shown.outcomes.accepted) == (2, 1, 7)
    assert applied(desk, shown).outcomes == shown.outcomes


def test_an_asserted_plan_names_the_operator_of_the_run(desk):
    desk.adapter.rows = [{**desk.adapter.rows[0], "basis": "asserted"}]
    applied(desk)
    assert desk.ledger.fact(1).json()["plan_snapshot"]["asserted_by"] == "op:ops"


def test_a_run_that_stops_between_chunks_is_resumed_to_the_same_bytes(desk, desk_of):
    from saascore.ledger import create_ledger

    shown = previewed(desk, limits=RunLimits(chunk=3))

    class StoppedError(Exception):
        pass

    def stop(consumed):
        if consumed >= 6:
            raise StoppedError

    with pytest.raises(StoppedError):
        applied(desk, shown, progress=stop)
    (run,) = runs(desk.ledger)
    assert (run.state, run.consumed, desk.ledger.head) == ("applying", 6, 0)
    with pytest.raises(SaascoreError, match="USG-006"):
        apply(desk.ledger, desk.product, desk.keys, previewed(desk), now=desk.now)
    done = resume(desk.ledger, desk.product, desk.keys, run.run_id, now=desk.now)
    with create_ledger("sqlite:///:memory:", reference_key="k1") as undisturbed:
        other = desk_of(undisturbed)
        other.adapter.rows = desk.adapter.rows
        assert apply(undisturbed, other.product, other.keys, shown, now=desk.now) == done
        assert list(undisturbed.facts()) == list(desk.ledger.facts())


def test_a_cancelled_run_leaves_nothing(desk):
    shown = previewed(desk, limits=RunLimits(chunk=3))
    desk.adapter.rows[8]["quantity"] = "2"
    with pytest.raises(SaascoreError, match="USG-005"):
        applied(desk, shown)
    (run,) = runs(desk.ledger)
    assert run.state == "failed"
    cancel(desk.ledger, run.run_id)
    assert (runs(desk.ledger)[0].state, desk.ledger.head) == ("cancelled", 0)
    assert desk.ledger.driver.rows("SELECT count(*) FROM staging") == [(0,)]
    for act in (cancel, lambda ledger, run_id: resume(ledger, desk.product, desk.keys, run_id, now=desk.now)):
        with pytest.raises(SaascoreError, match="USG-007"):
            act(desk.ledger, run.run_id)
    with pytest.raises(SaascoreError, match="USG-007"):
        revert(desk.ledger, run.run_id, AUDIT, now=desk.now)
    applied(desk)


def test_limits_are_refused_before_anything_is_read(desk):
    with pytest.raises(SaascoreError, match="USG-008"):
        previewed(desk, limits=RunLimits(days=27))
    with pytest.raises(SaascoreError, match="USG-008"):
        previewed(desk, limits=RunLimits(rows=9))
    for no_run in ("run-" + "a" * 16, "no run's name"):
        with pytest.raises(SaascoreError, match="LED-007"):
            revert(desk.ledger, no_run, AUDIT, now=desk.now)
