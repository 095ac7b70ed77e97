"""From a ledger to a release packet in one call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from importlib_metadata import version

from saascore.adapters import Registry
from saascore.contract.ops import OpsSummary
from saascore.contract.outcomes import AdapterOrigin
from saascore.contract.summary import Grain, SummarySpec, UsageSummary
from saascore.contract.window import Window
from saascore.contract.words import Mode, UtcInstant
from saascore.errors import SaascoreError
from saascore.ledger import Ledger
from saascore.packet.audit import audit_summary
from saascore.packet.axis import finest
from saascore.packet.build import Packet, build_packet
from saascore.packet.ops import ops_summary
from saascore.telemetry import log_event, span
from saascore.usage.summary import MINIMUM_SUBJECTS, summarize

COARSER: dict[Grain, Grain] = {"day": "week", "week": "month", "month": "none"}


def publish(
    ledger: Ledger,
    out: Path,
    *,
    window: Window,
    now: UtcInstant,
    registry: Registry,
    mode: Mode = "live",
    commit_sha: str | None = None,
    public: bool = False,
    minimum: int = MINIMUM_SUBJECTS,
) -> Packet:
    """Sum a window of a ledger up and write it as a release packet.

    Args:
        ledger: What is reported on.
        out: The folder.
        window: From when to when.
        now: The clock: the packet's time.
        registry: Where the versions of the adapters come from.
        mode: ``live`` or ``test``.
        commit_sha: The commit that is released.
        public: Fold groups of few subjects together, for readers outside.
        minimum: The fewest subjects of a published group.

    Raises:
        SaascoreError: As :func:`saascore.packet.build.build_packet` does.
    """
    with span("packet.build", mode=mode):
        usage = _usage(ledger, window, public=public, minimum=minimum)
        ops = ops_summary(ledger, window=window, usage=usage, now=now, mode=mode)
        packet = build_packet(
            out,
            ops=ops,
            audit=audit_summary(ledger, window=window, as_of=usage.as_of, mode=mode),
            usage=usage,
            adapters=_origins(ops, registry),
            producer=producer(),
            commit_sha=commit_sha,
        )
    log_event("packet.built", files=len(packet.manifest.artifacts) + 1)
    return packet


def producer() -> str:
    """Return the version of saascore that packets are built and verified by."""
    return version("saascore")


def _usage(ledger: Ledger, window: Window, *, public: bool, minimum: int) -> UsageSummary:
    """Sum usage up at the finest grain of which every group has room in one summary, so that no column is cut."""
    as_of, grain = ledger.head, finest(window)
    while True:
        spec = SummarySpec(window=window, grain=grain)
        usage = summarize(ledger, spec, as_of=as_of, public=public, minimum=minimum)
        if not usage.overflow or grain not in COARSER:
            return usage
        grain = COARSER[grain]


def _origins(ops: OpsSummary, registry: Registry) -> Iterator[AdapterOrigin]:
    """Name the adapters that handed something in, with their versions where they are installed."""
    installed = {row.id: row for row in registry.rows()}
    for name in sorted({intake.source for intake in (*ops.usage_intake, *ops.billing_intake)}):
        row = installed.get(name)
        if row is None:
            yield AdapterOrigin(adapter=name)
            continue
        try:
            yield AdapterOrigin.parse(
                {"adapter": name, "distribution": row.distribution, "version": row.version}
            )
        except SaascoreError:  # a version that is no word of the contract
            yield AdapterOrigin(adapter=name)
