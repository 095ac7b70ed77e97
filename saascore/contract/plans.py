"""What a product says of its plans: capabilities, rules, and which number live quota uses."""

from typing import Annotated, Literal

from pydantic import Field

from saascore.contract.billing import SourceKind
from saascore.contract.model import Contract
from saascore.contract.words import Count, PublicLabel, Quantity

QuotaBasis = Literal["job_counts", "ledger_replay", "paid_metering"]
Days = Annotated[int, Field(ge=0, le=36_600)]
DEFAULT_PRIORITY: tuple[tuple[SourceKind, ...], ...] = (
    ("manual_override",),
    ("contract",),
    ("billing", "purchase"),
    ("promo",),
    ("trial",),
    ("default",),
)


class Capability(Contract):
    """What a plan allows of one thing. No ``limit`` means that the plan sets none."""

    limit: Quantity | None = None
    unit: PublicLabel | None = None


class CapabilitySnapshot(Contract):
    """A plan's capabilities as the product describes them now."""

    schema_: Literal["saascore/capability-snapshot/1"] = Field(
        default="saascore/capability-snapshot/1", alias="schema"
    )
    plan_key: PublicLabel
    revision: PublicLabel | None = None
    capabilities: dict[PublicLabel, Capability] = Field(default_factory=dict, max_length=64)


class GraceWindows(Contract):
    """Days of grace after an event; all zero unless the product says otherwise: length is commercial policy.

    ``cancellation`` counts from the end of what was paid, ``payment`` from the first failure, ``refund`` from the
    final refund and ``dispute`` from the opening.
    """

    cancellation: Days = 0
    payment: Days = 0
    refund: Days = 0
    dispute: Days = 0


class EntitlementRules(Contract):
    """How a product's sources are weighed. Stored by digest when first used, so that a past decision can be asked again.

    ``priority`` lists groups of source kinds from strongest to weakest; kinds of one group are equals.
    ``plan_rank`` lists plans from lowest to highest and gives the direction of a plan change.
    ``default_plan`` is what a workspace without any source has, where the product has such a plan.
    """

    schema_: Literal["saascore/entitlement-rules/1"] = Field(
        default="saascore/entitlement-rules/1", alias="schema"
    )
    version: PublicLabel
    priority: tuple[tuple[SourceKind, ...], ...] = Field(default=DEFAULT_PRIORITY, max_length=7)
    grace: GraceWindows = GraceWindows.model_construct()
    staleness_days: Days = 3
    plan_rank: tuple[PublicLabel, ...] = Field(default=(), max_length=64)
    default_plan: PublicLabel | None = None
    capabilities: dict[PublicLabel, CapabilitySnapshot] = Field(default_factory=dict, max_length=64)

    def rank(self, plan_key: str) -> int | None:
        """Return a plan's place in the rank, 0 the lowest, or ``None`` where it has none."""
        return self.plan_rank.index(plan_key) if plan_key in self.plan_rank else None


class RulesRecorded(Contract):
    """The rules of a product as first used, kept so that past decisions can be asked again."""

    schema_: Literal["saascore/rules-recorded/1"] = Field(default="saascore/rules-recorded/1", alias="schema")
    source: PublicLabel
    rules: EntitlementRules
    sequence: Count = 0
