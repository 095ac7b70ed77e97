"""Every engine and store gives the same bytes: facts, outcomes and summary, whatever the chunks and the accidents."""

import hashlib
import json
import random

import pytest

from saascore.adapters import discover
from saascore.contract.runs import RunLimits
from saascore.contract.summary import SummarySpec
from saascore.contract.window import Window
from saascore.engines import MapperPlan, engine_named, map_in_pool
from saascore.errors import SaascoreError
from saascore.ledger import create_ledger
from saascore.ledger.runs import runs
from saascore.privacy.references import ReferenceKeys
from saascore.usage.preview import Audit, preview
from saascore.usage.runs import apply, resume
from saascore.usage.summary import summarize

NOW = "2026-03-10T12:00:00Z"
WINDOW = {"from": "2026-02-01T00:00:00Z", "to": "2026-03-01T00:00:00Z"}
AUDIT = Audit("op:ops", "op:finance", "launch-backfill")
ADAPTER = '''
"""A product whose rows are a file beside it; one row is poison, and one kills the worker that maps it first."""
import json, multiprocessing, os
from pathlib import Path
from saascore.drafts import SourceRow, UsageDraft
from saascore.hookspecs import hookimpl

api = 1
adapter_id = "filed"
HERE = Path(__file__).parent

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
def read_source_rows(window, after):
    for row in json.loads((HERE / "rows.json").read_text()):
        yield SourceRow((row["at"], row["id"]), row)

@hookimpl
def map_usage_record(record):
    fuse = HERE / "fuse"
    if record["id"] == "job-0025" and fuse.exists() and multiprocessing.parent_process() is not None:
        fuse.unlink()
        os.kill(os.getpid(), 9)
    if record["id"] == "job-0031":
        raise RuntimeError(record["id"])
    return UsageDraft(
        event_name=record["event"], key=(record["id"],), quantity=record["images"], unit="image",
        occurred_at=record["at"], claims={"workspace": record["workspace"]}, plan=record["plan"],
        dimensions={"size": record["size"]}, plan_basis="occurrence",
    )
'''


@pytest.fixture
def adapter(tmp_path, monkeypatch):
    monkeypatch.setenv("SAASCORE_REFERENCE_KEYS", "k1:" + "5a" * 32)
    rows = [
        {
            "id": f"job-{number:04}",
            "event": ("render", "upscale", "unknown")[min(number % 7, 2) if number % 7 != 3 else 0],
            "images": f"{number % 5}.25",
            "at": f"2026-02-{number % 28 + 1:02}T12:{number % 60:02}:00.000000Z",
            "workspace": f"ws-{number % 9}",
            "plan": ("Pro", "Free")[number % 3 == 0],
            "size": ("large", "user-12345")[number == 40],
        }
        for number in range(120)
    ]
    (tmp_path / "rows.json").write_text(json.dumps(sorted(rows, key=lambda row: (row["at"], row["id"]))))
    path = tmp_path / "filed.py"
    path.write_text(ADAPTER)
    return path


def made(adapter):
    keys = ReferenceKeys.parse("k1:" + "5a" * 32)
    return discover(enable=("filed",), paths=(str(adapter),)).product("filed"), keys


def digest_of(ledger, outcomes):
    """Return one digest of all facts, of what became of the rows, and of the summary."""
    facts = sorted(fact.body for fact in ledger.facts(schema="saascore/usage-event/1"))
    spec = SummarySpec.parse({"window": WINDOW, "grain": "day", "dimensions": ("size",)})
    summary = summarize(ledger, spec).canonical().decode()
    return hashlib.sha256(json.dumps([facts, sorted(outcomes), summary]).encode()).hexdigest()


def digest_of_run(url, adapter, engine, chunk):
    """Return the digest of what a backfill made of the rows, and their outcomes."""
    product, keys = made(adapter)
    with create_ledger(url, reference_key="k1", created_at=NOW) as ledger:
        limits = RunLimits(chunk=chunk)
        shown = preview(ledger, product, keys, Window.parse(WINDOW), AUDIT, limits=limits, engine=engine)
        done = apply(ledger, product, keys, shown, now=NOW, engine=engine)
        assert done.outcomes == shown.outcomes
        return digest_of(ledger, done.outcomes), dict(done.outcomes)


@pytest.mark.slow
@pytest.mark.parametrize(("workers", "chunk"), [(None, 7), (1, 1000), (2, 10), (3, 7)])
def test_one_digest_from_every_engine_store_chunk_and_number_of_workers(adapter, store_url, workers, chunk):
    expected, outcomes = digest_of_run("sqlite:///:memory:", adapter, engine_named("local"), 1000)
    assert outcomes["accepted"] > 40
    assert outcomes["rejected"] > 10
    fuse = adapter.with_name("fuse")
    fuse.touch()

    def pooled(mapper, chunks, size):
        return map_in_pool(MapperPlan.of(mapper, (str(adapter),)), chunks, size, workers=workers)

    engine = engine_named("local") if workers is None else pooled
    assert digest_of_run(store_url, adapter, engine, chunk) == (expected, outcomes)
    assert fuse.exists() == (workers is None), "no worker was killed: the test shows less than it says"


def test_the_digest_tells_one_row_less(adapter):
    expected, _ = digest_of_run("sqlite:///:memory:", adapter, engine_named("local"), 1000)
    rows = json.loads(adapter.with_name("rows.json").read_text())
    rows.pop(random.Random(1).randrange(20))
    adapter.with_name("rows.json").write_text(json.dumps(rows))
    assert digest_of_run("sqlite:///:memory:", adapter, engine_named("local"), 1000)[0] != expected


def test_a_disk_that_is_full_in_the_middle_of_a_run_costs_nothing_but_time(adapter, tmp_path):
    expected, _ = digest_of_run("sqlite:///:memory:", adapter, engine_named("local"), 1000)
    product, keys = made(adapter)
    with create_ledger(f"sqlite:///{tmp_path}/ledger.db", reference_key="k1", created_at=NOW) as ledger:
        limits = RunLimits(chunk=10)
        shown = preview(ledger, product, keys, Window.parse(WINDOW), AUDIT, limits=limits)
        ((pages,),) = ledger.driver.rows("PRAGMA page_count")
        ledger.driver.rows(f"PRAGMA max_page_count = {pages + 4}")
        with pytest.raises(SaascoreError, match="LED-005"):
            apply(ledger, product, keys, shown, now=NOW)
        (run,) = runs(ledger)
        assert 0 < run.consumed < 120
        ledger.driver.rows("PRAGMA max_page_count = 100000")
        done = resume(ledger, product, keys, run.run_id, now=NOW)
        assert digest_of(ledger, done.outcomes) == expected
