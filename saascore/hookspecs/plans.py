"""Plans: what the product's plans are called in public, what they hold and how they are weighed."""

from __future__ import annotations

from typing import Protocol

from saascore.contract.plans import CapabilitySnapshot, EntitlementRules
from saascore.contract.words import PublicLabel
from saascore.hookspecs.markers import hookspec


@hookspec
def map_plan_label(plan: str) -> PublicLabel | None:
    """Name the public plan label of a product plan name, or of a provider's price or product id.

    Called once for each distinct value, and remembered. It must be pure.

    Args:
        plan: The product's own plan name (from a usage row or a grant), or a raw price or product id of a billing
            provider, as text.

    Returns:
        A public label, or ``None`` for "unmapped". Never answer a default for something unknown: an unknown price
        would then hand out, or take away, a plan.

    Example:
        >>> from saascore.hookspecs import hookimpl
        >>> PLANS = {"Pro (monthly)": "pro", "price_example_pro": "pro"}
        >>> @hookimpl
        ... def map_plan_label(plan: str) -> str | None:
        ...     return PLANS.get(plan)
        >>> map_plan_label("Pro (monthly)"), map_plan_label("something else")
        ('pro', None)
    """
    raise NotImplementedError


@hookspec
def describe_plan(plan: PublicLabel) -> CapabilitySnapshot:
    """Describe what a plan holds now: capability names, limits and quota units.

    Called when rules are recorded and when usage is submitted with a plan snapshot; core keeps the digest, so a
    later change of the plan cannot change a past decision.

    Args:
        plan: A public plan label that ``map_plan_label`` answered.

    Returns:
        The plan's capabilities. ``plan_key`` is the plan asked for.

    Example:
        >>> from saascore.contract.plans import Capability, CapabilitySnapshot
        >>> from saascore.hookspecs import hookimpl
        >>> @hookimpl
        ... def describe_plan(plan: str) -> CapabilitySnapshot:
        ...     images = Capability(limit="500" if plan == "pro" else "20", unit="image")
        ...     return CapabilitySnapshot(plan_key=plan, capabilities={"image.render": images})
        >>> describe_plan("pro").capabilities["image.render"].limit
        '500'
    """
    raise NotImplementedError


@hookspec
def entitlement_rules() -> EntitlementRules:
    """State how the product weighs its sources: priority, grace, staleness and the rank of its plans.

    Called when decisions are asked for. Core stores the rules by digest as a fact when they are first used, so that
    a past decision can be asked again. Raise ``version`` when you change them.

    Returns:
        The rules. ``plan_rank`` lists the plans from lowest to highest and gives the direction of a plan change.

    Example:
        >>> from saascore.contract.plans import EntitlementRules, GraceWindows
        >>> from saascore.hookspecs import hookimpl
        >>> @hookimpl
        ... def entitlement_rules() -> EntitlementRules:
        ...     return EntitlementRules(
        ...         version="rules-1", plan_rank=("free", "pro"), default_plan="free",
        ...         grace=GraceWindows(payment=7),
        ...     )
        >>> entitlement_rules().rank("pro")
        1
    """
    raise NotImplementedError


class MapPlanLabel(Protocol):
    """The type of :func:`map_plan_label`."""

    def __call__(self, plan: str) -> PublicLabel | None:
        """Name the public label of a plan, price or product."""
        ...


class DescribePlan(Protocol):
    """The type of :func:`describe_plan`."""

    def __call__(self, plan: PublicLabel) -> CapabilitySnapshot:
        """Describe what a plan holds."""
        ...


class StateEntitlementRules(Protocol):
    """The type of :func:`entitlement_rules`."""

    def __call__(self) -> EntitlementRules:
        """State how the product weighs its sources."""
        ...
