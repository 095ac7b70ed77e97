"""What a workspace may use, why, and what changes next."""

import pytest

P1, P2 = ("03-01", "04-01"), ("04-01", "05-01")


def running(tell, at="03-01", **fields):
    return tell.snapshot(at, **{"plan": "pro", "period": P1, "workspace": "w1", **fields})


def short(decision):
    return (decision.outcome, decision.reason, decision.plan_key)


def test_active_subscription_is_granted_with_its_evidence(tell, ask):
    fact = running(tell)
    decision = ask([fact], "03-10")
    assert short(decision) == ("granted", "active_subscription", "pro")
    assert decision.evidence == (fact.fact_id,)
    assert decision.winner.about == fact.about


def test_nobody_is_granted_nothing(ask):
    assert short(ask([], "03-10")) == ("denied", "no_source", None)


def test_default_plan_where_the_product_has_one(ask, make_rules):
    assert short(ask([], "03-10", rules=make_rules(default_plan="free"))) == (
        "granted",
        "default_plan",
        "free",
    )


def test_cancellation_ends_access_by_the_clock(tell, ask):
    facts = [running(tell), running(tell, "03-05", scheduled=[{"kind": "cancel", "effective_at": "04-01"}])]
    before, after = ask(facts, "03-31T23:59"), ask(facts, "04-01")
    assert short(before) == ("granted", "active_subscription", "pro")
    assert (before.next_change.at[:10], before.next_change.what) == ("2026-04-01", "ends")
    assert short(after) == ("denied", "canceled", None)


def test_cancellation_grace(tell, ask, make_rules):
    facts = [running(tell), running(tell, "03-05", scheduled=[{"kind": "cancel", "effective_at": "04-01"}])]
    rules = make_rules(grace={"cancellation": 3})
    decision = ask(facts, "04-02", rules=rules)
    assert short(decision) == ("granted", "in_cancellation_window", "pro")
    assert (decision.next_change.at[:10], decision.next_change.what) == ("2026-04-04", "grace_ends")
    assert short(ask(facts, "04-04", rules=rules)) == ("denied", "canceled", None)


def test_downgrade_at_period_end_takes_effect_with_no_event(tell, ask):
    planned = {"kind": "plan_change", "effective_at": "04-01", "plan": "starter"}
    facts = [running(tell, scheduled=[planned])]
    decision = ask(facts, "03-20")
    assert (decision.plan_key, decision.next_change.what, decision.next_change.plan_key) == (
        "pro",
        "plan_change",
        "starter",
    )
    assert ask(facts, "04-01").plan_key == "starter"


def test_pause_keeps_the_plan_and_its_axis_decides(tell, ask):
    assert short(ask([running(tell, collection="collection_paused")], "03-10")) == (
        "granted",
        "active_subscription",
        "pro",
    )
    paused = ask([running(tell), running(tell, "03-05", service="paused")], "03-10")
    assert short(paused) == ("denied", "paused", None)
    assert paused.considered[0].plan_key == "pro"


def test_past_due_is_denied_after_its_grace(tell, ask, make_rules):
    facts = [
        running(tell),
        tell.signal("03-05", signal="payment_failed"),
        running(tell, "03-06", collection="past_due"),
    ]
    assert short(ask(facts, "03-06")) == ("denied", "past_due", None)
    rules = make_rules(grace={"payment": 7})
    assert short(ask(facts, "03-11", rules=rules)) == ("granted", "payment_grace", "pro")
    assert short(ask(facts, "03-12", rules=rules)) == ("denied", "past_due", None)


def test_past_due_never_blocks_a_valid_grant(tell, ask):
    facts = [running(tell, collection="past_due"), tell.grant("03-02", effective_until="06-01")]
    assert short(ask(facts, "03-10")) == ("granted", "active_grant", "studio")


def test_manual_grant_survives_any_webhook(tell, ask):
    facts = [
        tell.grant("03-02", effective_until="06-01"),
        running(tell, "03-03"),
        running(tell, "03-04", service="ended", ended_at="03-04"),
        tell.signal("03-05", signal="refunded", extent="full", stage="final"),
    ]
    assert short(ask(facts, "03-10")) == ("granted", "active_grant", "studio")


