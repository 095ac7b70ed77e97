"""What adapters cost: at start-up beside the scan of distributions, and for each record beside the adapter's own."""

import subprocess
import sys
import time

import pytest

from saascore.adapters import Registry
from saascore.drafts import UsageDraft
from saascore.hookspecs import hookimpl

pytestmark = pytest.mark.slow
DISTRIBUTIONS = 200
ADAPTERS = 10
#: The promise: what discovery adds to importlib.metadata's own scan of that many distributions, in milliseconds.
MOST = 60.0
PROGRAM = """
import importlib.metadata, sys, time
import saascore.adapters
sys.path.insert(0, sys.argv[1])
start = time.process_time()
list(importlib.metadata.entry_points(group="saascore.adapters"))
scan = time.process_time() - start
start = time.process_time()
registry = saascore.adapters.discover(enable=[f"made-{n}" for n in range(int(sys.argv[2]))], environment={})
print((time.process_time() - start - scan) * 1000, len(registry.loaded()))
"""


def test_discovery_of_200_distributions_adds_little_to_the_scan(tmp_path):
    for number in range(DISTRIBUTIONS):
        info = tmp_path / f"made_{number}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: made-{number}\nVersion: 1.0\n", encoding="utf-8"
        )
        group = (
            f"[saascore.adapters]\nmade-{number} = made_{number}\n"
            if number < ADAPTERS
            else "[other]\na = b\n"
        )
        (info / "entry_points.txt").write_text(group, encoding="utf-8")
    for number in range(ADAPTERS):
        (tmp_path / f"made_{number}.py").write_text(
            "from saascore.hookspecs import hookimpl\napi = 1\n@hookimpl\ndef map_plan_label(plan):\n    return None\n",
            encoding="utf-8",
        )
    found = []
    for _ in range(5):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(tmp_path), str(ADAPTERS)],
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
        )
        milliseconds, loaded = done.stdout.split()
        assert int(loaded) == ADAPTERS
        found.append(float(milliseconds))
    assert min(found) <= MOST


def test_the_boundary_costs_little_more_than_the_call_itself():
    class Studio:
        api = 1

        @hookimpl
        def map_usage_record(self, record):
            return UsageDraft("made", (record["id"],), 1, "image", record["at"], {"w": record["w"]}, "Pro")

    record = {"id": "row-1", "at": "2026-03-01T00:00:00Z", "w": "studio"}
    bare = Studio().map_usage_record
    guarded = Registry.of({"studio": Studio()}).product("studio").map_usage_record

    def microseconds(call):
        best = float("inf")
        for _ in range(7):
            start = time.process_time()
            for _ in range(10_000):
                call(record)
            best = min(best, (time.process_time() - start) * 100)
        return best

    guarded(record)
    assert microseconds(guarded) - microseconds(bare) < 2.0  # 0.3 on a quiet machine
