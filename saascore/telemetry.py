"""What saascore tells a running system about itself: log events with stable names, spans and counters; no values.

Logging is the standard library's: every record has the attributes ``event`` (a stable name) and ``fields`` (labels and
counts). OpenTelemetry is off unless ``SAASCORE_OTEL=1`` is set and ``saascore[otel]`` is installed; it then uses the
tracer and meter providers that the application has configured.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, Literal, Protocol

_log = logging.getLogger("saascore")
#: Every event that may be logged, and what it tells.
EVENTS = {
    "usage.submitted": "records of a product were handed in; fields: source and counts by outcome",
    "billing.submitted": "webhooks were handed in; fields: source, mode and counts by outcome",
    "run.applied": "a backfill or replay run took effect; fields: source, kind and facts",
    "run.reverted": "a run was taken out of every count; fields: source",
    "ledger.sealed": "positions were sealed; fields: size",
    "packet.built": "a release packet was written; fields: files",
    "telemetry.unavailable": "SAASCORE_OTEL is 1 and OpenTelemetry is not installed: nothing is traced or counted; no fields",
    "adapter.failed": "an adapter broke a rule of the boundary; fields: source (whose records), hook and code, once a batch",
}
#: Every span, as saascore.<name>, and its attributes.
SPANS = {
    "usage.commit": "one transaction of usage; attributes: source",
    "billing.commit": "one transaction of billing facts; attributes: source, mode",
    "packet.build": "the making of a release packet; attributes: mode",
}
#: Every counter, as saascore.<name>, and its attributes.
COUNTERS = {
    "usage.records": "usage records handed in; attributes: source, outcome",
    "billing.records": "billing events handed in; attributes: source, mode, outcome",
}
_WARNINGS = frozenset({"adapter.failed", "telemetry.unavailable"})


def log_event(event: str, **fields: str | int) -> None:
    """Log one event at INFO (failures at WARNING) with labels and counts only.

    Raises:
        KeyError: The event is not one of ``EVENTS``.
    """
    EVENTS[event]
    level = logging.WARNING if event in _WARNINGS else logging.INFO
    if _log.isEnabledFor(level):
        text = "".join(f" {name}={value}" for name, value in fields.items())
        _log.log(level, "%s%s", event, text, extra={"event": event, "fields": fields})


@contextmanager
def span(name: str, **attributes: str | int) -> Iterator[None]:
    """Trace a block of work as the span ``saascore.<name>``, one of ``SPANS``, where tracing is on."""
    if not _enabled():
        yield
        return
    with _tracer().start_as_current_span(f"saascore.{name}", attributes=attributes):
        yield


def count(name: str, amount: int, **attributes: str) -> None:
    """Add to the counter ``saascore.<name>``, one of ``COUNTERS``, where metrics are on."""
    if amount and _enabled():
        _counter(name).add(amount, attributes)


class Told(Protocol):
    """What one record came to (``saascore.contract.outcomes.Outcome`` and what flows use in its place)."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Why."""
        ...

    @property
    def hook(self) -> str | None:
        """The hook in which an adapter failed."""
        ...


def log_batch(
    flow: Literal["usage", "billing"],
    adapter: str,
    outcomes: Mapping[str, int],
    told: Iterable[Told],
    **labels: str,
) -> None:
    """Log and count a batch of outcomes, and each kind of adapter failure among them once.

    Args:
        flow: Gives the event ``<flow>.submitted`` and the counter ``<flow>.records``.
        adapter: Who handed the records in.
        outcomes: How many records had each outcome.
        told: What each record came to that may name a failure.
        labels: Further labels of the event and the counter.
    """
    failed = {(one.hook, code) for one in told if one.hook is not None for code in one.codes[:1]}
    log_event(f"{flow}.submitted", source=adapter, **labels, **outcomes)
    for outcome, number in outcomes.items():
        count(f"{flow}.records", number, source=adapter, outcome=outcome, **labels)
    for hook, code in sorted(failed):
        log_event("adapter.failed", source=adapter, hook=hook, code=code)


def _enabled() -> bool:
    return os.environ.get("SAASCORE_OTEL") == "1" and _installed()


@lru_cache(maxsize=1)
def _installed() -> bool:
    """Tell, and warn once, whether the extra is there: a missing one never stops the work that it would watch."""
    found = find_spec("opentelemetry") is not None
    if not found:
        log_event("telemetry.unavailable")
    return found


@lru_cache(maxsize=1)
def _tracer() -> Any:
    from opentelemetry import trace  # noqa: PLC0415  an extra

    return trace.get_tracer("saascore")


@lru_cache(maxsize=64)
def _counter(name: str) -> Any:
    from opentelemetry import metrics  # noqa: PLC0415  an extra

    return metrics.get_meter("saascore").create_counter(f"saascore.{name}")
