"""A folder with one adapter and its samples, as an author has it before packaging."""

import json

import pytest

SOURCE = """
from saascore.drafts import Skip, UsageDraft
from saascore.hookspecs import hookimpl

api = 1


@hookimpl
def map_event_name(event_name):
    return {"made": "image.made"}.get(event_name)


@hookimpl
def map_usage_record(record):
    if record["state"] != "done":
        return Skip("not-finished")
    return UsageDraft(
        "made", (record["id"],), record["n"], "image", record["at"], {"w": record["w"]}, "Pro"
    )


@hookimpl
def map_plan_label(plan):
    return {"Pro": "pro"}.get(plan)


@hookimpl
def reference_workspace(claims, redact):
    return redact("workspace", claims["w"]) if "w" in claims else None
"""
ROWS = [
    {"id": "row-1", "state": "done", "n": 2, "at": "2026-03-01T10:00:00Z", "w": "studio-alpha-7"},
    {"id": "row-2", "state": "done", "n": 3, "at": "2026-03-01T11:00:00Z", "w": "studio-beta-8"},
    {"id": "row-3", "state": "queued", "n": 1, "at": None, "w": "studio-beta-8"},
]
EXPECTED = {
    "events": {"made": "image.made"},
    "plans": {"Pro": "pro"},
    "usage": [{"event_type": "image.made", "plan_key": "pro", "unit": "image", "count": 2, "sum": "5"}],
}


def make_studio(folder):
    (folder / "samples").mkdir(parents=True)
    (folder / "studio.py").write_text(SOURCE, encoding="utf-8")
    (folder / "samples" / "rows.ndjson").write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    (folder / "samples" / "expected.json").write_text(json.dumps(EXPECTED), encoding="utf-8")
    return folder


@pytest.fixture
def studio(tmp_path):
    return make_studio(tmp_path / "work")


@pytest.fixture(scope="module")
def studio_factory(tmp_path_factory):
    """Return a function that makes another such folder, and gives the adapter's source with it."""
    return lambda: (make_studio(tmp_path_factory.mktemp("studio") / "work"), SOURCE)