def test_next_live_source_takes_over_when_the_winner_lapses(tell, ask):
    facts = [running(tell), tell.grant("03-02", effective_until="03-20")]
    decision = ask(facts, "03-10")
    assert decision.next_change.what == "plan_change"
    assert short(ask(facts, "03-20")) == ("granted", "active_subscription", "pro")


def test_revoke_ends_a_grant_and_leaves_no_grace(tell, ask, make_rules):
    facts = [
        tell.grant("03-02", effective_until="06-01"),
        tell.signal("03-05", "g1", kind="grant", signal="revoke", effective_at="03-06"),
    ]
    rules = make_rules(grace={"cancellation": 30, "payment": 30, "refund": 30, "dispute": 30})
    assert ask(facts, "03-05T12:00", rules=rules).outcome == "granted"
    assert short(ask(facts, "03-06", rules=rules)) == ("denied", "revoked_by_operator", None)


def test_revoked_subscription_stays_revoked_whatever_webhooks_say(tell, ask):
    facts = [
        running(tell),
        tell.signal("03-05", signal="revoke", effective_at="03-06"),
        running(tell, "04-01", period=P2),
    ]
    assert short(ask(facts, "04-02")) == ("denied", "revoked_by_operator", None)


def test_expired_grant(tell, ask):
    assert short(ask([tell.grant("03-02", effective_until="03-20")], "03-21")) == ("denied", "expired", None)


def test_future_grant_has_not_started(tell, ask):
    decision = ask([tell.grant("03-02", effective_from="03-20", effective_until="04-20")], "03-10")
    assert short(decision) == ("denied", "not_started", None)
    assert (decision.next_change.what, decision.next_change.plan_key) == ("starts", "studio")


def test_suspension_gates_every_source(tell, ask, make_rules):
    facts = [
        running(tell),
        tell.grant("03-02"),
        tell.signal(
            "03-05", None, signal="suspend", workspace="w1", effective_at="03-05", effective_until="03-08"
        ),
    ]
    decision = ask(facts, "03-06", rules=make_rules(default_plan="free"))
    assert short(decision) == ("denied", "suspended_by_operator", None)
    assert (decision.next_change.at[:10], decision.next_change.what) == ("2026-03-08", "suspension_ends")
    assert len(decision.considered) == 2
    assert ask(facts, "03-08").outcome == "granted"


def test_lifted_suspension(tell, ask):
    facts = [
        running(tell),
        tell.signal("03-05", None, signal="suspend", workspace="w1", effective_at="03-05"),
        tell.signal("03-07", None, signal="suspend", workspace="w1", effective_at="03-07", lifted=True),
    ]
    assert [ask(facts, at).outcome for at in ("03-04", "03-05", "03-07")] == ["granted", "denied", "granted"]


def test_missed_renewal_is_stale_not_denied(tell, ask):
    facts = [running(tell)]
    assert ask(facts, "03-31").next_change.what == "becomes_unknown"
    stale = ask(facts, "04-02T12:00")
    assert short(stale) == ("granted", "source_stale", "pro")
    assert (stale.staleness.stale, stale.staleness.days, stale.staleness.limit_days) == (True, 1, 3)
    assert short(ask(facts, "04-04")) == ("unknown", "source_stale", "pro")


def test_stale_source_never_falls_to_the_default_plan(tell, ask, make_rules):
    assert ask([running(tell)], "05-01", rules=make_rules(default_plan="free")).outcome == "unknown"


def test_unknown_period_end_is_said_to_be_unknown(tell, ask):
    decision = ask([tell.snapshot("03-01", plan="pro", workspace="w1")], "09-01")
    assert short(decision) == ("granted", "active_subscription", "pro")
    assert decision.staleness.expected_at is None


def test_unknown_price_is_unresolved_and_never_the_default_plan(tell, ask, make_rules):
    facts = [running(tell, plan=None, unread="custom")]
    decision = ask(facts, "03-10", rules=make_rules(default_plan="free"))
    assert short(decision) == ("unknown", "plan_unresolved", None)


def test_cancellation_at_an_unknown_price_still_ends_access(tell, ask):
    facts = [
        running(tell),
        running(tell, "03-05", plan=None, unread="custom", service="ended", ended_at="03-05"),
    ]
    assert short(ask(facts, "03-10")) == ("denied", "canceled", None)


