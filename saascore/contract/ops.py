"""What operators publish: counts and labels only, never a reference of a subject."""

from typing import Literal

from pydantic import Field

from saascore.contract.lifecycle import LifecycleName
from saascore.contract.model import Contract
from saascore.contract.outcomes import Code, IntakeCounts
from saascore.contract.summary import SourceCompleteness
from saascore.contract.window import Window
from saascore.contract.words import Count, Mode, OperatorLabel, ProviderEventType, PublicLabel, UtcInstant

LagBucket = Literal["under-1m", "1m-to-1h", "1h-to-1d", "1d-to-7d", "over-7d"]
Tally = dict[PublicLabel, Count]


class SourceIntake(Contract):
    """What one source handed in: records by outcome, the codes they had, and how late they came.

    ``lag`` counts accepted records by the time from ``occurred_at`` to their commit.
    """

    source: PublicLabel
    counts: IntakeCounts
    reasons: dict[Code, Count] = Field(default_factory=dict, max_length=256)
    lag: dict[LagBucket, Count] = Field(default_factory=dict)


class LifecyclePoint(Contract):
    """How often one lifecycle event took place in one window of the timeline."""

    window: Window
    event_name: LifecycleName
    count: Count


class OpsSummary(Contract):
    """Counts of a window: intake, lifecycle, plan sources, decisions, and what needs an operator's eye.

    ``lifecycle`` and ``timeline`` count events whose ``occurred_at`` lies in the window. ``plans``,
    ``source_kinds``, ``decisions`` and ``decision_reasons`` count workspaces as decided at ``decided_at``: one
    decision for each workspace the ledger knows, without asking for a capability. ``unresolved_plans`` counts
    subscriptions at a price that nobody mapped; a one-time purchase without a plan decides nothing and is left out,
    because some providers send one beside every subscription.
    """

    schema_: Literal["saascore/ops-summary/1"] = Field(default="saascore/ops-summary/1", alias="schema")
    window: Window
    as_of: Count
    mode: Mode = "live"
    generated_at: UtcInstant
    demo_key: bool = False
    usage_intake: tuple[SourceIntake, ...] = ()
    billing_intake: tuple[SourceIntake, ...] = ()
    usage_events: Tally = Field(default_factory=dict, max_length=2000)
    lifecycle: dict[LifecycleName, Count] = Field(default_factory=dict, max_length=64)
    timeline: tuple[LifecyclePoint, ...] = Field(default=(), max_length=4000)
    decided_at: UtcInstant | None = None
    plans: Tally = Field(default_factory=dict, max_length=2000)
    source_kinds: Tally = Field(default_factory=dict, max_length=16)
    decisions: Tally = Field(default_factory=dict, max_length=8)
    decision_reasons: Tally = Field(default_factory=dict, max_length=64)
    unmapped_event_types: dict[ProviderEventType, Count] = Field(default_factory=dict, max_length=512)
    held: Count = 0
    ties: Count = 0
    gaps: Count = 0
    unresolved_plans: Count = 0
    unresolved_workspaces: Count = 0
    complete_through: tuple[SourceCompleteness, ...] = ()


class OperatorCount(Contract):
    """How many rows an operator caused."""

    operator: OperatorLabel
    count: Count


class AuditSummary(Contract):
    """How plan sources were written in a window: by whom, why, and with whose approval."""

    schema_: Literal["saascore/audit-summary/1"] = Field(default="saascore/audit-summary/1", alias="schema")
    window: Window
    as_of: Count
    actor_kinds: Tally = Field(default_factory=dict, max_length=8)
    source_kinds: Tally = Field(default_factory=dict, max_length=16)
    reasons: Tally = Field(default_factory=dict, max_length=256)
    with_approval: Count = 0
    without_approval: Count = 0
    superseded: Count = 0
    operators: tuple[OperatorCount, ...] = Field(default=(), max_length=256)
