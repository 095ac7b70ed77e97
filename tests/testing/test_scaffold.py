"""What ``adapters new`` writes installs in a clean environment; its tests and types are green, and it works."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from saascore.testing.scaffold import write_scaffold

ROOT = Path(__file__).parents[2]
UV = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
KINDS = ("product", "provider")
NOW = ("--now", "2026-03-10T00:00:00Z")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """A clean virtual environment with saascore, the example adapters, and a new adapter of each kind."""
    if UV is None:
        pytest.skip("uv is not installed")
    folder = tmp_path_factory.mktemp("bench")
    for kind in KINDS:
        write_scaffold(f"new-{kind}", kind, folder / kind)
    programs = folder / "venv" / "bin"
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, str(programs.parent)], check=True)
    made = [str(folder / kind) for kind in KINDS]
    examples = map(str, sorted((ROOT / "example_adapters").glob("*/")))
    python = ["--python", str(programs / "python")]
    subprocess.run(
        [UV, "pip", "install", "--quiet", *python, f"{ROOT}[cli]", "pytest", "mypy", *made, *examples],
        check=True,
    )
    key = "k1:" + secrets.token_hex(32)
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "SAASCORE_REFERENCE_KEYS": key}

    def run(program, *arguments, inside="."):
        done = subprocess.run(
            [str(programs / program), *map(str, arguments)],
            cwd=folder / inside,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run.folder = folder
    return run


def samples(bench, kind, name):
    return bench.folder / kind / "src" / f"saascore_new_{kind}" / "samples" / name


@pytest.mark.parametrize("kind", KINDS)
def test_its_tests_are_green(bench, kind):
    assert " passed" in bench("pytest", "-q", inside=kind)


def test_its_types_are_strict(bench):
    bench(
        "mypy",
        "--strict",
        *(bench.folder / kind / "src" for kind in KINDS),
        "product/tests/test_conformance.py",
    )


def test_it_is_listed(bench):
    rows = {
        row["id"]: row["status"]
        for row in json.loads(bench("saascore", "adapters", "list", "--json"))["adapters"]
    }
    assert {rows[f"new-{kind}"] for kind in KINDS} == {"loaded"}


def test_both_kinds_work_together(bench):
    lines = samples(bench, "provider", "events.ndjson").read_text(encoding="utf-8").splitlines()
    webhooks = bench.folder / "webhooks.ndjson"
    webhooks.write_text("\n".join(json.dumps(json.loads(line)["body"]) for line in lines), encoding="utf-8")
    product = ("--product", "new-product", *NOW, "--json")
    bench("saascore", "ledger", "init")
    counted = bench("saascore", "usage", "submit", *product, samples(bench, "product", "rows.ndjson"))
    told = bench(
        "saascore", "billing", "submit", "--provider", "new-provider", "--mode", "live", *product, webhooks
    )
    assert json.loads(counted)["counts"]["accepted"] == 4
    assert json.loads(told)["counts"]["accepted"] == 5


def test_the_demo_finds_them_and_proves_them(bench):
    told = json.loads(bench("saascore", "demo", "--json"))
    assert {"new-product", "new-provider"} <= set(told["adapters"])
    assert set(told["proven"]) == {"new-product", "new-provider"}
    for counts in told["proven"].values():
        assert counts["passed"] > 15
        assert set(counts) <= {"passed", "not-applicable"}
    assert told["packet"]["verified"]
