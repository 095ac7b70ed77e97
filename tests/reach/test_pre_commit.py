"""The pre-commit hooks, installed and run by pre-commit itself in a scratch repository."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOKEN = "cus_" + "Q7xT2mKp9ZrL4v"


def run(*command, cwd, **environment):
    # git tells a hook where its repository is; what is run here has repositories of its own
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def git(*arguments, cwd):
    who = ["-c", "user.name=test", "-c", "user.email=test@example.test", "-c", "commit.gpgsign=false"]
    done = run("git", *who, *arguments, cwd=cwd)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def pre_commit():
    if importlib.util.find_spec("pre_commit") is None:
        pytest.skip("pre-commit is not installed: pip install pre-commit")
    return [sys.executable, "-m", "pre_commit"]


@pytest.fixture
def repository(tmp_path):
    """A repository with one clean file and one that holds a customer's id."""
    home = tmp_path / "scratch"
    home.mkdir()
    git("init", "--quiet", cwd=home)
    (home / "clean.md").write_text("# Notes\n\nPlans are counted by day.\n")
    (home / "leak.json").write_text(json.dumps({"customer_id": TOKEN}))
    git("add", ".", cwd=home)
    return home


@pytest.fixture
def hooks(tmp_path):
    """This project's working tree as a repository of its own, as pre-commit wants it."""
    home = tmp_path / "saascore"
    home.mkdir()
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", cwd=ROOT)
    if listed.returncode:
        pytest.skip("the tests do not run in a git working tree")
    wanted = ("saascore/", "fixtures/", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
    for name in filter(None, listed.stdout.split("\0")):
        if name.startswith(wanted) and (ROOT / name).is_file():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_bytes((ROOT / name).read_bytes())
    git("init", "--quiet", cwd=home)
    git("add", ".", cwd=home)
    git("commit", "--quiet", "-m", "all", cwd=home)
    return home


def test_the_manifest_is_one(pre_commit):
    done = run(*pre_commit, "validate-manifest", ROOT / ".pre-commit-hooks.yaml", cwd=ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_a_leak_is_refused_by_rule_and_what_is_clean_passes(pre_commit, repository, hooks, tmp_path):
    home = {"PRE_COMMIT_HOME": str(tmp_path / "cache")}

    def scan(hook, file):
        tried = [*pre_commit, "try-repo", hooks, hook, "--verbose", "--files", file]
        done = run(*tried, cwd=repository, **home)
        return done.returncode, done.stdout + done.stderr

    for hook in ("saascore-scan", "saascore-scan-artifacts"):  # one test: the environment is made once
        status, said = scan(hook, "leak.json")
        if "CalledProcessError" in said or "No matching distribution" in said:
            pytest.skip("pre-commit could not install the hook's environment: is a package index reachable?")
        assert status == 1, said
        assert "leak.json" in said
        assert "privacy." in said
        assert TOKEN not in said
        status, said = scan(hook, "clean.md")
        assert status == 0, said
