"""The limits: ``python bare.py orjson ROWS`` parses, ``python bare.py sqlite ROWS DATABASE`` inserts the lines as they are."""

from __future__ import annotations

import sqlite3
import sys
from itertools import islice
from pathlib import Path

import orjson


def parse(rows: str) -> None:
    with Path(rows).open("rb") as stream:
        for line in stream:
            orjson.loads(line)


def insert(rows: str, database: str) -> None:
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("page_size = 8192", "journal_mode = WAL", "synchronous = FULL", "cache_size = -65536"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(
        "CREATE TABLE facts (position INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, body TEXT NOT NULL) STRICT"
    )
    with Path(rows).open() as stream:
        while chunk := [(line[7:35], line) for line in islice(stream, 10_000)]:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT OR IGNORE INTO facts (key, body) VALUES (?, ?)", chunk)
            connection.execute("COMMIT")


if __name__ == "__main__":
    parse(sys.argv[2]) if sys.argv[1] == "orjson" else insert(*sys.argv[2:])
