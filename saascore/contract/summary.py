"""Usage summaries: exact aggregates of effective events."""

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from saascore.contract.model import Contract
from saascore.contract.window import Window
from saascore.contract.words import Count, ExactSum, PublicLabel, Quantity, UtcInstant

#: Windows of UTC; weeks start on Monday (ISO 8601).
Grain = Literal["none", "hour", "day", "week", "month"]


class Zone(Contract):
    """A time zone turned into explicit instants, so that later time zone data cannot change a past summary."""

    name: str = Field(pattern=r"^[A-Za-z]+([_/+-][A-Za-z0-9_+-]+)*$", max_length=64)
    bounds: tuple[UtcInstant, ...] = Field(min_length=2, max_length=2001)

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if any(a >= b for a, b in zip(self.bounds, self.bounds[1:], strict=False)):
            raise PydanticCustomError("zone_bounds", "{rule}", {"rule": "bounds ascend"})
        return self


class SummarySpec(Contract):
    """What is asked: the same spec at the same position has the same bytes, for ever."""

    window: Window
    grain: Grain = "none"
    zone: Zone | None = None
    by_event_type: bool = True
    by_plan: bool = True
    dimensions: tuple[PublicLabel, ...] = Field(default=(), max_length=4)
    source: PublicLabel | None = None
    max_groups: Count = Field(default=2000, ge=1, le=2000)


class Latest(Contract):
    """The latest event of a group; ties break by occurred_at, source_sequence, event_id."""

    occurred_at: UtcInstant
    quantity: Quantity


class Totals(Contract):
    """Exact aggregates of the effective events of one group.

    ``sum`` covers usage and reversals, ``adjustments`` the adjustments; ``min``, ``max`` and ``latest`` are over
    usage entries; ``subjects`` counts distinct subjects.
    """

    count: Count
    sum: ExactSum
    adjustment_count: Count = 0
    adjustments: ExactSum = "0"
    min: Quantity | None = None
    max: Quantity | None = None
    latest: Latest | None = None
    subjects: Count


class SummaryGroup(Contract):
    """One group: its labels and totals."""

    event_type: PublicLabel | None = None
    plan_key: PublicLabel | None = None
    unit: PublicLabel
    window: Window
    dimensions: dict[PublicLabel, PublicLabel] = Field(default_factory=dict, max_length=4)
    totals: Totals


class Remainder(Contract):
    """What several groups hold together, for one unit, where they are not shown one by one."""

    unit: PublicLabel
    groups: Count
    totals: Totals


class SourceCompleteness(Contract):
    """How far a source has said that it is complete."""

    source: PublicLabel
    complete_through: UtcInstant | None = None


class UsageSummary(Contract):
    """The answer to a :class:`SummarySpec` as of a position of the ledger."""

    schema_: Literal["saascore/usage-summary/1"] = Field(default="saascore/usage-summary/1", alias="schema")
    spec: SummarySpec
    as_of: Count
    audience: Literal["operator", "public"] = "operator"
    minimum_subjects: Count | None = None
    groups: tuple[SummaryGroup, ...]
    overflow: tuple[Remainder, ...] = ()
    suppressed: tuple[Remainder, ...] = ()
    complete_through: tuple[SourceCompleteness, ...] = ()
