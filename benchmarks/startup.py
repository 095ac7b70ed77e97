"""How long ``saascore --help`` takes beside the bare import of what a command line needs.

    python benchmarks/startup.py [rounds]

Goal: at most twice the wall time of ``python -c "import pydantic, typer"``, both measured alternately in one run.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from figures import at_most, tell

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import pydantic, typer": [sys.executable, "-c", "import pydantic, typer"],
    "saascore --help": [str(Path(sys.executable).with_name("saascore")), "--help"],
    "saascore schema --help": [str(Path(sys.executable).with_name("saascore")), "schema", "--help"],
}
GOAL = 2.0


def seconds(command: list[str]) -> float:
    start = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - start


def main(rounds: int) -> int:
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds + 1):  # the first round warms the page cache and is left out
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    base = median(times["import pydantic, typer"][1:])
    print(f"{'':26}{'median ms':>10}{'min ms':>8}{'ratio':>7}")
    for name, taken in times.items():
        print(
            f"{name:26}{median(taken[1:]) * 1000:10.0f}{min(taken[1:]) * 1000:8.0f}{median(taken[1:]) / base:7.2f}"
        )
    tell(
        at_most(
            "saascore --help beside import pydantic, typer", median(times["saascore --help"][1:]) / base, GOAL
        )
    )
    return 0 if median(times["saascore --help"][1:]) <= GOAL * base else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 15))
