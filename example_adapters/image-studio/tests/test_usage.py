"""Usage: job rows become usage events that hold labels, references and numbers only."""

import json

import pytest

from saascore.contract.usage import UsageEvent


def test_every_finished_job_becomes_a_usage_event(rows, mapped):
    events = [UsageEvent.parse_json(mapped(row).body) for row in rows if "failed" not in row["event"]]
    assert {event.event_type for event in events} == {"image.generated", "image.upscaled", "video.rendered"}
    assert {event.unit for event in events if event.event_type == "video.rendered"} == {"second"}
    assert {event.source for event in events} == {"image-studio"}
    assert len({event.idempotency_key for event in events}) == len(events)


def test_a_failed_job_costs_nothing(rows, mapped):
    refusal = mapped(rows[0] | {"event": "job.image.failed"})
    assert (refusal.outcome, refusal.codes) == ("skipped", ("job-failed",))


def test_nothing_raw_of_a_row_is_in_its_event(rows, mapped):
    raw = ("id", "workspace_id", "user_id", "prompt", "input_key", "output_key", "execution_id", "gateway")
    for row in rows:
        body = str(mapped(row).body) if "failed" not in row["event"] else ""
        assert not [name for name in raw if row[name] and row[name] in body]


def test_the_key_is_the_job_and_not_its_time_or_content(rows, mapped):
    job = json.loads(mapped(rows[0]).body)
    later = json.loads(mapped(rows[0] | {"finished_at": "2026-11-01T00:00:00Z", "quantity": "7"}).body)
    other = json.loads(mapped(rows[0] | {"id": rows[1]["id"]}).body)
    assert later["idempotency_key"] == job["idempotency_key"] != other["idempotency_key"]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"event": "job.audio.completed"}, "USG-001", "event_type"),
        ({"plan": "Studio Founder 2024"}, "USG-002", "plan_key"),
        ({"finished_at": "2026-11-02T10:00:00"}, "CON-002", "occurred_at"),
        ({"quantity": 1.5}, "CON-003", "quantity"),
    ],
)
def test_what_does_not_fit_is_rejected_by_code_and_field(rows, mapped, change, code, field):
    refusal = mapped(rows[0] | change)
    assert (refusal.outcome, refusal.codes, refusal.fields) == ("rejected", (code,), (field,))


def test_a_fine_tune_named_after_its_workspace_is_refused_without_its_name(rows, mapped):
    name = f"tune-{rows[0]['workspace_id'].removeprefix('wsp_')}"
    refusal = mapped(rows[0] | {"model": name})
    assert refusal.outcome == "rejected"
    assert name not in repr(refusal)
    assert refusal.fields[0].startswith("dimensions")


def test_videos_are_metered_by_the_provider_and_free_images_by_the_job_table(studio):
    assert studio.choose_quota_basis("pro", "video.rendered") == "paid_metering"
    assert studio.choose_quota_basis("pro", "image.generated") == "ledger_replay"
    assert studio.choose_quota_basis("free", "image.generated") == "job_counts"
