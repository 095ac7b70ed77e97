"""What adapters cost: at start-up beside the scan of distributions, and for each record beside the adapter's own.

    python benchmarks/adapters.py

Goal: discovery of 200 installed distributions adds at most 60 ms to importlib.metadata's own scan of them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from figures import Figure, at_most, tell

from saascore.adapters import Registry
from saascore.drafts import UsageDraft
from saascore.hookspecs import hookimpl

DISTRIBUTIONS = 200
ROUNDS = 7
PROGRAM = """
import importlib.metadata, sys, time
import saascore.adapters
sys.path.insert(0, sys.argv[1])
start = time.process_time()
list(importlib.metadata.entry_points(group="saascore.adapters"))
scan = time.process_time() - start
start = time.process_time()
registry = saascore.adapters.discover(enable=[f"made-{n}" for n in range(int(sys.argv[2]))], environment={})
assert len(registry.loaded()) == int(sys.argv[2])
print(scan * 1000, (time.process_time() - start) * 1000)
"""


class Studio:
    """A product whose mapping does next to nothing, so that what the boundary adds shows."""

    api = 1

    @hookimpl
    def map_usage_record(self, record: Mapping[str, Any]) -> UsageDraft:
        return UsageDraft("made", (record["id"],), 1, "image", record["at"], {"w": record["w"]}, "Pro")


def installed(folder: Path, adapters: int) -> None:
    for number in range(DISTRIBUTIONS):
        info = folder / f"made_{number}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: made-{number}\nVersion: 1.0\n")
        group = (
            f"[saascore.adapters]\nmade-{number} = made_{number}\n"
            if number < adapters
            else "[other]\na = b\n"
        )
        (info / "entry_points.txt").write_text(group)
        if number < adapters:
            (folder / f"made_{number}.py").write_text(
                "from saascore.hookspecs import hookimpl\napi = 1\n@hookimpl\ndef map_plan_label(plan):\n    return None\n"
            )


def discovery(adapters: int) -> tuple[float, float]:
    """Return CPU milliseconds of the bare scan and of discovery, each the least of several fresh processes."""
    with tempfile.TemporaryDirectory() as folder:
        installed(Path(folder), adapters)
        command = [sys.executable, "-c", PROGRAM, folder, str(adapters)]
        found = [
            tuple(
                map(
                    float,
                    subprocess.run(
                        command, capture_output=True, text=True, check=True, cwd=folder
                    ).stdout.split(),
                )
            )
            for _ in range(ROUNDS)
        ]
    return min(scan for scan, _ in found), min(taken for _, taken in found)


def microseconds(call: Callable[[Mapping[str, Any]], object], record: Mapping[str, Any]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(10_000):
            call(record)
        best = min(best, (time.process_time() - start) * 100)
    return best


def main() -> int:
    for adapters in (1, 10, 20):
        scan, taken = discovery(adapters)
        tell(
            at_most(
                f"{DISTRIBUTIONS} distributions, {adapters} adapters: the scan takes {scan:.1f} ms, discovery adds",
                taken - scan,
                60,
                " ms",
            )
        )
    record = {"id": "row-1", "at": "2026-03-01T00:00:00Z", "w": "studio"}
    guarded = Registry.of({"studio": Studio()}).product("studio").map_usage_record
    guarded(record)
    bare, full = microseconds(Studio().map_usage_record, record), microseconds(guarded, record)
    tell(
        Figure(
            "map_usage_record: the adapter's own, and behind the boundary", f"{bare:.2f} us, {full:.2f} us"
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
