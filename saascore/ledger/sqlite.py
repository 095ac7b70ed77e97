"""SQLite: the embedded store. Write-ahead log, full synchronisation, one writer at a time."""

# ruff: noqa: D102, S608  what the methods promise is said in driver.py; table and column names are ours

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from typing import Any

from saascore.errors import SaascoreError
from saascore.ledger.driver import Row
from saascore.ledger.schema import Dialect

#: How long a writer waits for its turn.
WAIT_SECONDS = 60.0
#: "SAAS" in SQLite's header, so that ``file`` and saascore know a ledger from another database.
APPLICATION_ID = 0x53414153
_SETTINGS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "cache_size = -65536",
    "temp_store = MEMORY",
    "trusted_schema = OFF",
    "wal_autocheckpoint = 4000",
)
_BLOCK = 1000
_ROWS = 200


class SqliteDriver:
    """One connection to a ledger in a file (or in memory).

    A thread opens its own: SQLite's transactions belong to connections, so threads that shared one would read each
    other's unfinished work.
    """

    dialect: Dialect = "sqlite"

    def __init__(self, path: str, *, create: bool = False) -> None:
        memory = path == ":memory:"
        if not memory and not create and not Path(path).is_file():
            raise SaascoreError("LED-001", detail="no such file")
        with _faults("LED-001"):
            self._connection = sqlite3.connect(
                path, timeout=WAIT_SECONDS, isolation_level=None, cached_statements=64
            )
        try:
            with _faults("LED-001"):
                self._prepare(create=create)
        except BaseException:
            self.close()
            raise

    def _prepare(self, *, create: bool) -> None:
        run = self._connection.execute
        if create:
            if run("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                raise SaascoreError("LED-003")
            run("PRAGMA page_size = 8192")
            run(f"PRAGMA application_id = {APPLICATION_ID}")
        elif not _holds_ledger(self._connection):
            raise SaascoreError("LED-001", detail="the file is no ledger")
        for setting in _SETTINGS:
            run(f"PRAGMA {setting}")

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        try:  # as _faults(), which would take a third of the time of a short query
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            fault = _fault(error)
        raise fault

    def among(self, select: str, column: str, values: Sequence[Any], *, order: str = "") -> list[Row]:
        found: list[Row] = []
        for start in range(0, len(values), _BLOCK):
            block = values[start : start + _BLOCK]
            marks = ",".join("?" * len(block))
            found += self.rows(f"{select} WHERE {column} IN ({marks}) {order}", block)
        return found

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        with _faults():
            return self._connection.execute(sql, parameters).rowcount

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with _faults():
            self._connection.executemany(sql, rows)

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        # many rows a statement take two thirds of the time of one statement a row, and let no other thread in between
        head = f"INSERT INTO {table} ({','.join(columns)}) VALUES "
        marks = f"({','.join('?' * len(columns))})"
        stream = iter(rows)
        with _faults():
            while block := list(islice(stream, _ROWS)):
                sql = head + ",".join([marks] * len(block))
                self._connection.execute(sql, list(chain.from_iterable(block)))

    def script(self, sql: str) -> None:
        with _faults():
            for statement in sql.split(";\n"):
                if statement.strip():
                    self._connection.execute(statement + ";")

    def begin(self) -> None:
        self.run("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self.run("COMMIT")

    def rollback(self) -> None:
        if self._connection.in_transaction:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()


def _holds_ledger(connection: sqlite3.Connection) -> bool:
    """Tell a ledger by its mark; one that Cloudflare D1 made, where no mark can be set, by what its meta table says."""
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    if mark != 0:
        return bool(mark == APPLICATION_ID)
    tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('meta', 'kinds', 'facts', 'keys')"
    names = "SELECT count(*) FROM meta WHERE name IN ('schema', 'ledger_id', 'reference_key')"
    return bool(
        connection.execute(tables).fetchone() == (4,) and connection.execute(names).fetchone() == (3,)
    )


@contextmanager
def _faults(code: str = "LED-005") -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise _fault(error, code) from None


def _fault(error: sqlite3.Error, code: str = "LED-005") -> SaascoreError:
    # SQLite's own message can repeat a statement or a value; its error name cannot.
    name = getattr(error, "sqlite_errorname", None) or type(error).__name__
    return SaascoreError(code, detail=str(name))
