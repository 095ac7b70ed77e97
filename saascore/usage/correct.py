"""An operator corrects usage: reverse, amend or adjust, each with its audit fields and each once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from saascore.contract.instants import parse_instant
from saascore.contract.usage import Correction, UsageEvent
from saascore.contract.words import OperatorLabel, PublicLabel, Reference, UtcInstant
from saascore.errors import SaascoreError
from saascore.ledger import Ledger, Writer
from saascore.ledger.keys import reference_of, storage_key
from saascore.ledger.usage_row import UsageRow
from saascore.usage.corrections import adjustment, replacement_of, reversal_of
from saascore.usage.settle import Settlement
from saascore.usage.verdict import Verdict


def reverse(ledger: Ledger, event_id: Reference, correction: Correction, *, now: UtcInstant) -> Verdict:
    """Take a usage event back. Doing so again is a duplicate, or a conflict where the audit fields differ.

    Raises:
        SaascoreError: ``LED-007`` where no such event counts, ``USG-004`` where it is itself a reversal or adjustment.
    """
    with ledger.write() as writer:
        target = _target(writer, event_id)
        return _settle(writer, [reversal_of(target, correction)], now)[0]


def amend(
    ledger: Ledger,
    event_id: Reference,
    correction: Correction,
    changes: Mapping[str, Any],
    *,
    now: UtcInstant,
) -> list[Verdict]:
    """Take a usage event back and put another in its place, both or neither.

    Args:
        ledger: Where.
        event_id: The event to replace.
        correction: Who, why and on whose approval.
        changes: The fields that are otherwise, for example ``{"quantity": "2"}``.
        now: The clock.

    Returns:
        The outcomes of reversal and replacement.

    Raises:
        SaascoreError: As :func:`reverse`; ``CON-001`` where the changed event does not fit the contract; ``USG-004``
            where the event has been reversed or replaced otherwise.
    """
    with ledger.write() as writer:
        target = _target(writer, event_id)
        pair = [reversal_of(target, correction), replacement_of(target, correction, dict(changes))]
        verdicts = _settle(writer, pair, now)
        if any(verdict.outcome not in ("accepted", "duplicate") for verdict in verdicts):
            raise SaascoreError("USG-004", detail="the event has been corrected otherwise")
    return verdicts


def adjust(
    ledger: Ledger,
    fields: Mapping[str, Any],
    *,
    label: PublicLabel,
    operator: OperatorLabel,
    approval: OperatorLabel,
    reason: PublicLabel,
    now: UtcInstant,
) -> Verdict:
    """Record an adjustment: a quantity of free sign, shown in its own column of every summary.

    Args:
        ledger: Where.
        fields: event_type, subject_label, plan_key, quantity, unit, occurred_at, source, and dimensions if any.
        label: The operator's own name for it; the same label of a source is the same adjustment.
        operator: Who adjusts.
        approval: Who approved it.
        reason: Why.
        now: The clock.

    Raises:
        SaascoreError: ``CON-001`` where a field does not fit the contract.
    """
    source = str(fields.get("source", ""))
    body = hashlib.sha256(f"saascore/usage-adjustment/1\n{source}\n{label}".encode()).digest()[:15]
    key = reference_of("key", ledger.info.reference_key, body)
    event = adjustment(dict(fields), key=key, operator=operator, approval=approval, reason=reason)
    with ledger.write() as writer:
        return _settle(writer, [event], now)[0]


def _target(writer: Writer, event_id: Reference) -> UsageEvent:
    position = writer.find_event(storage_key(event_id))
    stored = writer.bodies_at([position]).get(position) if position is not None else None
    if stored is None:
        raise SaascoreError("LED-007", where="event")
    return UsageEvent.parse_json(stored)


def _settle(writer: Writer, events: list[UsageEvent], now: UtcInstant) -> list[Verdict]:
    settlement = Settlement(writer, now=parse_instant(now), bounds=None)
    return settlement.settle([(number, UsageRow.of(event)) for number, event in enumerate(events, start=1)])
