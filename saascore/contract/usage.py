"""The usage event: one append-only fact of the usage ledger."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from saascore.contract.canonical import digest
from saascore.contract.model import Contract
from saascore.contract.window import Window
from saascore.contract.words import (
    Count,
    Digest,
    ExactSum,
    OperatorLabel,
    PublicLabel,
    Quantity,
    Reference,
    Subject,
    UtcInstant,
)

EntryType = Literal["usage", "reversal", "adjustment"]
SnapshotBasis = Literal["submission", "occurrence", "asserted", "unknown"]
FINGERPRINT_DOMAIN = "saascore/usage-fingerprint/1"
#: What the first submission fixes, or what names the event: a retry may differ here and is still a duplicate.
NOT_FINGERPRINTED = frozenset({"event_id", "idempotency_key", "plan_key", "plan_snapshot"})


class PlanSnapshot(Contract):
    """The plan as it was when the usage was submitted; immutable.

    ``basis`` says how it is known: ``submission`` (live), ``occurrence`` (backfill from dated history),
    ``asserted`` (an operator's word, which needs a reference) or ``unknown``.
    """

    plan_key: PublicLabel
    revision: PublicLabel | None = None
    basis: SnapshotBasis
    resolved_at: UtcInstant
    capabilities_digest: Digest | None = None
    asserted_by: OperatorLabel | None = None

    @model_validator(mode="after")
    def _assertion_has_reference(self) -> Self:
        if (self.basis == "asserted") != (self.asserted_by is not None):
            raise PydanticCustomError(
                "assertion", "{rule}", {"rule": "asserted_by goes with basis asserted, and only with it"}
            )
        return self


class Correction(Contract):
    """Who corrected, why, and on whose approval."""

    reason: PublicLabel
    operator: OperatorLabel
    approval: OperatorLabel | None = None


class UsageEvent(Contract):
    """One usage fact.

    The first seven fields are the protocol's; ``quantity`` is an exact decimal in ``unit``; ``occurred_at`` is
    business time. A reversal negates its target, an adjustment is free and kept apart in every summary.
    """

    schema_: Literal["saascore/usage-event/1"] = Field(default="saascore/usage-event/1", alias="schema")
    event_id: Reference
    event_type: PublicLabel
    subject_label: Subject
    plan_key: PublicLabel
    quantity: Quantity
    occurred_at: UtcInstant
    idempotency_key: Reference
    source: PublicLabel
    entry_type: EntryType = "usage"
    unit: PublicLabel
    plan_snapshot: PlanSnapshot
    dimensions: dict[PublicLabel, PublicLabel] = Field(default_factory=dict, max_length=16)
    corrects: Reference | None = None
    correction: Correction | None = None
    source_sequence: Count | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if rule := self._broken_rule():
            raise PydanticCustomError("usage_event", "{rule}", {"rule": rule})
        return self

    def _broken_rule(self) -> str | None:
        kinds = (self.event_id[4:10], self.idempotency_key[4:8])
        if kinds != ("event:", "key:"):
            return "event_id is a reference of kind event, idempotency_key of kind key"
        if self.plan_snapshot.plan_key != self.plan_key:
            return "plan_snapshot.plan_key equals plan_key"
        if (self.corrects is None) != (self.correction is None) and self.entry_type != "adjustment":
            return "corrects and correction go together"
        if self.entry_type == "usage" and self.quantity.startswith("-"):
            return "a usage quantity is not negative; reverse or adjust instead"
        if self.entry_type == "reversal" and self.corrects is None:
            return "a reversal names what it corrects"
        if self.entry_type == "adjustment" and (self.correction is None or self.correction.approval is None):
            return "an adjustment has a correction with reason, operator and approval"
        return None

    def fingerprint(self) -> str:
        """Return the digest that tells an honest retry from another event under the same key."""
        return fingerprint(self.to_json())


def fingerprint(encoded: dict[str, Any]) -> str:
    """Return the fingerprint of an encoded usage event: a digest of every producer field."""
    return digest(FINGERPRINT_DOMAIN, {k: v for k, v in encoded.items() if k not in NOT_FINGERPRINTED})


class UsageAggregate(Contract):
    """A ready count of a product that keeps no rows: kept apart from facts and marked with its source."""

    schema_: Literal["saascore/usage-aggregate/1"] = Field(
        default="saascore/usage-aggregate/1", alias="schema"
    )
    source: PublicLabel
    event_type: PublicLabel
    plan_key: PublicLabel
    unit: PublicLabel
    window: Window
    count: Count
    sum: ExactSum
    subjects: Count | None = None


class Watermark(Contract):
    """A source's word that it has handed in everything before ``complete_through``."""

    schema_: Literal["saascore/watermark/1"] = Field(default="saascore/watermark/1", alias="schema")
    source: PublicLabel
    complete_through: UtcInstant
