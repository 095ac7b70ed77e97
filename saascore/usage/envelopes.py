"""Ready-made input: usage events, aggregates and watermarks that a product has mapped on its own side.

They pass the same models as what saascore maps itself. CloudEvents are taken too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from saascore.contract.canonical import digest
from saascore.contract.cloudevents import from_cloudevent
from saascore.contract.usage import UsageAggregate, UsageEvent, Watermark
from saascore.contract.words import KeyId
from saascore.errors import SaascoreError
from saascore.ledger.facts import NewFact
from saascore.ledger.usage_row import UsageRow
from saascore.privacy.facts import Fits, unfit
from saascore.usage.corrections import correction_problem
from saascore.usage.filled import ShortWay
from saascore.usage.template import refusal_of
from saascore.usage.verdict import Refusal

_READY: dict[str, type[UsageEvent | UsageAggregate | Watermark]] = {
    "saascore/usage-aggregate/1": UsageAggregate,
    "saascore/watermark/1": Watermark,
}


class EnvelopeReader:
    """Validates ready-made input.

    Args:
        reference_key: The key id that the ledger is pinned to; keys and event ids of another one are refused.
        subject_key: The key id that subjects are made with.
    """

    def __init__(self, *, reference_key: KeyId, subject_key: KeyId) -> None:
        self._reference_key = reference_key
        self._subject_keys = {reference_key, subject_key}
        self._fits = Fits(_words)
        self._short_way = ShortWay(reference_key, self._subject_keys)

    def __call__(self, value: Mapping[str, Any]) -> UsageRow | NewFact | Refusal:
        """Validate one object; what is wrong with it is a refusal that holds no value."""
        row = self._short_way(value)
        return row if row is not None else self._long_way(value)

    def _long_way(self, value: Mapping[str, Any]) -> UsageRow | NewFact | Refusal:
        model = _READY.get(str(value.get("schema")), UsageEvent)
        try:
            if "specversion" in value:
                return self._event(from_cloudevent(dict(value)))
            made = model.model_validate(value)
            if not isinstance(made, UsageEvent) and (problem := unfit(made)):
                return Refusal("rejected", ("CON-001", *problem.rules), problem.fields)
            if isinstance(made, UsageAggregate):
                return _aggregate(made)
            if isinstance(made, Watermark):
                return NewFact.of(made, source=made.source)
            return self._event(made)
        except ValidationError as error:
            return refusal_of(error, model)
        except SaascoreError as error:
            return Refusal.of(error)

    def _event(self, event: UsageEvent) -> UsageRow | Refusal:
        for name in ("event_id", "idempotency_key", "corrects"):
            reference = getattr(event, name)
            if reference is not None and reference.split(":")[2] != self._reference_key:
                return Refusal("rejected", ("LED-008",), (name,))
        subject = event.subject_label
        if subject.startswith("ref:") and subject.split(":")[2] not in self._subject_keys:
            return Refusal("rejected", ("LED-008",), ("subject_label",))
        if field := correction_problem(event):
            return Refusal("rejected", ("USG-004",), (field,))
        if problem := self._fits.unfit(event):
            return Refusal("rejected", ("CON-001", *problem.rules), problem.fields)
        row = UsageRow.of(event)
        self._short_way.remember(event)
        return row


def _words(event: UsageEvent) -> tuple[object, ...]:
    """Return what varies from event to event and is no reference, number or instant."""
    subject = event.subject_label
    snapshot, correction = event.plan_snapshot, event.correction
    return (
        event.event_type,
        None if subject.startswith("ref:") else subject,
        event.plan_key,
        event.source,
        event.unit,
        snapshot.revision,
        snapshot.asserted_by,
        *event.dimensions.items(),
        correction and (correction.reason, correction.operator, correction.approval),
    )


def _aggregate(aggregate: UsageAggregate) -> NewFact:
    """One aggregate for each (event type, plan, unit, window) of a source: another count of it is a conflict."""
    encoded = aggregate.to_json()
    group = {name: encoded[name] for name in ("event_type", "plan_key", "unit", "window")}
    return NewFact.of(aggregate, source=aggregate.source, key=digest("saascore/usage-aggregate-key/1", group))
