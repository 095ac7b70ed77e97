"""The adapter that acceptance fixtures run with: it says what the fixture says, and knows no product.

A core fixture hands ready envelopes in, so its adapter states the rules alone. A second-product fixture also maps its
own names, by the same tables that a product adapter would hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saascore.adapters import Registry
from saascore.contract.fixtures import Granted, NameMapping, ProductState
from saascore.contract.plans import EntitlementRules
from saascore.contract.words import ProviderEventType, PublicLabel, Reference
from saascore.drafts import (
    AuditDraft,
    BillingDraft,
    Disposition,
    GrantDraft,
    ItemDraft,
    Mapped,
    Normalized,
    ProviderEvent,
    RawId,
    ScheduledDraft,
    Skip,
    SnapshotDraft,
    UsageDraft,
)
from saascore.hookspecs import hookimpl
from saascore.hookspecs.identity import Redact

CORE = "core-fixture"
STATE, GRANT = "core.subscription", "core.grant"
_NO_NAMES = NameMapping(product=CORE)
_NO_RULES = EntitlementRules(version="none")


class FixtureAdapter:
    """Answers every hook from what a fixture holds.

    Args:
        names: The product's names and the shared labels they mean.
        rules: The rules of decisions.
    """

    api = 1

    def __init__(self, names: NameMapping = _NO_NAMES, rules: EntitlementRules = _NO_RULES) -> None:
        self._names = names
        self._rules = rules

    @hookimpl
    def map_event_name(self, event_name: str) -> PublicLabel | None:
        """Look an event's name up."""
        return self._names.event_names.get(event_name)

    @hookimpl
    def map_plan_label(self, plan: str) -> PublicLabel | None:
        """Look a plan's name up; a name on no list has no label."""
        return self._names.plan_names.get(plan)

    @hookimpl
    def entitlement_rules(self) -> EntitlementRules:
        """Return the fixture's rules."""
        return self._rules

    @hookimpl
    def reference_workspace(self, claims: Mapping[str, RawId], redact: Redact) -> Reference | None:
        """Redact the workspace."""
        workspace = claims.get("workspace")
        return redact("workspace", workspace) if workspace else None

    @hookimpl
    def map_usage_record(self, record: Mapping[str, Any]) -> UsageDraft | Skip:
        """Pick a product's row apart."""
        return UsageDraft(
            event_name=record["event"],
            key=(record["row"],),
            quantity=record["quantity"],
            unit=record["unit"],
            occurred_at=record["occurred_at"],
            claims={"workspace": record["workspace"]},
            plan=record["plan"],
        )

    @hookimpl
    def list_billing_event_types(self) -> Mapping[ProviderEventType, Disposition]:
        """Return the two types that fixtures have."""
        return {STATE: "map", GRANT: "map"}

    @hookimpl
    def normalize_billing_event(self, event: ProviderEvent) -> Normalized:
        """Say what a state of the fixture asserts."""
        state = ProductState.model_validate_json(event.body["state"])
        return Mapped([_granted(state, state.grant) if state.grant else _asserted(state)])


def registry_of(names: NameMapping | None, rules: EntitlementRules | None = None) -> Registry:
    """Return a registry of the fixture's product, which also stands in for the provider ``core-fixture``."""
    named, ruled = names or _NO_NAMES, rules or _NO_RULES
    return Registry.of({name: FixtureAdapter(named, ruled) for name in {CORE, named.product}})


def _asserted(state: ProductState) -> BillingDraft:
    scheduled = [ScheduledDraft("cancel", state.cancel_at)] if state.cancel_at else []
    snapshot = SnapshotDraft(
        state.service or "none",
        state.collection,
        items=[ItemDraft((state.plan,))],
        scheduled=scheduled,
        period=(state.period.from_, state.period.to) if state.period else None,
        trial_ends_at=state.trial_ends_at,
    )
    return BillingDraft(
        provider_event_type=STATE,
        event_id=state.row,
        occurred_at=state.occurred_at,
        about=("subscription", state.about),
        claims={"workspace": state.workspace},
        snapshot=snapshot,
    )


def _granted(state: ProductState, grant: Granted) -> BillingDraft:
    signal = GrantDraft(
        grant.source_kind,
        state.plan,
        grant.effective_from,
        effective_until=grant.effective_until,
        lifetime=grant.lifetime,
    )
    return BillingDraft(
        provider_event_type=GRANT,
        event_id=state.row,
        occurred_at=state.occurred_at,
        about=("grant", state.about),
        claims={"workspace": state.workspace},
        signals=[signal],
        audit=AuditDraft(grant.operator, grant.approval, grant.reason),
    )
