"""Usage is published at the finest grain of which every group has room, so that no column is a part of itself."""

import base64
import itertools
import json
from collections import Counter

import pytest

from saascore.adapters import Registry
from saascore.cli.inputs import Record
from saascore.contract.instants import to_datetime
from saascore.contract.summary import SummarySpec
from saascore.contract.window import Window
from saascore.contract.words import reference_check
from saascore.ledger import create_ledger
from saascore.packet.axis import MOST_COLUMNS, Axis, finest
from saascore.packet.publish import publish
from saascore.usage.envelopes import EnvelopeReader
from saascore.usage.submit import Submission

NOW = "2026-11-20T18:00:00.000000Z"
PLANS = ("free", "solo", "team", "pro", "max")
THREE_WEEKS = [f"2026-11-{day:02d}" for day in range(1, 21)]
TWO_MONTHS = ["2026-10-31", "2026-11-02", "2026-11-09", "2026-11-16"]


def event(number, event_type, plan, day):
    def reference(kind):
        stem = f"ref:{kind}:k1:" + base64.b32encode(number.to_bytes(15, "big")).decode().lower()
        return stem + reference_check(stem)

    at = f"{day}T09:00:00.000000Z"
    return {
        "schema": "saascore/usage-event/1", "event_id": reference("event"), "event_type": event_type,
        "subject_label": "solo", "plan_key": plan, "quantity": "2", "occurred_at": at,
        "idempotency_key": reference("key"), "source": "acme", "unit": "item",
        "plan_snapshot": {"plan_key": plan, "basis": "submission", "resolved_at": at},
    }  # fmt: skip


@pytest.fixture
def published(tmp_path):
    """Hand in one event of each type on each plan and day; answer the usage summary of the packet."""

    def build(types, days):
        with create_ledger("sqlite:///:memory:", reference_key="k1", created_at=NOW) as ledger:
            combined = itertools.product(days, range(types), PLANS)
            records = [
                Record(number, event(number, f"thing.n{kind}", plan, day))
                for number, (day, kind, plan) in enumerate(combined, start=1)
            ]
            ready = EnvelopeReader(reference_key="k1", subject_key="k1")
            done = Submission(ledger, source="acme", now=NOW).run(records, ready)
            assert Counter(one.outcome for one in done) == {"accepted": len(records)}
            window = Window.of("2026-10-30T00:00:00.000000Z", "2026-11-21T00:00:00.000000Z")
            publish(ledger, tmp_path / "packet", window=window, now=NOW, registry=Registry.of({}))
        return json.loads((tmp_path / "packet" / "usage-summary.json").read_text(encoding="utf-8"))

    return build


@pytest.mark.parametrize(
    ("types", "days", "grain", "groups"),
    [
        (20, THREE_WEEKS, "day", 2000),
        (21, THREE_WEEKS, "week", 21 * 5 * 4),
        (101, TWO_MONTHS, "month", 101 * 5 * 2),
        (201, TWO_MONTHS, "none", 201 * 5),
    ],
)
def test_a_packet_shows_usage_at_the_finest_grain_that_has_room(published, types, days, grain, groups):
    usage = published(types, days)
    assert (usage["spec"]["grain"], len(usage["groups"]), usage["overflow"]) == (grain, groups, [])
    assert sum(group["totals"]["count"] for group in usage["groups"]) == types * len(PLANS) * len(days)


def test_what_has_no_room_at_all_is_a_remainder(published):
    usage = published(401, TWO_MONTHS[:1])
    assert (usage["spec"]["grain"], len(usage["groups"])) == ("none", 2000)
    assert [rest["totals"]["count"] for rest in usage["overflow"]] == [5]


@pytest.mark.parametrize(
    ("end", "grain"),
    [
        ("2026-01-02", "day"),
        ("2026-03-04", "day"),
        ("2026-03-05", "week"),
        ("2027-03-11", "week"),
        ("2027-03-12", "month"),
    ],
)
def test_a_long_window_has_no_more_columns_than_a_page_can_show(end, grain):
    window = Window.of("2026-01-01T00:00:00.000000Z", f"{end}T00:00:00.000000Z")
    assert finest(window) == grain
    days = (to_datetime(window.to) - to_datetime(window.from_)).days
    spec = {"window": window.to_json(), "grain": grain}
    places = Axis(SummarySpec.parse(spec)).places
    assert len(places) <= MOST_COLUMNS
    assert days / len(places) <= 31
