"""Usage: how a product's rows become usage events.

Core owns the shape of an event, its keys and its arithmetic; the product adapter owns every name and every field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from saascore.contract.plans import QuotaBasis
from saascore.contract.usage import UsageAggregate
from saascore.contract.window import Window
from saascore.contract.words import PublicLabel
from saascore.drafts import Skip, SourceRow, UsageDraft
from saascore.hookspecs.markers import hookspec

Cursor = tuple[str, str]


@hookspec
def map_event_name(event_name: str) -> PublicLabel | None:
    """Name the shared event type of one of the product's event names.

    Called once for each distinct name that ``map_usage_record`` gives, and remembered. It must be pure: the same
    name always has the same answer.

    Args:
        event_name: The product's own name, as in ``UsageDraft.event_name``.

    Returns:
        A public label, or ``None`` where the product has no such event. Core then rejects the record and its key
        stays free, so it can be handed in again once the name is mapped.

    Example:
        >>> from saascore.hookspecs import hookimpl
        >>> @hookimpl
        ... def map_event_name(event_name: str) -> str | None:
        ...     return {"render.finished": "image.rendered"}.get(event_name)
        >>> map_event_name("render.finished")
        'image.rendered'
    """
    raise NotImplementedError


@hookspec
def map_usage_record(record: Mapping[str, Any]) -> UsageDraft | Skip:
    """Pick one product row apart.

    Called once for each record handed in. The record is the product's own row, as JSON or a database gives it; it
    may hold raw ids. Do not change it and do not keep it.

    Args:
        record: One row of the product.

    Returns:
        A :class:`~saascore.drafts.UsageDraft`, or :class:`~saascore.drafts.Skip` with a public reason where there is
        nothing to record. ``key`` is the row's own identity (its primary key), never its time or its subject. Core
        redacts the ids, asks ``map_event_name`` and ``map_plan_label``, validates and stores. An exception rejects
        this record alone.

    Example:
        >>> from saascore.drafts import Skip, UsageDraft
        >>> from saascore.hookspecs import hookimpl
        >>> @hookimpl
        ... def map_usage_record(record):
        ...     if record["state"] != "done":
        ...         return Skip("not-finished")
        ...     return UsageDraft(
        ...         event_name="render.finished",
        ...         key=(record["id"],),
        ...         quantity=record["images"],
        ...         unit="image",
        ...         occurred_at=record["finished_at"],
        ...         claims={"workspace_id": record["workspace_id"]},
        ...         plan=record["plan"],
        ...     )
        >>> map_usage_record({"state": "queued"}).reason
        'not-finished'
    """
    raise NotImplementedError


@hookspec
def read_source_rows(window: Window, after: Cursor | None) -> Iterable[SourceRow]:
    """Read the product's own store for a backfill or a replay.

    Called when a run is previewed, applied or resumed. Rows come in strictly ascending order of their cursor,
    compared as text, so pad a number that is part of it. The stream is read in chunks and may be abandoned and
    started again after any row.

    Args:
        window: ``[from, to)`` in UTC; a row belongs to it by the time in its cursor.
        after: The cursor of the last row already read, or ``None`` at the start. Only later rows are wanted.

    Returns:
        Source rows, each with its cursor (time, row key) and the record that ``map_usage_record`` takes. A
        generator is welcome.

    Example:
        >>> from saascore.contract.window import Window
        >>> from saascore.drafts import SourceRow
        >>> from saascore.hookspecs import hookimpl
        >>> JOBS = [{"id": "job-1", "finished_at": "2026-03-01T10:00:00.000000Z"}]
        >>> @hookimpl
        ... def read_source_rows(window, after):
        ...     for job in JOBS:
        ...         cursor = (job["finished_at"], job["id"])
        ...         if window.holds(cursor[0]) and (after is None or cursor > after):
        ...             yield SourceRow(cursor, job)
        >>> march = Window.parse({"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"})
        >>> len(list(read_source_rows(march, None)))
        1
    """
    raise NotImplementedError


@hookspec
def read_aggregates(window: Window) -> Iterable[UsageAggregate]:
    """Hand over ready counts, where the product keeps only those.

    Called by ``usage reconcile`` and where a product has no rows. Aggregates are kept apart from facts and marked
    with their source; they are never added to the ledger's own sums.

    Args:
        window: ``[from, to)`` in UTC.

    Returns:
        Aggregates by event type, plan and unit; each with its own window inside the one asked for.

    Example:
        >>> from saascore.contract.usage import UsageAggregate
        >>> from saascore.contract.window import Window
        >>> from saascore.hookspecs import hookimpl
        >>> @hookimpl
        ... def read_aggregates(window):
        ...     yield UsageAggregate(
        ...         source="image-studio", event_type="image.rendered", plan_key="pro", unit="image",
        ...         window=window, count=2, sum="7",
        ...     )
        >>> march = Window.parse({"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"})
        >>> next(iter(read_aggregates(march))).sum
        '7'
    """
    raise NotImplementedError


@hookspec
def choose_quota_basis(plan: PublicLabel, event_type: PublicLabel) -> QuotaBasis:
    """Say which number live quota uses for an event type on a plan.

    Called when quota is shown or compared. Core records the choice and shows which number was used; it sets no
    quota policy of its own.

    Args:
        plan: A public plan label.
        event_type: A public event type.

    Returns:
        ``job_counts`` (the product's own tables), ``ledger_replay`` (the usage ledger) or ``paid_metering`` (the
        provider's meter).

    Example:
        >>> from saascore.hookspecs import hookimpl
        >>> @hookimpl
        ... def choose_quota_basis(plan: str, event_type: str):
        ...     return "job_counts" if plan == "free" else "ledger_replay"
        >>> choose_quota_basis("free", "image.rendered")
        'job_counts'
    """
    raise NotImplementedError


class MapEventName(Protocol):
    """The type of :func:`map_event_name`."""

    def __call__(self, event_name: str) -> PublicLabel | None:
        """Name the shared event type of a product event name."""
        ...


class MapUsageRecord(Protocol):
    """The type of :func:`map_usage_record`."""

    def __call__(self, record: Mapping[str, Any]) -> UsageDraft | Skip:
        """Pick one product row apart."""
        ...


class ReadSourceRows(Protocol):
    """The type of :func:`read_source_rows`."""

    def __call__(self, window: Window, after: Cursor | None) -> Iterable[SourceRow]:
        """Read the product's own store in keyset order."""
        ...


class ReadAggregates(Protocol):
    """The type of :func:`read_aggregates`."""

    def __call__(self, window: Window) -> Iterable[UsageAggregate]:
        """Hand over ready counts."""
        ...


class ChooseQuotaBasis(Protocol):
    """The type of :func:`choose_quota_basis`."""

    def __call__(self, plan: PublicLabel, event_type: PublicLabel) -> QuotaBasis:
        """Say which number live quota uses."""
        ...
