"""The typed facade of a provider adapter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saascore.adapters.boundary import SAMPLE_EVERY
from saascore.adapters.facade import Facade
from saascore.adapters.shapes import wrong_fields
from saascore.contract.words import ProviderEventType
from saascore.drafts import Disposition, Normalized, ProviderEvent


class ProviderAdapter(Facade):
    """A provider adapter. Every method returns the validated answer or raises :class:`AdapterFailure`."""

    _calls = -1

    def normalize_billing_event(self, event: ProviderEvent) -> Normalized:
        """Say what a webhook asserts. Every field of every draft has its declared type."""
        hook = self.hook("normalize_billing_event")
        self._calls += 1
        if not self._calls % SAMPLE_EVERY:
            hook.check_purity(event.body, lambda body: _with_body(event, body))
        answer: Normalized = hook(event)
        if wrong := wrong_fields(answer):
            hook.fail("ADP-102", wrong[0])
        return answer

    def list_billing_event_types(self) -> Mapping[ProviderEventType, Disposition]:
        """List every official event type with its disposition."""
        answer: Mapping[ProviderEventType, Disposition] = self.hook("list_billing_event_types")()
        return answer


def _with_body(event: ProviderEvent, body: Mapping[str, Any]) -> ProviderEvent:
    return ProviderEvent(body, dict(event.headers), event.mode, event.api_version, event.received_at)
