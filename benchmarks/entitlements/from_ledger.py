"""Decide from a SQLite ledger of many workspaces: microseconds a decision, and whether it stays flat.

Each workspace has one subscription of one fact; as many have a story of four facts and a grant. Every workspace is asked
about once, so nothing of it is in any cache of ours. Goal: at most 300 microseconds, and flat as the ledger grows.

    python benchmarks/entitlements/from_ledger.py --workspaces 1000000
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from figures import Figure, at_most, tell

from saascore.adapters import Registry
from saascore.contract.billing import BillingFact
from saascore.contract.plans import CapabilitySnapshot, EntitlementRules
from saascore.entitlements.facts import identified
from saascore.entitlements.reading import Entitlements
from saascore.entitlements.topics import topics
from saascore.hookspecs import hookimpl
from saascore.ledger import Ledger, NewFact, create_ledger
from saascore.privacy.references import Redactor

KEY = b"benchmark-key-of-32-bytes-or-more"
ASKED = 2_000
AT = "2026-03-22T00:00:00.000000Z"
AUDIT = {"operator": "op:alex", "approval": "op:ticket-7", "reason": "goodwill"}


class Product:
    api = 1

    @hookimpl
    def entitlement_rules(self) -> EntitlementRules:
        return EntitlementRules(version="bench", plan_rank=("free", "starter", "pro"), default_plan="free")

    @hookimpl
    def describe_plan(self, plan: str) -> CapabilitySnapshot:
        return CapabilitySnapshot(plan_key=plan)


PROVIDER, PRODUCT = Redactor("k1", KEY, "stripe/live"), Redactor("k1", KEY, "bench")


def fact(number: int, event: int, day: str, **fields: object) -> BillingFact:
    return identified(
        {
            "source": "stripe",
            "mode": "live",
            "about": PROVIDER.redact("subscription", number),
            "customer": PROVIDER.redact("customer", number),
            "workspace": PRODUCT.redact("workspace", number),
            "occurred_at": f"2026-{day}T00:00:00.000000Z",
            "provider_event_type": "customer.subscription.updated",
            "idempotency_key": PROVIDER.redact("key", number, event),
            **fields,
        }
    )


def snapshot(plan: str, service: str = "active", **fields: object) -> dict[str, object]:
    period = {"from": "2026-03-01T00:00:00.000000Z", "to": "2026-04-01T00:00:00.000000Z"}
    price = PROVIDER.redact("price", plan)
    return {
        "service": service,
        "collection": "current",
        "plan_key": plan,
        "plan_ref": price,
        "period": period,
        **fields,
    }


def story(number: int) -> list[BillingFact]:
    grant = {
        "kind": "grant",
        "source_kind": "promo",
        "plan_key": "starter",
        "effective_from": "2026-03-01T00:00:00.000000Z",
        "effective_until": "2026-06-01T00:00:00.000000Z",
    }
    about = PROVIDER.redact("grant", number)
    return [
        fact(
            number, 1, "03-01", snapshot=snapshot("starter", "trialing", trial_ends_at="2026-03-15T00:00:00Z")
        ),
        fact(number, 2, "03-15", snapshot=snapshot("starter")),
        fact(number, 3, "03-16", signals=({"kind": "paid", "occasion": "first"},)),
        fact(number, 4, "03-20", snapshot=snapshot("pro")),
        fact(number, 5, "03-02", about=about, audit=AUDIT, signals=(grant,)),
    ]


def new_fact(made: BillingFact) -> NewFact:
    return NewFact.of(made, source=made.source, key=made.idempotency_key, topics=topics(made))


def fill(ledger: Ledger, start: int, stop: int, chunk: int = 20_000) -> None:
    """Append one subscription a workspace; the text of a sample with other references in it."""
    sample = fact(0, 0, "03-01", snapshot=snapshot("pro"))
    body = new_fact(sample).body
    old = (sample.about or "", sample.customer or "", sample.workspace or "", sample.idempotency_key)
    for first in range(start, stop, chunk):
        rows = []
        for number in range(first, min(first + chunk, stop)):
            new = (
                PROVIDER.redact("subscription", number),
                PROVIDER.redact("customer", number),
                PRODUCT.redact("workspace", number),
                PROVIDER.redact("key", number, 0),
            )
            text = body
            for before, after in zip(old, new, strict=True):
                text = text.replace(before, after)
            rows.append(
                NewFact(
                    BillingFact.schema_id(), "stripe", new[3], text, tuple(f"live/{name}" for name in new[:3])
                )
            )
        with ledger.write() as writer:
            writer.append(rows)


def measure(desk: Entitlements, numbers: list[int]) -> tuple[float, float, float]:
    """Return microseconds a decision: the median and the 99th percentile by wall time, and CPU time."""
    workspaces = [PRODUCT.redact("workspace", number) for number in numbers]
    times, cpu = [], time.process_time()
    for workspace in workspaces:
        begun = time.perf_counter()
        decision = desk.decide(workspace, AT)
        times.append(time.perf_counter() - begun)
        assert (decision.outcome, decision.plan_key) == ("granted", "pro")
    cpu = (time.process_time() - cpu) / len(times)
    ordered = sorted(times)
    return statistics.median(ordered) * 1e6, ordered[len(ordered) * 99 // 100] * 1e6, cpu * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--workspaces", type=int, default=1_000_000)
    parser.add_argument(
        "--folder", type=Path, help="Where the ledger is made; a temporary folder by default."
    )
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=wanted.folder) as folder:
        ledger = create_ledger(f"sqlite:///{folder}/bench.db", reference_key="k1")
        desk = Entitlements(ledger, Registry.of({"bench": Product()}).product("bench"))
        picked = random.Random(7)  # repeatable
        medians, size = dict[str, list[float]](), 0
        for workspaces in sorted({min(10_000, wanted.workspaces), wanted.workspaces}):
            fill(ledger, size, workspaces)
            asked = picked.sample(range(size, workspaces), min(ASKED, workspaces - size))
            with ledger.write() as writer:
                for number in asked:
                    writer.append([new_fact(one) for one in story(number + 10**9)])
            size = workspaces
            kinds = {"one fact": asked, "five facts, two sources": [number + 10**9 for number in asked]}
            for kind, numbers in kinds.items():
                median, late, cpu = measure(desk, numbers)
                medians.setdefault(kind, []).append(median)
                what = f"{workspaces:,} workspaces, {kind}: {cpu:.0f} us CPU, p99 {late:.0f} us; median, wall time"
                tell(at_most(what, median, 300, " us"))
        for kind, found in medians.items():
            tell(
                Figure(
                    f"{kind}: the median at {size:,} workspaces beside the first",
                    f"{found[-1] / found[0]:.2f}",
                )
            )


if __name__ == "__main__":
    main()
