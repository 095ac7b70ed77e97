"""PostgreSQL: appending by COPY against the same facts by executemany, and what the writer lock costs eight clients.

    python benchmarks/ledger/postgresql.py postgresql://saascore@127.0.0.1:5432/empty [--events 100000]

The database must be empty; a ledger is made in it.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from figures import Figure, at_least, tell
from workload import KEYS, NOW, Workload, product

from saascore.ledger import Ledger, create_ledger, open_ledger
from saascore.ledger.usage_row import UsageColumns, UsageRow
from saascore.usage.picked import Answers
from saascore.usage.submit import Batch, Submission, mapper_for

BATCH = 10_000


def rate(events: int, start: float) -> float:
    return events / (time.perf_counter() - start)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("url")
    options.add_argument("--events", type=int, default=100_000)
    chosen = options.parse_args()
    ledger = create_ledger(chosen.url, reference_key="bench")
    prepare, work = mapper_for(ledger, product(), KEYS, now=NOW), Workload(total=chosen.events * 6)
    mapped = [prepare(record.value) for record in work.take(chosen.events)]
    rows = [row for row in mapped if isinstance(row, UsageRow)]
    half = len(rows) // 2
    by_copy = appended(ledger, rows[:half])
    driver = ledger.driver
    driver.insert = lambda table, columns, rows: driver.run_many(  # type: ignore[method-assign]
        f"INSERT INTO {table} ({','.join(columns)}) VALUES ({','.join('?' * len(columns))})", rows
    )
    by_executemany = appended(ledger, rows[half:])
    rates = f"COPY {by_copy:,.0f}/s, executemany {by_executemany:,.0f}/s"
    tell(at_least(f"{rates}, wall time: COPY beside executemany", by_copy / by_executemany, 1.5))
    for batch in (500, 5000):
        reached, lock = {}, {}
        for clients in (1, 8):
            more = [
                row
                for row in map(prepare, (record.value for record in work.take(chosen.events)))
                if isinstance(row, UsageRow)
            ]
            reached[clients], waited, work_time = contended(chosen.url, more, clients, batch)
            lock[clients] = waited / work_time * 100
        tell(
            Figure(
                f"batches of {batch}: eight clients beside one, wall time", f"{reached[8] / reached[1]:.2f}"
            ),
            Figure(
                f"batches of {batch}: taking the writer lock, of the time of one client and of eight",
                f"{lock[1]:.1f} %, {lock[8]:.1f} %",
            ),
        )


def appended(ledger: Ledger, rows: list[UsageRow]) -> float:
    submission = Submission(ledger, source="bench", now=NOW)
    start = time.perf_counter()
    for at in range(0, len(rows), BATCH):
        part = rows[at : at + BATCH]
        submission.commit(Batch(range(len(part)), Answers("bench", UsageColumns.of(part))))
    return rate(len(rows), start)


def contended(url: str, rows: list[UsageRow], clients: int, batch: int) -> tuple[float, float, float]:
    """Commit rows that are mapped already, which is all that the lock is held for.

    Returns:
        Events a second, the seconds that all clients spent on getting the lock, and the seconds they ran.
    """
    waits, ran = [], []

    def client(number: int) -> None:
        with open_ledger(url) as ledger:
            begin = ledger.driver.begin

            def timed_begin() -> None:
                start = time.perf_counter()
                begin()
                waits.append(time.perf_counter() - start)

            ledger.driver.begin = timed_begin  # type: ignore[method-assign]
            submission = Submission(ledger, source="bench", now=NOW)
            own, start = rows[number::clients], time.perf_counter()
            for at in range(0, len(own), batch):
                part = own[at : at + batch]
                submission.commit(Batch(range(len(part)), Answers("bench", UsageColumns.of(part))))
            ran.append(time.perf_counter() - start)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return rate(len(rows), start), sum(waits), sum(ran)


if __name__ == "__main__":
    main()
