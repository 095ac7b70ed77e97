"""Templates: the constant part of a product's events, validated once for each distinct combination of labels.

Every word of the contract is plain ASCII without quotes, so an event's canonical JSON is its template with the variable
parts put in. That costs a microsecond where building and encoding a model costs thirty, and gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from re import fullmatch
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from saascore.contract.model import problems
from saascore.contract.usage import UsageEvent
from saascore.contract.words import LABEL, MAX_COUNT, KeyId, PublicLabel
from saascore.ledger.keys import event_id_of, reference_of
from saascore.ledger.usage_row import shape_label
from saascore.privacy.facts import unfit
from saascore.usage.verdict import Refusal

_LABEL: TypeAdapter[str] = TypeAdapter(PublicLabel)
_SAMPLE = b"saascore-sample"
_SUBJECT = reference_of("workspace", "k0", _SAMPLE)
_OCCURRED_AT = "2000-01-01T00:00:00.000001Z"
_RESOLVED_AT = "2000-01-01T00:00:00.000002Z"
_QUANTITY = '"123456789.000000001"'
_SEQUENCE = f',"source_sequence":{MAX_COUNT}'
_DIGITS = 26


class Template(NamedTuple):
    """An event's canonical JSON in pieces, and its shape.

    Between the eight pieces stand, in this order: the last 26 characters of the event id, those of the key,
    ``occurred_at``, ``resolved_at``, the quantity, the sequence with its name (or nothing), and the subject.
    """

    pieces: tuple[str, ...]
    shape: str

    @classmethod
    def of(
        cls, labels: Mapping[str, Any], snapshot: Mapping[str, Any], *, key_id: KeyId
    ) -> Template | Refusal:
        """Validate the constant part of an event: the one place where every distinct combination of labels passes.

        Args:
            labels: ``source``, ``event_type``, ``plan_key``, ``unit``, ``dimensions``.
            snapshot: ``basis``, and ``revision`` and ``asserted_by`` where they are said.
            key_id: The key of event ids and idempotency keys.
        """
        key = reference_of("key", key_id, _SAMPLE)
        event_id = event_id_of(key)
        sample: dict[str, Any] = {
            **labels,
            "event_id": event_id,
            "idempotency_key": key,
            "subject_label": _SUBJECT,
            "quantity": _QUANTITY.strip('"'),
            "occurred_at": _OCCURRED_AT,
            "plan_snapshot": {"plan_key": labels["plan_key"], "resolved_at": _RESOLVED_AT, **snapshot},
            "source_sequence": MAX_COUNT,
        }
        try:
            event = UsageEvent.model_validate(sample)
        except ValidationError as error:
            refusal = refusal_of(error)
            named = _dimensions_at_fault(labels["dimensions"])
            others = tuple(field for field in refusal.fields if field != "dimensions.*")
            return refusal._replace(fields=(*named, *others)) if named else refusal
        if problem := unfit(event):
            return Refusal("rejected", ("CON-001", *problem.rules), problem.fields)
        rest, pieces = event.canonical().decode(), []
        # No label can hold one of these: each has a quote or a colon, or is one that no label looks like.
        for hole in (event_id, key, _OCCURRED_AT, _RESOLVED_AT, _QUANTITY, _SEQUENCE, _SUBJECT):
            piece, _, rest = rest.partition(hole)
            pieces.append(piece)
        pieces[0] += event_id[:-_DIGITS]
        pieces[1] += key[:-_DIGITS]
        pieces[4], pieces[5] = pieces[4] + '"', '"' + pieces[5]
        shape = shape_label(
            event.event_type, event.plan_key, event.unit, event.source, event.entry_type, event.dimensions
        )
        return cls((*pieces, rest), shape)


def refusal_of(error: ValidationError, shape: object = UsageEvent) -> Refusal:
    """Refuse a record for what a model found: the error id, the rules' names and the fields, never a value."""
    found = [problem.split(": ", 1) for problem in problems(error, shape)]
    fields = tuple(dict.fromkeys(field for field, _ in found))
    rules = tuple(dict.fromkeys(rule for _, rule in found if fullmatch(LABEL, rule)))
    kinds = {
        item["type"] for item in error.errors(include_url=False, include_context=False, include_input=False)
    }
    code = {"instant": "CON-002", "quantity": "CON-003"}.get(min(kinds)) if len(kinds) == 1 else None
    return Refusal("rejected", (code or "CON-001", *rules), fields)


def is_label(text: object) -> bool:
    """Tell whether a text is a public label."""
    try:
        _LABEL.validate_python(text)
    except ValidationError:
        return False
    return True


def _dimensions_at_fault(dimensions: object) -> tuple[str, ...]:
    """Name the dimensions whose value is no public label, where the name itself is one."""
    if not isinstance(dimensions, dict):
        return ()
    return tuple(
        f"dimensions.{name}"
        for name, label in dimensions.items()
        if not is_label(label) and is_label(name) and fullmatch(r"[a-z0-9_.]+", name)
    )
