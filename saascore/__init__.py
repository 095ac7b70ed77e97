"""Product-free core for SaaS templates: an append-only usage ledger, and entitlements driven by any billing provider.

The public names are here; each is loaded when it is first asked for, so that ``import saascore`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from saascore.adapters import AdapterFailure, Registry, discover
    from saascore.contract.billing import BillingFact
    from saascore.contract.decision import Decision, DecisionRequest
    from saascore.contract.journal import PlanSourceWrite
    from saascore.contract.lifecycle import LifecycleEvent
    from saascore.contract.outcomes import Outcome
    from saascore.contract.plans import CapabilitySnapshot, EntitlementRules
    from saascore.contract.summary import SummarySpec, UsageSummary
    from saascore.contract.usage import UsageAggregate, UsageEvent
    from saascore.contract.window import Window
    from saascore.errors import SaascoreError
    from saascore.hookspecs import RecordMapping, hookimpl
    from saascore.ledger import Ledger, create_ledger, open_ledger
    from saascore.privacy.references import ReferenceKeys
    from saascore.privacy.scanner import Scanner, assert_public_safe
    from saascore.usage.submit import Submission
    from saascore.usage.summary import summarize

__all__ = [
    "AdapterFailure",
    "BillingFact",
    "CapabilitySnapshot",
    "Decision",
    "DecisionRequest",
    "EntitlementRules",
    "Ledger",
    "LifecycleEvent",
    "Outcome",
    "PlanSourceWrite",
    "RecordMapping",
    "ReferenceKeys",
    "Registry",
    "SaascoreError",
    "Scanner",
    "Submission",
    "SummarySpec",
    "UsageAggregate",
    "UsageEvent",
    "UsageSummary",
    "Window",
    "assert_public_safe",
    "create_ledger",
    "discover",
    "hookimpl",
    "open_ledger",
    "summarize",
]

_HOMES = {
    "saascore.adapters": ("AdapterFailure", "Registry", "discover"),
    "saascore.contract.billing": ("BillingFact",),
    "saascore.contract.decision": ("Decision", "DecisionRequest"),
    "saascore.contract.journal": ("PlanSourceWrite",),
    "saascore.contract.lifecycle": ("LifecycleEvent",),
    "saascore.contract.outcomes": ("Outcome",),
    "saascore.contract.plans": ("CapabilitySnapshot", "EntitlementRules"),
    "saascore.contract.summary": ("SummarySpec", "UsageSummary"),
    "saascore.contract.usage": ("UsageAggregate", "UsageEvent"),
    "saascore.contract.window": ("Window",),
    "saascore.errors": ("SaascoreError",),
    "saascore.hookspecs": ("RecordMapping", "hookimpl"),
    "saascore.ledger": ("Ledger", "create_ledger", "open_ledger"),
    "saascore.privacy.references": ("ReferenceKeys",),
    "saascore.privacy.scanner": ("Scanner", "assert_public_safe"),
    "saascore.usage.submit": ("Submission",),
    "saascore.usage.summary": ("summarize",),
}


def __getattr__(name: str) -> Any:
    """Load a public name from its home."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'saascore' has no attribute {name!r}")
