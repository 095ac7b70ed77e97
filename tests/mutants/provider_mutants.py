"""A sound provider adapter, and copies of it that each break one rule. ``fails`` as in ``product_mutants``."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from saascore.contract.billing import ActionRequired, Paid
from saascore.drafts import (
    BillingDraft,
    Context,
    GrantDraft,
    Ignored,
    ItemDraft,
    LinkDraft,
    Mapped,
    ProviderEvent,
    SnapshotDraft,
    Unmapped,
)
from saascore.hookspecs import hookimpl

TYPES = {
    "subscription.started": "map",
    "subscription.updated": "map",
    "payment.succeeded": "map",
    "payment.contested": "map",
    "customer.created": "context",
    "invoice.sent": "ignore",
}
STATES = {
    "trial": ("trialing", "current"),
    "active": ("active", "current"),
    "ended": ("ended", "not_applicable"),
}


class SoundProvider:
    api = 1
    fails: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        self.kept: list[Any] = []

    def states(self, status):
        return STATES.get(status)

    def draft(self, event, data, state, **changes):
        body = event.body
        fields = {
            "provider_event_type": body["type"],
            "event_id": body.get("id"),
            "occurred_at": body.get("at"),
            "about": ("subscription", data.get("id")),
            "customer": data.get("customer"),
            "claims": {"studio": data.get("studio")},
            "snapshot": SnapshotDraft(*state, items=[ItemDraft((data.get("price"),))]),
            "signals": [Paid(occasion="other")] if body["type"] == "payment.succeeded" else [],
        }
        return BillingDraft(**(fields | changes))

    @hookimpl
    def list_billing_event_types(self):
        return TYPES

    @hookimpl
    def normalize_billing_event(self, event):
        return self.answer(event)

    def answer(self, event):
        body = event.body
        kind = body.get("type")
        if not isinstance(kind, str) or kind not in TYPES:
            return Unmapped("unknown", "unknown-type")
        if TYPES[kind] == "ignore":
            return Ignored(kind, "no-effect")
        if TYPES[kind] == "context":
            return self.context(event)
        data = body.get("subscription")
        names = ("id", "status", "price", "customer", "studio")
        if not isinstance(data, dict) or not all(isinstance(data.get(name), str) for name in names):
            return Unmapped(kind, "no-subscription")
        state = self.states(data["status"])
        if state is None or not all(isinstance(body.get(name), str) for name in ("id", "at")):
            return Unmapped(kind, "unknown-value")
        return Mapped([self.draft(event, data, state)])

    def context(self, event):
        body = event.body
        if not all(isinstance(body.get(name), str) for name in ("id", "at", "customer", "studio")):
            return Unmapped(body["type"], "unknown-value")
        draft = BillingDraft(
            "customer.created",
            body["id"],
            body["at"],
            customer=body["customer"],
            signals=[LinkDraft({"studio": body["studio"]})],
        )
        return Context("customer.created", "linked", draft)


class EmptyList(SoundProvider):
    fails: ClassVar = {"BIL-001", "BIL-003"}

    @hookimpl
    def list_billing_event_types(self):
        return {}


class UnknownDisposition(SoundProvider):
    fails: ClassVar = {"BIL-001", "BIL-003"}

    @hookimpl
    def list_billing_event_types(self):
        return {**TYPES, "refund.sent": "perhaps"}


class RaisesForOneType(SoundProvider):
    fails: ClassVar = {"BIL-002"}

    @hookimpl
    def normalize_billing_event(self, event):
        if event.body.get("type") == "payment.contested":
            raise NotImplementedError
        return self.answer(event)


class AnswersOtherwiseThanListed(SoundProvider):
    fails: ClassVar = {"BIL-002", "BIL-003"}

    @hookimpl
    def normalize_billing_event(self, event):
        kind = event.body.get("type")
        return Mapped([]) if kind == "invoice.sent" else self.answer(event)


class ForgetsContext(SoundProvider):
    fails: ClassVar = {"BIL-003"}

    def context(self, event):
        return Unmapped("customer.created", "not-needed")


class UnknownTypeIsAnUpdate(SoundProvider):
    fails: ClassVar = {"BIL-003", "BIL-004"}

    @hookimpl
    def normalize_billing_event(self, event):
        kind = event.body.get("type")
        if not isinstance(kind, str) or kind in TYPES:
            return self.answer(event)
        return self.answer(ProviderEvent({**event.body, "type": "subscription.updated"}))


class RaisesOnAMissingField(SoundProvider):
    fails: ClassVar = {"BIL-005"}

    @hookimpl
    def normalize_billing_event(self, event):
        answer = self.answer(event)
        if isinstance(event.body.get("type"), str) and "subscription" in event.body:
            _ = event.body["subscription"]["customer"]
        return answer


class TakesAnObjectForGranted(SoundProvider):
    """Every text in the object is looked at with care; that it is an object is not."""

    fails: ClassVar = {"BIL-005"}

    def answer(self, event):
        if "subscription" in event.body:
            event.body["subscription"].get("id")
        return super().answer(event)


class UnknownStatusIsActive(SoundProvider):
    fails: ClassVar = {"BIL-006"}

    def states(self, status):
        return STATES.get(status, ("active", "current")) if status != "trial" else STATES[status]


class UnknownPriceIsATrial(SoundProvider):
    """The word that decides stands in another field than status."""

    fails: ClassVar = {"BIL-006"}

    def draft(self, event, data, state, **changes):
        known = data.get("price") == "Price_0001"
        return super().draft(event, data, state if known else ("trialing", "past_due"), **changes)


class ComparesWithTheLastEvent(SoundProvider):
    """Order-dependent state: the answer depends on which event came before, so also on a second delivery."""

    fails: ClassVar = {"BIL-007", "BIL-012"}

    def __init__(self) -> None:
        super().__init__()
        self.last = "sub-one"

    def draft(self, event, data, state, **changes):
        first, self.last = self.last != data["status"], data["status"]
        return super().draft(event, data, state, specificity=int(first), **changes)


class TwinsDiffer(SoundProvider):
    fails: ClassVar = {"BIL-008"}

    def draft(self, event, data, state, **changes):
        if event.body["type"] == "subscription.updated":
            changes["snapshot"] = SnapshotDraft(*state)
        return super().draft(event, data, state, **changes)


class TwinRepeatsItsSignal(SoundProvider):
    fails: ClassVar = {"BIL-014"}

    def draft(self, event, data, state, **changes):
        if event.body["type"] == "subscription.updated":
            changes["signals"] = [ActionRequired()]
        return super().draft(event, data, state, **changes)


class PopsFromTheBody(SoundProvider):
    fails: ClassVar = {"BIL-009"}

    @hookimpl
    def normalize_billing_event(self, event):
        answer = self.answer(event)
        event.body.pop("type", None)
        return answer


class NaiveTime(SoundProvider):
    fails: ClassVar = {"BIL-010"}

    def draft(self, event, data, state, **changes):
        return super().draft(event, data, state, occurred_at=event.body["at"].rstrip("Z"), **changes)


class GrantWithoutAudit(SoundProvider):
    fails: ClassVar = {"BIL-010"}

    def draft(self, event, data, state, **changes):
        grant = GrantDraft("promo", data["price"], event.body["at"], lifetime=True)
        return super().draft(event, data, state, signals=[grant], **changes)


class FieldOfAnotherType(SoundProvider):
    fails: ClassVar = {"BIL-010"}

    def draft(self, event, data, state, **changes):
        return super().draft(event, data, state, specificity="high", **changes)


class PriceThatIsNotInThePayload(SoundProvider):
    fails: ClassVar = {"BIL-011"}

    def draft(self, event, data, state, **changes):
        snapshot = SnapshotDraft(*state, items=[ItemDraft((data["price"], "price-default"))])
        return super().draft(event, data, state, snapshot=snapshot, **changes)


class TimeOfDelivery(SoundProvider):
    fails: ClassVar = {"BIL-012"}

    def draft(self, event, data, state, **changes):
        return super().draft(event, data, state, occurred_at=event.received_at or event.body["at"], **changes)


class EventIdOfTheSubscription(SoundProvider):
    fails: ClassVar = {"BIL-013"}

    def draft(self, event, data, state, **changes):
        return super().draft(event, data, state, event_id=data["id"], **changes)


class RawIdInAReason(SoundProvider):
    fails: ClassVar = {"BIL-010", "PRV-001"}

    @hookimpl
    def normalize_billing_event(self, event):
        if event.body.get("type") == "invoice.sent":
            return Ignored("invoice.sent", f"invoice.{event.body.get('note', 'none')}")
        return self.answer(event)


class LogsTheEvent(SoundProvider):
    fails: ClassVar = {"PRV-002"}

    @hookimpl
    def normalize_billing_event(self, event):
        logging.getLogger("provider").debug("got %s", event.body)
        return self.answer(event)


class KeepsTheBody(SoundProvider):
    fails: ClassVar = {"PRV-003"}

    @hookimpl
    def normalize_billing_event(self, event):
        self.kept.append(event.body)
        return self.answer(event)


class ExceptionTextWithAnId(SoundProvider):
    fails: ClassVar = {"BIL-005", "PRV-004"}

    @hookimpl
    def normalize_billing_event(self, event):
        answer = self.answer(event)
        if event.body.get("type") == "subscription.started" and not isinstance(event.body.get("at"), str):
            raise ValueError(f"event {event.body['id']} has no time")
        return answer
