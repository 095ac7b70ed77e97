"""Decisions: may this workspace use this, why, and what changes next."""

from typing import Literal

from pydantic import Field

from saascore.contract.billing import SourceKind
from saascore.contract.model import Contract
from saascore.contract.words import Count, Digest, Mode, PublicLabel, Quantity, Reference, UtcInstant

DecisionReason = Literal[
    "active_subscription",
    "active_grant",
    "lifetime_purchase",
    "trial_active",
    "in_cancellation_window",
    "payment_grace",
    "default_plan",
    "source_stale",
    "not_started",
    "expired",
    "canceled",
    "activation_incomplete",
    "past_due",
    "unpaid",
    "paused",
    "disputed",
    "refunded",
    "revoked_by_operator",
    "suspended_by_operator",
    "plan_unresolved",
    "workspace_unresolved",
    "no_source",
    "source_conflict",
]
Verdict = Literal["granted", "denied", "unknown"]
NextChange = Literal[
    "ends",
    "starts",
    "plan_change",
    "quantity_change",
    "pause",
    "resume",
    "grace_ends",
    "becomes_unknown",
    "suspension_ends",
]


class DecisionRequest(Contract):
    """The question. ``at`` is business time, ``as_of`` a position of the ledger."""

    product: PublicLabel
    workspace: Reference
    mode: Mode = "live"
    capability: PublicLabel | None = None
    at: UtcInstant
    as_of: Count


class CapabilityAnswer(Contract):
    """What the winning plan says of the asked capability. ``included`` false: the plan does not have it."""

    capability: PublicLabel
    included: bool
    limit: Quantity | None = None
    unit: PublicLabel | None = None


class SourceName(Contract):
    """A source of a plan: its kind, the adapter it came through and what it is about."""

    source_kind: SourceKind
    source: PublicLabel
    about: Reference | None = None


class Considered(Contract):
    """One source that was weighed, and what was found of it. ``reasons`` begins with the one that decided."""

    name: SourceName
    verdict: Verdict
    reasons: tuple[DecisionReason, ...] = Field(min_length=1)
    plan_key: PublicLabel | None = None
    effective_from: UtcInstant | None = None
    effective_until: UtcInstant | None = None


class NextChangeAt(Contract):
    """The next instant at which the same facts give another answer, and what happens then."""

    at: UtcInstant
    what: NextChange
    plan_key: PublicLabel | None = None


class Staleness(Contract):
    """How long a billing source has been silent past the instant its next word was due, in whole days, and the limit.

    ``expected_at`` absent: the source has no period, or its payloads do not say when it ends.
    """

    stale: bool
    days: Count = 0
    limit_days: Count = 0
    expected_at: UtcInstant | None = None


class Decision(Contract):
    """The answer and everything it rests on: same facts, rules, ``at`` and ``as_of``, same bytes."""

    schema_: Literal["saascore/decision/1"] = Field(default="saascore/decision/1", alias="schema")
    request: DecisionRequest
    outcome: Verdict
    reason: DecisionReason
    plan_key: PublicLabel | None = None
    quantity: Count | None = None
    capability: CapabilityAnswer | None = None
    effective_from: UtcInstant | None = None
    effective_until: UtcInstant | None = None
    next_change: NextChangeAt | None = None
    winner: SourceName | None = None
    considered: tuple[Considered, ...] = ()
    # Not validated, as validation would build the model at import; so in the other models that have such a default.
    staleness: Staleness = Staleness.model_construct(stale=False)
    evidence: tuple[Digest, ...] = ()
    rules_digest: Digest
    decision_digest: Digest
