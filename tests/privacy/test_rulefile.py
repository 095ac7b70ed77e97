"""Rules of a product: linted, with examples that hold, and added to saascore's own."""

from __future__ import annotations

import json

import pytest

from saascore.errors import SaascoreError
from saascore.privacy.lint import problems
from saascore.privacy.rule import Pattern
from saascore.privacy.rulefile import check_examples, parse
from saascore.privacy.rules import RULES
from saascore.privacy.ruleset import RuleSet
from saascore.privacy.scanner import Scanner

GOOD = {
    "id": "privacy.raw-workspace-id.acme",
    "why": "An id of Acme.",
    "detector": {"type": "prefix", "literals": ["acmews-"], "least": 8},
    "matches": ["acmews-{b62:12}", "see acmews-{hex:10}"],
    "passes": ["acmews-", "acmews-xxxxxxxx"],
}


def test_a_rule_of_a_product_is_used_beside_the_others():
    added = parse(json.dumps({"public_words": ["zeppelin"], "rules": [GOOD]}))
    check_examples(added.rules)
    scanner = Scanner(ruleset=RuleSet("artifact", (*RULES, *added.rules)), public_words=added.public_words)
    assert [f.rule for f in scanner.scan_text("acmews-aaaabbbb")] == ["privacy.raw-workspace-id.acme"]
    assert not scanner.scan_json({"owner_id": "zeppelin"})


def test_examples_that_do_not_hold_are_refused():
    wrong = parse(json.dumps({"rules": [{**GOOD, "passes": ["acmews-aaaabbbb", "x"]}]}))
    with pytest.raises(SaascoreError, match="SCN-001"):
        check_examples(wrong.rules)


@pytest.mark.parametrize(
    "more",
    [
        {"id": "privacy.everything.x"},
        {"id": "acme"},
        {"matches": ["one"]},
        {"detector": {"type": "magic"}},
        {"detector": {"type": "prefix", "letters": 1}},
        {"detector": {"type": "pattern", "regex": "(a+)+b", "literal": "a"}},
        {"detector": None},
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(more):
    with pytest.raises(SaascoreError, match="SCN-001"):
        parse(json.dumps({"rules": [{**GOOD, **more}]}))


@pytest.mark.parametrize(
    ("regex", "problem"),
    [
        ("(a+)+", "nested unbounded repeats"),
        ("(?:a*b*)x", "adjacent unbounded repeats"),
        ("a.*b", "unbounded repeat of any character"),
        (r"(a)\1", "backreference"),
        ("(?<!a)b", "look-behind"),
        ("(", "does not compile"),
    ],
)
def test_the_linter_names_what_is_wrong(regex, problem):
    assert problem in problems(regex)


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if isinstance(rule.detector, Pattern)], ids=lambda r: r.id
)
def test_saascores_own_patterns_pass_the_linter(rule):
    assert problems(rule.detector.regex) == []
