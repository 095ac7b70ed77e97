"""Who takes part: the command of each, and how the facts that it has loaded are read back."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from environments import python_of
from facts import KEY, KEY_ID, NOW, SOURCE

HERE = Path(__file__).parent
Row = dict[str, Any]
Query = Callable[[Path, str], list[Row]]


class Run(NamedTuple):
    """One run: seconds of wall and processor time, and the megabytes of its largest process."""

    wall: float
    cpu: float
    memory: float


class Contender(NamedTuple):
    """One who takes part.

    Attributes:
        name: What ``--only`` calls it.
        told: What the figures call it.
        command: The shell's command; ``ROWS`` and ``FOLDER`` are variables.
        query: Asks the database that it has filled in a folder; ``None`` where it fills none.
        table: The table of facts.
        fact: Makes a fact of a row of that table; ``None`` where the rows are no facts.
        check: Tells which facts of a file its validator takes; ``None`` where it is a limit, or saascore itself.
        before: What is done before the clock runs.
        goal: How many times as fast saascore should be, if that is said.
    """

    name: str
    told: str
    command: str
    query: Query | None = None
    table: str = "facts"
    fact: Callable[[Row], Row] | None = None
    check: tuple[Path | str, ...] | None = None
    before: str = "true"
    goal: float | None = None

    def run(self, rows: Path, folder: Path) -> Run:
        """Load rows into a database in an empty folder."""
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or every start compiles all that it imports
        environment = os.environ | {
            "ROWS": str(rows),
            "FOLDER": str(folder),
            "SAASCORE_REFERENCE_KEYS": f"{KEY_ID}:{KEY.hex()}",
            "RUNTIME__DLTHUB_TELEMETRY": "false",
            "RUNTIME__LOG_LEVEL": "ERROR",
            "SINGER_SDK_LOG_LEVEL": "ERROR",
        }
        quiet: dict[str, Any] = {"shell": True, "env": environment, "stdout": subprocess.DEVNULL}
        with (folder / "errors.txt").open("w+") as errors:
            subprocess.run(self.before, check=True, stderr=errors, **quiet)
            start = time.perf_counter()
            process = subprocess.Popen(
                f"set -o pipefail; {self.command}", executable="/bin/bash", stderr=errors, **quiet
            )
            _, status, used = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                errors.seek(0)
                raise SystemExit(f"{errors.read()}\n{self.told}: exit code {process.returncode}")
        return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)

    def count(self, folder: Path) -> int:
        """Count the facts that it has loaded."""
        assert self.query is not None
        return int(self.query(folder, f"SELECT count(*) AS facts FROM {self.table}")[0]["facts"])

    def facts(self, folder: Path) -> list[Row]:
        """Read back the facts that it has loaded."""
        assert self.query is not None
        assert self.fact is not None
        return [self.fact(row) for row in self.query(folder, f"SELECT * FROM {self.table}")]

    def takes(self, facts: Path) -> list[bool]:
        """Ask its validator which facts it takes."""
        assert self.check is not None
        done = subprocess.run(
            [*self.check, facts], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True
        )
        taken: list[bool] = json.loads(done.stdout)
        return taken


def contenders() -> list[Contender]:
    own, singer, dlt = (python_of(name) for name in ("saascore", "singer", "dlt"))
    ledger = "--ledger sqlite:///$FOLDER/ledger.db"
    return [
        Contender("orjson", "orjson.loads alone", f"{own} {HERE}/bare.py orjson $ROWS"),
        Contender(
            "sqlite",
            "bare SQLite executemany",
            f"{own} {HERE}/bare.py sqlite $ROWS $FOLDER/facts.db",
            _sqlite("facts.db"),
        ),
        *(
            Contender(
                name,
                f"saascore usage submit --engine {engine}",
                f"{own.parent}/saascore usage submit {ledger} --product {SOURCE} --adapter {HERE}/adapter.py"
                f" --now {NOW} --engine {engine} $ROWS",
                _sqlite("ledger.db"),
                fact=lambda row: json.loads(row["body"]),
                before=f"{own.parent}/saascore ledger init {ledger}",
            )
            for name, engine in (("saascore", "local"), ("saascore-pool", "pool"))
        ),
        *(
            Contender(
                "-".join(["singer-sdk", *tuned]),
                told,
                " | ".join(
                    f"{singer} {HERE}/{' '.join([part, *tuned])}"
                    for part in ("singer_tap.py $ROWS", "singer_target.py $FOLDER/facts.db")
                ),
                _sqlite("facts.db"),
                fact=_of_singer,
                check=(singer, HERE / "singer_target.py", "check", *tuned),
                goal=None if tuned else 10,
            )
            for tuned, told in (
                ((), "singer-sdk tap and target"),
                (("tuned",), "singer-sdk with msgspec and fastjsonschema"),
            )
        ),
        *(
            Contender(
                f"dlt-{store}",
                f"dlt into {told}",
                f"{dlt} {HERE}/dlt_load.py {store} $ROWS $FOLDER",
                query,
                table=table,
                fact=_of_dlt,
                check=(dlt, HERE / "dlt_load.py", "check"),
                goal=3,
            )
            for store, told, query, table in (
                ("sqlite", "SQLite", _sqlite("facts.db"), "facts"),
                ("duckdb", "DuckDB", _duckdb(dlt), "bench.facts"),
            )
        ),
    ]


def _sqlite(name: str) -> Query:
    def query(folder: Path, statement: str) -> list[Row]:
        connection = sqlite3.connect(folder / name)
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute(statement)]
        connection.close()
        return rows

    return query


_DUCKDB = """
import duckdb, json, sys
found = duckdb.connect(sys.argv[1]).execute(sys.argv[2])
names = [column[0] for column in found.description]
print(json.dumps([dict(zip(names, row)) for row in found.fetchall()]))
"""


def _duckdb(python: Path) -> Query:
    def query(folder: Path, statement: str) -> list[Row]:
        command = [python, "-c", _DUCKDB, folder / "facts.duckdb", statement]
        rows: list[Row] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        return rows

    return query


def _of_singer(row: Row) -> Row:
    """Objects are JSON there."""
    return {name: json.loads(value) if value.startswith("{") else value for name, value in row.items()}


def _of_dlt(row: Row) -> Row:
    """Objects are columns there, and every row says which load it came with."""
    fact: Row = {}
    for name, value in row.items():
        outer, _, inner = name.partition("__")
        if inner:
            fact.setdefault(outer, {})[inner] = value
        elif not name.startswith("_dlt"):
            fact[name] = value
    return fact
