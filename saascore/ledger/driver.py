"""The seam between the ledger and a database: ten small methods, implemented for SQLite and PostgreSQL.

SQL is written once, with ``?`` for parameters. Every failure of a database leaves a driver as a
:class:`~saascore.errors.SaascoreError` that names the kind of fault and never a statement or a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from saascore.ledger.schema import Dialect

Row = tuple[Any, ...]


class Driver(Protocol):
    """One connection to one ledger."""

    dialect: Dialect

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run a query and return its rows."""
        ...

    def among(self, select: str, column: str, values: Sequence[Any], *, order: str = "") -> list[Row]:
        """Run ``select WHERE column IN values``, however many values there are."""
        ...

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run a statement and return how many rows it touched."""
        ...

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once a row."""
        ...

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert rows as fast as the database can; a taken key is an error."""
        ...

    def script(self, sql: str) -> None:
        """Run the statements of a schema step."""
        ...

    def begin(self) -> None:
        """Open a write transaction and become the ledger's only writer until it ends."""
        ...

    def commit(self) -> None:
        """Make the write transaction durable."""
        ...

    def rollback(self) -> None:
        """Undo the write transaction; does nothing where there is none."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...
