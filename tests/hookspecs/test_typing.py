"""The types of hooks and facades hold under mypy --strict and pyright, and wrong uses are found by both."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_mypy_finds_every_marked_line_and_no_other():
    done = run(
        sys.executable, "-m", "mypy", "--strict", "typing_tests/agrees.py", "typing_tests/must_fail.py"
    )
    assert done.returncode == 0, done.stdout


def test_pyright_finds_every_marked_line_and_no_other():
    done = run(sys.executable, "-m", "pyright", "-p", "typing_tests", "--pythonpath", sys.executable)
    assert done.returncode == 0, done.stdout


def test_there_are_cases_that_must_fail():
    text = (ROOT / "typing_tests" / "must_fail.py").read_text(encoding="utf-8")
    marked = [line for line in text.splitlines() if "# type: ignore[" in line]
    assert len(marked) >= 15
    assert all("# pyright: ignore[" in line for line in marked)
