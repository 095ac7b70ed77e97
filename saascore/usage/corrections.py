"""Corrections: a reversal takes an event back, a replacement stands in for it, an adjustment stands on its own.

Nothing is edited. The keys of reversal and replacement are derived from the event they correct, so that uniqueness
allows one of each for an event, whoever hands it in.
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal

from saascore.contract.quantities import from_nanos, parse_quantity, to_nanos
from saascore.contract.usage import Correction, PlanSnapshot, UsageEvent
from saascore.contract.words import OperatorLabel, PublicLabel, Reference
from saascore.errors import SaascoreError
from saascore.ledger.keys import event_id_of, reference_of
from saascore.privacy.facts import fit

Role = Literal["reversal", "replacement"]
#: What a reversal repeats of its target, beside the negated quantity.
_REPEATED = ("event_type", "subject_label", "unit", "plan_key", "occurred_at", "source", "dimensions")


def derived_key(target: Reference, role: Role) -> Reference:
    """Return the idempotency key of an event's reversal or replacement.

    It is a digest of the event id, which is keyed already: anyone can check it, nobody can go back from it.
    """
    body = hashlib.sha256(f"saascore/usage-{role}/1\n{target}".encode("ascii")).digest()[:15]
    return reference_of("key", target.split(":")[2], body)


def reversal_of(target: UsageEvent, correction: Correction) -> UsageEvent:
    """Return the event that takes ``target`` back.

    Raises:
        SaascoreError: ``USG-004`` where the target is itself a correction's reversal or an adjustment.
    """
    if target.entry_type != "usage":
        raise SaascoreError("USG-004", where="corrects", detail="the target is no usage entry")
    key = derived_key(target.event_id, "reversal")
    return _made(
        {
            **target.to_json(),
            "event_id": event_id_of(key),
            "idempotency_key": key,
            "entry_type": "reversal",
            "quantity": from_nanos(-to_nanos(target.quantity)),
            "corrects": target.event_id,
            "correction": correction.to_json(),
        }
    )


def replacement_of(target: UsageEvent, correction: Correction, changes: dict[str, Any]) -> UsageEvent:
    """Return the event that stands in for ``target`` once that is reversed.

    Args:
        target: A usage entry.
        correction: Who replaces it and why.
        changes: Fields that differ: quantity, occurred_at, event_type, plan_key, dimensions, subject_label, unit.

    Raises:
        SaascoreError: ``CON-001`` where the changed event does not fit the contract.
    """
    key = derived_key(target.event_id, "replacement")
    encoded = {**target.to_json(), **changes}
    snapshot = dict(encoded["plan_snapshot"])
    if snapshot["plan_key"] != encoded["plan_key"]:
        asserted = PlanSnapshot(
            plan_key=encoded["plan_key"],
            basis="asserted",
            resolved_at=snapshot["resolved_at"],
            asserted_by=correction.operator,
        )
        snapshot = asserted.to_json()
    return _made(
        {
            **encoded,
            "plan_snapshot": snapshot,
            "event_id": event_id_of(key),
            "idempotency_key": key,
            "corrects": target.event_id,
            "correction": correction.to_json(),
        }
    )


def adjustment(
    fields: dict[str, Any],
    *,
    key: Reference,
    operator: OperatorLabel,
    approval: OperatorLabel,
    reason: PublicLabel,
) -> UsageEvent:
    """Return an adjustment: a quantity of free sign with its own column in every summary.

    Args:
        fields: event_type, subject_label, plan_key, quantity, unit, occurred_at, source, and dimensions if any.
        key: Its idempotency key, so that it is made once.
        operator: Who adjusts.
        approval: Who approved it.
        reason: Why, as a public label.

    Raises:
        SaascoreError: ``CON-001`` where a field does not fit the contract.
    """
    return _made(
        {
            **fields,
            "event_id": event_id_of(key),
            "idempotency_key": key,
            "entry_type": "adjustment",
            "plan_snapshot": {
                "plan_key": fields["plan_key"],
                "basis": "asserted",
                "asserted_by": operator,
                "resolved_at": fields["occurred_at"],
            },
            "correction": {"operator": operator, "approval": approval, "reason": reason},
        }
    )


def _made(encoded: dict[str, Any]) -> UsageEvent:
    """Validate and scan an event that an operator words.

    Raises:
        SaascoreError: ``CON-001``.
    """
    return fit(UsageEvent.parse(encoded))


def correction_problem(event: UsageEvent) -> str | None:
    """Name the field in which a correction is wrong by itself, whatever its target is."""
    if event.entry_type == "adjustment" or event.corrects is None:
        return None
    role: Role = "reversal" if event.entry_type == "reversal" else "replacement"
    key = derived_key(event.corrects, role)
    if event.idempotency_key != key:
        return "idempotency_key"
    return None if event.event_id == event_id_of(key) else "event_id"


def reversal_problem(reversal: dict[str, Any], target: dict[str, Any]) -> str | None:
    """Name the field in which an encoded reversal does not fit the event that it takes back."""
    if target["entry_type"] != "usage":
        return "corrects"
    if parse_quantity(reversal["quantity"]) != from_nanos(-to_nanos(target["quantity"])):
        return "quantity"
    return next((name for name in _REPEATED if reversal.get(name) != target.get(name)), None)
