"""Billing facts: what one provider event asserts, in provider-neutral words.

A fact holds a *snapshot* (what the payload says is so now) and *signals* (what no snapshot shows). Which change
happened is never stored: the lifecycle fold names the difference between consecutive snapshots.
"""

from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from saascore.contract.canonical import digest
from saascore.contract.model import Contract
from saascore.contract.window import Window
from saascore.contract.words import (
    Count,
    Digest,
    Mode,
    OperatorLabel,
    ProviderEventType,
    PublicLabel,
    Reference,
    UtcInstant,
)

_Model = TypeVar("_Model", bound=Contract)
Service = Literal["none", "pending", "trialing", "active", "paused", "ended"]
Collection = Literal["current", "past_due", "unpaid", "collection_paused", "disputed", "not_applicable"]
ScheduleKind = Literal["cancel", "pause", "resume", "plan_change", "quantity_change"]
EndReason = Literal[
    "canceled_immediately",
    "canceled_at_period_end",
    "activation_failed",
    "trial_expired",
    "dunning_exhausted",
    "dispute_lost",
    "refunded",
    "operator",
    "replaced",
    "migrated",
    "unknown",
]
SourceKind = Literal["manual_override", "contract", "billing", "purchase", "promo", "trial", "default"]


class ScheduledChange(Contract):
    """A change the provider will make by the clock. ``effective_at`` absent means that the payload did not say when."""

    kind: ScheduleKind
    effective_at: UtcInstant | None = None
    plan_key: PublicLabel | None = None
    plan_ref: Reference | None = None
    quantity: Count | None = None


class Snapshot(Contract):
    """What a payload asserts now, on three axes: service, collection and schedule.

    ``plan_ref`` is the redacted price or product; ``plan_key`` is the product's label for it, absent while nobody
    has mapped it. A fact that holds both teaches every other fact with the same ``plan_ref``.
    """

    service: Service
    collection: Collection
    scheduled: tuple[ScheduledChange, ...] = Field(default=(), max_length=8)
    plan_key: PublicLabel | None = None
    plan_ref: Reference | None = None
    addons: tuple[PublicLabel, ...] | None = Field(default=None, max_length=16)
    quantity: Count | None = None
    period: Window | None = None
    trial_ends_at: UtcInstant | None = None
    ended_at: UtcInstant | None = None
    end_reason: EndReason | None = None


class Paid(Contract):
    """A payment went through for a first or a later period."""

    kind: Literal["paid"] = "paid"
    occasion: Literal["first", "renewal", "other"]


class PaymentFailed(Contract):
    """A payment attempt failed; ``final`` when the provider will not try again."""

    kind: Literal["payment_failed"] = "payment_failed"
    attempt: Count | None = None
    next_attempt_at: UtcInstant | None = None
    final: bool = False


class ActionRequired(Contract):
    """The payer must act (a bank's confirmation, a new card)."""

    kind: Literal["action_required"] = "action_required"


class Refunded(Contract):
    """Money went back, or is meant to. A refund is not a cancellation."""

    kind: Literal["refunded"] = "refunded"
    extent: Literal["full", "partial", "unknown"]
    stage: Literal["pending", "final", "rejected", "reversed"]


class Dispute(Contract):
    """A dispute's stage. Opened is not lost."""

    kind: Literal["dispute"] = "dispute"
    stage: Literal["warning", "opened", "won", "lost", "withdrawn"]


class TrialEnding(Contract):
    """The provider's reminder that a trial ends soon."""

    kind: Literal["trial_ending"] = "trial_ending"
    ends_at: UtcInstant | None = None


class Purchase(Contract):
    """A one-time purchase was completed. ``lifetime`` means that it never lapses."""

    kind: Literal["purchase"] = "purchase"
    plan_key: PublicLabel | None = None
    plan_ref: Reference | None = None
    quantity: Count | None = None
    effective_from: UtcInstant
    effective_until: UtcInstant | None = None
    lifetime: bool = False

    @model_validator(mode="after")
    def _ends(self) -> Self:
        return _lifetime_or_end(self, self.effective_until, lifetime=self.lifetime)


