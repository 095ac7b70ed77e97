"""PostgreSQL: appending by COPY against the same rows by executemany, and what the writer lock costs eight clients.

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

import psycopg
from workload import KEYS, NOW, Workload, product

from saascore.ledger import create_ledger, open_ledger
from saascore.ledger.usage_row import UsageRow
from saascore.usage.submit import Submission, mapper_for

BATCH = 10_000
_BARE = "CREATE TABLE bare (position BIGSERIAL PRIMARY KEY, key TEXT NOT NULL UNIQUE, body TEXT NOT NULL)"
_INSERT = "INSERT INTO bare (key, body) VALUES (%s, %s) ON CONFLICT DO NOTHING"


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
    with psycopg.connect(chosen.url) as connection, connection.cursor() as cursor:
        cursor.execute(_BARE)
        start = time.perf_counter()
        for at in range(0, len(rows), BATCH):
            cursor.executemany(_INSERT, [(row.key.hex(), row.body) for row in rows[at : at + BATCH]])
            connection.commit()
        bare = rate(len(rows), start)
    submission = Submission(ledger, source="bench", now=NOW)
    start = time.perf_counter()
    for at in range(0, len(rows), BATCH):
        submission.commit(list(enumerate(rows[at : at + BATCH])))
    ours = rate(len(rows), start)
    print(
        f"executemany, one table: {bare:,.0f}/s   ledger by COPY, all tables: {ours:,.0f}/s   ratio {ours / bare:.2f}"
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
