"""Backfill and replay runs: what is previewed, what is applied, and what the ledger keeps of them."""

from typing import Literal

from pydantic import Field

from saascore.contract.model import Contract
from saascore.contract.outcomes import AdapterOrigin, IntakeCounts
from saascore.contract.window import Window
from saascore.contract.words import (
    MAX_COUNT,
    CommitSha,
    Count,
    Digest,
    ExactSum,
    OperatorLabel,
    PublicLabel,
    Reference,
    RunId,
    UtcInstant,
)

RunKind = Literal["backfill", "replay"]
RunState = Literal["applying", "applied", "failed", "cancelled", "reverted"]


class Manifest(Contract):
    """What the source said it holds for the window: the run is bound to it."""

    rows: Count
    digest: Digest


class RunLimits(Contract):
    """How large a run may be: days of its window, rows, rows in a chunk."""

    days: Count = 31
    rows: Count = 100_000_000
    chunk: Count = Field(default=10_000, ge=1)


class BackfillRun(Contract):
    """What a run is: everything that its preview digest binds, and its audit fields."""

    schema_: Literal["saascore/backfill-run/1"] = Field(default="saascore/backfill-run/1", alias="schema")
    kind: RunKind
    source: PublicLabel
    window: Window
    manifest: Manifest
    adapter: AdapterOrigin
    adapter_digest: Digest
    limits: RunLimits = RunLimits.model_construct()
    operator: OperatorLabel
    approval: OperatorLabel
    reason: PublicLabel
    commit_sha: CommitSha | None = None


class RunDelta(Contract):
    """The exact change of one group that a run would make."""

    event_type: PublicLabel
    plan_key: PublicLabel
    unit: PublicLabel
    window: Window
    count: int = Field(ge=-MAX_COUNT, le=MAX_COUNT)
    sum: ExactSum


class RunPreview(Contract):
    """What a run would do; nothing was written. Apply must present ``preview_digest``."""

    schema_: Literal["saascore/run-preview/1"] = Field(default="saascore/run-preview/1", alias="schema")
    run: BackfillRun
    outcomes: IntakeCounts
    amends: Count = 0
    delta: tuple[RunDelta, ...]
    facts_digest: Digest
    preview_digest: Digest
    as_of: Count


class RunApplied(Contract):
    """A run took effect: its staged facts moved into the ledger in one transaction."""

    schema_: Literal["saascore/run-applied/1"] = Field(default="saascore/run-applied/1", alias="schema")
    run_id: RunId
    run: BackfillRun
    preview_digest: Digest
    facts: Count
    facts_digest: Digest
    outcomes: IntakeCounts
    applied_at: UtcInstant


class RunReverted(Contract):
    """A run's facts leave every count; keys that live traffic has claimed stay owned."""

    schema_: Literal["saascore/run-reverted/1"] = Field(default="saascore/run-reverted/1", alias="schema")
    run_id: RunId
    operator: OperatorLabel
    approval: OperatorLabel
    reason: PublicLabel
    reverted_at: UtcInstant


class Claim(Contract):
    """A duplicate from another origin: the event counts on this origin's word too."""

    schema_: Literal["saascore/claim/1"] = Field(default="saascore/claim/1", alias="schema")
    event_id: Reference
    origin: Literal["live"] | RunId


class Alias(Contract):
    """Two references of one thing, made with different keys; folds read the old one as the new one."""

    schema_: Literal["saascore/alias/1"] = Field(default="saascore/alias/1", alias="schema")
    old: Reference
    new: Reference
