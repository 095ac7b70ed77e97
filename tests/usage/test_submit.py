"""Every record handed in gets exactly one outcome, in input order."""

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saascore.contract.usage import UsageEvent
from saascore.errors import SaascoreError
from saascore.ledger import Measure, Writer, create_ledger
from saascore.usage.envelopes import EnvelopeReader

MARCH = datetime(2026, 3, 1)  # noqa: DTZ001  the offset is written behind it
READER = EnvelopeReader(reference_key="k1", subject_key="k1")


def event_at(desk, position=1):
    return desk.ledger.fact(position).json()


def test_each_kind_of_outcome_in_input_order(desk):
    row = desk.row
    verdicts = desk.submit(
        row("a"),
        row("a"),
        row("a", quantity="2"),
        row("b", event="unheard-of"),
        row("c", plan="Enterprise"),
        row("d", state="failed"),
        row("e", at="2025-12-01T00:00:00Z"),
        row("f", at="2026-03-10T12:05:01Z"),
        row("g", quantity=1.5),
        row("h", at="2026-03-10T11:00:00"),
        {**row("i"), "ws": ""},
        row("j"),
    )
    assert [(verdict.record, verdict.outcome, verdict.codes, verdict.fields) for verdict in verdicts] == [
        (1, "accepted", (), ()),
        (2, "duplicate", (), ()),
        (3, "conflict", (), ("quantity",)),
        (4, "rejected", ("USG-001",), ("event_type",)),
        (5, "rejected", ("USG-002",), ("plan_key",)),
        (6, "skipped", ("job-failed",), ()),
        (7, "held", ("too-old",), ()),
        (8, "held", ("too-early",), ()),
        (9, "rejected", ("CON-003",), ("quantity",)),
        (10, "rejected", ("CON-002",), ("occurred_at",)),
        (11, "rejected", ("KEY-004",), ()),
        (12, "accepted", (), ()),
    ]
    assert [verdict.position for verdict in verdicts if verdict.position] == [1, 1, 1, 2]
    for verdict in verdicts:
        assert verdict.public().record == verdict.record


def test_a_stored_event_is_the_canonical_form_of_a_valid_model(desk):
    desk.submit(desk.row(sequence=7, dimensions={"model": "fine", "size": "large"}))
    body = desk.ledger.fact(1).body
    assert UsageEvent.parse_json(body).canonical().decode() == body


@given(
    st.fixed_dictionaries(
        {
            "id": st.text(min_size=1, max_size=8),
            "event": st.sampled_from(["render", "upscale"]),
            "quantity": st.one_of(
                st.integers(0, 10**12 - 1), st.decimals(0, 10**6, places=9).map(lambda d: format(d, "f"))
            ),
            "at": st.datetimes(
                min_value=MARCH,
                max_value=MARCH + timedelta(days=8),
            ).map(lambda d: d.isoformat() + "+01:00"),
            "plan": st.sampled_from(["Pro", "Free"]),
            "sequence": st.one_of(st.none(), st.integers(0, 2**53 - 1)),
            "dimensions": st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(["x", "y-z"])),
        }
    )
)
@settings(max_examples=60, deadline=None)
def test_what_templates_make_is_what_the_model_makes(desk_of, row):
    with create_ledger("sqlite:///:memory:", reference_key="k1") as ledger:
        desk = desk_of(ledger)
        (verdict,) = desk.submit(desk.row(**row) | {"id": row["id"]})
        if "\ud800" <= max(row["id"]) <= "\udfff":
            assert verdict.codes == ("KEY-004",)
            return
        assert verdict.outcome == "accepted", verdict
        body = ledger.fact(1).body
        event = UsageEvent.parse_json(body)
        assert event.canonical().decode() == body
        # handed in as an envelope, the same event is the same event
        assert desk.kinds(json.loads(body), prepare=READER) == ["duplicate"]


def test_an_honest_retry_after_an_upgrade_is_a_duplicate_and_keeps_the_first_plan(desk):
    assert desk.kinds(desk.row(plan="Free"), desk.row(plan="Pro")) == ["accepted", "duplicate"]
    assert event_at(desk)["plan_key"] == "free"


def test_equal_keys_of_different_sources_are_different_events(desk):
    desk.submit(desk.row())
    other = {**event_at(desk), "source": "beta"}
    (verdict,) = desk.submit(other, prepare=READER)
    assert (verdict.outcome, verdict.codes) == ("conflict", ("event-id-reused",))
    from saascore.ledger.keys import reference_of

    fresh = {**other, "event_id": reference_of("event", "k1", b"another event.!")}
    assert desk.kinds(fresh, prepare=READER) == ["accepted"]


