"""CloudEvents: the official SDK reads what is written, and what it writes reads back as the same event."""

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from saascore.contract.canonical import canonical_bytes
from saascore.contract.cloudevents import from_cloudevent, to_cloudevent
from saascore.contract.usage import UsageEvent
from saascore.errors import SaascoreError


@pytest.fixture
def event(usage_event):
    return UsageEvent.parse(usage_event(dimensions={"size": "large"}, quantity="1.25"))


def test_the_official_sdk_reads_it(event):
    read = JSONFormat().read(CloudEvent, canonical_bytes(to_cloudevent(event)))
    assert read.get_id() == event.event_id
    assert read.get_type() == "image.generated"
    assert read.get_source() == "urn:saascore:adapter:core-fixture"
    assert read.get_time().isoformat() == "2026-03-01T12:00:00+00:00"


def test_what_the_official_sdk_writes_reads_back(event):
    sdk = JSONFormat()
    written = sdk.write(sdk.read(CloudEvent, canonical_bytes(to_cloudevent(event))))
    import json

    assert from_cloudevent(json.loads(written)) == event


@pytest.mark.parametrize(
    "change", [{"id": "other"}, {"type": "other"}, {"specversion": "0.3"}, {"data": None}]
)
def test_an_envelope_that_disagrees_with_its_data_is_refused(event, change):
    with pytest.raises(SaascoreError, match="CON-001"):
        from_cloudevent(to_cloudevent(event) | change)
