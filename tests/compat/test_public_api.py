"""The public Python surface has no break against the last release; the tool that says so can say no."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PUBLIC = ["saascore.hookspecs", "saascore.drafts", "saascore.adapters", "saascore.testing"]
pytestmark = pytest.mark.slow


def git(folder, *arguments):
    identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"]
    return subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=False
    ).stdout.strip()


def breaks(folder, package, reference):
    done = subprocess.run(
        [sys.executable, "-m", "griffe", "check", package, "--against", reference, "--format", "oneline"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_no_break_against_the_last_release():
    tag = git(ROOT, "describe", "--tags", "--abbrev=0", "--match", "v*")
    if not tag:
        pytest.skip("there is no release yet")
    found = [breaks(ROOT, package, tag) for package in PUBLIC]
    assert [output for code, output in found if code] == []


def test_a_renamed_argument_is_found_and_a_new_function_is_not_a_break(tmp_path):
    module = tmp_path / "made.py"
    module.write_text('"""Made."""\n\n\ndef f(plan):\n    """Do."""\n', encoding="utf-8")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "made.py")
    git(tmp_path, "commit", "--quiet", "-m", "one")
    git(tmp_path, "tag", "v1")
    module.write_text(module.read_text(encoding="utf-8") + "\n\ndef g():\n    ...\n", encoding="utf-8")
    code, output = breaks(tmp_path, "made", "v1")
    assert code == 0, output
    module.write_text(module.read_text(encoding="utf-8").replace("plan", "label"), encoding="utf-8")
    code, output = breaks(tmp_path, "made", "v1")
    assert code == 1
    assert "plan" in output