def test_unknown_price_keeps_the_last_known_plan(tell, ask):
    decision = ask([running(tell), running(tell, "03-05", plan=None, unread="custom")], "03-10")
    assert short(decision) == ("granted", "active_subscription", "pro")
    assert decision.considered[0].reasons == ("active_subscription", "plan_unresolved")


def test_purchase_that_is_no_plan_does_not_make_us_unsure(tell, ask, make_rules):
    facts = [
        tell.signal(
            "03-01",
            "p1",
            kind="purchase",
            workspace="w1",
            signal="purchase",
            plan_ref=tell.price("credits"),
            effective_from="03-01",
            lifetime=True,
        )
    ]
    decision = ask(facts, "03-10", rules=make_rules(default_plan="free"))
    assert short(decision) == ("granted", "default_plan", "free")
    assert decision.considered[0].reasons == ("plan_unresolved",)


def bought(tell, **fields):
    given = {"plan_key": "pro", "effective_from": "03-01", "lifetime": True, **fields}
    return tell.signal("03-01", "p1", kind="purchase", workspace="w1", signal="purchase", **given)


def test_lifetime_purchase(tell, ask):
    assert short(ask([bought(tell)], "12-01")) == ("granted", "lifetime_purchase", "pro")


def test_full_refund_ends_a_purchase_and_its_reversal_restores_it(tell, ask):
    back = tell.signal("03-05", "p1", kind="purchase", signal="refunded", extent="full", stage="final")
    undone = tell.signal("03-07", "p1", kind="purchase", signal="refunded", extent="full", stage="reversed")
    assert short(ask([bought(tell), back], "03-06")) == ("denied", "refunded", None)
    assert ask([bought(tell), back, undone], "03-08").outcome == "granted"


def test_refund_does_not_cancel_a_subscription(tell, ask):
    facts = [running(tell), tell.signal("03-05", signal="refunded", extent="full", stage="final")]
    assert short(ask(facts, "03-10")) == ("granted", "active_subscription", "pro")


@pytest.mark.parametrize(
    ("end", "outcome"), [("won", "granted"), ("withdrawn", "granted"), ("lost", "denied")]
)
def test_dispute_is_opened_and_ends(end, outcome, tell, ask):
    facts = [
        running(tell),
        tell.signal("03-05", signal="dispute", stage="opened"),
        tell.signal("03-08", signal="dispute", stage=end),
    ]
    assert short(ask(facts, "03-06")) == ("denied", "disputed", None)
    assert ask(facts, "03-09").outcome == outcome


def test_dispute_grace_ends_when_it_is_lost(tell, ask, make_rules):
    facts = [
        running(tell),
        tell.signal("03-05", signal="dispute", stage="opened"),
        tell.signal("03-08", signal="dispute", stage="lost"),
    ]
    rules = make_rules(grace={"dispute": 20})
    assert short(ask(facts, "03-06", rules=rules)) == ("granted", "disputed", "pro")
    assert short(ask(facts, "03-08", rules=rules)) == ("denied", "disputed", None)


def test_two_live_subscriptions_are_both_reported(tell, ask):
    facts = [running(tell), running(tell, about="s2", plan="starter")]
    decision = ask(facts, "03-10")
    assert decision.plan_key == "pro"
    assert [row.reasons for row in decision.considered] == [("active_subscription", "source_conflict")] * 2
    assert [row.plan_key for row in decision.considered] == ["pro", "starter"]


def test_pending_activation_grants_nothing(tell, ask):
    assert short(ask([running(tell, service="pending")], "03-10")) == (
        "denied",
        "activation_incomplete",
        None,
    )


def test_trial_is_granted_and_stale_after_its_end(tell, ask):
    facts = [running(tell, service="trialing", trial_ends_at="03-15")]
    assert short(ask(facts, "03-10")) == ("granted", "trial_active", "pro")
    assert ask(facts, "03-16").reason == "source_stale"


def test_facts_of_the_other_mode_are_never_seen(teller, ask):
    assert short(ask([running(teller(mode="test"))], "03-10")) == ("denied", "no_source", None)
    assert ask([running(teller(mode="test"))], "03-10", mode="test").outcome == "granted"


