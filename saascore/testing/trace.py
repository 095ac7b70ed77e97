"""One record shown through every step, with values masked: what an author looks at when an answer surprises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from saascore.adapters import Failure, ProductAdapter, ProviderAdapter
from saascore.contract.model import Contract
from saascore.drafts import ProviderEvent, Raw, Skip, field_names
from saascore.privacy.references import Redactor
from saascore.testing.exact import draft_problems, is_label
from saascore.testing.subject import attempt, describe, drafts_of, type_of
from saascore.testing.webhooks import event_problems
from saascore.usage.mapping import UsageMapper
from saascore.usage.verdict import Refusal

#: When plans count as resolved in a trace: it is not shown.
ANY_TIME = "2000-01-01T00:00:00Z"
#: Fields of drafts that hold words of the contract; shown where they fit it.
_PUBLIC = frozenset(
    {"unit", "reason", "plan_basis", "service", "collection", "kind", "end_reason", "source_kind"}
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what was asked, what came of it, and whether that is sound."""

    step: str
    answer: str
    sound: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the step as JSON values."""
        return asdict(self)


def trace_row(adapter: ProductAdapter, record: Mapping[str, Any], redactor: Redactor) -> Iterator[Step]:
    """Follow one product row to the fields of its public event."""
    draft = attempt(adapter.map_usage_record, record)
    if isinstance(draft, Failure):
        yield Step("map_usage_record", describe(draft), sound=False)
        return
    if isinstance(draft, Skip):
        yield Step("map_usage_record", "Skip: nothing to record", is_label(draft.reason))
        yield Step("reason", masked("reason", draft.reason), is_label(draft.reason))
        return
    yield Step("map_usage_record", "UsageDraft")
    yield from _fields(draft, "")
    for problem in draft_problems(draft):
        yield Step("contract", problem, sound=False)
    yield _label("map_event_name", attempt(adapter.map_event_name, draft.event_name))
    yield _label("map_plan_label", attempt(adapter.map_plan_label, draft.plan))
    if draft.subject is None:
        yield _label("reference_workspace", attempt(adapter.reference_workspace, draft.claims, redactor))
    made = UsageMapper(adapter, keys=redactor, resolved_at=ANY_TIME)(record)
    if isinstance(made, Refusal):
        yield Step("usage event", " ".join((made.outcome, *made.codes, *made.fields)), sound=False)
    else:
        yield Step("usage event", "made")


def trace_event(adapter: ProviderAdapter, event: ProviderEvent) -> Iterator[Step]:
    """Follow one webhook to the fields of its drafts."""
    answer = attempt(adapter.normalize_billing_event, event)
    if isinstance(answer, Failure):
        yield Step("normalize_billing_event", describe(answer), sound=False)
        return
    listed = (
        attempt(adapter.list_billing_event_types) if adapter.implements("list_billing_event_types") else {}
    )
    event_type = type_of(answer)
    known = not isinstance(listed, Failure) and event_type in listed
    yield Step("normalize_billing_event", type(answer).__name__)
    yield Step("provider_event_type", str(event_type) if known else "not listed", known)
    if reason := getattr(answer, "reason", None):
        yield Step("reason", masked("reason", reason), is_label(reason))
    for number, draft in enumerate(drafts_of(answer), start=1):
        yield from _fields(draft, f"draft {number} ")
    for problem in event_problems(answer):
        yield Step("contract", problem, sound=False)


def masked(name: str, value: object) -> str:
    """Return a value's kind and size in its place; only words of the contract are shown as they are."""
    if value is None or isinstance(value, bool):
        return str(value)
    if name in _PUBLIC and is_label(str(value).replace("_", "-")):
        return str(value)
    if isinstance(value, str):
        return f"<text of {len(value)}>"
    if isinstance(value, int):
        return "<integer>"
    if isinstance(value, Mapping):
        return f"<{len(value)} names and values>"
    if isinstance(value, (list, tuple)):
        return "(" + ", ".join(masked("", item) for item in value) + ")"
    if isinstance(value, Contract):
        return f"<{type(value).__name__}>"
    return f"<{type(value).__name__}>"


def _fields(draft: Raw, prefix: str) -> Iterator[Step]:
    for name in field_names(type(draft)):
        value = getattr(draft, name)
        if value in (None, (), [], {}):
            continue
        if isinstance(value, Raw):
            yield from _fields(value, f"{prefix}{name}.")
        elif isinstance(value, (list, tuple)) and any(isinstance(item, Raw) for item in value):
            for index, item in enumerate(value):
                if isinstance(item, Raw):
                    yield from _fields(item, f"{prefix}{name}.{index}.")
        else:
            yield Step(f"{prefix}{name}", masked(name, value))


def _label(hook: str, answer: object) -> Step:
    if isinstance(answer, Failure):
        return Step(hook, describe(answer), sound=False)
    if answer is None:
        return Step(hook, "None: unmapped", sound=False)
    return Step(hook, str(answer))


__all__ = ["Step", "masked", "trace_event", "trace_row"]
