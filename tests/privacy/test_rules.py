"""Every rule finds its examples and leaves its counter-examples alone."""

from __future__ import annotations

import random

import pytest

from saascore.privacy.examples import expand
from saascore.privacy.rule import CATEGORIES
from saascore.privacy.rules import RULES
from saascore.privacy.scanner import Scanner

SCANNERS = {profile: Scanner(profile) for profile in ("artifact", "docs")}


def scan(profile, example):
    scanner = SCANNERS[profile]
    return scanner.scan_bytes(example) if isinstance(example, bytes) else scanner.scan_text(example)


def cases(attribute):
    return [
        pytest.param(rule, example, id=f"{rule.id}-{index}")
        for rule in RULES
        for index, example in enumerate(getattr(rule, attribute))
    ]


@pytest.mark.parametrize(("rule", "example"), cases("matches"))
def test_examples_are_found(rule, example):
    draw = random.Random(rule.id + example)
    for profile in rule.profiles:
        for _ in range(5):
            found = {finding.category for finding in scan(profile, expand(example, rule, draw))}
            assert rule.category in found, f"{profile}: found {found or 'nothing'}"


@pytest.mark.parametrize(("rule", "example"), cases("passes"))
def test_counter_examples_are_left_alone(rule, example):
    text = expand(example, rule, random.Random(rule.id + example))
    for profile in rule.profiles:
        assert rule.id not in {finding.rule for finding in scan(profile, text)}


def test_rules_have_ids_of_their_own_and_a_known_category():
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert {rule.category for rule in RULES} == set(CATEGORIES)


def test_every_rule_has_two_examples_each_way_and_says_why():
    for rule in RULES:
        assert rule.why.endswith("."), rule.id
        if rule.category != "unscannable":
            assert len(rule.matches) >= 2, rule.id
            assert len(rule.passes) >= 2, rule.id
