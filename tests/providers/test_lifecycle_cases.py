"""One story told by any provider, for any product, in any order, ends in the same states and the same decisions."""

import json
from itertools import permutations
from typing import get_args

import pytest

from saascore.contract.lifecycle import LifecycleName
from saascore.entitlements.facts import Refused

#: A whole life of a subscription in seven events, which have 5,040 orders.
LIVES = {
    "stripe": "subscription-activated plan-changed payment-failed past-due recovered cancel-scheduled canceled-at-period-end",
    "paddle": "subscription-activated plan-changed payment-failed past-due recovered cancel-scheduled canceled-at-period-end",
    "lemonsqueezy": "subscription-activated plan-changed payment-failed past-due recovered cancel-scheduled subscription-expired",
    "manual": "trial trial-extended grant extension suspension suspension-lifted revocation",
}


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


def test_a_price_that_nobody_mapped_is_unresolved_and_its_end_still_ends_access(case, provider, teller):
    if provider == "manual":
        with pytest.raises(Refused, match="ENT-002"):
            teller.tell("nothing", provider, case[provider])
        return
    days = _days(case)
    known = teller.tell("studio", provider, case[provider]).decide(days)
    unmapped = teller.tell("nothing", provider, case[provider]).decide(days)
    for mapped, open_ in zip(known, unmapped, strict=True):
        if " denied " in mapped:
            assert open_ == mapped
        else:
            # A purchase nobody mapped may be no plan at all; a subscription nobody mapped is a plan nobody knows.
            purchase = " lifetime_purchase " in mapped
            assert open_.split()[1] == ("denied" if purchase else "unknown")


def test_every_order_of_arrival_with_every_event_twice_ends_the_same(case, provider, teller):
    told = teller.tell("studio", provider, case[provider])
    days = _days(case)
    ends = {
        json.dumps([told.names(order * 2), told.state(order * 2), told.decide(days, order * 2)])
        for order in permutations(told.facts)
    }
    assert ends == {json.dumps([case["names"], case["state"], case["decide"]])}


@pytest.mark.parametrize("who", LIVES)
def test_every_order_of_seven_events_with_one_of_them_twice_ends_the_same(who, teller):
    told = teller.tell("studio", who, LIVES[who].split())
    days = ["2026-09-10", "2026-09-20", "2026-10-02", "2026-10-28"]

    def end(facts):
        return [*told.names(facts), *told.state(facts), *told.decide(days, facts)]

    expected = end(told.facts)
    assert len(told.facts) == 7
    assert len(set(expected[-4:])) > 1
    for order in permutations(told.facts):
        assert end([*order, order[0]]) == expected


def test_every_provider_tells_a_case_or_it_is_said_why_not(support):
    untold = [
        (case["title"], provider)
        for case in support.read_cases()
        if "manual" not in case
        for provider in ("stripe", "paddle", "lemonsqueezy")
        if (provider in case) == (provider in case.get("absent", {}))
    ]
    assert untold == []


def test_every_lifecycle_name_is_told_by_some_provider(support):
    told = {name for case in support.read_cases() for name in case["names"]}
    assert set(get_args(LifecycleName)) - told == set()


def test_the_page_of_the_documentation_shows_these_cases(support, teller):
    assert support.PAGE.read_text("utf-8") == support.write_page(support.read_cases(), teller), (
        "run: python tests/providers/write_page.py"
    )


def _days(case):
    return [line.split(" ", 1)[0] for line in case["decide"]]
