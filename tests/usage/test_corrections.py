"""Corrections are appended: a reversal once for an event, an amend as a pair, an adjustment in its own column."""

import itertools

import pytest

from saascore.contract.usage import Correction, UsageEvent
from saascore.errors import SaascoreError
from saascore.ledger import create_ledger
from saascore.usage.correct import adjust, amend, reverse
from saascore.usage.corrections import replacement_of, reversal_of
from saascore.usage.envelopes import EnvelopeReader

READER = EnvelopeReader(reference_key="k1", subject_key="k1")
WHY = Correction(reason="double-render", operator="op:support", approval="op:finance")
FIELDS = {
    "event_type": "image.rendered",
    "subject_label": "studio-total",
    "plan_key": "pro",
    "quantity": "-2.5",
    "unit": "image",
    "occurred_at": "2026-03-09T00:00:00Z",
    "source": "alpha",
}
AUDIT = {"operator": "op:support", "approval": "op:finance", "reason": "goodwill"}


def first_event(desk):
    return UsageEvent.parse_json(desk.ledger.fact(1).body)


def test_a_reversed_event_counts_no_more_and_did_before(desk):
    desk.submit(desk.row("a"), desk.row("b"))
    event = first_event(desk)
    assert reverse(desk.ledger, event.event_id, WHY, now=desk.now).outcome == "accepted"
    assert desk.totals() == {("image.rendered", "pro"): (1, "1.5")}
    assert desk.totals(as_of=2) == {("image.rendered", "pro"): (2, "3")}
    stored = desk.ledger.fact(3).json()
    assert (stored["quantity"], stored["corrects"]) == ("-1.5", event.event_id)


def test_an_event_is_reversed_once(desk):
    desk.submit(desk.row())
    event = first_event(desk)
    assert reverse(desk.ledger, event.event_id, WHY, now=desk.now).outcome == "accepted"
    assert reverse(desk.ledger, event.event_id, WHY, now=desk.now).outcome == "duplicate"
    other = WHY.model_copy(update={"reason": "goodwill"})
    verdict = reverse(desk.ledger, event.event_id, other, now=desk.now)
    assert (verdict.outcome, verdict.fields) == ("conflict", ("correction",))


def test_a_reversal_is_never_reversed(desk):
    desk.submit(desk.row())
    verdict = reverse(desk.ledger, first_event(desk).event_id, WHY, now=desk.now)
    with pytest.raises(SaascoreError, match="USG-004"):
        reverse(desk.ledger, verdict.event_id, WHY, now=desk.now)


def test_an_amend_replaces_and_can_be_amended_again(desk):
    desk.submit(desk.row())
    first = amend(desk.ledger, first_event(desk).event_id, WHY, {"quantity": "2"}, now=desk.now)
    assert [verdict.outcome for verdict in first] == ["accepted", "accepted"]
    assert desk.totals() == {("image.rendered", "pro"): (1, "2")}
    second = amend(desk.ledger, first[1].event_id, WHY, {"plan_key": "free"}, now=desk.now)
    assert [verdict.outcome for verdict in second] == ["accepted", "accepted"]
    assert desk.totals() == {("image.rendered", "free"): (1, "2")}
    assert desk.ledger.fact(5).json()["plan_snapshot"]["basis"] == "asserted"


def test_an_amend_of_what_was_corrected_otherwise_leaves_nothing(desk):
    desk.submit(desk.row())
    event_id = first_event(desk).event_id
    reverse(desk.ledger, event_id, WHY.model_copy(update={"reason": "other"}), now=desk.now)
    with pytest.raises(SaascoreError, match="USG-004"):
        amend(desk.ledger, event_id, WHY, {"quantity": "2"}, now=desk.now)
    assert desk.ledger.head == 2


def test_a_changed_event_must_fit_the_contract(desk):
    desk.submit(desk.row())
    with pytest.raises(SaascoreError, match="CON-001"):
        amend(desk.ledger, first_event(desk).event_id, WHY, {"quantity": "-2"}, now=desk.now)
    assert desk.ledger.head == 1


def test_a_correction_may_be_of_any_age(desk):
    desk.submit(desk.row())
    later = "2029-01-01T00:00:00Z"
    assert reverse(desk.ledger, first_event(desk).event_id, WHY, now=later).outcome == "accepted"


def test_an_unknown_event_is_not_corrected(desk):
    desk.submit(desk.row())
    with pytest.raises(SaascoreError, match="LED-007"):
        reverse(desk.ledger, reversal_of(first_event(desk), WHY).event_id, WHY, now=desk.now)


def test_an_adjustment_has_its_own_column(desk):
    desk.submit(desk.row(), desk.row("b", quantity="0.000000001"))
    for outcome in ("accepted", "duplicate"):
        assert adjust(desk.ledger, FIELDS, label="march", **AUDIT, now=desk.now).outcome == outcome
    different = adjust(desk.ledger, {**FIELDS, "quantity": "1"}, label="march", **AUDIT, now=desk.now)
    assert (different.outcome, different.fields) == ("conflict", ("quantity",))
    totals = desk.summary().groups[0].totals
    assert (totals.count, totals.sum, totals.adjustment_count, totals.adjustments) == (
        2,
        "1.500000001",
        1,
        "-2.5",
    )


def test_a_correction_that_comes_before_its_target_counts_exactly_when_that_does(desk):
    with create_ledger("sqlite:///:memory:", reference_key="k1") as elsewhere:
        desk.submit(desk.row())
        event = first_event(desk)
        desk.ledger = elsewhere
        chain = [
            event.to_json(),
            reversal_of(event, WHY).to_json(),
            replacement_of(event, WHY, {"quantity": "7"}).to_json(),
        ]
        results = set()
        for order in itertools.permutations(chain):
            with create_ledger("sqlite:///:memory:", reference_key="k1") as ledger:
                desk.ledger = ledger
                outcomes = desk.kinds(*order, prepare=READER)
                assert set(outcomes) <= {"accepted", "held"}, outcomes
                results.add(desk.summary().canonical())
                assert ledger.head == 3
                assert desk.kinds(*order, prepare=READER) == ["duplicate"] * 3
                assert desk.totals() == {("image.rendered", "pro"): (1, "7")}
        assert len(results) == 1


def test_a_waiting_correction_that_does_not_fit_stays_on_the_shelf(desk):
    from saascore.usage.held import list_held

    desk.submit(desk.row())
    event = first_event(desk)
    wrong = {**reversal_of(event, WHY).to_json(), "quantity": "-1"}
    with create_ledger("sqlite:///:memory:", reference_key="k1") as ledger:
        desk.ledger = ledger
        assert desk.kinds(wrong, event.to_json(), prepare=READER) == ["held", "accepted"]
        assert [held.reason for held in list_held(ledger)] == ["unfit"]
        assert desk.totals() == {("image.rendered", "pro"): (1, "1.5")}


def test_a_reversal_under_a_key_of_its_own_is_refused(desk):
    desk.submit(desk.row())
    event = first_event(desk)
    forged = {**reversal_of(event, WHY).to_json(), "idempotency_key": event.idempotency_key}
    verdict = desk.submit(forged, prepare=READER)[0]
    assert (verdict.outcome, verdict.codes, verdict.fields) == (
        "rejected",
        ("USG-004",),
        ("idempotency_key",),
    )
    misfit = {**reversal_of(event, WHY).to_json(), "unit": "second"}
    verdict = desk.submit(misfit, prepare=READER)[0]
    assert (verdict.outcome, verdict.fields) == ("rejected", ("unit",))
