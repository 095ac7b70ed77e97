"""What an adapter and a product may write: no error under mypy --strict and pyright."""
# pyright: strict
# ruff: noqa: ARG001, RUF012  adapters do not need every argument

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, assert_type

from saascore.adapters import AdapterFailure, ProductAdapter, ProviderAdapter, Registry, discover
from saascore.contract.decision import Decision
from saascore.contract.outcomes import AdapterOrigin
from saascore.contract.plans import CapabilitySnapshot, EntitlementRules, QuotaBasis
from saascore.contract.summary import UsageSummary
from saascore.contract.usage import UsageAggregate
from saascore.contract.window import Window
from saascore.drafts import (
    Context,
    Disposition,
    Ignored,
    Mapped,
    Normalized,
    ProviderEvent,
    RawId,
    Skip,
    SourceRow,
    Unmapped,
    UsageDraft,
)
from saascore.hookspecs import RecordMapping, hookimpl
from saascore.hookspecs.billing import ListBillingEventTypes, NormalizeBillingEvent
from saascore.hookspecs.copy import RenderQuotaCopy, RenderUpgradeCopy
from saascore.hookspecs.identity import Redact, ReferenceWorkspace
from saascore.hookspecs.plans import DescribePlan, MapPlanLabel, StateEntitlementRules
from saascore.hookspecs.usage import (
    ChooseQuotaBasis,
    Cursor,
    MapEventName,
    MapUsageRecord,
    ReadAggregates,
    ReadSourceRows,
)
from saascore.privacy.references import Redactor
from saascore.testing import ProductAdapterContract, ProviderAdapterContract

api = 1


@hookimpl
def map_event_name(event_name: str) -> str | None:
    return {"render.finished": "image.rendered"}.get(event_name)


@hookimpl
def map_usage_record(record: Mapping[str, Any]) -> UsageDraft | Skip:
    return Skip("not-finished")


@hookimpl
def read_source_rows(window: Window, after: Cursor | None) -> Iterator[SourceRow]:
    yield SourceRow(("2026-03-01T00:00:00.000000Z", "row-1"), {"id": "row-1"})


@hookimpl
def read_aggregates(window: Window) -> Iterable[UsageAggregate]:
    return []


@hookimpl
def choose_quota_basis(plan: str, event_type: str) -> QuotaBasis:
    return "job_counts"


@hookimpl
def map_plan_label(plan: str) -> str | None:
    return None


@hookimpl
def describe_plan(plan: str) -> CapabilitySnapshot:
    return CapabilitySnapshot(plan_key=plan)


@hookimpl
def entitlement_rules() -> EntitlementRules:
    return EntitlementRules(version="rules-1")


@hookimpl
def reference_workspace(claims: Mapping[str, RawId], redact: Redact) -> str | None:
    return redact("workspace", claims["workspace_id"], 7)


@hookimpl
def normalize_billing_event(event: ProviderEvent) -> Normalized:
    return Unmapped("unknown", "unknown-type")


@hookimpl
def list_billing_event_types() -> Mapping[str, Disposition]:
    return {"subscription.started": "map"}


@hookimpl
def render_quota_copy(summary: UsageSummary) -> str:
    return f"{len(summary.groups)} kinds of usage"


@hookimpl
def render_upgrade_copy(decision: Decision) -> str:
    return decision.outcome


# Every function above is of the type of its hook.
usage_hooks: tuple[MapEventName, MapUsageRecord, ReadSourceRows, ReadAggregates, ChooseQuotaBasis] = (
    map_event_name,
    map_usage_record,
    read_source_rows,
    read_aggregates,
    choose_quota_basis,
)
plan_hooks: tuple[MapPlanLabel, DescribePlan, StateEntitlementRules] = (
    map_plan_label,
    describe_plan,
    entitlement_rules,
)
identity_hook: ReferenceWorkspace = reference_workspace
billing_hooks: tuple[NormalizeBillingEvent, ListBillingEventTypes] = (
    normalize_billing_event,
    list_billing_event_types,
)
copy_hooks: tuple[RenderQuotaCopy, RenderUpgradeCopy] = (render_quota_copy, render_upgrade_copy)


def use(product: ProductAdapter, provider: ProviderAdapter, redactor: Redactor, window: Window) -> None:
    """The facades never give ``Any`` to product code."""
    assert_type(product.map_event_name("render.finished"), str | None)
    assert_type(product.map_usage_record({"id": "row-1"}), UsageDraft | Skip)
    assert_type(product.map_plan_label(7), str | None)
    assert_type(product.reference_workspace({"workspace_id": 7}, redactor), str | None)
    assert_type(product.read_source_rows(window), Iterator[SourceRow])
    assert_type(product.read_aggregates(window), Iterator[UsageAggregate])
    assert_type(product.describe_plan("pro"), CapabilitySnapshot)
    assert_type(product.entitlement_rules(), EntitlementRules)
    assert_type(product.origin, AdapterOrigin)
    assert_type(product.digest, str)
    assert_type(provider.normalize_billing_event(ProviderEvent({})), Mapped | Ignored | Context | Unmapped)


def find() -> Registry:
    """Discovery and a registry of one's own have the same type."""
    try:
        return discover(paths=["adapter.py"], disable=["stripe"])
    except AdapterFailure as refused:
        assert_type(refused.failure.origin.adapter, str)
        return Registry.of({"alpha": object()})


class TestStudio(ProductAdapterContract):
    adapter = "image-studio"
    waive = {"USE-009": "there is no store to read"}


class TestPayer(ProviderAdapterContract):
    adapter = "payer"


_name, _label, _pick = RecordMapping(
    events={"draw": "chart.drawn"},
    plans={"Skipper": "skipper"},
    event_name="action",
    key=("id",),
    quantity="area",
    unit={"draw": "square-km"},
    occurred_at="created",
    claims={"harbour": "harbour"},
    plan="tier",
    when={"ok": frozenset({True}), "state": frozenset({"done"})},
).hooks()


def prepared(record: Mapping[str, Any]) -> UsageDraft | Skip:
    """Do a field's work first and leave the rest to the mapping."""
    return _pick({**record, "created": f"{record['created']}Z"})


assert_type(_label("Skipper"), str | None)
