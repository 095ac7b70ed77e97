"""The command starts whatever is installed, and starts with little."""

import subprocess
import sys

BROKEN = "raise RuntimeError('postgres://admin@10.0.0.7/ could not be reached')\n"
OLD = "api = 0\n"


def test_help_works_with_a_broken_adapter_installed(shell, install):
    install(shell, "broken", BROKEN)
    answer = shell("--help")
    assert "usage" in answer.out.lower()
    assert answer.err == ""


def test_a_broken_adapter_is_listed_with_its_cause_and_the_others_work(shell, install):
    install(shell, "broken", BROKEN)
    install(shell, "old", OLD)
    rows = {row["id"]: row for row in shell("adapters", "list", "--json").json()["adapters"]}
    assert rows["broken"]["status"] == rows["old"]["status"] == "broken"
    assert "RuntimeError" in rows["broken"]["reason"]
    assert "10.0.0.7" not in str(rows)
    assert rows["image-studio"]["status"] == rows["stripe"]["status"] == "loaded"


def test_help_loads_no_adapter_no_model_and_no_terminal_library():
    script = (
        "import sys; from saascore.cli.app import run; run(['--help'])\n"
        "print(*sorted(sys.modules), sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "typer" in loaded
    assert not loaded & {"pydantic", "rich", "pluggy", "importlib_metadata", "saascore_stripe", "sqlite3"}
