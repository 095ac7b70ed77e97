"""The page of rules is what the rules say."""

from __future__ import annotations

from pathlib import Path

from saascore.privacy.catalogue import markdown
from saascore.privacy.rules import RULES

PAGE = Path(__file__).parents[2] / "docs" / "scanner-rules.md"


def test_the_page_is_generated_from_the_rules():
    assert PAGE.read_text(encoding="utf-8") == markdown()


def test_every_rule_has_its_row():
    page = markdown()
    assert all(f"| `{rule.id}` |" in page for rule in RULES)
