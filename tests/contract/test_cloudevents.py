"""CloudEvents 1.0.2: the rules hold for every event, the official SDK reads what is written, and nothing is lost both ways."""

import json
import re
from urllib.parse import urlsplit

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from saascore.contract.canonical import canonical_bytes
from saascore.contract.cloudevents import MEDIA_TYPE, from_cloudevent, to_cloudevent
from saascore.contract.instants import RFC3339
from saascore.contract.usage import UsageEvent
from saascore.errors import SaascoreError

LABELS = st.sampled_from(
    ["image.generated", "message.sent", "a", "seat-assigned", "x1.y2_z3", "w" + "-ord" * 15]
)
INSTANTS = st.datetimes(timezones=st.just(None)).map(
    lambda d: d.replace(year=2000 + d.year % 100, day=min(d.day, 28)).isoformat() + "Z"
)


@st.composite
def changes(draw):
    return {
        "event_type": draw(LABELS),
        "source": draw(LABELS),
        "subject_label": draw(st.sampled_from(["solo", "team-a"])),
        "quantity": draw(st.sampled_from(["0", "1.25", "999999999999.999999999"])),
        "occurred_at": draw(INSTANTS),
        "dimensions": draw(st.dictionaries(LABELS, LABELS, max_size=3)),
        **draw(st.fixed_dictionaries({}, optional={"source_sequence": st.integers(0, 2**53 - 1)})),
    }


@pytest.fixture
def event(usage_event):
    return UsageEvent.parse(usage_event(dimensions={"size": "large"}, quantity="1.25"))


def through_sdk(envelope):
    sdk = JSONFormat()
    return json.loads(sdk.write(sdk.read(CloudEvent, canonical_bytes(envelope))))


@given(changed=changes())
def test_every_event_keeps_the_rules_of_1_0_2(usage_event, changed):
    """Section 3: names, required attributes, the form of each, no null; section 5: at most 64 KiB."""
    envelope = to_cloudevent(UsageEvent.parse(usage_event(**changed)))
    attributes = {name: value for name, value in envelope.items() if name != "data"}
    assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in envelope)
    assert {"id", "source", "specversion", "type"} <= envelope.keys()
    assert all(isinstance(value, str) and value for value in attributes.values())
    assert not any(re.search(r"[\x00-\x1f\x7f-\x9f]", value) for value in attributes.values())
    assert envelope["specversion"] == "1.0"
    assert re.fullmatch(RFC3339, envelope["time"])
    assert urlsplit(envelope["source"]).scheme == urlsplit(envelope["dataschema"]).scheme == "urn"
    assert re.fullmatch(r"urn:[a-z0-9][a-z0-9-]{0,31}:[\w.:-]+", envelope["source"])  # RFC 8141
    assert len(canonical_bytes(envelope)) <= 64 * 1024
    assert MEDIA_TYPE == "application/cloudevents+json"


@given(changed=changes())
def test_every_event_comes_back_whole_by_us_and_by_the_official_sdk(usage_event, changed):
    event = UsageEvent.parse(usage_event(**changed))
    envelope = to_cloudevent(event)
    assert from_cloudevent(json.loads(canonical_bytes(envelope))) == event
    assert from_cloudevent(through_sdk(envelope)) == event


def test_the_official_sdk_reads_it(event):
    read = JSONFormat().read(CloudEvent, canonical_bytes(to_cloudevent(event)))
    assert read.get_id() == event.event_id
    assert read.get_type() == "image.generated"
    assert read.get_source() == "urn:saascore:adapter:core-fixture"
    assert read.get_time().isoformat() == "2026-03-01T12:00:00+00:00"
    assert read.get_data() == event.to_json()


def test_an_event_that_the_official_sdk_makes_is_taken(event):
    made = CloudEvent(
        attributes={
            "id": event.event_id,
            "source": "urn:saascore:adapter:core-fixture",
            "type": "image.generated",
            "specversion": "1.0",
        },
        data=event.to_json(),
    )
    assert from_cloudevent(json.loads(JSONFormat().write(made))) == event


@pytest.mark.parametrize(
    "change",
    [
        {"subject": None, "time": None, "dataschema": None, "datacontenttype": None},
        {"time": "2026-03-01T13:00:07.123456789+01:00"},
        {"datacontenttype": "application/json; charset=utf-8"},
        {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "partitionkey": "7"},
    ],
    ids=["optional ones left out", "the time of sending", "a parameter", "extensions"],
)
def test_what_another_writer_may_do_is_taken(event, change):
    envelope = to_cloudevent(event) | change
    assert from_cloudevent(envelope) == event
    assert from_cloudevent({name: value for name, value in envelope.items() if value is not None}) == event


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"id": "other"}, "id"),
        ({"id": None}, "id"),
        ({"source": "urn:saascore:adapter:other"}, "source"),
        ({"type": "other"}, "type"),
        ({"specversion": "0.3"}, "specversion"),
        ({"subject": "other"}, "subject"),
        ({"time": 1772366400}, "time"),
        ({"time": "yesterday"}, "time"),
        ({"datacontenttype": "text/plain"}, "datacontenttype"),
        ({"dataschema": "urn:other"}, "dataschema"),
        ({"data": None}, "data"),
        ({"data_base64": "e30="}, "name"),
        ({"Subject": "x"}, "name"),
    ],
)
def test_an_envelope_that_breaks_a_rule_or_disagrees_with_its_data_is_refused(event, change, where):
    with pytest.raises(SaascoreError, match="CON-001") as caught:
        from_cloudevent(to_cloudevent(event) | change)
    assert where in caught.value.detail
    assert all(str(value) not in str(caught.value) for value in change.values() if value not in (None, "x"))


@pytest.mark.parametrize("value", [None, [], "text", 7, {}, {"data": []}, {1: 2, "data": {}}])
def test_what_is_no_envelope_is_refused(value):
    with pytest.raises(SaascoreError, match="CON-001"):
        from_cloudevent(value)
