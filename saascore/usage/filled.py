"""The short way of ready-made input: an event whose labels have passed before is a template, filled in.

Only references, numbers and instants are looked at then, in a tenth of the time that a model, its encoding and the
scanner take. What is not known, or is wrong in any way, goes the way of every envelope; so the answers are the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, get_args

from saascore.contract.cloudevents import envelope_problem
from saascore.contract.instants import parse_instant
from saascore.contract.quantities import parse_quantity
from saascore.contract.usage import PlanSnapshot, UsageEvent
from saascore.contract.words import MAX_COUNT, KeyId, ReferenceKind, reference_check
from saascore.ledger.keys import storage_key
from saascore.ledger.usage_row import UsageRow, split_quantity
from saascore.usage.memory import Memory
from saascore.usage.template import Template
from saascore.usage.verdict import Refusal

_SCHEMA = UsageEvent.schema_id()
_FIELDS = frozenset(field.alias or name for name, field in UsageEvent.model_fields.items())
_SNAPSHOT = frozenset(PlanSnapshot.model_fields)


class ShortWay:
    """Reads events and CloudEvents whose labels have passed before.

    Args:
        reference_key: The key id of event ids and idempotency keys.
        subject_keys: The key ids of subjects.
    """

    def __init__(self, reference_key: KeyId, subject_keys: Collection[KeyId]) -> None:
        kinds, keys = "|".join(get_args(ReferenceKind)), "|".join(sorted(subject_keys))
        own = f"{reference_key}:[a-z2-7]{{26}}"
        self._key_id = reference_key
        self._names = re.compile(f"ref:event:{own} ref:key:{own}").fullmatch
        self._subject = re.compile(f"ref:(?:{kinds}):(?:{keys}):[a-z2-7]{{26}}").fullmatch
        self._once: Memory[bool] = Memory()
        self._templates: Memory[Template] = Memory()
        self._subjects: Memory[bool] = Memory()

    def __call__(self, value: Mapping[str, Any]) -> UsageRow | None:
        """Return what the long way makes of an event or a CloudEvent; ``None`` where only the long way can tell."""
        try:
            if "specversion" not in value:
                return self._row(value)
            event = value["data"]
            return None if envelope_problem(value, event) else self._row(event)
        except (LookupError, TypeError, ValueError, AttributeError):
            return None

    def remember(self, event: UsageEvent) -> None:
        """Remember the labels of a usage entry that the long way has taken, once they come for the second time."""
        if event.entry_type != "usage" or event.corrects is not None:
            return
        encoded = event.to_json()
        snapshot = encoded["plan_snapshot"]
        labels = _labels(encoded, snapshot)
        if labels not in self._once:  # a template costs as much as the scan: it is made for what comes again
            self._once.remember(labels, answer=True)
            return
        if labels not in self._templates:
            constant = {name: label for name, label in snapshot.items() if name != "resolved_at"}
            template = Template.of(encoded, constant, key_id=self._key_id)
            if isinstance(template, Refusal):
                return
            self._templates.remember(labels, template)
        if not event.subject_label.startswith("ref:"):
            self._subjects.remember((event.subject_label, *labels), answer=True)

    def _row(self, event: Mapping[str, Any]) -> UsageRow | None:
        snapshot, sequence = event["plan_snapshot"], event.get("source_sequence")
        event_id, key, subject = event["event_id"], event["idempotency_key"], event["subject_label"]
        labels = _labels(event, snapshot)
        (a, b, c, d, e, f, g, h), shape = self._templates[labels]
        occurred_at, resolved_at = parse_instant(event["occurred_at"]), parse_instant(snapshot["resolved_at"])
        quantity = parse_quantity(event["quantity"])
        whole, nanos = split_quantity(quantity)
        fits = (
            type(event["source"]) is type(subject) is str  # an Enum is not written as it compares
            and event.keys() <= _FIELDS
            and snapshot.keys() <= _SNAPSHOT
            and self._names(event_id + " " + key)
            and _holds(event_id)
            and _holds(key)
            and ((self._subject(subject) and _holds(subject)) or (subject, *labels) in self._subjects)
            and whole >= 0
            and (sequence is None or (type(sequence) is int and 0 <= sequence <= MAX_COUNT))
        )
        if not fits:
            return None
        number = "" if sequence is None else f',"source_sequence":{sequence}'
        stored = storage_key(key)
        return UsageRow(
            event["source"],
            stored,
            stored if key[-26:-2] == event_id[-26:-2] else storage_key(event_id),
            f"{a}{event_id[-26:]}{b}{key[-26:]}{c}{occurred_at}{d}{resolved_at}{e}{quantity}{f}{number}{g}{subject}{h}",
            shape,
            subject,
            occurred_at,
            whole,
            nanos,
            sequence,
        )


def _labels(event: Mapping[str, Any], snapshot: Mapping[str, Any]) -> tuple[object, ...]:
    """Return what a template holds of an event, and what it cannot hold; an absent field as its default."""
    dimensions = event.get("dimensions", {})
    return (
        event["source"],
        event["event_type"],
        event["plan_key"],
        event["unit"],
        event.get("schema", _SCHEMA),
        event.get("entry_type", "usage"),
        event.get("corrects"),
        event.get("correction"),
        snapshot["plan_key"],
        snapshot["basis"],
        snapshot.get("revision"),
        snapshot.get("asserted_by"),
        snapshot.get("capabilities_digest"),
        *dimensions,
        *dimensions.values(),
    )


def _holds(reference: str) -> bool:
    """Tell whether the check characters of a reference are its own."""
    return reference_check(reference[:-2]) == reference[-2:]
