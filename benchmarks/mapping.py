"""From a product's row to a fact, without storage: hand-written hooks and a RecordMapping, beside orjson alone.

    pip install orjson && python benchmarks/mapping.py [--rows 100000] [--workers 2]

The limit is ``orjson.loads`` and a sorted ``orjson.dumps`` of the same rows. Slices of CPU time are interleaved, so that a
busy machine slows all of them alike. Goals: hooks at least 0.15 of the limit, a pool of two workers 1.7 times this process.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import orjson

from saascore.adapters import discover
from saascore.engines import MapperPlan, map_chunk, map_in_pool

os.environ.setdefault("SAASCORE_REFERENCE_KEYS", "demo:" + "5a" * 32)
HOOKS = """
from saascore.drafts import Skip, UsageDraft
from saascore.hookspecs import hookimpl

api = 1
EVENTS = {"render": "image.rendered", "upscale": "image.upscaled"}
PLANS = {"Pro": "pro", "Free": "free"}

@hookimpl
def map_event_name(event_name):
    return EVENTS.get(event_name)

@hookimpl
def map_plan_label(plan):
    return PLANS.get(plan)

@hookimpl
def reference_workspace(claims, redact):
    return redact("workspace", claims["workspace"])

@hookimpl
def map_usage_record(record):
    if record["state"] != "done":
        return Skip("not-finished")
    return UsageDraft(
        event_name=record["event"], key=(record["id"],), quantity=record["images"], unit="image",
        occurred_at=record["at"], claims={"workspace": record["workspace"]}, plan=record["plan"],
        dimensions={"size": record["size"], "model": record["model"]}, source_sequence=record["n"],
    )
"""
DECLARED = """
from saascore.hookspecs import RecordMapping, hookimpl

api = 1
map_event_name, map_plan_label, map_usage_record = RecordMapping(
    events={"render": "image.rendered", "upscale": "image.upscaled"}, plans={"Pro": "pro", "Free": "free"},
    event_name="event", key=("id",), quantity="images", unit="image", occurred_at="at",
    claims={"workspace": "workspace"}, plan="plan", dimensions={"size": "size", "model": "model"},
    source_sequence="n", when={"state": frozenset({"done"})}, otherwise="not-finished",
).hooks()

@hookimpl
def reference_workspace(claims, redact):
    return redact("workspace", claims["workspace"])
"""


def rows(count: int) -> list[bytes]:
    chance = random.Random(1)
    return [
        orjson.dumps(
            {
                "id": f"job_{chance.getrandbits(96):024x}",
                "event": ("render", "upscale")[n % 2],
                "images": str(n % 5 + 1),
                "at": f"2026-02-{n % 28 + 1:02d}T12:{n % 60:02d}:00.{n % 1000:03d}Z",
                "workspace": f"wsp_{chance.randrange(10_000):012d}",
                "plan": ("Pro", "Free")[n % 3 == 0],
                "size": "large",
                "model": "sdxl",
                "state": "done",
                "n": n,
                "prompt": "a cat on a mat in the style of a painter who likes many colours",
            }
        )
        for n in range(count)
    ]


def plan_of(folder: Path, name: str, source: str) -> MapperPlan:
    path = folder / f"{name}.py"
    path.write_text(source)
    product = discover(enable=(name,), paths=(str(path),)).product(name)
    return MapperPlan(name, "demo", "2026-03-01T00:00:00Z", (str(path),), adapter_digest=product.digest)


def interleaved(
    tasks: dict[str, Callable[[list[bytes]], object]], lines: list[bytes], slices: int
) -> dict[str, float]:
    """Return each task's CPU time a row in microseconds, the median over slices."""
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    chance = random.Random(2)
    size = len(lines) // slices
    for start in range(0, size * slices, size):
        part = lines[start : start + size]
        for name, task in chance.sample(
            list(tasks.items()), len(tasks)
        ):  # who comes next pays for freed memory
            before = time.process_time()
            task(part)
            taken[name].append((time.process_time() - before) / size * 1e6)
    return {name: statistics.median(values) for name, values in taken.items()}


def wall(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--slices", type=int, default=25)
    asked = options.parse_args()
    lines = rows(asked.rows)
    with tempfile.TemporaryDirectory() as folder:
        hooks = plan_of(Path(folder), "hooks", HOOKS)
        declared = plan_of(Path(folder), "declared", DECLARED)
        by_hook, by_mapping = hooks.build(), declared.build()
        gc.collect()
        gc.freeze()
        limit = "orjson.loads + sorted orjson.dumps"
        found = interleaved(
            {
                limit: lambda part: [
                    orjson.dumps(orjson.loads(line), option=orjson.OPT_SORT_KEYS) for line in part
                ],
                "hooks, from parsed rows": lambda part: map_chunk(
                    [orjson.loads(line) for line in part], by_hook
                ),
                "hooks, from lines": lambda part: map_chunk(part, by_hook),
                "RecordMapping, from lines": lambda part: map_chunk(part, by_mapping),
            },
            lines,
            asked.slices,
        )
        print(f"{'':38}{'CPU us/row':>11}{'of limit':>10}")
        for name, cost in found.items():
            print(f"{name:38}{cost:11.2f}{found[limit] / cost:10.2f}")
        chunks = [lines[i : i + 5000] for i in range(0, len(lines), 5000)]
        alone, pooled = [], []
        for _ in range(3):
            alone.append(wall(lambda: [map_chunk(chunk, by_hook) for chunk in chunks]))
            pooled.append(wall(lambda: sum(map(len, map_in_pool(hooks, chunks, workers=asked.workers)))))
        ratio = statistics.median(alone) / statistics.median(pooled)
        print(
            f"pool of {asked.workers}: {ratio:.2f} times this process (wall time, start of the workers included)"
        )
    print(
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, Python {sys.version.split()[0]}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
