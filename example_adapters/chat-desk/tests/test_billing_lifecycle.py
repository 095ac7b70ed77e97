"""Billing lifecycle: seats grow, a plan changes and a trial runs out, in Paddle's words."""

import pytest

SOLO, TEAM = "pri_01syndesksolo0000000000011", "pri_01syndeskteam0000000000012"


def subscription(case, number, at, *, price=TEAM, status="active", seats=5, until="2026-11-12", **more):
    """One notification about the suite's subscription."""
    return {
        "event_id": f"evt_01synsuite{number:016d}",
        "event_type": f"subscription.{case}",
        "occurred_at": at,
        "notification_id": f"ntf_01synsuite{number:016d}",
        "data": {
            "id": "sub_01synsuite0000000000000001",
            "status": status,
            "customer_id": "ctm_01synsuite0000000000000001",
            "custom_data": {"team_id": "TEAM-SYN-BILLINGSUITE01"},
            "items": [{"status": "active", "quantity": seats, "recurring": True, "price": {"id": price}}],
            "scheduled_change": None,
            "current_billing_period": {"starts_at": "2026-10-12T00:00:00Z", "ends_at": f"{until}T00:00:00Z"},
            **more,
        },
    }


STARTED = subscription("created", 1, "2026-10-12T00:00:00Z", price=SOLO, seats=1)
TWIN = subscription("updated", 2, "2026-10-12T00:00:00Z", price=SOLO, seats=1)
MOVED = subscription("updated", 3, "2026-10-20T00:00:00Z", seats=5)
GROWN = subscription("updated", 4, "2026-10-30T00:00:00Z", seats=9)


def names(entitlements, team):
    return [event.event_name for event in entitlements.events(team)]


def test_a_plan_change_and_more_seats_are_named_once_each(bill, entitlements, team):
    bill("paddle", STARTED, TWIN, MOVED, GROWN)
    assert names(entitlements, team)[0] == "subscription.activated"
    assert set(names(entitlements, team)[1:]) == {"plan.changed", "quantity.changed"}
    assert names(entitlements, team).count("plan.changed") == 1
    decision = entitlements.decide(team, "2026-11-01T00:00:00Z")
    assert (decision.plan_key, decision.quantity) == ("team", 9)


@pytest.mark.parametrize("late", [STARTED, TWIN, MOVED, GROWN], ids=["started", "twin", "moved", "grown"])
def test_a_notification_that_comes_last_takes_its_place(bill, entitlements, team, late):
    bill("paddle", *(event for event in (GROWN, MOVED, TWIN, STARTED) if event is not late), late)
    decision = entitlements.decide(team, "2026-11-01T00:00:00Z")
    assert (decision.plan_key, decision.quantity) == ("team", 9)
    assert entitlements.decide(team, "2026-10-15T00:00:00Z").plan_key == "solo"


def test_a_trial_that_nobody_pays_for_expires(bill, entitlements, team):
    trial = subscription("trialing", 5, "2026-10-20T00:00:00Z", status="trialing", until="2026-11-03")
    trial["data"]["items"][0]["trial_dates"] = {
        "starts_at": "2026-10-20T00:00:00Z",
        "ends_at": "2026-11-03T00:00:00Z",
    }
    ended = subscription(
        "canceled", 6, "2026-11-03T00:00:00Z", status="canceled", canceled_at="2026-11-03T00:00:00Z"
    )
    bill("paddle", ended, trial)
    assert entitlements.decide(team, "2026-11-01T00:00:00Z").reason == "trial_active"
    assert entitlements.decide(team, "2026-11-03T00:00:00Z").outcome == "denied"
    assert "trial.expired" in names(entitlements, team)


def test_a_scheduled_cancellation_ends_access_with_no_further_word(bill, entitlements, team):
    scheduled = {"action": "cancel", "effective_at": "2026-11-12T00:00:00Z", "resume_at": None}
    bill("paddle", MOVED, subscription("updated", 7, "2026-11-01T00:00:00Z", scheduled_change=scheduled))
    before = entitlements.decide(team, "2026-11-11T23:59:59Z")
    assert (before.outcome, before.next_change.at) == ("granted", "2026-11-12T00:00:00.000000Z")
    assert entitlements.decide(team, "2026-11-12T00:00:00Z").outcome == "denied"


def test_a_missed_renewal_is_stale_and_not_denied(bill, entitlements, team):
    bill("paddle", MOVED)
    assert entitlements.decide(team, "2026-11-13T00:00:00Z").reason == "source_stale"
    assert entitlements.decide(team, "2026-11-13T00:00:00Z").outcome == "granted"
    assert entitlements.decide(team, "2026-12-12T00:00:00Z").outcome == "unknown"
