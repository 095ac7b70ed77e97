"""Makers of contract values."""

import pytest

from saascore.contract.words import reference_check


def make_reference(kind, letter="a"):
    stem = f"ref:{kind}:k1:{letter * 24}"
    return stem + reference_check(stem)


def make_usage_event(**changes):
    event = {
        "schema": "saascore/usage-event/1",
        "event_id": make_reference("event"),
        "event_type": "image.generated",
        "subject_label": make_reference("workspace"),
        "plan_key": "pro",
        "quantity": "1",
        "occurred_at": "2026-03-01T12:00:00.000000Z",
        "idempotency_key": make_reference("key"),
        "source": "core-fixture",
        "unit": "image",
        "plan_snapshot": {"plan_key": "pro", "basis": "submission", "resolved_at": "2026-03-01T12:00:01Z"},
    }
    return event | changes


@pytest.fixture(scope="session")
def reference():
    return make_reference


@pytest.fixture(scope="session")
def usage_event():
    return make_usage_event
