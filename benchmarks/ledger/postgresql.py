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

sys.path.insert(0, str(Path(__file__).parent))

from workload import KEYS, NOW, Workload, product

from saascore.ledger import Ledger, create_ledger, open_ledger
from saascore.ledger.usage_row import UsageRow
from saascore.usage.submit import Submission, mapper_for

BATCH = 10_000


def rate(events: int, start: float) -> float:
    return events / (time.perf_counter() - start)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("url")
    options.add_argument("--events", type=int, default=100_000)
    chosen = options.parse_args()
    ledger = create_ledger(chosen.url, reference_key="bench")
    prepare, work = mapper_for(ledger, product(), KEYS, now=NOW), Workload(total=chosen.events * 2)
    mapped = [prepare(record.value) for record in work.take(chosen.events)]
    rows = [row for row in mapped if isinstance(row, UsageRow)]
    half = len(rows) // 2
    by_copy = appended(ledger, rows[:half])
    driver = ledger.driver
    driver.insert = lambda table, columns, rows: driver.run_many(  # type: ignore[method-assign]
        f"INSERT INTO {table} ({','.join(columns)}) VALUES ({','.join('?' * len(columns))})", rows
    )
    by_executemany = appended(ledger, rows[half:])
    print(
        f"executemany {by_executemany:,.0f}/s, COPY {by_copy:,.0f}/s, ratio {by_copy / by_executemany:.2f} (goal 1.5)"
    )
    more = [
        row
        for row in map(prepare, (record.value for record in work.take(chosen.events)))
        if isinstance(row, UsageRow)
    ]
    print(f"eight clients, batches of 500: {contended(chosen.url, more, 8):,.0f}/s; one client: ", end="")
    more = [
        row
        for row in map(prepare, (record.value for record in work.take(chosen.events)))
        if isinstance(row, UsageRow)
    ]
    print(f"{contended(chosen.url, more, 1):,.0f}/s")


def appended(ledger: Ledger, rows: list[UsageRow]) -> float:
    submission = Submission(ledger, source="bench", now=NOW)
    start = time.perf_counter()
    for at in range(0, len(rows), BATCH):
        submission.commit(list(enumerate(rows[at : at + BATCH])))
    return rate(len(rows), start)


def contended(url: str, rows: list[UsageRow], clients: int) -> float:
    def client(number: int) -> None:
        with open_ledger(url) as ledger:
            submission = Submission(ledger, source="bench", now=NOW)
            own = rows[number::clients]
            for at in range(0, len(own), 500):
                submission.commit(list(enumerate(own[at : at + 500])))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return rate(len(rows), start)


if __name__ == "__main__":
    main()
