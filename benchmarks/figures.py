"""Figures: what a benchmark tells, in words to whoever runs it, and as data to ``run.py`` (``BENCH_FIGURES`` names the file)."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Figure(NamedTuple):
    """One figure.

    Attributes:
        what: What was measured, and against what.
        value: The figure with its unit.
        goal: The goal in words, if there is one.
        met: Whether it is met.
    """

    what: str
    value: str
    goal: str = ""
    met: bool | None = None


def tell(*figures: Figure) -> None:
    """Print figures, and keep them for ``run.py``."""
    for figure in figures:
        verdict = "" if figure.met is None else ("  met" if figure.met else "  NOT MET")
        goal = f"  (goal {figure.goal})" if figure.goal else ""
        print(f"{figure.what}: {figure.value}{goal}{verdict}", flush=True)
    if path := os.environ.get("BENCH_FIGURES"):
        with Path(path).open("a") as stream:
            stream.writelines(json.dumps(figure) + "\n" for figure in figures)


def at_least(what: str, ratio: float, goal: float) -> Figure:
    """Return the figure of a ratio that should be at least a goal."""
    return Figure(what, f"{ratio:.2f}", f"at least {goal:g}", ratio >= goal)


def at_most(what: str, ratio: float, goal: float, unit: str = "") -> Figure:
    """Return the figure of a value that should be at most a goal."""
    return Figure(what, f"{ratio:.2f}{unit}", f"at most {goal:g}{unit}", ratio <= goal)


def median_and_spread(values: Sequence[float], digits: int = 1) -> str:
    """Return a median with the least and the greatest value."""
    low, high = min(values), max(values)
    return f"{statistics.median(values):,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"
