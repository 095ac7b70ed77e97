"""What a running system is told: one event a batch with counts, each adapter failure once, and no raw value."""

import json
import logging

import pytest

from saascore.adapters import Registry
from saascore.drafts import UsageDraft
from saascore.entitlements.intake import Intake
from saascore.hookspecs import hookimpl
from saascore.ledger import create_ledger
from saascore.privacy.references import ReferenceKeys
from saascore.usage.submit import Submission, mapper_for

NOW = "2026-03-10T12:00:00.000000Z"
RAW = "wsp-9f3kq2m8x7"


class Product:
    api = 1

    @hookimpl
    def map_event_name(self, event_name: str) -> str | None:
        return "image.rendered"

    @hookimpl
    def map_plan_label(self, plan: str) -> str | None:
        return "pro"

    @hookimpl
    def reference_workspace(self, claims, redact):
        return redact("workspace", claims["ws"])

    @hookimpl
    def map_usage_record(self, record):
        if "id" not in record:
            raise LookupError(f"row of {RAW}")
        return UsageDraft(
            event_name="render", key=(record["id"],), quantity="1", unit="image", occurred_at=record["at"],
            claims={"ws": RAW}, plan="Pro", plan_basis="submission",
        )  # fmt: skip


class Provider:
    api = 1

    @hookimpl
    def normalize_billing_event(self, event):
        raise LookupError(f"body of {RAW}")

    @hookimpl
    def list_billing_event_types(self):
        return {}


class Record:
    problem = None

    def __init__(self, number, value):
        self.number, self.value = number, value


def records(*values):
    return [Record(number, value) for number, value in enumerate(values, start=1)]


@pytest.fixture
def registry():
    return Registry.of({"alpha": Product(), "acme": Provider()})


@pytest.fixture
def keys():
    return ReferenceKeys({"k1": b"k" * 32})


@pytest.fixture
def ledger():
    with create_ledger("sqlite:///:memory:", reference_key="k1", created_at=NOW) as made:
        yield made


@pytest.fixture
def events(caplog):
    caplog.set_level(logging.INFO, logger="saascore")

    def told():
        assert RAW not in caplog.text
        assert RAW not in json.dumps([record.fields for record in caplog.records])
        return [(record.event, record.fields) for record in caplog.records]

    return told


def test_a_batch_of_usage_is_one_event_and_a_failing_hook_another(ledger, registry, keys, events):
    prepare = mapper_for(ledger, registry.product("alpha"), keys, now=NOW)
    good = {"id": "r1", "at": "2026-03-10T11:00:00Z"}
    list(Submission(ledger, source="alpha", now=NOW).run(records(good, good, {}, {}), prepare))
    assert events() == [
        ("usage.submitted", {"source": "alpha", "accepted": 1, "duplicate": 1, "rejected": 2}),
        ("adapter.failed", {"source": "alpha", "hook": "map-usage-record", "code": "ADP-101"}),
    ]


def test_a_batch_of_webhooks_is_one_event_and_a_failing_hook_another(ledger, registry, keys, events):
    intake = Intake(ledger, registry.provider("acme"), registry.product("alpha"), "live", keys, NOW)
    list(intake.run(records({"id": RAW}, {"id": RAW + "0"})))
    assert events() == [
        ("billing.submitted", {"source": "acme", "mode": "live", "rejected": 2}),
        ("adapter.failed", {"source": "acme", "hook": "normalize-billing-event", "code": "ADP-101"}),
    ]
