"""Entitlement: what a workspace may do, by the product's own plans, rules and words."""

import pytest

CLAIMS = {"workspace_id": "wsp_synbillingsuite001"}
AUDIT = {"operator": "op:support", "approval": "op:finance", "reason": "goodwill"}


def action(kind, number, at, **more):
    return {
        "type": f"manual.{kind}",
        "id": f"action-syn-{number}",
        "occurred_at": at,
        "workspace": CLAIMS,
        **AUDIT,
        **more,
    }


GRANT = action(
    "grant",
    1,
    "2026-11-01T09:00:00Z",
    about={"kind": "grant", "id": "grant-syn-1"},
    plan="Studio Max (monthly)",
    effective_from="2026-11-01T00:00:00Z",
    effective_until="2026-12-01T00:00:00Z",
)


def test_a_workspace_that_nobody_bills_is_on_the_free_plan(entitlements, workspace):
    decision = entitlements.decide(workspace, "2026-11-20T00:00:00Z", capability="image.generate")
    assert (decision.outcome, decision.reason, decision.plan_key) == ("granted", "default_plan", "free")
    assert (decision.capability.limit, decision.capability.unit) == ("25", "image")


def test_a_grant_lifts_the_plan_and_the_clock_ends_it(bill, entitlements, workspace):
    assert bill("manual", GRANT) == ["accepted"]
    during = entitlements.decide(workspace, "2026-11-20T00:00:00Z")
    assert (during.reason, during.plan_key) == ("active_grant", "studio")
    assert (during.next_change.at, during.next_change.what) == ("2026-12-01T00:00:00.000000Z", "ends")
    after = entitlements.decide(workspace, "2026-12-01T00:00:00Z")
    assert (after.reason, after.plan_key) == ("default_plan", "free")


@pytest.mark.parametrize(
    ("plan", "included"), [("Studio Starter (monthly)", False), ("Studio Max (monthly)", True)]
)
def test_a_capability_follows_the_plan(bill, entitlements, workspace, plan, included):
    bill("manual", GRANT | {"plan": plan})
    decision = entitlements.decide(workspace, "2026-11-20T00:00:00Z", capability="video.render")
    assert decision.capability.included is included


def test_a_suspension_gates_every_source(bill, entitlements, workspace):
    bill("manual", GRANT, action("suspend", 2, "2026-11-10T09:00:00Z", effective_at="2026-11-10T09:00:00Z"))
    assert entitlements.decide(workspace, "2026-11-10T08:59:59Z").outcome == "granted"
    decision = entitlements.decide(workspace, "2026-11-10T09:00:00Z")
    assert (decision.outcome, decision.reason) == ("denied", "suspended_by_operator")


def test_an_operator_s_word_without_approval_changes_nothing(bill, entitlements, workspace):
    unapproved = {name: value for name, value in GRANT.items() if name != "approval"}
    assert bill("manual", unapproved) == ["rejected"]
    assert entitlements.decide(workspace, "2026-11-20T00:00:00Z").plan_key == "free"


def test_the_journal_says_who_granted_and_on_whose_approval(bill, entitlements, workspace):
    bill("manual", GRANT, GRANT)
    granted, ended = entitlements.journal(workspace)
    assert (granted.effective_until, ended.state) == ("2026-12-01T00:00:00.000000Z", "ended")
    assert (granted.source_kind, granted.plan_key) == ("manual_override", "studio")
    assert (granted.audit.operator, granted.audit.approval, granted.audit.reason) == (
        "op:support",
        "op:finance",
        "goodwill",
    )


def test_the_upgrade_copy_is_the_product_s_own(bill, entitlements, workspace, studio):
    bill("manual", GRANT)
    decision = entitlements.decide(workspace, "2026-11-20T00:00:00Z")
    assert studio.render_upgrade_copy(decision) == "You are on the studio plan."
    bill("manual", action("suspend", 3, "2026-11-10T09:00:00Z", effective_at="2026-11-10T09:00:00Z"))
    denied = entitlements.decide(workspace, "2026-11-20T00:00:00Z")
    assert studio.render_upgrade_copy(denied) == "Choose a plan to go on making images."
