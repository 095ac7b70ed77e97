"""What the drafts of a webhook must be so that public facts can be made of them; no value in any answer."""

from __future__ import annotations

from collections.abc import Iterator
from re import fullmatch

from saascore.drafts import (
    BillingDraft,
    CorrectionDraft,
    GrantDraft,
    ItemDraft,
    LinkDraft,
    Mapped,
    Normalized,
    PurchaseDraft,
    RawId,
)
from saascore.testing.exact import instant_problems, is_label

_EVENT_TYPE = r"[A-Za-z][A-Za-z0-9]*([._\[\]-]+[A-Za-z0-9]+)*\]?"
_OPERATOR = r"op:.+"


def raw_identities(draft: BillingDraft) -> list[tuple[str, RawId]]:
    """Return every raw id of a draft with the path of its field."""
    single = [
        ("event_id", draft.event_id),
        ("about", draft.about and draft.about[1]),
        ("customer", draft.customer),
        *(("claims", value) for value in draft.claims.values()),
        *(("items.candidates", candidate) for item in _items(draft) for candidate in item.candidates),
        *(found for signal in draft.signals for found in _signal_identities(signal)),
    ]
    return [(field, value) for field, value in single if value is not None]


def _signal_identities(signal: object) -> Iterator[tuple[str, RawId]]:
    if isinstance(signal, GrantDraft):
        yield "signals.plan", signal.plan
    elif isinstance(signal, CorrectionDraft):
        yield "signals.corrects_event_id", signal.corrects_event_id
    elif isinstance(signal, LinkDraft):
        for value in (signal.claims or {}).values():
            yield "signals.claims", value


def event_problems(answer: Normalized) -> Iterator[str]:
    """Yield ``field: rule`` for what the contract would refuse."""
    if not isinstance(answer, Mapped):
        if not is_label(answer.reason):
            yield "reason: not a public label"
        if not _is_type(answer.provider_event_type):
            yield "provider_event_type: not the type as the provider spells it, or unknown"
        return
    for draft in answer.drafts:
        if not _is_type(draft.provider_event_type):
            yield "provider_event_type: not the type as the provider spells it"
        if draft.snapshot is not None and draft.about is None:
            yield "about: a snapshot needs what it is about"
        yield from _instant_problems(draft)
        if draft.audit is not None:
            yield from _audit_problems(draft.audit.operator, draft.audit.approval, draft.audit.reason)


def _audit_problems(operator: str, approval: str, reason: str) -> Iterator[str]:
    for name, value in (("operator", operator), ("approval", approval)):
        if not (fullmatch(_OPERATOR, value) and is_label(value[3:])):
            yield f"audit.{name}: not op: and a public label"
    if not is_label(reason):
        yield "audit.reason: not a public label"


def _is_type(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 128 and fullmatch(_EVENT_TYPE, value) is not None


def _items(draft: BillingDraft) -> Iterator[ItemDraft]:
    if draft.snapshot is not None:
        yield from draft.snapshot.items
        for change in draft.snapshot.scheduled:
            if change.item is not None:
                yield change.item
    for signal in draft.signals:
        if isinstance(signal, PurchaseDraft):
            yield signal.item


def _instant_problems(draft: BillingDraft) -> Iterator[str]:
    yield from instant_problems("occurred_at", [draft.occurred_at])
    if draft.snapshot is not None:
        yield from instant_problems("snapshot.period", draft.snapshot.period or ())
        yield from instant_problems("snapshot.trial_ends_at", [draft.snapshot.trial_ends_at])
        yield from instant_problems("snapshot.ended_at", [draft.snapshot.ended_at])
        moments = [change.effective_at for change in draft.snapshot.scheduled]
        yield from instant_problems("snapshot.scheduled", moments)
    for signal in draft.signals:
        if isinstance(signal, (PurchaseDraft, GrantDraft)):
            yield from instant_problems("signals", [signal.effective_from, signal.effective_until])
