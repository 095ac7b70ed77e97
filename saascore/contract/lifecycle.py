"""Lifecycle events: derived from facts by a fold, never stored as truth and never dependent on arrival."""

from typing import Literal

from pydantic import Field

from saascore.contract.billing import Collection, EndReason, ScheduledChange, Service
from saascore.contract.model import Contract
from saascore.contract.words import Count, Digest, Mode, PublicLabel, Reference, UtcInstant

LifecycleName = Literal[
    "trial.started",
    "trial.ending_soon",
    "trial.extended",
    "trial.converted",
    "trial.expired",
    "subscription.pending",
    "subscription.activation_failed",
    "subscription.activated",
    "subscription.period_advanced",
    "subscription.renewed",
    "subscription.paused",
    "subscription.resumed",
    "subscription.ended",
    "plan.changed",
    "plan.change_scheduled",
    "plan.change_unscheduled",
    "quantity.changed",
    "addon.changed",
    "cancellation.scheduled",
    "cancellation.unscheduled",
    "pause.scheduled",
    "pause.unscheduled",
    "resume.scheduled",
    "collection.paused",
    "collection.resumed",
    "payment.action_required",
    "payment.failed",
    "payment.past_due",
    "payment.recovered",
    "payment.dunning_exhausted",
    "refund.issued",
    "refund.rejected",
    "refund.reversed",
    "dispute.warning",
    "dispute.opened",
    "dispute.won",
    "dispute.lost",
    "dispute.withdrawn",
    "purchase.completed",
    "grant.issued",
    "grant.extended",
    "grant.revoked",
    "subject.linked",
    "subject.reassigned",
    "correction.recorded",
]
Direction = Literal["upgrade", "downgrade", "crossgrade", "unknown"]


class AxisState(Contract):
    """Where a subscription stands on the three axes."""

    service: Service
    collection: Collection
    scheduled: tuple[ScheduledChange, ...] = Field(default=(), max_length=8)


class LifecycleEvent(Contract):
    """One named difference or signal in the life of a subscription, purchase or grant.

    ``order_confidence`` is ``tie`` where two facts of one instant cannot be ordered by anything they hold: refetch.
    ``facts`` are the ids of the facts it rests on. ``gap`` says that an event must have been missed before it.
    """

    schema_: Literal["saascore/lifecycle-event/1"] = Field(
        default="saascore/lifecycle-event/1", alias="schema"
    )
    event_name: LifecycleName
    workspace: Reference | None = None
    about: Reference | None = None
    source: PublicLabel
    mode: Mode
    occurred_at: UtcInstant
    effective_at: UtcInstant
    effective_until: UtcInstant | None = None
    plan_key: PublicLabel | None = None
    previous_plan_key: PublicLabel | None = None
    quantity: Count | None = None
    before: AxisState
    after: AxisState
    direction: Direction | None = None
    timing: Literal["immediate", "period_end"] | None = None
    end_reason: EndReason | None = None
    order_confidence: Literal["strict", "tie"] = "strict"
    gap: bool = False
    facts: tuple[Digest, ...]