class Grant(Contract):
    """An operator grants a plan. A later grant about the same thing extends or replaces it."""

    kind: Literal["grant"] = "grant"
    source_kind: SourceKind
    plan_key: PublicLabel
    quantity: Count | None = None
    effective_from: UtcInstant
    effective_until: UtcInstant | None = None
    lifetime: bool = False

    @model_validator(mode="after")
    def _ends(self) -> Self:
        return _lifetime_or_end(self, self.effective_until, lifetime=self.lifetime)


class Revoke(Contract):
    """An operator revokes what the fact is about, from ``effective_at`` on."""

    kind: Literal["revoke"] = "revoke"
    effective_at: UtcInstant


class Suspend(Contract):
    """An operator suspends a workspace, or lifts the suspension. It gates every source."""

    kind: Literal["suspend"] = "suspend"
    effective_at: UtcInstant
    effective_until: UtcInstant | None = None
    lifted: bool = False


class Link(Contract):
    """The thing that the fact is about belongs to a workspace."""

    kind: Literal["link"] = "link"
    workspace: Reference


class PlanMapping(Contract):
    """A redacted price or product means a plan."""

    kind: Literal["plan_mapping"] = "plan_mapping"
    plan_ref: Reference
    plan_key: PublicLabel


class FactCorrection(Contract):
    """An operator takes a fact out of every fold; the fact itself stays.

    ``corrects`` is the fact's id, or its idempotency key where the correction may come before its target.
    """

    kind: Literal["correction"] = "correction"
    corrects: Digest | Reference


Signal = Annotated[
    Paid
    | PaymentFailed
    | ActionRequired
    | Refunded
    | Dispute
    | TrialEnding
    | Purchase
    | Grant
    | Revoke
    | Suspend
    | Link
    | PlanMapping
    | FactCorrection,
    Field(discriminator="kind"),
]
#: Signals that only an operator may give: they need the operator's audit fields.
OPERATOR_SIGNALS = frozenset({"grant", "revoke", "suspend", "correction"})
_THINGS = ("ref:subscription:", "ref:purchase:", "ref:grant:")


class OperatorAudit(Contract):
    """Who decided, on whose approval, and why."""

    operator: OperatorLabel
    approval: OperatorLabel
    reason: PublicLabel


class BillingFact(Contract):
    """One provider event (or one operator action), stored for ever.

    ``about`` is the subscription, purchase or grant; ``occurred_at`` is the provider's clock; ``specificity`` ranks
    twin events of one second (a specific event over the generic ``updated``).
    """

    schema_: Literal["saascore/billing-fact/1"] = Field(default="saascore/billing-fact/1", alias="schema")
    fact_id: Digest
    source: PublicLabel
    mode: Mode
    about: Reference | None = None
    workspace: Reference | None = None
    customer: Reference | None = None
    occurred_at: UtcInstant
    provider_event_type: ProviderEventType
    specificity: Count = 0
    idempotency_key: Reference
    snapshot: Snapshot | None = None
    signals: tuple[Signal, ...] = Field(default=(), max_length=8)
    audit: OperatorAudit | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if rule := self._broken_rule():
            raise PydanticCustomError("billing_fact", "{rule}", {"rule": rule})
        return self

    def _broken_rule(self) -> str | None:
        if not self.idempotency_key.startswith("ref:key:"):
            return "idempotency_key is a reference of kind key"
        if self.about and not self.about.startswith(_THINGS):
            return "about is a reference of kind subscription, purchase or grant"
        if self.workspace and not self.workspace.startswith("ref:workspace:"):
            return "workspace is a reference of kind workspace"
        if self.audit is None and not OPERATOR_SIGNALS.isdisjoint([signal.kind for signal in self.signals]):
            return "an operator's signal needs the audit fields"
        if self.snapshot is not None and self.about is None:
            return "a snapshot needs what it is about"
        return None

    @classmethod
    def identify(cls, encoded: dict[str, object]) -> str:
        """Return the fact id of an encoded fact: a digest of everything but the id itself."""
        return digest("saascore/billing-fact/1", {k: v for k, v in encoded.items() if k != "fact_id"})


def _lifetime_or_end(model: _Model, until: str | None, *, lifetime: bool) -> _Model:
    if lifetime == (until is not None):
        raise PydanticCustomError("term", "{rule}", {"rule": "either effective_until or lifetime: true"})
    return model