def test_an_event_id_that_is_taken_is_a_conflict_in_the_same_batch_too(desk):
    from saascore.ledger.keys import reference_of

    desk.submit(desk.row())
    stored = event_at(desk)

    def keyed(text, event_id):
        return {**stored, "idempotency_key": reference_of("key", "k1", text), "event_id": event_id}

    own = reference_of("event", "k1", b"event id of own")
    verdicts = desk.submit(
        keyed(b"key number one.", stored["event_id"]),
        keyed(b"key number two.", own),
        keyed(b"key number tri.", own),
        prepare=READER,
    )
    assert [(verdict.outcome, verdict.codes) for verdict in verdicts] == [
        ("conflict", ("event-id-reused",)),
        ("accepted", ()),
        ("conflict", ("event-id-reused",)),
    ]
    assert desk.kinds(keyed(b"key number for.", own), prepare=READER) == ["conflict"]


def test_a_rejected_record_does_not_use_its_key_up(desk):
    assert desk.kinds(desk.row(plan="Unknown")) == ["rejected"]
    assert desk.kinds(desk.row()) == ["accepted"]


def test_atomic_keeps_all_or_nothing(desk):
    rows = desk.records(desk.row("a"), desk.row("b", quantity=0.5))
    verdicts = desk.submission().run_atomic(rows, desk.mapper())
    assert [(verdict.outcome, verdict.codes) for verdict in verdicts] == [
        ("unprocessed", ("atomic",)),
        ("rejected", ("CON-003",)),
    ]
    assert desk.ledger.head == 0
    assert [verdict.outcome for verdict in desk.submission().run_atomic(rows[:1], desk.mapper())] == [
        "accepted"
    ]


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        ("2026-02-04T12:00:00.000000Z", "accepted"),
        ("2026-02-04T11:59:59.999999Z", "held"),
        ("2026-03-10T12:05:00.000000Z", "accepted"),
        ("2026-03-10T12:05:00.000001Z", "held"),
        ("2026-03-10T13:05:00.000000+01:00", "accepted"),
    ],
)
def test_the_bounds_of_the_acceptance_window_are_exact(desk, at, outcome):
    assert desk.kinds(desk.row(at=at)) == [outcome]


def test_a_held_event_is_released_once_and_counts_then(desk):
    from saascore.usage.held import release_held

    old = desk.row("old", at="2026-01-01T00:00:00Z")
    assert desk.kinds(old, old, {**old, "quantity": "9"}) == ["held", "held", "conflict"]
    assert desk.ledger.head == 0
    assert [verdict.outcome for verdict in release_held(desk.ledger, [1], now=desk.now)] == ["accepted"]
    with pytest.raises(SaascoreError, match="LED-007"):
        release_held(desk.ledger, [1], now=desk.now)
    assert desk.kinds(old) == ["duplicate"]


def test_a_clock_that_goes_backwards_changes_no_outcome_of_what_is_known(desk):
    desk.submit(desk.row())
    assert desk.kinds(desk.row(), now="2025-01-01T00:00:00Z") == ["duplicate"]
    assert desk.kinds(desk.row("new"), now="2025-01-01T00:00:00Z") == ["held"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("quantity", "\u0661", "CON-003"),
        ("quantity", "1\u00a0000", "CON-003"),
        ("quantity", "1\n", "CON-003"),
        ("quantity", "1.0000000001", "CON-003"),
        ("quantity", True, "CON-003"),
        ("quantity", "-1", "CON-001"),
        ("at", "2026-03-10T11:00:00.1234567Z", "CON-002"),
        ("at", "2026-03-10T11:00:60Z", "CON-002"),
        ("at", "2026-02-29T11:00:00Z", "CON-002"),
        ("at", "2026-03-10T11:00:00Z\n", "CON-002"),
        ("id", "lone \ud800 surrogate", "KEY-004"),
        ("id", "", "KEY-004"),
        ("id", None, "KEY-004"),
        ("sequence", -1, "CON-001"),
        ("sequence", True, "CON-001"),
        ("dimensions", {"a": "Not A Label"}, "CON-001"),
        ("dimensions", {"a": 1.5}, "CON-001"),
        ("dimensions", ["a"], "CON-001"),
        ("basis", "guessed", "CON-001"),
        ("basis", "asserted", "CON-001"),
    ],
)
def test_a_poisoned_value_is_rejected_and_its_neighbours_are_kept(desk, field, value, code):
    rows = (desk.row("before"), desk.row("poison") | {field: value}, desk.row("after"))
    verdicts = desk.submit(*rows)
    assert [verdict.outcome for verdict in verdicts] == ["accepted", "rejected", "accepted"]
    assert verdicts[1].codes[0] == code


def test_a_leak_is_named_by_dimension_and_rule_and_never_shown(desk):
    leak = "x7" + "k9q2" * 5
    verdict = desk.submit(desk.row(dimensions={"model": leak, "size": "large", "Not A Label": leak}))[0]
    assert (verdict.outcome, verdict.codes[0]) == ("rejected", "CON-001")
    assert any(code.startswith("label-") for code in verdict.codes[1:])
    assert verdict.fields[0] == "dimensions.model"
    assert leak not in str(verdict.public().canonical())


