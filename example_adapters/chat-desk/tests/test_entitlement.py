"""Entitlement: seats and channels by plan. There is no free plan, so nothing is granted without a source."""

import pytest

AUDIT = {"operator": "op:founder", "approval": "op:founder", "reason": "early-customer"}
LIFETIME = {
    "type": "manual.lifetime",
    "id": "action-syn-lifetime",
    "occurred_at": "2026-09-18T09:00:00Z",
    "about": {"kind": "purchase", "id": "purchase-syn-1"},
    "workspace": {"team_id": "TEAM-SYN-BILLINGSUITE01"},
    "plan": "Desk Solo",
    "effective_from": "2026-09-18T00:00:00Z",
    **AUDIT,
}


def test_a_team_that_nobody_bills_has_nothing(entitlements, team):
    decision = entitlements.decide(team, "2026-11-20T00:00:00Z")
    assert (decision.outcome, decision.reason, decision.plan_key) == ("denied", "no_source", None)


def test_a_lifetime_purchase_never_lapses(bill, entitlements, team):
    assert bill("manual", LIFETIME, LIFETIME) == ["accepted", "duplicate"]
    decision = entitlements.decide(team, "2090-01-01T00:00:00Z")
    assert (decision.outcome, decision.reason, decision.plan_key) == ("granted", "lifetime_purchase", "solo")
    assert decision.next_change is None


@pytest.mark.parametrize(("channel", "included"), [("channel.email", True), ("channel.phone", False)])
def test_channels_follow_the_plan(bill, entitlements, team, channel, included):
    bill("manual", LIFETIME)
    assert (
        entitlements.decide(team, "2026-11-20T00:00:00Z", capability=channel).capability.included is included
    )


def test_another_product_s_workspace_is_not_this_team(bill, entitlements, keys, desk):
    bill("manual", LIFETIME)
    stranger = keys.redactor("image-studio").redact("workspace", "TEAM-SYN-BILLINGSUITE01")
    assert entitlements.decide(stranger, "2026-11-20T00:00:00Z").outcome == "denied"
