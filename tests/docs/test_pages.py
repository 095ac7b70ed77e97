"""Every code block of the documentation runs, and every link leads somewhere."""

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import typer
import yaml

from saascore.cli.app import app
from saascore.ledger import NewFact, create_ledger

DOCS = Path(__file__).parents[2] / "docs"
TUTORIALS = (
    "tutorial-product.md",
    "tutorial-provider.md",
    "boundary.md",
    "howto-backfill-d1.md",
    "howto-disable-adapter.md",
    "howto-rotate-keys.md",
)
COMMAND = re.compile(r"(?m)^(?: {4}|\$ |\s*run: |\s+)?(?:! )?(?:[A-Z_]+=\S+ )*(saascore (?:\\\n|[^|>#\n])*)")
PAGES = sorted(path.name for path in DOCS.glob("*.md"))


@pytest.mark.slow
@pytest.mark.parametrize("page", TUTORIALS)
def test_a_tutorial_works_as_it_is_written(page, read_along):
    assert read_along(DOCS / page) >= 3


def commands():
    """Yield each command line of a page, indented or in a block: the page, the words."""
    for page in [*(DOCS / name for name in PAGES), DOCS.parent / "README.md"]:
        text = page.read_text(encoding="utf-8").partition("\n## Commands\n")[
            0
        ]  # cli.md's list has a test of its own
        for line in COMMAND.findall(text):
            yield page.name, line.replace("\\\n", " ").split()


@pytest.mark.parametrize(
    ("page", "words"), [pytest.param(*found, id=" ".join(found[1])) for found in commands()]
)
def test_a_command_line_has_a_command_and_options_that_exist(page, words):
    command, rest = typer.main.get_command(app), words[1:]
    while rest and hasattr(command, "get_command") and not rest[0].startswith("-"):
        command, rest = command.get_command(None, rest[0]), rest[1:]
        assert command is not None, f"{page}: {' '.join(words)}"
    known = {option for param in command.params for option in param.opts} | {"--help", "-h"}
    assert {word.partition("=")[0] for word in rest if word.startswith("--")} <= known, page


def test_the_job_of_the_release_page_builds_and_verifies(tmp_path, monkeypatch, page_blocks, workshop):
    [job] = [
        block.text for block in page_blocks(DOCS / "howto-release-packet-ci.md") if block.language == "yaml"
    ]
    steps = yaml.safe_load(job)["jobs"]["packet"]["steps"]
    [script] = [step["run"] for step in steps if step.get("name") == "Build and verify"]
    create_ledger(f"sqlite:///{tmp_path}/ledger.db", reference_key="k1").close()
    environment = {
        "PATH": f"{workshop}{os.pathsep}{os.environ['PATH']}",
        "SAASCORE_LEDGER": f"sqlite:///{tmp_path}/ledger.db",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_SHA": "a" * 40,
    }
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "summary.md").read_text(encoding="utf-8").startswith("#")
    assert "a" * 40 in (tmp_path / "packet" / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.postgres
def test_a_ledger_moves_to_postgresql_as_it_is_written(read_along, postgresql_server, tmp_path):
    page = (DOCS / "howto-postgresql.md").read_text(encoding="utf-8")
    assert "postgresql://app@db.internal/product" in page
    here = tmp_path / "page.md"
    here.write_text(
        page.replace("postgresql://app@db.internal/product", postgresql_server()), encoding="utf-8"
    )
    with (
        create_ledger(f"sqlite:///{tmp_path}/saascore.db", reference_key="k1") as ledger,
        ledger.write() as writer,
    ):
        writer.append([NewFact("saascore/capability-snapshot/1", "studio", str(n), "{}") for n in range(7)])
    assert read_along(here) >= 2


@pytest.mark.parametrize("page", [page for page in PAGES if page not in TUTORIALS])
def test_python_json_and_toml_blocks_are_sound(page, page_blocks, run_python):
    names = {"__name__": "page"}
    for block in page_blocks(DOCS / page):
        if block.language == "python":
            run_python(block.text, names)
        elif block.language == "json":
            assert is_json(block.text) or all(map(is_json, block.text.splitlines()))
        elif block.language == "toml":
            tomllib.loads(block.text)


def is_json(text):
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def slug(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", text):
        file = (DOCS / target).resolve() if target else DOCS / page
        assert file.exists(), f"{page}: {target}"
        if anchor:
            headings = re.findall(r"(?m)^#+ (.+)$", file.read_text(encoding="utf-8"))
            assert anchor in map(slug, headings), f"{page}: {target}#{anchor}"
