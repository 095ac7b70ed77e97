"""Rows into a database, each once: saascore beside singer-sdk, dlt, and what parsing and SQLite alone take.

    python benchmarks/pipelines/run.py [--rows 50000] [--rounds 3]

Every contender reads the same NDJSON, maps it, makes two keyed references a row, validates labels, numbers and times,
keeps the first of each key and loads it, as whole processes that take turns; every database has to hold the same number of
facts. Goals: saascore at least 10 times as fast as singer-sdk, and 3 times as fast as dlt, by wall time, start included.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from environments import python_of
from facts import KEY, write_rows
from figures import Figure, at_least, median_and_spread, tell

HERE = Path(__file__).parent
NOW = "2026-03-31T00:00:00Z"


class Run(NamedTuple):
    """One run: seconds of wall and processor time, and the megabytes of its largest process."""

    wall: float
    cpu: float
    memory: float


class Contender(NamedTuple):
    """Who takes part.

    Attributes:
        name: Its name.
        command: The shell's command; ``ROWS`` and ``FOLDER`` are variables.
        count: Counts the facts that it has loaded in a folder; ``None`` where it loads nothing.
        before: What is done before the clock runs.
    """

    name: str
    command: str
    count: Callable[[Path], int] | None
    before: str = "true"


def contenders() -> list[Contender]:
    own, singer, dlt = (python_of(name) for name in ("saascore", "singer", "dlt"))
    ledger = "--ledger sqlite:///$FOLDER/ledger.db"

    def duck(folder: Path) -> int:
        code = f"import duckdb; print(duckdb.connect({str(folder / 'facts.duckdb')!r}).execute('select count(*) from bench.facts').fetchone()[0])"
        return int(subprocess.run([dlt, "-c", code], capture_output=True, text=True, check=True).stdout)

    return [
        Contender("orjson.loads alone", f"{own} {HERE}/bare.py orjson $ROWS", None),
        Contender(
            "bare SQLite executemany", f"{own} {HERE}/bare.py sqlite $ROWS $FOLDER/facts.db", sqlite_count
        ),
        *(
            Contender(
                f"saascore usage submit --engine {engine}",
                f"{own.parent}/saascore usage submit {ledger} --product pipelines --adapter {HERE}/adapter.py"
                f" --now {NOW} --engine {engine} $ROWS",
                lambda folder: sqlite_count(folder, "ledger.db"),
                f"{own.parent}/saascore ledger init {ledger}",
            )
            for engine in ("local", "pool")
        ),
        Contender(
            "singer-sdk tap and target",
            f"{singer} {HERE}/singer_tap.py $ROWS | {singer} {HERE}/singer_target.py $FOLDER/facts.db",
            sqlite_count,
        ),
        Contender("dlt into SQLite", f"{dlt} {HERE}/dlt_load.py sqlite $ROWS $FOLDER", sqlite_count),
        Contender("dlt into DuckDB", f"{dlt} {HERE}/dlt_load.py duckdb $ROWS $FOLDER", duck),
    ]


def sqlite_count(folder: Path, name: str = "facts.db") -> int:
    connection = sqlite3.connect(folder / name)
    (count,) = connection.execute("SELECT count(*) FROM facts").fetchone()
    connection.close()
    return int(count)


def measured(contender: Contender, rows: Path, distinct: int) -> Run:
    folder = Path(tempfile.mkdtemp(prefix="saascore-bench-"))
    environment = os.environ | {
        "ROWS": str(rows),
        "FOLDER": str(folder),
        "SAASCORE_REFERENCE_KEYS": f"demo:{KEY.hex()}",
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "RUNTIME__LOG_LEVEL": "ERROR",
        "SINGER_SDK_LOG_LEVEL": "ERROR",
    }
    try:
        subprocess.run(
            contender.before,
            shell=True,
            check=True,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        start = time.perf_counter()
        process = subprocess.Popen(
            contender.command,
            shell=True,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{contender.name}: exit code {process.returncode}")
        if contender.count is not None and (loaded := contender.count(folder)) != distinct:
            raise SystemExit(f"{contender.name} has loaded {loaded} facts of {distinct}")
        return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
    finally:
        shutil.rmtree(folder)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rows", type=int, default=50_000)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    taking_part = contenders()
    runs: dict[str, list[Run]] = {contender.name: [] for contender in taking_part}
    with tempfile.TemporaryDirectory(prefix="saascore-bench-") as folder:
        rows = Path(folder) / "rows.ndjson"
        distinct = write_rows(rows, asked.rows)
        for _ in range(asked.rounds):
            for contender in taking_part:
                runs[contender.name].append(measured(contender, rows, distinct))
    wall = {name: statistics.median(run.wall for run in found) for name, found in runs.items()}
    cpu = {name: statistics.median(run.cpu for run in found) for name, found in runs.items()}
    for name, found in runs.items():
        rate = median_and_spread([asked.rows / run.wall for run in found], 0)
        memory = max(run.memory for run in found)
        tell(
            Figure(
                f"{name}, {asked.rows:,} rows",
                f"{rate} rows/s, {cpu[name] / asked.rows * 1e6:.0f} us CPU a row, {memory:.0f} MB",
            )
        )
    _, bare, local, pool, *peers = wall
    goals = dict(zip(peers, (10, 3, 3), strict=True))
    for own in (local, pool):
        tell(
            *(
                at_least(f"{own} beside {peer}, wall time", wall[peer] / wall[own], goals[peer])
                for peer in peers
            )
        )
        ratios = ", ".join(f"{peer} {cpu[peer] / cpu[own]:.1f}" for peer in (*peers, bare))
        tell(Figure(f"{own} beside others, processor time", ratios))
    return 0


if __name__ == "__main__":
    sys.exit(main())