def test_an_adapter_that_raises_is_named_and_the_rest_is_kept(desk):
    broken = desk.row("b")
    del broken["plan"]
    verdicts = desk.submit(desk.row("a"), broken, desk.row("c"))
    assert [verdict.outcome for verdict in verdicts] == ["accepted", "rejected", "accepted"]
    assert (verdicts[1].codes, verdicts[1].hook, verdicts[1].origin.adapter) == (
        ("ADP-101",),
        "map-usage-record",
        "alpha",
    )


def test_a_sequence_that_looks_like_a_card_number_is_a_number(desk):
    desk.submit(desk.row(sequence=9_007_199_254_740_990))
    assert desk.kinds(desk.ledger.fact(1).json(), prepare=READER) == ["duplicate"]


def test_references_of_another_key_are_refused(desk):
    desk.submit(desk.row())
    stored = event_at(desk)
    other = EnvelopeReader(reference_key="k2", subject_key="k2")
    verdict = desk.submit(stored, prepare=other)[0]
    assert (verdict.outcome, verdict.codes, verdict.fields) == ("rejected", ("LED-008",), ("event_id",))


def test_aggregates_and_watermarks_are_kept_apart_from_facts_that_count(desk):
    aggregate = {
        "schema": "saascore/usage-aggregate/1",
        "source": "beta",
        "event_type": "image.rendered",
        "plan_key": "pro",
        "unit": "image",
        "window": {"from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z"},
        "count": 5,
        "sum": "7.5",
    }
    mark = {
        "schema": "saascore/watermark/1",
        "source": "alpha",
        "complete_through": "2026-03-09T00:00:00Z",
    }
    kinds = desk.kinds(aggregate, aggregate, {**aggregate, "count": 6}, mark, mark, prepare=READER)
    assert kinds == ["accepted", "duplicate", "conflict", "accepted", "duplicate"]
    desk.submit(desk.row())
    summary = desk.summary()
    assert [group.totals.count for group in summary.groups] == [1]
    assert summary.complete_through[0].complete_through == "2026-03-09T00:00:00.000000Z"


def test_intake_is_counted_by_outcome_reason_and_lag(desk):
    desk.submit(desk.row("a"), desk.row("a"), desk.row("b", plan="?"), desk.row("c", at=desk.now))
    counted = {(m.source, m.measure, m.word): n for m, n in desk.ledger.arrivals().items()}
    assert counted == {
        ("alpha", "outcome", "accepted"): 2,
        ("alpha", "outcome", "duplicate"): 1,
        ("alpha", "outcome", "rejected"): 1,
        ("alpha", "reason", "USG-002"): 1,
        ("alpha", "lag", "1h-to-1d"): 1,
        ("alpha", "lag", "under-1m"): 1,
    }
    assert all(isinstance(measure, Measure) for measure in desk.ledger.arrivals())


def test_a_storage_fault_leaves_the_rest_unprocessed_and_a_retry_completes(desk, monkeypatch):
    from saascore.ledger.sqlite import SqliteDriver

    rows = [desk.row(str(number)) for number in range(6)]
    commit, calls = SqliteDriver.commit, []

    def failing(self):
        calls.append(1)
        if len(calls) == 2:
            raise SaascoreError("LED-005")
        commit(self)

    monkeypatch.setattr(SqliteDriver, "commit", failing)
    assert desk.kinds(*rows, chunk=2) == ["accepted"] * 2 + ["unprocessed"] * 4
    monkeypatch.undo()
    assert desk.kinds(*rows, chunk=2) == ["duplicate"] * 2 + ["accepted"] * 4
    assert [fact.position for fact in desk.ledger.facts()] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("failing_at", [1, 2, 3])
def test_a_storage_fault_under_atomic_leaves_every_record_unprocessed(desk, monkeypatch, failing_at):
    insert, calls = Writer.append_usage, []

    def failing(self, rows, **more):
        calls.append(1)
        if len(calls) == failing_at:
            raise SaascoreError("LED-005")
        return insert(self, rows, **more)

    records = desk.records(*(desk.row(str(number)) for number in range(6)))
    monkeypatch.setattr(Writer, "append_usage", failing)
    verdicts = desk.submission().run_atomic(records, desk.mapper(), chunk=2)
    assert [(verdict.record, verdict.outcome, verdict.codes) for verdict in verdicts] == [
        (number, "unprocessed", ("LED-005",)) for number in range(1, 7)
    ]
    assert desk.ledger.head == 0


@given(st.permutations(list(range(8))), st.lists(st.integers(0, 7), max_size=6), st.integers(1, 5))
@settings(max_examples=40, deadline=None)
def test_any_order_with_any_duplicates_gives_the_same_summary(desk_of, order, again, chunk):
    def run(indexes, size):
        with create_ledger("sqlite:///:memory:", reference_key="k1") as ledger:
            desk = desk_of(ledger)
            rows = [desk.row(str(n), ws=f"w{n % 3}", quantity=f"{n}.000000001", sequence=n) for n in range(8)]
            desk.submit(*(rows[index] for index in indexes), chunk=size)
            return desk.summary(grain="day").canonical()

    assert run([*order, *again], chunk) == run(range(8), 100)
