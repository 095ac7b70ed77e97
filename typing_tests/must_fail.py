"""What must not pass: each marked line is an error under mypy --strict and pyright.

A mark on a line that is no error any more is itself reported by both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from saascore.adapters import ProductAdapter, ProviderAdapter
from saascore.contract.window import Window
from saascore.drafts import ProviderEvent, RawId, Skip, SourceRow, UsageDraft
from saascore.hookspecs.billing import ListBillingEventTypes, NormalizeBillingEvent
from saascore.hookspecs.identity import Redact, ReferenceWorkspace
from saascore.hookspecs.plans import MapPlanLabel
from saascore.hookspecs.usage import ChooseQuotaBasis, MapUsageRecord, ReadSourceRows


def wrong_argument(label: str) -> str | None:
    return label


def wrong_answer(plan: str) -> int:
    return len(plan)


async def not_awaited(plan: str) -> str | None:
    return plan


def any_text(plan: str, event_type: str) -> str:
    return plan + event_type


def a_mapping(record: Mapping[str, Any]) -> Mapping[str, Any]:
    return record


def a_dict_only(record: dict[str, Any]) -> UsageDraft | Skip:
    return Skip(str(record))


def no_cursor(window: Window) -> Iterator[SourceRow]:
    yield SourceRow((window.from_, ""), {})


def not_normalized(event: ProviderEvent) -> None:
    del event


def other_dispositions() -> Mapping[str, str]:
    return {"subscription.started": "maybe"}


def no_redact(claims: Mapping[str, RawId]) -> str | None:
    return str(claims)


plan_hook: MapPlanLabel = wrong_argument  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
plan_answer: MapPlanLabel = wrong_answer  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
plan_async: MapPlanLabel = not_awaited  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
basis: ChooseQuotaBasis = any_text  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
record: MapUsageRecord = a_mapping  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
record_dict: MapUsageRecord = a_dict_only  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
rows: ReadSourceRows = no_cursor  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
normalize: NormalizeBillingEvent = not_normalized  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
types: ListBillingEventTypes = other_dispositions  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
workspace: ReferenceWorkspace = no_redact  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]


def misuse(product: ProductAdapter, provider: ProviderAdapter, redact: Redact) -> None:
    product.map_event_name(7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    product.map_plan_label(1.5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    product.map_usage_record("row")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    product.reference_workspace({"w": 1}, redact)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    product.map_event_nam("made")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    _ = product.map_usage_record({}).event_name  # type: ignore[union-attr]  # pyright: ignore[reportAttributeAccessIssue]
    provider.normalize_billing_event({})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    redact("workspace", 1.5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    redact(kind="workspace")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
