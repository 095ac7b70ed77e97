"""What operators publish: counts and labels only, never a reference of a subject."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from saascore.contract.model import Contract
from saascore.contract.outcomes import IntakeCounts
from saascore.contract.summary import SourceCompleteness
from saascore.contract.window import Window
from saascore.contract.words import Count, Mode, OperatorLabel, ProviderEventType, PublicLabel, UtcInstant

LagBucket = Literal["under-1m", "1m-to-1h", "1h-to-1d", "1d-to-7d", "over-7d"]
Tally = dict[PublicLabel, Count]


class SourceIntake(Contract):
    """What one source handed in, by outcome, with its reasons and its delay."""

    source: PublicLabel
    counts: IntakeCounts
    reasons: Tally = Field(default_factory=dict, max_length=256)
    lag: dict[LagBucket, Count] = Field(default_factory=dict)


class OpsSummary(Contract):
    """Counts of a window: intake, lifecycle, plan sources, decisions, and what needs an operator's eye."""

    schema_: Literal["saascore/ops-summary/1"] = Field(default="saascore/ops-summary/1", alias="schema")
    window: Window
    as_of: Count
    mode: Mode = "live"
    generated_at: UtcInstant
    demo_key: bool = False
    usage_intake: tuple[SourceIntake, ...] = ()
    billing_intake: tuple[SourceIntake, ...] = ()
    usage_events: Tally = Field(default_factory=dict, max_length=2000)
    lifecycle: dict[str, Count] = Field(default_factory=dict, max_length=64)
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
    operators: dict[OperatorLabel, Count] = Field(default_factory=dict, max_length=256)
