"""Billing lifecycle: a subscription's life in Stripe's words, and the product's plan at every step of it."""

import json
from datetime import datetime
from itertools import permutations

import pytest

STARTER, PRO = "price_00SYNstarterMonthly00001", "price_00SYNproMonthly000000002"
DEAL = "price_00SYNcustomDeal000000099"


def seconds(at):
    return int(datetime.fromisoformat(at).timestamp())


def subscription(case, at, price=STARTER, *, status="active", period=("2026-10-01", "2026-11-01"), **more):
    """One webhook about the suite's subscription."""
    bounds = [seconds(f"{day}T00:00:00Z") for day in period]
    item = {
        "id": "si_00SYNsuite0001",
        "current_period_start": bounds[0],
        "current_period_end": bounds[1],
        "price": {"id": price, "product": "prod_00SYNsuite001"},
        "quantity": 1,
    }
    return {
        "id": f"evt_00SYN{at:0>19}".translate({ord(mark): "x" for mark in "-:+."}),
        "object": "event",
        "type": f"customer.subscription.{case}",
        "created": seconds(at),
        "livemode": True,
        "data": {
            "object": {
                "id": "sub_00SYNsuite000000000000001",
                "object": "subscription",
                "customer": "cus_00SYNsuite001",
                "status": status,
                "livemode": True,
                "metadata": {"workspace_id": "wsp_synbillingsuite001"},
                "items": {"object": "list", "data": [item]},
                **more,
            }
        },
    }


TRIAL = subscription(
    "created",
    "2026-09-17T00:00:00Z",
    status="trialing",
    period=("2026-09-17", "2026-10-01"),
    trial_end=seconds("2026-10-01T00:00:00Z"),
)
CONVERTED = subscription("updated", "2026-10-01T00:00:05Z")
UPGRADED = subscription("updated", "2026-10-15T12:00:00Z", PRO)
CANCELING = subscription(
    "updated",
    "2026-10-20T00:00:00Z",
    PRO,
    cancel_at_period_end=True,
    cancel_at=seconds("2026-11-01T00:00:00Z"),
)
LIFE = (TRIAL, CONVERTED, UPGRADED, CANCELING)


@pytest.mark.parametrize(
    ("at", "decided"),
    [
        ("2026-09-16T00:00:00Z", ("default_plan", "free")),
        ("2026-09-20T00:00:00Z", ("trial_active", "starter")),
        ("2026-10-02T00:00:00Z", ("active_subscription", "starter")),
        ("2026-10-15T12:00:00Z", ("active_subscription", "pro")),
        ("2026-10-31T23:59:59Z", ("active_subscription", "pro")),
        ("2026-11-01T00:00:00Z", ("default_plan", "free")),
    ],
)
def test_the_plan_at_every_step(bill, entitlements, workspace, at, decided):
    bill("stripe", *LIFE)
    decision = entitlements.decide(workspace, at)
    assert decision.outcome == "granted"
    assert (decision.reason, decision.plan_key) == decided


def test_the_steps_have_their_names_and_the_upgrade_its_direction(bill, entitlements, workspace):
    bill("stripe", *LIFE)
    events = {event.event_name: event for event in entitlements.events(workspace)}
    assert {"trial.started", "trial.converted", "plan.changed", "cancellation.scheduled"} <= events.keys()
    assert events["plan.changed"].direction == "upgrade"


def test_the_scheduled_end_shows_before_it_comes(bill, entitlements, workspace):
    bill("stripe", *LIFE)
    change = entitlements.decide(workspace, "2026-10-25T00:00:00Z").next_change
    assert (change.at, change.what) == ("2026-11-01T00:00:00.000000Z", "ends")


def test_deliveries_that_come_again_in_any_order_change_nothing(bill, entitlements, workspace):
    bill("stripe", *LIFE)
    told = [event.canonical() for event in entitlements.events(workspace)]
    for order in list(permutations(LIFE))[::5]:
        assert set(bill("stripe", *order)) == {"duplicate"}
    assert [event.canonical() for event in entitlements.events(workspace)] == told


def test_a_failed_payment_has_a_week_of_grace(bill, entitlements, workspace):
    november = ("2026-11-01", "2026-12-01")
    bill(
        "stripe",
        CONVERTED,
        subscription("updated", "2026-11-01T01:00:00Z", status="past_due", period=november),
    )
    reasons = [
        entitlements.decide(workspace, at).reason for at in ("2026-11-07T00:00:00Z", "2026-11-09T00:00:00Z")
    ]
    assert reasons == ["payment_grace", "default_plan"]


def test_an_unknown_price_is_never_the_default_plan_and_a_custom_deal_resolves_it(
    bill, entitlements, workspace, tmp_path, monkeypatch
):
    event = subscription("created", "2026-10-25T00:00:00Z", DEAL, period=("2026-10-25", "2026-11-25"))
    assert bill("stripe", event) == ["accepted"]
    before = entitlements.decide(workspace, "2026-11-01T00:00:00Z")
    assert (before.outcome, before.reason, before.plan_key) == ("unknown", "plan_unresolved", None)

    deals = tmp_path / "deals.json"
    deals.write_text(json.dumps({DEAL: "studio"}), encoding="utf-8")
    monkeypatch.setenv("IMAGE_STUDIO_DEALS", str(deals))
    assert bill("stripe", event) == ["duplicate"]
    after = entitlements.decide(workspace, "2026-11-01T00:00:00Z")
    assert (after.outcome, after.reason, after.plan_key) == ("granted", "active_subscription", "studio")
    assert entitlements.decide(workspace, "2026-11-01T00:00:00Z", as_of=before.request.as_of) == before
