"""One story told by any provider, for any product, in any order, ends in the same states and the same decisions."""

import json
from itertools import permutations

MAX_ORDERS = 120


def test_core_names_the_same_events_whoever_tells_it(case, provider, teller):
    assert teller.tell("studio", provider, case[provider]).names() == case["names"]


def test_the_state_after_it_is_the_same_whoever_tells_it(case, provider, teller):
    assert teller.tell("studio", provider, case[provider]).state() == case["state"]


def test_decisions_are_the_same_whoever_tells_it(case, provider, teller):
    told = teller.tell("studio", provider, case[provider])
    assert told.decide(_days(case)) == case["decide"]


def test_a_second_product_decides_the_same_under_its_own_plan_names(case, provider, teller, support):
    first = teller.tell("studio", provider, case[provider])
    second = teller.tell("desk", provider, case[provider])
    assert second.names() == first.names()
    assert second.state() == first.state()
    names = support.PRODUCTS["desk"]
    renamed = [" ".join(names.get(word, word) for word in line.split()) for line in case["decide"]]
    assert second.decide(_days(case)) == renamed


def test_every_order_of_arrival_with_every_event_twice_ends_the_same(case, provider, teller):
    told = teller.tell("studio", provider, case[provider])
    days = _days(case)
    ends = {
        json.dumps([told.names(order * 2), told.state(order * 2), told.decide(days, order * 2)])
        for order, _ in zip(permutations(told.facts), range(MAX_ORDERS), strict=False)
    }
    assert ends == {json.dumps([case["names"], case["state"], case["decide"]])}


def test_every_provider_tells_a_case_or_it_is_said_why_not(support):
    untold = [
        (case["title"], provider)
        for case in support.read_cases()
        if "manual" not in case
        for provider in ("stripe", "paddle", "lemonsqueezy")
        if (provider in case) == (provider in case.get("absent", {}))
    ]
    assert untold == []


def test_the_page_of_the_documentation_shows_these_cases(support, teller):
    assert support.PAGE.read_text("utf-8") == support.write_page(support.read_cases(), teller), (
        "run: python tests/providers/write_page.py"
    )


def _days(case):
    return [line.split(" ", 1)[0] for line in case["decide"]]
