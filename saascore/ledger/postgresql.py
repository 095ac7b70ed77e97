"""PostgreSQL: the store for many writers. They map and validate side by side and take turns to commit.

Positions must have no gaps and must not be seen out of order, which a serial column cannot promise: a transaction that
commits late would appear behind readers. So each write transaction takes one advisory lock first.
"""

# ruff: noqa: D102  what the methods promise is said in driver.py; table and column names are ours

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from saascore.errors import SaascoreError
from saascore.ledger.driver import Row
from saascore.ledger.schema import Dialect

#: "saascore" as eight bytes: the number of the lock that the one writer of a database holds.
WRITER_LOCK = int.from_bytes(b"saascore", "big")
_WAIT = "60s"


class PostgresqlDriver:
    """One connection to a ledger in a database's schema ``saascore``."""

    dialect: Dialect = "postgresql"

    def __init__(self, url: str, *, create: bool = False) -> None:
        with _faults("LED-001"):
            self._connection = psycopg.connect(url, autocommit=True, application_name="saascore")
        try:
            with _faults("LED-001"):
                self._connection.execute("SET search_path TO saascore")
                self._connection.execute(f"SET lock_timeout TO '{_WAIT}'")
                # short queries over long lists of keys: compiling one takes longer than running it
                self._connection.execute("SET jit TO off")
                # every query has its index, which the statistics of a table that has just grown do not say
                self._connection.execute("SET enable_seqscan TO off")
                made = self._connection.execute("SELECT to_regclass('saascore.meta') IS NOT NULL").fetchone()
        except BaseException:
            self.close()
            raise
        if create and made == (True,):
            self.close()
            raise SaascoreError("LED-003")

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        with _faults():
            return self._connection.execute(_translated(sql), parameters).fetchall()

    def among(self, select: str, column: str, values: Sequence[Any], *, order: str = "") -> list[Row]:
        if not values:
            return []
        return self.rows(f"{select} WHERE {column} = ANY(?) {order}", (list(values),))

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        with _faults():
            return self._connection.execute(_translated(sql), parameters).rowcount

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with _faults(), self._connection.cursor() as cursor:
            cursor.executemany(_translated(sql), rows)

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        if rows == []:  # COPY of nothing is a round trip
            return
        statement = _translated(f"COPY {table} ({','.join(columns)}) FROM STDIN")
        with _faults(), self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)

    def script(self, sql: str) -> None:
        with _faults():
            self._connection.execute(_translated(sql))

    def begin(self) -> None:
        self.run("BEGIN")
        try:
            self.rows("SELECT pg_advisory_xact_lock(?)", (WRITER_LOCK,))
        except SaascoreError:
            self.rollback()
            raise

    def commit(self) -> None:
        self.run("COMMIT")

    def rollback(self) -> None:
        if self._connection.info.transaction_status not in (
            TransactionStatus.IDLE,
            TransactionStatus.UNKNOWN,
        ):
            self._connection.rollback()

    def close(self) -> None:
        self._connection.close()


@lru_cache(maxsize=256)
def _translated(sql: str) -> bytes:
    return sql.replace("?", "%s").encode()


@contextmanager
def _faults(code: str = "LED-005") -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        # the server's message can repeat a statement or a value; the name of its error class cannot
        raise SaascoreError(code, detail=type(error).__name__) from None
