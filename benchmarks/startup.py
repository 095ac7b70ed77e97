"""What it takes to start: a command beside the bare import of what a command line needs, and a worker of the pool.

    python benchmarks/startup.py [rounds]

CPU time of whole processes, measured in turns. Goal: ``saascore --help`` takes at most twice the time of
``python -c "import pydantic, typer"``. What ``usage submit`` takes for one row is what it takes before its first.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from tempfile import TemporaryDirectory

from figures import Figure, at_most, tell

SAASCORE = str(Path(sys.executable).with_name("saascore"))
SAMPLES = Path(__file__).parents[1] / "fixtures" / "samples"
BASE = "import pydantic, typer"
HELP = "saascore --help"
SUBMIT = "saascore usage submit, one row"
WORKER = "a worker of the pool, with its mapper"
GOAL = 2.0


def command(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def worker() -> None:
    """Start a worker as the pool does, and let it make its mapper."""
    from saascore.engines.chunk import MapperPlan
    from saascore.engines.pool import _start

    plan = MapperPlan("image-studio", "demo", "2026-11-20T12:00:00Z")
    started = get_context("spawn").Process(target=_start, args=(plan,))
    started.start()
    started.join()
    if started.exitcode:
        raise SystemExit("the worker did not start")


def cases(folder: Path) -> dict[str, Callable[[], None]]:
    """Return what is measured; a ledger and a row lie in the folder."""
    ledger, rows = f"sqlite:///{folder}/ledger.db", folder / "rows.ndjson"
    rows.write_text((SAMPLES / "image-studio-rows.ndjson").read_text().partition("\n")[0])
    command(SAASCORE, "ledger", "init", "--ledger", ledger)
    submit = ("usage", "submit", "--ledger", ledger, "--product", "image-studio", str(rows))
    return {
        "python -c pass": partial(command, sys.executable, "-c", "pass"),
        BASE: partial(command, sys.executable, "-c", BASE),
        HELP: partial(command, SAASCORE, "--help"),
        "saascore schema --help": partial(command, SAASCORE, "schema", "--help"),
        SUBMIT: partial(command, SAASCORE, *submit),
        WORKER: worker,
    }


def seconds(run: Callable[[], None]) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    run()
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(rounds: int) -> int:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or every start compiles all that it imports
    os.environ["SAASCORE_REFERENCE_KEYS"] = "demo:" + "5a" * 32
    with TemporaryDirectory() as folder:
        runs = cases(Path(folder))
        times: dict[str, list[float]] = {name: [] for name in runs}
        for turn in range(rounds + 1):
            for name, run in runs.items():
                taken = seconds(run)
                if turn:  # the first one compiles, and warms the page cache
                    times[name].append(taken)
    base = median(times[BASE])
    ratios = {name: median(taken) / base for name, taken in times.items()}
    print(f"{'':38}{'median ms':>10}{'min ms':>8}{'ratio':>7}")
    for name, taken in times.items():
        print(f"{name:38}{median(taken) * 1000:10.0f}{min(taken) * 1000:8.0f}{ratios[name]:7.2f}")
    tell(
        at_most(f"{HELP} beside {BASE}", ratios[HELP], GOAL),
        *(Figure(f"{name} beside {BASE}", f"{ratios[name]:.2f}") for name in (SUBMIT, WORKER)),
    )
    return 0 if ratios[HELP] <= GOAL else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 15))
