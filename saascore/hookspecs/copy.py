"""Copy: the product's own wording. Core passes it through the scanner and changes nothing."""

from __future__ import annotations

from typing import Protocol

from saascore.contract.decision import Decision
from saascore.contract.summary import UsageSummary
from saascore.hookspecs.markers import hookspec


@hookspec
def render_quota_copy(summary: UsageSummary) -> str:
    """Word what a workspace has used.

    Called where a product asks core for its copy. The text passes the privacy scanner before it leaves core.

    Args:
        summary: The usage summary of one workspace or product.

    Returns:
        The product's own words.

    Example:
        >>> from saascore.contract.summary import UsageSummary
        >>> from saascore.hookspecs import hookimpl
        >>> @hookimpl
        ... def render_quota_copy(summary):
        ...     return f"{len(summary.groups)} kinds of usage this month"
        >>> render_quota_copy(UsageSummary.parse_json(
        ...     '{"spec": {"window": {"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}},'
        ...     ' "as_of": 0, "groups": []}'
        ... ))
        '0 kinds of usage this month'
    """
    raise NotImplementedError


@hookspec
def render_upgrade_copy(decision: Decision) -> str:
    """Word what a workspace may do, and what would change it.

    Called where a product asks core for its copy. The text passes the privacy scanner before it leaves core.

    Args:
        decision: The decision to explain.

    Returns:
        The product's own words.

    Example:
        >>> from saascore.contract.decision import Decision, DecisionRequest
        >>> from saascore.hookspecs import hookimpl
        >>> @hookimpl
        ... def render_upgrade_copy(decision):
        ...     return "Your plan is active." if decision.outcome == "granted" else "Choose a plan to go on."
        >>> render_upgrade_copy(Decision.model_construct(outcome="denied"))
        'Choose a plan to go on.'
    """
    raise NotImplementedError


class RenderQuotaCopy(Protocol):
    """The type of :func:`render_quota_copy`."""

    def __call__(self, summary: UsageSummary) -> str:
        """Word what has been used."""
        ...


class RenderUpgradeCopy(Protocol):
    """The type of :func:`render_upgrade_copy`."""

    def __call__(self, decision: Decision) -> str:
        """Word what may be done."""
        ...
