"""Operator actions as saascore billing facts: what a person decides, with who approved it and why.

An action is a JSON object; the README lists every type with its fields. The adapter is total and pure: an action
without an approval reference, or of a wrong shape, is ``Unmapped`` with the reason, never an exception.
"""

from __future__ import annotations

from collections.abc import Mapping

from saascore.drafts import AuditDraft, BillingDraft, Disposition, Mapped, Normalized, ProviderEvent, Unmapped
from saascore.hookspecs import hookimpl
from saascore_manual.actions import ACTIONS
from saascore_manual.fields import WrongShape, fields, instant, required, text

__all__ = ["api", "list_billing_event_types", "normalize_billing_event"]

api = 1


@hookimpl
def normalize_billing_event(event: ProviderEvent) -> Normalized:
    """Say what an operator's action asserts."""
    action = event.body
    if not isinstance(action, Mapping) or not isinstance(name := action.get("type"), str):
        return Unmapped("unknown", "no-envelope")
    if name not in ACTIONS:
        return Unmapped("unknown", "unknown-type")
    for label in ("approval", "operator", "reason"):
        if not isinstance(action.get(label), str) or not action[label]:
            return Unmapped(name, f"{label}-missing")
    try:
        return _answer(name, action)
    except WrongShape:
        return Unmapped(name, "wrong-shape")


@hookimpl
def list_billing_event_types() -> Mapping[str, Disposition]:
    """List every type of action; all of them are mapped."""
    return dict.fromkeys(ACTIONS, "map")


def _answer(name: str, action: Mapping[str, object]) -> Mapped:
    said = ACTIONS[name](action)
    draft = BillingDraft(
        provider_event_type=name,
        event_id=text(action.get("id")),
        occurred_at=required(instant(action.get("occurred_at"))),
        about=said.about,
        claims=dict(fields(action.get("workspace"))),
        signals=(said.signal,),
        specificity=1,
        audit=AuditDraft(
            operator=str(action["operator"]), approval=str(action["approval"]), reason=str(action["reason"])
        ),
    )
    return Mapped([draft])
