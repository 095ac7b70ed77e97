"""CloudEvents 1.0.2 in structured JSON: usage events out to any consumer, and back without a loss.

The mapping is one to one: ``id`` is the event's reference, ``source`` the adapter as a URN, ``type`` the shared event
type (so that a meter can select on it), ``subject`` the redacted subject, ``time`` the business time, ``dataschema``
the contract's schema, and ``data`` the whole fact, which alone decides when it is read back.

Source: CloudEvents specification 1.0.2 and its JSON event format 1.0.2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from saascore.contract.usage import UsageEvent
from saascore.errors import SaascoreError

SPEC_VERSION = "1.0"
MEDIA_TYPE = "application/cloudevents+json"
_OPTIONAL = frozenset({"subject", "time", "datacontenttype", "dataschema"})
_ATTRIBUTES = _OPTIONAL | {"specversion", "id", "source", "type", "data"}
_NAME = re.compile(r"[a-z0-9]+").fullmatch
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,12})?(Z|[+-][0-9]{2}:[0-9]{2})",
    re.IGNORECASE,
).fullmatch
_SOURCE = "urn:saascore:adapter:"
_SCHEMA = "urn:saascore:schema:" + UsageEvent.schema_id().removeprefix("saascore/").replace("/", ":")


def to_cloudevent(event: UsageEvent) -> dict[str, Any]:
    """Return a usage event as a CloudEvent in the structured JSON format."""
    return {**_attributes(event.__dict__), "data": event.to_json()}


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
    event = UsageEvent.parse(value["data"])
    if problem := envelope_problem(value, event.__dict__):
        raise _refused(problem)
    return event


def envelope_problem(envelope: Mapping[str, Any], event: Mapping[str, Any]) -> str | None:
    """Say what is wrong with the attributes of an envelope, or ``None`` where they agree with the event's fields."""
    if not (
        envelope.keys() <= _ATTRIBUTES or all(isinstance(name, str) and _NAME(name) for name in envelope)
    ):
        return "an attribute's name is not of lower-case letters and digits"
    for name, expected in _attributes(event).items():
        found = envelope.get(name)  # null is as good as absent there
        if found != expected and not (found is None and name in _OPTIONAL) and not _equivalent(name, found):
            return f"{name} does not agree with data"
    return None


def _attributes(event: Mapping[str, Any]) -> dict[str, str]:
    return {
        "specversion": SPEC_VERSION,
        "id": event["event_id"],
        "source": _SOURCE + event["source"],
        "type": event["event_type"],
        "subject": event["subject_label"],
        "time": event["occurred_at"],
        "datacontenttype": "application/json",
        "dataschema": _SCHEMA,
    }


def _equivalent(name: str, found: object) -> bool:
    if not isinstance(found, str):
        return False
    if name == "datacontenttype":
        return found.partition(";")[0].strip().lower() == "application/json"
    # writers may set the time of sending (the official SDK does): the data alone says when
    return name == "time" and _TIME(found) is not None


def _refused(detail: str) -> SaascoreError:
    return SaascoreError("CON-001", where="CloudEvent", detail=detail)
