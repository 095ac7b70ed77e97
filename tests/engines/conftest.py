"""A product adapter in a file, rows for it, and a plan that any process can follow."""

import json

import pytest

from saascore.adapters import discover
from saascore.engines import MapperPlan

ADAPTER = '''
"""A small product: renders counted by the image."""
from saascore.drafts import Skip, UsageDraft
from saascore.hookspecs import hookimpl

api = 1
adapter_id = "small-studio"

@hookimpl
def map_event_name(event_name):
    return {"render": "image.rendered", "upscale": "image.upscaled"}.get(event_name)

@hookimpl
def map_plan_label(plan):
    return {"Pro": "pro", "Free": "free"}.get(plan)

@hookimpl
def reference_workspace(claims, redact):
    return redact("workspace", claims["workspace"])

@hookimpl
def map_usage_record(record):
    if record["state"] == "die":
        import os
        from pathlib import Path
        if Path(record["fuse"]).exists():
            Path(record["fuse"]).unlink()
            os.kill(os.getpid(), 9)
    if record["state"] == "always-die":
        import multiprocessing, os
        if multiprocessing.parent_process() is not None:
            os.kill(os.getpid(), 9)
    if record["state"] == "queued":
        return Skip("not-finished")
    if record["state"] == "poison":
        raise RuntimeError(record["id"])
    return UsageDraft(
        event_name=record["event"], key=(record["id"],), quantity=record["images"], unit="image",
        occurred_at=record["at"], claims={"workspace": record["workspace"]}, plan=record["plan"],
        dimensions={"size": record["size"]}, source_sequence=record.get("n"),
    )
'''


@pytest.fixture
def adapter(tmp_path):
    path = tmp_path / "small_studio.py"
    path.write_text(ADAPTER)
    return path


@pytest.fixture
def plan(adapter, monkeypatch):
    monkeypatch.setenv("SAASCORE_REFERENCE_KEYS", "demo:" + "5a" * 32)
    product = discover(enable=("small-studio",), paths=(str(adapter),)).product("small-studio")
    return MapperPlan(
        "small-studio",
        "demo",
        "2026-03-01T00:00:00Z",
        adapters=(str(adapter),),
        adapter_digest=product.digest,
    )


def make_row(number, **changes):
    row = {
        "id": f"job-{number}",
        "event": ("render", "upscale")[number % 2],
        "images": number % 5 + 1,
        "at": f"2026-02-{number % 28 + 1:02d}T12:00:00.{number % 1000:03d}Z",
        "workspace": f"ws-{number % 7}",
        "plan": ("Pro", "Free")[number % 3 == 0],
        "size": "large",
        "state": "done",
        "n": number,
    }
    return row | changes


def make_lines(count):
    """Rows with every kind of answer among them."""
    odd = {
        3: {"state": "queued"},
        11: {"state": "poison"},
        17: {"images": 1.5},
        23: {"event": "unknown"},
        29: {"at": "2026-02-01T00:00:00"},
        31: {"size": "user-12345"},
    }
    lines = [json.dumps(make_row(n, **odd.get(n, {}))).encode() for n in range(count)]
    return [*lines, b"{not json", b"[1]", lines[0]]


@pytest.fixture
def row():
    return make_row


@pytest.fixture
def lines():
    return make_lines
