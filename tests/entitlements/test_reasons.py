"""Every reason of a decision has a story that ends in it."""

from typing import get_args

import pytest

from saascore.contract.decision import DecisionReason

PERIOD = ("03-01", "04-01")


def active(tell, **fields):
    return tell.snapshot("03-01", **{"plan": "pro", "period": PERIOD, "workspace": "w1", **fields})


def ended(tell, **fields):
    return tell.snapshot("03-05", "ended", plan="pro", ended_at="03-05", **fields)


def bought(tell, **fields):
    given = {"plan_key": "pro", "effective_from": "03-01", "lifetime": True, **fields}
    return tell.signal("03-01", "p1", kind="purchase", workspace="w1", signal="purchase", **given)


GRACE = {"grace": {"payment": 30, "cancellation": 30}}
#: Reason: the story, the product's rules, and the outcome on 10 March.
STORIES = {
    "active_subscription": (lambda t: [active(t)], {}, "granted"),
    "active_grant": (lambda t: [t.grant("03-01")], {}, "granted"),
    "lifetime_purchase": (lambda t: [bought(t)], {}, "granted"),
    "trial_active": (lambda t: [active(t, service="trialing", trial_ends_at="03-20")], {}, "granted"),
    "in_cancellation_window": (lambda t: [active(t), ended(t)], GRACE, "granted"),
    "payment_grace": (lambda t: [active(t, collection="past_due")], GRACE, "granted"),
    "default_plan": (lambda t: [], {"default_plan": "free"}, "granted"),
    "source_stale": (lambda t: [active(t, period=("02-08", "03-08"))], {}, "granted"),
    "not_started": (lambda t: [t.grant("03-01", effective_from="03-20")], {}, "denied"),
    "expired": (lambda t: [t.grant("03-01", effective_until="03-05")], {}, "denied"),
    "canceled": (lambda t: [active(t), ended(t)], {}, "denied"),
    "activation_incomplete": (lambda t: [active(t, service="pending")], {}, "denied"),
    "past_due": (lambda t: [active(t, collection="past_due")], {}, "denied"),
    "unpaid": (lambda t: [active(t, collection="unpaid")], {}, "denied"),
    "paused": (lambda t: [active(t), active(t, service="paused", about="s1")], {}, "denied"),
    "disputed": (lambda t: [active(t), t.signal("03-05", signal="dispute", stage="opened")], {}, "denied"),
    "refunded": (
        lambda t: [
            bought(t),
            t.signal("03-05", "p1", kind="purchase", signal="refunded", extent="full", stage="final"),
        ],
        {},
        "denied",
    ),
    "revoked_by_operator": (
        lambda t: [
            t.grant("03-01"),
            t.signal("03-05", "g1", kind="grant", signal="revoke", effective_at="03-05"),
        ],
        GRACE,
        "denied",
    ),
    "suspended_by_operator": (
        lambda t: [
            active(t),
            t.signal("03-05", None, workspace="w1", signal="suspend", effective_at="03-05"),
        ],
        {"default_plan": "free"},
        "denied",
    ),
    "plan_unresolved": (
        lambda t: [active(t, plan=None, unread="custom")],
        {"default_plan": "free"},
        "unknown",
    ),
    "workspace_unresolved": (
        lambda t: [
            active(t, customer="c1"),
            ended(t, customer="c1"),
            t.snapshot("03-06", plan="pro", about="s2", customer="c1"),
        ],
        {"default_plan": "free"},
        "unknown",
    ),
    "no_source": (lambda t: [], {}, "denied"),
}


@pytest.mark.parametrize("reason", STORIES)
def test_reason_is_reached(reason, tell, ask, make_rules):
    write, rules, outcome = STORIES[reason]
    decision = ask(write(tell), "03-10", rules=make_rules(**rules))
    assert (decision.outcome, decision.reason) == (outcome, reason)


def test_every_reason_has_a_story():
    only_considered = {"source_conflict"}
    assert set(STORIES) | only_considered == set(get_args(DecisionReason))


CHANGES = {
    "pause": ({"scheduled": [{"kind": "pause", "effective_at": "03-20"}]}, "03-20"),
    "resume": ({"service": "paused", "scheduled": [{"kind": "resume", "effective_at": "03-20"}]}, "03-20"),
    "plan_change": (
        {"scheduled": [{"kind": "plan_change", "effective_at": "03-20", "plan": "starter"}]},
        "03-20",
    ),
    "quantity_change": (
        {"quantity": 2, "scheduled": [{"kind": "quantity_change", "effective_at": "03-20", "quantity": 1}]},
        "03-20",
    ),
    "ends": ({"scheduled": [{"kind": "cancel", "effective_at": "03-20"}]}, "03-20"),
    "becomes_unknown": ({}, "04-04"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_next_change_is_named_and_dated(what, tell, ask, day):
    fields, at = CHANGES[what]
    decision = ask([active(tell, **fields)], "03-10")
    assert (decision.next_change.what, decision.next_change.at) == (what, day(at))
