"""Map, validate, redact, fingerprint and append, against the bare INSERT OR IGNORE of the same bytes.

    python benchmarks/ledger/ingest.py [--events 1000000] [--chunk 50000]

Both run in turns in one process, so that the machine's mood hits both: a slice of saascore, then a slice of the bare
executemany in batches of 10,000 under the same random UNIQUE key, with the same page size, cache and journal. Wall and
processor time are both shown: on a machine that others use too, only the second compares.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from workload import KEYS, NOW, Record, Workload, product

from saascore.ledger import create_ledger
from saascore.usage.submit import Submission, mapper_for

BARE_BATCH = 10_000
SLICE = 100_000
_CREATE = (
    "CREATE TABLE facts (position INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, body TEXT NOT NULL) STRICT"
)


class Clock:
    """Adds up wall and processor time of one contender."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0
        self.events = 0

    def time(self, work: Callable[[], object], events: int) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu
        self.events += events

    def told(self) -> str:
        return f"{self.events / self.wall:>9,.0f}/s wall {self.cpu / self.events * 1e6:>6.1f} us CPU"


class Bare:
    """The limit: what SQLite alone does with the same bytes."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("page_size = 8192", "journal_mode = WAL", "synchronous = FULL", "cache_size = -65536"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute(_CREATE)

    def insert(self, rows: list[tuple[str, str]]) -> None:
        for at in range(0, len(rows), BARE_BATCH):
            self.connection.execute("BEGIN IMMEDIATE")
            self.connection.executemany(
                "INSERT OR IGNORE INTO facts (key, body) VALUES (?, ?)", rows[at : at + BARE_BATCH]
            )
            self.connection.execute("COMMIT")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--events", type=int, default=1_000_000)
    options.add_argument("--chunk", type=int, default=50_000)
    options.add_argument("--without-bare", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="saascore-bench-") as folder:
        run(Path(folder), chosen.events, chosen.chunk, with_bare=not chosen.without_bare)


def run(folder: Path, events: int, chunk: int, *, with_bare: bool) -> None:
    ledger = create_ledger(f"sqlite:///{folder}/ledger.db", reference_key="bench")
    prepare = mapper_for(ledger, product(), KEYS, now=NOW)
    submission = Submission(ledger, source="bench", now=NOW)
    bare, work = Bare(folder / "bare.db"), Workload(total=events)
    outcomes: Counter[str] = Counter()

    def ours(records: list[Record]) -> None:
        outcomes.update(verdict.outcome for verdict in submission.run(records, prepare, chunk=chunk))

    clocks = {"saascore": Clock(), "bare": Clock()}
    step = {"saascore": Clock(), "bare": Clock()}
    for done in range(SLICE, events + SLICE, SLICE):
        records = work.take(SLICE)
        timed(clocks, step, "saascore", lambda records=records: ours(records))
        if with_bare:
            rows = [
                (row.body[row.body.index("ref:key") :][:38], row.body)
                for row in map(prepare, (r.value for r in records))
            ]
            timed(clocks, step, "bare", lambda rows=rows: bare.insert(rows))
        if done % max(SLICE, events // 10) == 0:
            print(
                f"{done:>11,}  "
                + "   ".join(f"{name} {clock.told()}" for name, clock in step.items() if clock.events)
            )
            step = {"saascore": Clock(), "bare": Clock()}
    print(
        f"{'all':>11}  "
        + "   ".join(f"{name} {clock.told()}" for name, clock in clocks.items() if clock.events)
    )
    if with_bare:
        wall = clocks["bare"].wall / clocks["saascore"].wall
        cpu = clocks["bare"].cpu / clocks["saascore"].cpu
        print(f"ratio to the bare insert: {wall:.2f} wall, {cpu:.2f} CPU (goal 0.50)")
    size = (folder / "ledger.db").stat().st_size / ledger.head
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"outcomes {dict(outcomes)}; {size:,.0f} bytes a stored fact; peak memory {memory:,.0f} MB")


def timed(clocks: dict[str, Clock], step: dict[str, Clock], name: str, work: Callable[[], object]) -> None:
    before = (clocks[name].wall, clocks[name].cpu)
    clocks[name].time(work, SLICE)
    step[name].wall += clocks[name].wall - before[0]
    step[name].cpu += clocks[name].cpu - before[1]
    step[name].events += SLICE


if __name__ == "__main__":
    main()