def test_reassigned_subscription_moves_at_its_instant(tell, ask):
    moved = tell.fact(
        "03-05",
        "s1",
        signals=[{"kind": "link", "workspace": tell.workspace("w2")}],
        audit={"operator": "op:alex", "approval": "op:ticket-7", "reason": "moved"},
    )
    facts = [running(tell), moved, running(tell, "03-06", quantity=2)]
    assert [ask(facts, at).outcome for at in ("03-04", "03-05", "03-07")] == ["granted", "denied", "denied"]
    assert [ask(facts, at, workspace="w2").outcome for at in ("03-04", "03-05", "03-07")] == [
        "denied",
        "granted",
        "granted",
    ]


def test_unlinked_subscription_of_the_same_customer_is_shown(tell, ask):
    facts = [
        running(tell, customer="c1", service="ended", ended_at="03-01"),
        tell.snapshot("03-05", about="s2", plan="pro", customer="c1"),
    ]
    decision = ask(facts, "03-10")
    assert (decision.outcome, decision.reason) == ("unknown", "workspace_unresolved")


def test_late_link_loses_nothing(tell, ask):
    facts = [
        tell.snapshot("03-01", plan="pro"),
        tell.fact("03-09", "s1", signals=[{"kind": "link", "workspace": tell.workspace("w1")}]),
    ]
    assert ask(facts, "03-02").outcome == "granted"


def test_capability_is_answered_from_the_plan(tell, ask, make_rules):
    rules = make_rules(
        capabilities={
            "pro": {"plan_key": "pro", "capabilities": {"image.render": {"limit": "100", "unit": "image"}}}
        }
    )
    yes = ask([running(tell)], "03-10", rules=rules, capability="image.render").capability
    no = ask([running(tell)], "03-10", rules=rules, capability="video.render").capability
    assert (yes.included, yes.limit, yes.unit) == (True, "100", "image")
    assert (no.included, no.limit) == (False, None)
    assert ask([running(tell)], "03-10", capability="image.render").capability is None


def test_same_question_has_the_same_digest_and_another_has_another(tell, ask):
    facts = [running(tell)]
    one, same, other = ask(facts, "03-10"), ask(list(facts), "03-10"), ask(facts, "03-11")
    assert one.canonical() == same.canonical()
    assert one.decision_digest != other.decision_digest


UNDATED = {"kind": "plan_change", "plan": "studio"}


def test_plan_change_without_a_date_is_never_carried_out_by_the_clock(tell, ask, make_rules):
    facts = [running(tell, scheduled=[UNDATED])]
    rules = make_rules(staleness_days=90)
    for at in ("03-10", "04-01", "04-02", "06-01"):
        assert short(ask(facts, at, rules=rules))[::2] == ("granted", "pro")
    assert ask(facts, "03-10", rules=rules).next_change.what == "becomes_unknown"


def test_plan_change_without_a_date_holds_from_the_fact_that_shows_it(tell, ask):
    facts = [running(tell, scheduled=[UNDATED]), running(tell, "03-12", plan="studio")]
    assert ask(facts, "03-11").plan_key == "pro"
    assert ask(facts, "03-13").plan_key == "studio"


def test_plan_change_with_a_date_passes_with_no_event(tell, ask):
    dated = {**UNDATED, "effective_at": "03-20"}
    facts = [running(tell, scheduled=[dated])]
    assert [ask(facts, at).plan_key for at in ("03-19T23:59:59", "03-20", "03-31")] == [
        "pro",
        "studio",
        "studio",
    ]


def test_quantity_change_without_a_date_waits_too(tell, ask):
    facts = [running(tell, quantity=2, scheduled=[{"kind": "quantity_change", "quantity": 9}])]
    assert [ask(facts, at).quantity for at in ("03-10", "04-02")] == [2, 2]


def test_cancellation_without_a_date_ends_with_the_period_and_without_a_period_not_at_all(
    tell, ask, make_rules
):
    facts = [running(tell, scheduled=[{"kind": "cancel"}])]
    assert [short(ask(facts, at)) for at in ("03-31", "04-01")] == [
        ("granted", "active_subscription", "pro"),
        ("denied", "canceled", None),
    ]
    open_ended = [running(tell, period=None, scheduled=[{"kind": "cancel"}])]
    assert ask(open_ended, "11-01").outcome == "granted"


def test_resumption_without_a_date_waits_for_an_event(tell, ask):
    paused = running(tell, "03-05", service="paused", scheduled=[{"kind": "resume"}])
    assert short(ask([running(tell), paused], "06-01")) == ("denied", "paused", None)
