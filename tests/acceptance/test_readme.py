"""The README's adapter is real: installed as its TOML says, it counts the README's row."""

import json
import re
import tomllib

import pytest


@pytest.fixture(scope="module")
def blocks(root):
    text = (root / "README.md").read_text(encoding="utf-8")
    return dict(re.findall(r"```(python|toml|json)\n(.*?)```", text, re.DOTALL))


def test_the_smallest_real_adapter_is_small(blocks):
    assert len([line for line in blocks["python"].splitlines() if line.strip()]) <= 20
    assert len(blocks["toml"].splitlines()) <= 10


def test_its_commands_run_as_written(blocks, root, shell, install):
    [(adapter, module)] = tomllib.loads(blocks["toml"])["project"]["entry-points"][
        "saascore.adapters"
    ].items()
    assert module == "notes_adapter"
    install(shell, adapter, blocks["python"])
    (shell.folder / "rows.ndjson").write_text(blocks["json"], encoding="utf-8")
    commands = re.findall(
        r"^\$ saascore (.*)$", (root / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(commands) == 4
    answers = {command: shell(*command.split()) for command in commands}
    summary = next(answer.out for command, answer in answers.items() if command.startswith("usage summary"))
    assert "document.exported" in summary
    assert "12" in summary
    assert "ann@example.test" not in "".join(answer.out + answer.err for answer in answers.values())


def test_its_adapter_passes_the_conformance_suite(blocks, shell):
    (shell.folder / "notes_adapter.py").write_text(blocks["python"], encoding="utf-8")
    samples = shell.folder / "samples"
    samples.mkdir()
    (samples / "rows.ndjson").write_text(blocks["json"], encoding="utf-8")
    total = {"event_type": "document.exported", "plan_key": "plus", "unit": "page", "count": 1, "sum": "12"}
    names = {
        "events": {"doc.exported": "document.exported", "doc.printed": "document.printed"},
        "plans": {"Notes Plus": "plus", "Notes Team": "team"},
        "usage": [total],
    }
    (samples / "expected.json").write_text(json.dumps(names), encoding="utf-8")
    shell("adapters", "check", "notes_adapter.py")


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs/README.md"]
)
def test_links_lead_somewhere(root, page):
    text = (root / page).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:)([^)#\s]+)", text)
    assert not [target for target in targets if not ((root / page).parent / target).exists()]


def test_every_page_is_in_the_index(root):
    index = (root / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in (root / "docs").glob("*.md")} - {"README.md"}
    assert not {page for page in pages if f"({page})" not in index}
