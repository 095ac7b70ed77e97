# ruff: noqa: INP001  a Worker's entry is a plain module
"""What is between the bindings, with the pure core alone: job rows in, facts out, a packet from what is stored."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NamedTuple

from saascore.adapters import discover
from saascore.contract.ops import AuditSummary, OpsSummary, SourceIntake
from saascore.contract.outcomes import IntakeCounts
from saascore.contract.quantities import SCALE
from saascore.contract.summary import SourceCompleteness, SummarySpec, UsageSummary
from saascore.contract.window import Window
from saascore.ledger.schema import CURRENT, ddl
from saascore.packet.build import packet_files
from saascore.packet.publish import producer
from saascore.privacy.references import ReferenceKeys
from saascore.usage.effective import Shape
from saascore.usage.fold import Group, GroupKey, SummaryState
from saascore.usage.mapping import UsageMapper
from saascore.usage.summary import finish
from saascore.usage.verdict import Refusal
from saascore.usage.windows import window_of

SOURCE, KEY_ID = "image-studio", "worker"


def tables(now: str) -> str:
    """Return the statements that make a ledger's tables, and what the ledger says of itself."""
    text = ddl("d1").removesuffix("\n")
    meta = {
        "schema": str(CURRENT),
        "ledger_id": "ledger-worker",
        "reference_key": KEY_ID,
        "subject_key": KEY_ID,
        "created_at": now,
    }
    statements = [statement.removesuffix(";") for statement in text.split(";\n") if statement.strip()]
    return json.dumps({"ddl": statements, "meta": list(meta.items())})


def adapters() -> str:
    """Return the ids of the installed adapters, as their distributions' entry points name them."""
    return json.dumps([row.id for row in discover().rows()])


class Mapped(NamedTuple):
    """Facts as the tables take them, and counts of what was refused: by outcome, without a value."""

    facts: list[dict[str, Any]]
    outcomes: dict[str, int]


class Studio:
    """The product's mapper.

    Args:
        secret: The reference key, 64 hexadecimal digits.
        now: The clock.
    """

    def __init__(self, secret: str, now: str) -> None:
        self.now = now
        registry = discover(enable=[SOURCE])
        self.product = registry.product(SOURCE)
        redactor = ReferenceKeys({KEY_ID: bytes.fromhex(secret)}).redactor(SOURCE, key_id=KEY_ID)
        self.mapper = UsageMapper(self.product, keys=redactor, resolved_at=now, backfill=True)

    def facts(self, rows: list[dict[str, Any]]) -> Mapped:
        """Map job rows."""
        mapped = [self.mapper(row) for row in rows]
        columns = ("body", "shape", "subject", "occurred_at", "whole", "nanos", "sequence")
        facts = [
            {"key": row.key.hex(), "event": row.event.hex()} | {name: getattr(row, name) for name in columns}
            for row in mapped
            if not isinstance(row, Refusal)
        ]
        return Mapped(facts, Counter(row.outcome for row in mapped if isinstance(row, Refusal)))

    def summary(self, rows: list[dict[str, Any]], start: str, end: str) -> UsageSummary:
        """Sum up the usage rows of the ledger by day, with the fold that every store uses."""
        spec = SummarySpec(window=Window.of(start, end), grain="day")
        _, window = window_of(spec)
        head = max((row["position"] for row in rows), default=0)
        state = SummaryState(parts=[(0, head)])
        for row in rows:
            shape = Shape(*json.loads(row["shape"]))
            key = GroupKey(shape.event_type, shape.plan_key, shape.unit, window(row["occurred_at"]), ())
            state.groups.setdefault(key, Group()).add(
                row["subject"],
                row["occurred_at"],
                row["whole"] * SCALE + row["nanos"],
                row["sequence"],
                bytes.fromhex(row["event"]),
            )
        complete = (SourceCompleteness(source=SOURCE),) if rows else ()
        return finish(state, spec, head, complete=complete)

    def packet(self, usage: UsageSummary, outcomes: dict[str, int]) -> dict[str, bytes]:
        """Make the files of a release packet; every byte passes the privacy scanner, or nothing is made."""
        events: Counter[str] = Counter()
        for group in usage.groups:
            events[str(group.event_type)] += group.totals.count
        ops = OpsSummary(
            window=usage.spec.window,
            as_of=usage.as_of,
            generated_at=self.now,
            usage_intake=(SourceIntake(source=SOURCE, counts=IntakeCounts(**outcomes)),),
            usage_events=dict(events),
            complete_through=usage.complete_through,
        )
        audit = AuditSummary(window=usage.spec.window, as_of=usage.as_of)
        return packet_files(
            ops=ops, audit=audit, usage=usage, adapters=[self.product.origin], producer=producer()
        )
