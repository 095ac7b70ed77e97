"""What ``adapters new`` writes installs in a clean environment, and its tests and types are green."""

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

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """A virtual environment with saascore from this folder and nothing of its example adapters."""
    if UV is None:
        pytest.skip("uv is not installed")
    folder = tmp_path_factory.mktemp("clean")
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, str(folder / "venv")], check=True)
    python = folder / "venv" / "bin" / "python"
    install(python, f"{ROOT}[cli]", "pytest", "mypy")
    return python


def install(python, *what):
    subprocess.run([UV, "pip", "install", "--quiet", "--python", str(python), *what], check=True)


@pytest.mark.parametrize("kind", ["product", "provider"])
def test_a_new_adapter_is_green_in_a_clean_environment(clean, tmp_path, kind):
    folder = tmp_path / "new-one"
    assert write_scaffold(f"new-{kind}", kind, folder)
    install(clean, str(folder))
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(tmp_path)}

    def run(*command):
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    tests = run(str(clean), "-m", "pytest", "-q")
    assert tests.returncode == 0, tests.stdout
    types = run(str(clean), "-m", "mypy")
    assert types.returncode == 0, types.stdout
    listed = run(str(clean.parent / "saascore"), "adapters", "list", "--json")
    rows = {row["id"]: row["status"] for row in json.loads(listed.stdout)["adapters"]}
    assert rows[f"new-{kind}"] == "loaded"
    checked = run(str(clean.parent / "saascore"), "adapters", "check", f"new-{kind}")
    assert checked.returncode == 0, checked.stdout


def test_new_adapters_of_both_kinds_work_together_and_beside_the_demo(clean, tmp_path):
    for kind in ("product", "provider"):
        write_scaffold(f"duo-{kind}", kind, tmp_path / kind)
        install(clean, str(tmp_path / kind))
    install(clean, *map(str, sorted((ROOT / "example_adapters").glob("*/"))))
    samples = tmp_path / "provider" / "src" / "saascore_duo_provider" / "samples" / "events.ndjson"
    bodies = [
        json.dumps(json.loads(line)["body"]) for line in samples.read_text(encoding="utf-8").splitlines()
    ]
    (tmp_path / "webhooks.ndjson").write_text("\n".join(bodies), encoding="utf-8")
    rows = tmp_path / "product" / "src" / "saascore_duo_product" / "samples" / "rows.ndjson"
    key = "k1:" + secrets.token_hex(32)
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(tmp_path), "SAASCORE_REFERENCE_KEYS": key}

    def saascore(*arguments):
        done = subprocess.run(
            [str(clean.parent / "saascore"), *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    now = ("--now", "2026-03-10T00:00:00Z")
    saascore("ledger", "init")
    counted = json.loads(saascore("usage", "submit", "--product", "duo-product", *now, str(rows), "--json"))
    assert counted["counts"]["accepted"] == 4
    told = saascore(
        "billing",
        "submit",
        "--provider",
        "duo-provider",
        "--product",
        "duo-product",
        "--mode",
        "live",
        *now,
        "webhooks.ndjson",
        "--json",
    )
    assert json.loads(told)["counts"]["accepted"] == 5
    saascore("demo")
