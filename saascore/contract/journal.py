"""The audited journal of plan-source writes: what was believed of a workspace's plan, when, and why."""

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from saascore.contract.billing import SourceKind
from saascore.contract.lifecycle import LifecycleName
from saascore.contract.model import Contract
from saascore.contract.words import (
    CommitSha,
    Count,
    Digest,
    Mode,
    OperatorLabel,
    PublicLabel,
    Reference,
    UtcInstant,
    Version,
)

PlanSourceState = Literal[
    "pending",
    "trialing",
    "active",
    "past_due",
    "unpaid",
    "paused",
    "disputed",
    "ended",
    "revoked",
    "unresolved",
]


class Audit(Contract):
    """Who or what caused a write, by which rules and adapter, and on which facts it rests."""

    actor_kind: Literal["system", "adapter", "operator"]
    operator: OperatorLabel | None = None
    approval: OperatorLabel | None = None
    reason: PublicLabel
    adapter: PublicLabel | None = None
    adapter_version: Version | None = None
    rules_digest: Digest
    commit_sha: CommitSha | None = None
    occurred_at: UtcInstant
    recorded_at: UtcInstant
    previous_state_digest: Digest | None = None
    facts: tuple[Digest, ...]

    @model_validator(mode="after")
    def _operators_need_approval(self) -> Self:
        if self.actor_kind == "operator" and (self.operator is None or self.approval is None):
            raise PydanticCustomError(
                "audit", "{rule}", {"rule": "an operator's write has operator and approval"}
            )
        return self


class PlanSourceWrite(Contract):
    """One row of the journal: one span of a source's plan, or its correction (``supersedes``)."""

    schema_: Literal["saascore/plan-source-write/1"] = Field(
        default="saascore/plan-source-write/1", alias="schema"
    )
    write_id: Digest
    mode: Mode
    workspace: Reference | None = None
    source_kind: SourceKind
    source: PublicLabel
    about: Reference | None = None
    plan_key: PublicLabel | None = None
    capabilities_digest: Digest | None = None
    quantity: Count | None = None
    effective_from: UtcInstant
    effective_until: UtcInstant | None = None
    lifetime: bool = False
    state: PlanSourceState
    cause: LifecycleName
    audit: Audit
    supersedes: Digest | None = None
