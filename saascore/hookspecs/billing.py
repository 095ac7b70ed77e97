"""Billing: how a provider's webhooks become neutral snapshots and signals.

A provider adapter knows shapes; it knows no product, no plan and no workspace. Core derives every lifecycle event from
the difference between consecutive snapshots, so an adapter needs no memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from saascore.contract.words import ProviderEventType
from saascore.drafts import Disposition, Normalized, ProviderEvent
from saascore.hookspecs.markers import hookspec


@hookspec
def normalize_billing_event(event: ProviderEvent) -> Normalized:
    """Say what a webhook asserts, in provider-neutral words.

    Called once for each verified webhook (checking its signature is the product's work, before saascore). It is
    total and pure: every type and every value gets an answer, known or not, and ``received_at`` never matters.

    Args:
        event: The parsed body, the headers that matter, the endpoint's mode and the API version.

    Returns:
        ``Mapped`` drafts (what the payload asserts now, and signals that no snapshot shows), ``Context`` (kept for
        linking only), ``Ignored`` with a public reason, or ``Unmapped`` where the type, a status or another value is
        not known: core then holds the last state and counts the type. Never guess.

    Example:
        >>> from saascore.drafts import (
        ...     BillingDraft, ItemDraft, Mapped, Normalized, ProviderEvent, SnapshotDraft, Unmapped,
        ... )
        >>> from saascore.hookspecs import hookimpl
        >>> @hookimpl
        ... def normalize_billing_event(event: ProviderEvent) -> Normalized:
        ...     body = event.body
        ...     if body.get("type") != "subscription.started":
        ...         return Unmapped(str(body.get("type", "unknown")), "unknown-type")
        ...     return Mapped([
        ...         BillingDraft(
        ...             provider_event_type="subscription.started",
        ...             event_id=body["id"],
        ...             occurred_at=body["at"],
        ...             about=("subscription", body["subscription"]),
        ...             claims={"workspace_id": body["workspace"]},
        ...             snapshot=SnapshotDraft("active", "current", items=[ItemDraft((body["price"],))]),
        ...         )
        ...     ])
        >>> type(normalize_billing_event(ProviderEvent({"type": "invoice.sent"}))).__name__
        'Unmapped'
    """
    raise NotImplementedError


@hookspec
def list_billing_event_types() -> Mapping[ProviderEventType, Disposition]:
    """List every official event type of the provider with what the adapter does with it.

    Called by the conformance suite and by the ops summary, which counts types that are off the list.

    Returns:
        ``map``, ``context`` or ``ignore`` for each type.

    Example:
        >>> from saascore.hookspecs import hookimpl
        >>> @hookimpl
        ... def list_billing_event_types():
        ...     return {"subscription.started": "map", "customer.created": "context", "tax.updated": "ignore"}
        >>> list_billing_event_types()["tax.updated"]
        'ignore'
    """
    raise NotImplementedError


class NormalizeBillingEvent(Protocol):
    """The type of :func:`normalize_billing_event`."""

    def __call__(self, event: ProviderEvent) -> Normalized:
        """Say what a webhook asserts."""
        ...


class ListBillingEventTypes(Protocol):
    """The type of :func:`list_billing_event_types`."""

    def __call__(self) -> Mapping[ProviderEventType, Disposition]:
        """List every official event type with its disposition."""
        ...
