"""Copying a ledger as it is: every table, row by row, into a new database of either dialect.

Positions stay, so seals, checkpoints, proofs and cursors hold; so do the ledger's id, its keys, its runs, what is held
and the journal of what was believed when.
"""

# ruff: noqa: S608  table and column names are ours, values are parameters

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import NamedTuple

from saascore.ledger.address import connect
from saascore.ledger.driver import Driver, Row
from saascore.ledger.schema import ddl
from saascore.ledger.store import Ledger, LedgerInfo

_PAGE = 5000


class Table(NamedTuple):
    """A table of a ledger: its columns and those of its primary key, in their order."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


def tables() -> tuple[Table, ...]:
    """Return every table, as the schema itself says; ``kinds`` is made with its rows."""
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(ddl("sqlite"))
        names = [row[0] for row in made.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        described = {name: made.execute(f"PRAGMA table_info({name})").fetchall() for name in names}
    return tuple(
        Table(
            name,
            tuple(column[1] for column in columns),
            tuple(column[1] for column in sorted(columns, key=lambda column: column[5]) if column[5]),
        )
        for name, columns in described.items()
        if name != "kinds"
    )


def copy_ledger(source: Ledger, url: str, *, progress: Callable[[int], None] | None = None) -> LedgerInfo:
    """Copy a ledger to a place without one, all of it or nothing.

    Writers of the source wait until the copy is done, so it is of one moment. Keep one of the two from then on: they
    have one id, and what is written to both differs.

    Args:
        source: The ledger to copy.
        url: Where to, as for :func:`~saascore.ledger.create_ledger`.
        progress: Told how many rows are copied.

    Returns:
        What the copy says of itself.

    Raises:
        SaascoreError: ``LED-003`` where there is a ledger already; ``LED-001``, ``LED-004``, ``LED-005`` as ever.
    """
    driver = connect(url, create=True)
    try:
        source.driver.begin()
        try:
            _copy(source.driver, driver, progress or (lambda _: None))
        finally:
            source.driver.rollback()  # nothing was written to it
        return Ledger(driver).info
    finally:
        driver.close()


def _copy(source: Driver, target: Driver, progress: Callable[[int], None]) -> None:
    target.begin()
    try:
        target.script(ddl(target.dialect))
        done = 0
        for table in tables():
            for page in _pages(source, table):
                target.insert(table.name, table.columns, page)
                done += len(page)
                progress(done)
        target.commit()
    except BaseException:
        target.rollback()
        raise


def _pages(source: Driver, table: Table) -> Iterator[list[Row]]:
    """Read a table in the order of its key, a page at a time, so that memory does not grow with it."""
    key = ", ".join(table.key)
    marks = ", ".join("?" * len(table.key))
    places = [table.columns.index(name) for name in table.key]
    select = f"SELECT {', '.join(table.columns)} FROM {table.name}"
    page = source.rows(f"{select} ORDER BY {key} LIMIT {_PAGE}")
    while page:
        yield page
        last = tuple(page[-1][place] for place in places)
        page = source.rows(f"{select} WHERE ({key}) > ({marks}) ORDER BY {key} LIMIT {_PAGE}", last)
