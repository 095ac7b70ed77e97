"""Every code block of the documentation runs, and every link leads somewhere."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from saascore.ledger import NewFact, create_ledger

DOCS = Path(__file__).parents[2] / "docs"
TUTORIALS = (
    "tutorial-product.md",
    "tutorial-provider.md",
    "boundary.md",
    "howto-backfill-d1.md",
    "howto-disable-adapter.md",
)
PAGES = sorted(path.name for path in DOCS.glob("*.md"))


@pytest.mark.slow
@pytest.mark.parametrize("page", TUTORIALS)
def test_a_tutorial_works_as_it_is_written(page, read_along):
    assert read_along(DOCS / page) >= 3


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
