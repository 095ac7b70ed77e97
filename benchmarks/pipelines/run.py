"""Rows into a database, each once: saascore beside singer-sdk, dlt, and what parsing and SQLite alone take.

    python benchmarks/pipelines/run.py [--rows 60000] [--rounds 3] [--only NAME ...]

Whole processes take turns, their start included. Goals: saascore at least 10 times as fast as singer-sdk, and 3 times as
fast as dlt, by wall time. singer-sdk is there twice: as it comes, which the goal is about, and with what its documentation
offers for speed. The ledger is made before the clock runs; the peers make their table while it does, in milliseconds.

Equal, and proven before the clock runs (``equal.py``): every contender but the limits reads the same NDJSON, makes the same
fact of a row (thirteen fields, two of them objects, three keyed references of which two share one HMAC), keeps the first
of each key and stores it; a fact read back from any database equals saascore's, field by field. Every validator knows each
field's pattern, length or closed set, and no other field at either level: what saascore's model refuses of a fact with one
field changed, the peers' own validators refuse. A date is checked by the calendar, by whoever maps.

Beyond that, saascore tells a conflict from a duplicate, gives every row an outcome and counts them, appends to a ledger with
positions and an index for corrections and summaries, checks that labels name no identifier, and takes any adapter behind its
boundary. singer-sdk writes and reads messages that any other tap or target understands, and keeps bookmarks. dlt keeps
packages on disk that a broken load goes on from, lets a schema evolve, and marks each row with its load. Nobody checks
again the check characters of a reference that was made a moment ago.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from contenders import Contender, Run, contenders
from facts import write_rows
from figures import Figure, at_least, median_and_spread, tell


def measured(contender: Contender, rows: Path, distinct: int) -> Run:
    folder = Path(tempfile.mkdtemp(prefix="saascore-bench-"))
    try:
        run = contender.run(rows, folder)
        if contender.query is not None and (loaded := contender.count(folder)) != distinct:
            raise SystemExit(f"{contender.told} has loaded {loaded} facts of {distinct}")
    finally:
        shutil.rmtree(folder)
    return run


def compared(runs: dict[Contender, list[Run]], rows: int) -> None:
    """Tell what each took, and how many times as long as saascore."""

    def median(contender: Contender, of: Callable[[Run], float]) -> float:
        return statistics.median(of(run) for run in runs[contender])

    for contender, found in runs.items():
        rate = median_and_spread([rows / run.wall for run in found], 0)
        cpu, memory = median(contender, lambda run: run.cpu), max(run.memory for run in found)
        tell(
            Figure(
                f"{contender.told}, {rows:,} rows",
                f"{rate} rows/s, {cpu / rows * 1e6:.0f} us CPU a row, {memory:.0f} MB",
            )
        )
    for own in runs:
        for peer in runs:
            if own.name.startswith("saascore") and peer.check:
                wall, cpu = (
                    median(peer, of) / median(own, of) for of in (lambda run: run.wall, lambda run: run.cpu)
                )
                what = f"{own.told} beside {peer.told}"
                tell(
                    at_least(f"{what}, wall time", wall, peer.goal)
                    if peer.goal
                    else Figure(f"{what}, wall time", f"{wall:.2f}"),
                    Figure(what, f"{cpu:.2f}"),
                )


def main() -> int:
    taking_part = {contender.name: contender for contender in contenders()}
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rows", type=int, default=60_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--only", nargs="*", choices=taking_part, default=list(taking_part), metavar="NAME")
    asked = options.parse_args()
    proof = [sys.executable, Path(__file__).with_name("equal.py"), *asked.only]
    if subprocess.run(proof, check=False).returncode:
        return 1
    runs: dict[Contender, list[Run]] = {taking_part[name]: [] for name in asked.only}
    with tempfile.TemporaryDirectory(prefix="saascore-bench-") as folder:
        rows = Path(folder) / "rows.ndjson"
        distinct = write_rows(rows, asked.rows)
        for _ in range(asked.rounds):
            for contender, found in runs.items():
                found.append(measured(contender, rows, distinct))
    compared(runs, asked.rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
