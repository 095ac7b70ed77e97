# ruff: noqa: INP001  a Worker's entry is a plain module
"""What a Python Worker of Image Studio does: job rows in, facts out, a packet from what is stored.

D1 and R2 are the host's: rows come in and facts go out as JSON text, and everything in between is the pure core.
"""

from __future__ import annotations

import json
from collections import Counter

from saascore.adapters import discover
from saascore.contract.ops import AuditSummary, OpsSummary, SourceIntake
from saascore.contract.outcomes import IntakeCounts
from saascore.contract.quantities import SCALE
from saascore.contract.summary import SourceCompleteness, SummarySpec
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


class Studio:
    """The product's mapper, made once.

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

    def facts(self, rows: str) -> str:
        """Map job rows; what is refused is counted by code, without a value."""
        mapped = [self.mapper(row) for row in json.loads(rows)]
        kept = [row for row in mapped if not isinstance(row, Refusal)]
        refused = [row for row in mapped if isinstance(row, Refusal)]
        columns = ("body", "shape", "subject", "occurred_at", "whole", "nanos", "sequence")
        return json.dumps(
            {
                "facts": [
                    {"key": row.key.hex(), "event": row.event.hex()}
                    | {name: getattr(row, name) for name in columns}
                    for row in kept
                ],
                "outcomes": Counter(refusal.outcome for refusal in refused),
                "codes": Counter(code for refusal in refused for code in refusal.codes),
            }
        )

    def summary(self, usage: str, start: str, end: str) -> str:
        """Sum up the usage rows of the ledger by day, with the fold that every store uses."""
        self.window = Window.of(start, end)
        spec = SummarySpec(window=self.window, grain="day")
        _, window = window_of(spec)
        rows = json.loads(usage)
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
        self.usage = finish(state, spec, head, complete=complete)
        return self.usage.canonical().decode()

    def packet(self, outcomes: str) -> dict[str, bytes]:
        """Make the files of a release packet; every byte passes the privacy scanner, or nothing is made."""
        events: Counter[str] = Counter()
        for group in self.usage.groups:
            events[str(group.event_type)] += group.totals.count
        ops = OpsSummary(
            window=self.window,
            as_of=self.usage.as_of,
            generated_at=self.now,
            usage_intake=(SourceIntake(source=SOURCE, counts=IntakeCounts(**json.loads(outcomes))),),
            usage_events=dict(events),
            complete_through=self.usage.complete_through,
        )
        audit = AuditSummary(window=self.window, as_of=self.usage.as_of)
        return packet_files(
            ops=ops, audit=audit, usage=self.usage, adapters=[self.product.origin], producer=producer()
        )
