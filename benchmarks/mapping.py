"""From a product's row to a fact, without storage: hand-written hooks and a RecordMapping, beside orjson alone.

    python benchmarks/mapping.py [--rows 100000] [--pool-rows 300000] [--workers 2]

The limit is ``orjson.loads`` and a sorted ``orjson.dumps`` of the same rows. Slices of CPU time are interleaved in random
order, so that a busy machine slows all of them alike. A fact is validated, redacted, and in canonical bytes, which is what
its fingerprint is a digest of; the ledger takes it when two facts have one key. Goals: hooks at least 0.15 of the limit,
a RecordMapping 0.25, a pool of two workers 1.7 times this process. What a pool adds is the same for every adapter, so it
pays the more, the more an adapter does with a row; two processes that share nothing show what the machine itself gives.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import orjson
from figures import Figure, at_least, tell

from saascore.adapters import discover
from saascore.engines import MapperPlan, map_chunk, map_in_pool

os.environ.setdefault("SAASCORE_REFERENCE_KEYS", "demo:" + "5a" * 32)
CHUNK = 5000
GOALS = {
    "hooks, from parsed rows": 0.15,
    "hooks, from lines": 0.15,
    "RecordMapping, from parsed rows": 0.25,
    "RecordMapping, from lines": 0.25,
}
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
#: As rows of D1 often are: a column holds JSON, another milliseconds since 1970.
COLUMNS = HOOKS.replace(
    "def map_usage_record(record):",
    """def map_usage_record(record):
    record = {**record, **json.loads(record["detail"])}
    record["at"] = datetime.fromtimestamp(record["finished_ms"] / 1000, UTC)""",
).replace("from saascore.drafts", "import json\nfrom datetime import UTC, datetime\nfrom saascore.drafts", 1)

#: And as slow as the goal of hooks allows, 0.15 of the limit: the row is copied by way of its text.
SLOWER = COLUMNS.replace('record["at"]', 'record = json.loads(json.dumps(record))\n    record["at"]', 1)


def rows(count: int) -> list[bytes]:
    return [orjson.dumps(row) for row in made(count)]


def columns(count: int) -> list[bytes]:
    """Return rows whose details are JSON in a column."""
    found = []
    for number, row in enumerate(made(count)):
        detail = {name: row.pop(name) for name in ("event", "images", "size", "model", "state", "prompt")}
        found.append(
            orjson.dumps(
                row | {"detail": json.dumps(detail), "finished_ms": 1_769_900_000_000 + number * 1001}
            )
        )
    return found


def made(count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(1)
    return (
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
        for n in range(count)
    )


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


def blocks(lines: list[bytes]) -> list[bytes]:
    """Return lines as a reader hands them on: many in one piece."""
    return [b"\n".join(lines[at : at + CHUNK]) for at in range(0, len(lines), CHUNK)]


def alone(plan: MapperPlan, lines: list[bytes]) -> float:
    """Map all lines in this process, and return the seconds that mapping took."""
    mapper = plan.build()
    return wall(lambda: sum(len(map_chunk(chunk, mapper)) for chunk in blocks(lines)))


def pool(name: str, plan: MapperPlan, lines: list[bytes], workers: int) -> None:
    """Compare a pool with this process, and with as many processes that share nothing."""
    chunks = blocks(lines)
    whole, started, apart = [], [], []
    one = [alone(plan, lines)]
    for _ in range(3):
        whole.append(wall(lambda: sum(map(len, map_in_pool(plan, chunks, workers=workers)))))
        started.append(wall(lambda: sum(map(len, map_in_pool(plan, [b"", b""], workers=workers)))))
        with get_context("spawn").Pool(workers) as free:
            apart.append(max(free.starmap(alone, [(plan, lines)] * workers, chunksize=1)) / workers)
        one.append(alone(plan, lines))
    base, least = statistics.median(one), statistics.median(apart)
    steady = statistics.median(all_ - start for all_, start in zip(whole, started, strict=True))
    what = f"{name}, {base / len(lines) * 1e6:.1f} us a row: a pool of {workers}"
    tell(
        at_least(f"{what} beside this process, wall time once started", base / steady, 1.7),
        Figure(
            f"{what} the same with its start, at {len(lines):,} rows",
            f"{base / statistics.median(whole):.2f}",
        ),
        Figure(f"{what} beside {workers} processes that share nothing", f"{least / steady:.2f}"),
    )


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--pool-rows", type=int, default=300_000)
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
                "hooks, from parsed rows": lambda part: map_chunk(map(orjson.loads, part), by_hook),
                "RecordMapping, from parsed rows": lambda part: map_chunk(
                    map(orjson.loads, part), by_mapping
                ),
                "hooks, from lines": lambda part: map_chunk(part, by_hook),
                "RecordMapping, from lines": lambda part: map_chunk(part, by_mapping),
            },
            lines,
            asked.slices,
        )
        tell(
            Figure(f"{limit}, the limit", f"{found[limit]:.2f} us a row"),
            *(
                at_least(
                    f"{name}: {found[name]:.2f} us a row, of the limit", found[limit] / found[name], goal
                )
                for name, goal in GOALS.items()
            ),
        )
        pool("hooks", hooks, rows(asked.pool_rows), asked.workers)
        nested = plan_of(Path(folder), "nested", COLUMNS)
        pool("hooks that parse a column", nested, columns(asked.pool_rows), asked.workers)
        slower = plan_of(Path(folder), "slower", SLOWER)
        pool("hooks as slow as their goal", slower, columns(asked.pool_rows), asked.workers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
