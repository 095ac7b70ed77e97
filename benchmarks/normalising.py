"""How many webhooks a second each provider adapter normalises, on one core.

    python benchmarks/normalising.py [rounds]

Goal: 30,000 a second on typical payloads, which are those of ``fixtures/samples``. ``adapter`` is the adapter's function
alone, ``facade`` is what core calls: the same behind the boundary, with the type of every field of every draft checked.
CPU time, the median of the rounds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import median
from time import process_time

from saascore.adapters import Registry
from saascore.drafts import ProviderEvent

SAMPLES = Path(__file__).parents[1] / "fixtures" / "samples"
PROVIDERS = ("stripe", "paddle", "lemonsqueezy", "manual")
GOAL = 30_000
CALLS = 5_000


def events(provider: str) -> list[ProviderEvent]:
    lines = [
        line
        for path in sorted(SAMPLES.glob(f"{provider}-*.ndjson"))
        for line in path.read_text().splitlines()
    ]
    return [ProviderEvent(json.loads(line)) for line in lines]


def rate(function: Callable[[ProviderEvent], object], told: list[ProviderEvent]) -> float:
    repeats = CALLS // len(told) + 1
    start = process_time()
    for _ in range(repeats):
        for event in told:
            function(event)
    return repeats * len(told) / (process_time() - start)


def main(rounds: int) -> int:
    modules = {provider: import_module(f"saascore_{provider}") for provider in PROVIDERS}
    registry = Registry.of(modules)
    slowest = float("inf")
    print(f"{'':14}{'events':>7}{'adapter/s':>11}{'facade/s':>10}")
    for provider, module in modules.items():
        told, facade = events(provider), registry.provider(provider)
        plain, checked = [], []
        for _ in range(rounds):
            plain.append(rate(module.normalize_billing_event, told))
            checked.append(rate(facade.normalize_billing_event, told))
        print(f"{provider:14}{len(told):7}{median(plain):11,.0f}{median(checked):10,.0f}")
        slowest = min(slowest, median(plain))
    return 0 if slowest >= GOAL else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 9))
