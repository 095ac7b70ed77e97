"""The page on Python Workers says what make test-worker runs, and its TypeScript compiles."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "howto-python-worker.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"```(py|toml|json|ts)\n(.*?)```", PAGE, re.DOTALL))


def test_the_entry_on_the_page_is_the_one_that_is_run():
    assert BLOCKS["py"] == (ROOT / "worker" / "entry.py").read_text(encoding="utf-8")


def test_the_worker_depends_on_distributions_that_there_are_and_starts_where_it_says():
    own = {
        tomllib.loads(path.read_text(encoding="utf-8"))["project"]["name"]
        for path in (ROOT / "pyproject.toml", *ROOT.glob("example_adapters/*/pyproject.toml"))
    }
    assert set(tomllib.loads(BLOCKS["toml"])["project"]["dependencies"]) <= own
    config = json.loads(BLOCKS["json"])
    assert (ROOT / "worker" / config["main"]).is_file()
    bindings = {one["binding"] for kind in ("d1_databases", "r2_buckets") for one in config[kind]}
    assert {f"self.env.{name}" for name in (*bindings, "REFERENCE_KEY")} <= set(
        re.findall(r"self\.env\.\w+", BLOCKS["py"])
    )


def test_the_call_of_the_product_names_what_the_worker_has():
    called = re.findall(r"(?m)^  (\w+)\(", BLOCKS["ts"])
    assert called == re.findall(r"async def (\w+)\(", BLOCKS["py"])


def test_the_typescript_compiles_under_strict(tmp_path):
    compiler = ROOT / "tests" / "node" / "node_modules" / ".bin" / "tsc"
    if shutil.which("node") is None or not compiler.exists():
        pytest.skip(
            "Node or the packages of tests/node are missing: install Node and run npm ci in tests/node"
        )
    (tmp_path / "product.ts").write_text(BLOCKS["ts"], encoding="utf-8")
    done = subprocess.run(
        [compiler, "--strict", "--noEmit", "--target", "es2022", "product.ts"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout + done.stderr == ""
