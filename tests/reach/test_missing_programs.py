"""Without a browser or Node the tests that need one are skipped, and say what to install."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bare(tmp_path):
    """An environment in which only this Python and a shell can be found."""
    for name in ("bash", "sh", "make", "git"):
        if found := shutil.which(name):
            (tmp_path / name).symlink_to(found)
    kept = {name: value for name, value in os.environ.items() if name not in {"CHROMIUM", "PYTEST_ADDOPTS"}}
    return {**kept, "PATH": str(tmp_path)}


@pytest.mark.parametrize(
    ("tests", "said"),
    [
        ("tests/packet/browser", "needs a Chromium on the path or in CHROMIUM: apt-get install chromium"),
        ("tests/node", "Node is missing: install Node 20 or newer"),
    ],
)
def test_the_tests_are_skipped_with_a_clear_word(bare, tests, said):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "-p", "no:xdist", tests],
        cwd=ROOT, env=bare, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert said in done.stdout
    assert " skipped in " in done.stdout


def test_make_test_worker_says_what_is_missing(bare):
    if shutil.which("make") is None:
        pytest.skip("needs make")
    done = subprocess.run(
        ["make", "-o", ".venv/.installed", "test-worker"],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "test-worker is skipped: it needs Node 20 or newer and npm" in done.stderr
