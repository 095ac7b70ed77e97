"""The rows that all ledger benchmarks hand in: random keys, 10 % duplicates, 20,000 workspaces, 30 days, 8 shapes."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from saascore.adapters import ProductAdapter, Registry
from saascore.drafts import RawId, UsageDraft
from saascore.hookspecs import hookimpl
from saascore.hookspecs.identity import Redact
from saascore.privacy.references import ReferenceKeys

NOW = "2026-03-31T00:00:00.000000Z"
KEYS = ReferenceKeys({"bench": hashlib.sha256(b"a key for benchmarks only").digest()})
_START = datetime(2026, 3, 1, tzinfo=UTC)


class Record(NamedTuple):
    number: int
    value: dict[str, Any]
    problem: None = None


class Bench:
    """The smallest product: it picks nine fields of a row."""

    api = 1

    @hookimpl
    def map_event_name(self, event_name: str) -> str | None:
        return {"render": "image.rendered", "upscale": "image.upscaled"}.get(event_name)

    @hookimpl
    def map_plan_label(self, plan: str) -> str | None:
        return plan.lower() if plan in {"Free", "Starter", "Pro", "Studio"} else None

    @hookimpl
    def reference_workspace(self, claims: Mapping[str, RawId], redact: Redact) -> str | None:
        return redact("workspace", claims["workspace_id"])

    @hookimpl
    def map_usage_record(self, record: Mapping[str, Any]) -> UsageDraft:
        return UsageDraft(
            event_name=record["event"],
            key=(record["id"],),
            quantity=record["quantity"],
            unit="image",
            occurred_at=record["finished_at"],
            claims={"workspace_id": record["workspace_id"]},
            plan=record["plan"],
        )


def product() -> ProductAdapter:
    return Registry.of({"bench": Bench()}).product("bench")


class Workload:
    """Makes the next rows: one in ten repeats an earlier one."""

    def __init__(self, seed: int = 1, *, total: int = 1_000_000) -> None:
        self._random = random.Random(seed)
        self._made = 0
        self._total = total

    def take(self, count: int) -> list[Record]:
        draw = self._random
        records = []
        for number in range(count):
            if self._made and draw.random() < 0.1:
                index = draw.randrange(self._made)
            else:
                index = self._made
                self._made += 1
            records.append(Record(number, self._row(index)))
        return records

    def _row(self, index: int) -> dict[str, Any]:
        name = hashlib.md5(index.to_bytes(8, "big"), usedforsecurity=False).hexdigest()
        moment = _START + timedelta(seconds=index * 30 * 86400 / self._total)
        return {
            "id": f"job_{name[:20]}",
            "event": "upscale" if name[0] < "4" else "render",
            "workspace_id": f"wsp_{int(name[:6], 16) % 20_000}",
            "plan": ("Free", "Starter", "Pro", "Studio")[int(name[7], 16) % 4],
            "quantity": str(1 + int(name[8], 16)),
            "finished_at": moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"),  # as JavaScript writes it
            "prompt": "never leaves the product",
        }
