"""Map, validate, redact, fingerprint and append, against the bare INSERT OR IGNORE of the same bytes.

    python benchmarks/ledger/ingest.py [--events 1000000] [--read]

Both run in turns, so that the machine's mood hits both: a slice of saascore, then in a process of its own (so that the
peak memory is saascore's alone) the same slice by a bare executemany in batches of 10,000 under the same random UNIQUE
key, with the same page size, cache and journal. Wall and processor time are both shown: on a machine that others use
too, only the second compares. ``--read`` goes on to seal, verify and summarise what was written.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from figures import at_least, at_most, tell
from read import read
from workload import KEYS, NOW, Record, Workload, product

from saascore.ledger import create_ledger
from saascore.usage.submit import CHUNK, Submission, mapper_for

BARE_BATCH = 10_000
_CREATE = (
    "CREATE TABLE facts (position INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, body TEXT NOT NULL) STRICT"
)


class Spent(NamedTuple):
    """Seconds of wall and processor time."""

    wall: float
    cpu: float


def spent(work: Callable[[], object]) -> Spent:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu)


class Bare:
    """The limit: what SQLite alone does with the same bytes, in a process of its own."""

    _connection: sqlite3.Connection

    def __init__(self, path: Path) -> None:
        self._pool = multiprocessing.get_context("fork").Pool(1, Bare._open, (path,))

    @staticmethod
    def _open(path: Path) -> None:
        Bare._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("page_size = 8192", "journal_mode = WAL", "synchronous = FULL", "cache_size = -65536"):
            Bare._connection.execute(f"PRAGMA {pragma}")
        Bare._connection.execute(_CREATE)

    def insert(self, rows: list[tuple[str, str]]) -> Spent:
        return self._pool.apply(Bare._insert, (rows,))

    @staticmethod
    def _insert(rows: list[tuple[str, str]]) -> Spent:
        def work() -> None:
            for at in range(0, len(rows), BARE_BATCH):
                Bare._connection.execute("BEGIN IMMEDIATE")
                Bare._connection.executemany(
                    "INSERT OR IGNORE INTO facts (key, body) VALUES (?, ?)", rows[at : at + BARE_BATCH]
                )
                Bare._connection.execute("COMMIT")

        return spent(work)

    def close(self) -> None:
        self._pool.close()
        self._pool.join()


class Clock:
    """Adds up what each contender has spent."""

    def __init__(self) -> None:
        self.spent: dict[str, list[Spent]] = {}

    def add(self, name: str, took: Spent) -> None:
        self.spent.setdefault(name, []).append(took)

    def told(self, slices: int = 0) -> str:
        """Tell of the last slices, or of all."""
        parts = []
        for name, all_of_it in self.spent.items():
            last = all_of_it[-slices:]
            wall, cpu = (sum(column) / len(last) / CHUNK * 1e6 for column in zip(*last, strict=True))
            parts.append(f"{name} {1e6 / wall:>8,.0f}/s wall {cpu:>5.1f} us CPU")
        if len(self.spent) == 2:
            ratio = self.ratio(slices)
            parts.append(f"ratio {ratio.wall:.2f} wall {ratio.cpu:.2f} CPU")
        return "   ".join(parts)

    def ratio(self, slices: int = 0) -> Spent:
        """Return what the bare insert has spent in proportion to saascore."""
        ours, bare = (
            [sum(column) for column in zip(*self.spent[name][-slices:], strict=True)]
            for name in ("saascore", "bare")
        )
        return Spent(bare[0] / ours[0], bare[1] / ours[1])


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--events", type=int, default=1_000_000)
    options.add_argument("--without-bare", action="store_true")
    options.add_argument("--read", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="saascore-bench-") as folder:
        run(Path(folder), chosen.events, with_bare=not chosen.without_bare, and_read=chosen.read)


def run(folder: Path, events: int, *, with_bare: bool, and_read: bool) -> None:
    bare = Bare(folder / "bare.db") if with_bare else None
    ledger = create_ledger(f"sqlite:///{folder}/ledger.db", reference_key="bench")
    prepare = mapper_for(ledger, product(), KEYS, now=NOW)
    submission, work = Submission(ledger, source="bench", now=NOW), Workload(total=events)
    clock, outcomes = Clock(), Counter[str]()

    def ours(records: list[Record]) -> None:
        outcomes.update(verdict.outcome for verdict in submission.run(records, prepare))

    tenth = max(1, events // CHUNK // 10)
    for done in range(1, events // CHUNK + 1):
        records = work.take(CHUNK)
        clock.add("saascore", spent(lambda records=records: ours(records)))
        if bare:
            bodies = [row.body for row in map(prepare, (record.value for record in records))]
            clock.add("bare", bare.insert([(body[body.index("ref:key") :][:38], body) for body in bodies]))
            del bodies
        del records
        if done % tenth == 0:
            print(f"{done * CHUNK:>11,}  {clock.told(tenth)}", flush=True)
    print(f"{'all':>11}  {clock.told()}")
    size = (folder / "ledger.db").stat().st_size / ledger.head
    print(f"outcomes {dict(outcomes)}; {size:,.0f} bytes a stored fact")
    tell(at_most(f"peak memory of {events:,} events", memory(), 300, " MB"))
    if bare:
        ratio = clock.ratio()
        tell(at_least(f"{events:,} events against the bare insert, wall time", ratio.wall, 0.5))
        tell(at_least(f"{events:,} events against the bare insert", ratio.cpu, 0.5))
        bare.close()
    if and_read:
        read(ledger, append=sum(took.cpu for took in clock.spent["saascore"]))
        print(f"peak memory {memory():,.0f} MB")


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
