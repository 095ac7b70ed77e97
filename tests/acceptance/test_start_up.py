"""The command starts whatever is installed, and starts with little."""

import os
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


TELL = "import sys; {}; print(*sys.modules, sep='\\n', file=sys.stderr)"
#: What reads documents, publishes packets and checks adapters, and the terminal library.
UNUSED = {
    "rich",
    "saascore.contract.fixtures",
    "saascore.contract.ops",
    "saascore.contract.schemas",
    "saascore.entitlements",
    "saascore.packet.build",
    "saascore.privacy.contents",
    "saascore.privacy.documents",
    "saascore.privacy.files",
    "saascore.testing",
    "tarfile",
}


def loaded(code, *args, **more):
    """Run code in a new process and return the modules it has then."""
    words = [sys.executable, "-c", TELL.format(code), *map(str, args)]
    return set(subprocess.run(words, capture_output=True, text=True, check=True, **more).stderr.split())


def test_help_loads_no_adapter_no_model_and_no_terminal_library():
    modules = loaded("from saascore.cli.app import run; run(['--help'])")
    assert "typer" in modules
    assert not modules & {"pydantic", "rich", "pluggy", "importlib_metadata", "saascore_stripe", "sqlite3"}


def test_submitting_a_row_loads_nothing_that_scans_documents_or_publishes(shell, samples):
    shell("ledger", "init")
    row = shell.folder / "row.ndjson"
    row.write_text((samples / "image-studio-rows.ndjson").read_text().partition("\n")[0])
    words = ("usage", "submit", "--product", "image-studio", "--now", "2026-11-20T18:00:00Z", "--json", row)
    code = "from saascore.cli.app import run; assert run(sys.argv[1:]) == 0"
    modules = loaded(code, *words, cwd=shell.folder, env=os.environ | shell.environment)
    assert "saascore.privacy.scanner" in modules
    assert not modules & UNUSED


def test_a_worker_of_the_pool_loads_no_command_line_and_no_store():
    # A worker imports the script that started its parent, then what it is to do.
    modules = loaded("import saascore.cli, saascore.engines.pool")
    assert "saascore.usage.mapping" in modules
    assert not modules & {*UNUSED, "saascore.cli.app", "saascore.ledger.sqlite", "sqlite3", "typer"}
