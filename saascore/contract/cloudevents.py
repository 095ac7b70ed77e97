"""CloudEvents 1.0.2 in structured JSON: usage events out to any consumer, and back without a loss.

The mapping is one to one: ``id`` is the event's reference, ``source`` the adapter as a URN, ``type`` the shared event
type (so that a meter can select on it), ``subject`` the redacted subject, ``time`` the business time, ``dataschema``
the contract's schema, and ``data`` the whole fact, which alone decides when it is read back.

Source: CloudEvents specification 1.0.2 and its JSON event format 1.0.2.
"""

from __future__ import annotations

import re
from typing import Any

from saascore.contract.usage import UsageEvent
from saascore.errors import SaascoreError

SPEC_VERSION = "1.0"
MEDIA_TYPE = "application/cloudevents+json"
_OPTIONAL = frozenset({"subject", "time", "datacontenttype", "dataschema"})
_NAME = re.compile(r"[a-z0-9]+").fullmatch
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,12})?(Z|[+-][0-9]{2}:[0-9]{2})",
    re.IGNORECASE,
).fullmatch
_SOURCE = "urn:saascore:adapter:"
_SCHEMA = "urn:saascore:schema:"


def to_cloudevent(event: UsageEvent) -> dict[str, Any]:
    """Return a usage event as a CloudEvent in the structured JSON format."""
    return {
        "specversion": SPEC_VERSION,
        "id": event.event_id,
        "source": _SOURCE + event.source,
        "type": event.event_type,
        "subject": event.subject_label,
        "time": event.occurred_at,
        "datacontenttype": "application/json",
        "dataschema": _SCHEMA + event.schema_id().removeprefix("saascore/").replace("/", ":"),
        "data": event.to_json(),
    }


def from_cloudevent(value: object) -> UsageEvent:
    """Read a usage event back from a CloudEvent that :func:`to_cloudevent` (or another writer) made.

    Another writer may leave optional attributes out, set the time of sending, and add extensions, which are
    not kept.

    Raises:
        SaascoreError: ``CON-001`` where the envelope is no CloudEvent 1.0 with a usage event as data, or where an
            attribute of the envelope says other than its data.
    """
    if not isinstance(value, dict) or not isinstance(value.get("data"), dict):
        raise _refused("data is not a JSON object")
    if not all(isinstance(name, str) and _NAME(name) for name in value):
        raise _refused("an attribute's name is not of lower-case letters and digits")
    event = UsageEvent.parse(value["data"])
    for name, expected in to_cloudevent(event).items():
        found = value.get(name)  # null is as good as absent there
        if name != "data" and not (_same(name, found, expected) or (found is None and name in _OPTIONAL)):
            raise _refused(f"{name} does not agree with data")
    return event


def _same(name: str, found: object, expected: object) -> bool:
    if name == "datacontenttype" and isinstance(found, str):
        return found.partition(";")[0].strip().lower() == expected
    if (
        name == "time"
    ):  # writers may set the time of sending (the official SDK does): the data alone says when
        return isinstance(found, str) and _TIME(found) is not None
    return found == expected


def _refused(detail: str) -> SaascoreError:
    return SaascoreError("CON-001", where="CloudEvent", detail=detail)
