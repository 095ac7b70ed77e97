"""Usage: nested journal entries become the same envelope as any other product's rows."""

import json

from saascore.contract.usage import UsageEvent


def test_every_entry_that_counts_becomes_a_usage_event(rows, mapped):
    events = [
        UsageEvent.parse_json(mapped(row).body) for row in rows if "recalled" not in row["entry"]["kind"]
    ]
    assert {(event.event_type, event.unit) for event in events} == {
        ("message.sent", "message"),
        ("answer.drafted", "token"),
        ("seat.assigned", "seat"),
    }
    assert {event.plan_key for event in events} == {"solo", "team", "business"}


def test_a_recalled_reply_does_not_count(rows, mapped):
    refusal = mapped(rows[0] | {"entry": rows[0]["entry"] | {"kind": "desk.reply.recalled"}})
    assert (refusal.outcome, refusal.codes) == ("skipped", ("reply-recalled",))


def test_times_of_another_zone_are_the_same_instants(rows, mapped):
    local = json.loads(
        mapped(rows[0] | {"entry": rows[0]["entry"] | {"at": "2026-11-01T01:30:00+01:00"}}).body
    )
    assert local["occurred_at"] == "2026-11-01T00:30:00.000000Z"


def test_two_teams_may_use_one_entry_number(rows, mapped):
    one = json.loads(mapped(rows[0]).body)
    two = json.loads(mapped(rows[0] | {"team": rows[0]["team"] | {"id": "TEAM-SYN-ANOTHERTEAM00"}}).body)
    assert one["idempotency_key"] != two["idempotency_key"]
    assert one["subject_label"] != two["subject_label"]


def test_nothing_raw_of_an_entry_is_in_its_event(rows, mapped):
    for row in rows:
        body = mapped(row).body if "recalled" not in row["entry"]["kind"] else ""
        raw = (row["entry"]["uid"], row["team"]["id"], row["agent"]["id"], row["agent"]["email"], row["text"])
        assert not [value for value in raw if value in body]


def test_an_address_in_a_dimension_is_refused_without_being_shown(rows, mapped):
    address = rows[0]["agent"]["email"]
    refusal = mapped(rows[0] | {"channel": address})
    assert refusal.outcome == "rejected"
    assert address not in repr(refusal)
