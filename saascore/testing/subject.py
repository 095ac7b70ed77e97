"""An adapter under test with its samples, and what several checks ask of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from saascore.adapters import AdapterFailure, Failure, ProductAdapter, ProviderAdapter
from saascore.contract.window import Window
from saascore.drafts import BillingDraft, Context, Mapped, Normalized, Skip, SourceRow, UsageDraft
from saascore.privacy.references import Redactor
from saascore.testing.check import NotApplicable
from saascore.testing.samples import (
    EventSample,
    RowSample,
    read_events,
    read_expected,
    read_rows,
    samples_folder,
)

Answer = UsageDraft | Skip


def describe(failure: Failure) -> str:
    """Say what went wrong in a hook in public words."""
    place = f" at {failure.location}" if failure.location else ""
    field = f" field {failure.field}" if failure.field else ""
    return f"{failure.hook}: {failure.code}{field}" + (
        f" {failure.exception}{place}" if failure.exception else ""
    )


def attempt(call: Callable[..., Any], *args: Any) -> Any:
    """Return an answer, or the failure in its place."""
    try:
        return call(*args)
    except AdapterFailure as refused:
        return refused.failure


class Subject:
    """What subjects of both kinds have."""

    environment: Mapping[str, str] = {}

    @property
    def adapter(self) -> ProductAdapter | ProviderAdapter:
        """The adapter under test."""
        raise NotImplementedError

    def hook(self, name: str) -> Callable[..., Any]:
        """Return a hook behind the boundary's guard, without its memory and its sampling.

        Raises:
            NotApplicable: The adapter does not have it.
        """
        if not self.adapter.implements(name):
            raise NotApplicable(f"the adapter does not implement {name}")
        return self.adapter.hook(name)


class ProductSubject(Subject):
    """A product adapter with its sample rows."""

    def __init__(self, adapter: ProductAdapter, samples: str | Path | None = None) -> None:
        self._adapter = adapter
        folder = samples_folder(adapter, samples)
        self.rows: tuple[RowSample, ...] = read_rows(folder) if adapter.implements("map_usage_record") else ()
        self.expected = read_expected(folder)
        self.environment = {
            name: value.replace("{samples}", str(folder.resolve()))
            for name, value in self.expected.environment.items()
        }
        # The references made here are compared and dropped, so the key protects nothing.
        self.redactor = Redactor("demo-check", bytes(range(32)), adapter.id)

    @property
    def adapter(self) -> ProductAdapter:
        """The adapter under test."""
        return self._adapter

    def map_row(self, record: Mapping[str, Any]) -> Answer | Failure:
        """Map one row on its own copy."""
        answer: Answer | Failure = attempt(self.hook("map_usage_record"), record)
        return answer

    @cached_property
    def answers(self) -> tuple[tuple[RowSample, Answer], ...]:
        """The sample rows that map, each with its answer."""
        found = [(row, self.map_row(row.copy())) for row in self.rows]
        return tuple((row, answer) for row, answer in found if not isinstance(answer, Failure))

    @cached_property
    def drafts(self) -> tuple[tuple[RowSample, UsageDraft], ...]:
        """The sample rows that give a usage draft.

        Raises:
            NotApplicable: There is none.
        """
        found = tuple((row, answer) for row, answer in self.answers if isinstance(answer, UsageDraft))
        if not found:
            raise NotApplicable("no sample row gives a usage draft")
        return found

    def label(self, hook: str, name: object) -> str | None:
        """Map an event name or a plan; ``None`` where the adapter has no answer or fails."""
        answer = attempt(self.hook(hook), name) if isinstance(name, str) else None
        return answer if isinstance(answer, str) else None

    @property
    def window(self) -> Window:
        """The window of the sample source rows."""
        if self.expected.window is None:
            raise NotApplicable("samples/expected.json names no window")
        return self.expected.window

    def source_rows(self, window: Window, after: tuple[str, str] | None = None) -> list[SourceRow]:
        """Read source rows through the boundary, which checks their order."""
        self.hook("read_source_rows")
        return list(self.adapter.read_source_rows(window, after))

    def reference(self, claims: Mapping[str, Any]) -> str | Failure | None:
        """Ask for the reference of claims, without the facade's memory."""
        self.hook("reference_workspace")
        fresh = Redactor("demo-check", bytes(range(32)), self.adapter.id)
        answer: str | Failure | None = attempt(self.adapter.reference_workspace, claims, fresh)
        return answer


class ProviderSubject(Subject):
    """A provider adapter with its sample events."""

    def __init__(self, adapter: ProviderAdapter, samples: str | Path | None = None) -> None:
        self._adapter = adapter
        self.events: tuple[EventSample, ...] = read_events(samples_folder(adapter, samples))

    @property
    def adapter(self) -> ProviderAdapter:
        """The adapter under test."""
        return self._adapter

    def normalize(
        self, sample: EventSample, body: Mapping[str, Any] | None = None, **more: Any
    ) -> Normalized | Failure:
        """Normalise a sample, or another body in its place, on a copy of its own."""
        event = sample.event(body, **more)
        answer: Normalized | Failure = attempt(self.hook("normalize_billing_event"), event)
        return answer

    @cached_property
    def answers(self) -> tuple[tuple[EventSample, Normalized], ...]:
        """The samples that the adapter answers, each with its answer."""
        found = [(sample, self.normalize(sample)) for sample in self.events]
        return tuple((sample, answer) for sample, answer in found if not isinstance(answer, Failure))

    def types(self) -> Mapping[str, str]:
        """Return the adapter's list of event types; empty where it fails."""
        answer = attempt(self.hook("list_billing_event_types"))
        return {} if isinstance(answer, Failure) else answer


def drafts_of(answer: Normalized) -> tuple[BillingDraft, ...]:
    """Return the billing drafts of an answer."""
    if isinstance(answer, Mapped):
        return tuple(answer.drafts)
    if isinstance(answer, Context) and answer.draft is not None:
        return (answer.draft,)
    return ()


def type_of(answer: Normalized) -> str | None:
    """Return the provider event type that an answer names."""
    if isinstance(answer, Mapped):
        return answer.drafts[0].provider_event_type if answer.drafts else None
    return answer.provider_event_type
