"""Every name of the lifecycle is reachable, and nothing is named twice."""

from typing import get_args

import pytest

from saascore.contract.lifecycle import LifecycleName
from saascore.entitlements.fold import fold

P1, P2 = ("03-01", "04-01"), ("04-01", "05-01")


def trial(tell, *more):
    return [tell.snapshot("03-01", "trialing", plan="starter", trial_ends_at="03-15", workspace="w1"), *more]


def running(tell, *more):
    return [tell.snapshot("03-01", plan="pro", period=P1, quantity=1, addons=[], workspace="w1"), *more]


def again(tell, at, service="active", **fields):
    return tell.snapshot(at, service, **{"plan": "pro", "period": P1, "quantity": 1, "addons": [], **fields})


CANCEL = {"kind": "cancel", "effective_at": "04-01"}
PAUSE = {"kind": "pause", "effective_at": "04-01"}
RESUME = {"kind": "resume", "effective_at": "05-01"}
DOWN = {"kind": "plan_change", "effective_at": "04-01", "plan": "starter"}

STORIES = {
    "trial": (trial, ["trial.started"]),
    "trial reminder": (
        lambda t: trial(t, t.signal("03-12", signal="trial_ending", ends_at="03-15")),
        ["trial.started", "trial.ending_soon"],
    ),
    "trial extended": (
        lambda t: trial(t, t.snapshot("03-10", "trialing", plan="starter", trial_ends_at="03-20")),
        ["trial.started", "trial.extended"],
    ),
    "trial converted": (
        lambda t: trial(t, t.snapshot("03-15", plan="starter", period=("03-15", "04-15"))),
        ["trial.started", "trial.converted"],
    ),
    "trial expired": (
        lambda t: trial(t, t.snapshot("03-15T01:00", "ended", plan="starter", ended_at="03-15")),
        ["trial.started", "trial.expired", "subscription.ended"],
    ),
    "trial ended in a pause": (
        lambda t: trial(t, t.snapshot("03-15T01:00", "paused", plan="starter")),
        ["trial.started", "trial.expired", "subscription.paused"],
    ),
    "activation": (
        lambda t: [t.snapshot("03-01", "pending", plan="pro"), t.snapshot("03-01T00:05", plan="pro")],
        ["subscription.pending", "subscription.activated"],
    ),
    "activation failed": (
        lambda t: [t.snapshot("03-01", "pending", plan="pro"), t.snapshot("03-02", "ended", plan="pro")],
        ["subscription.pending", "subscription.activation_failed", "subscription.ended"],
    ),
    "period": (
        lambda t: running(t, again(t, "04-01", period=P2)),
        ["subscription.activated", "subscription.period_advanced"],
    ),
    "renewal": (
        lambda t: running(
            t, again(t, "04-01", period=P2), t.signal("04-01T01:00", signal="paid", occasion="renewal")
        ),
        ["subscription.activated", "subscription.period_advanced", "subscription.renewed"],
    ),
    "pause and resume": (
        lambda t: running(
            t,
            again(t, "03-05", scheduled=[PAUSE]),
            again(t, "03-06"),
            again(t, "03-07", "paused", scheduled=[RESUME]),
            again(t, "03-09"),
        ),
        [
            "subscription.activated",
            "pause.scheduled",
            "pause.unscheduled",
            "subscription.paused",
            "resume.scheduled",
            "subscription.resumed",
        ],
    ),
    "collection paused": (
        lambda t: running(t, again(t, "03-05", collection="collection_paused"), again(t, "03-09")),
        ["subscription.activated", "collection.paused", "collection.resumed"],
    ),
    "plan": (
        lambda t: running(t, again(t, "03-05", plan="studio")),
        ["subscription.activated", "plan.changed"],
    ),
    "downgrade at period end": (
        lambda t: running(
            t,
            again(t, "03-05", scheduled=[DOWN]),
            again(t, "03-06"),
            again(t, "03-07", scheduled=[DOWN]),
            again(t, "04-01", plan="starter", period=P2),
        ),
        [
            "subscription.activated",
            "plan.change_scheduled",
            "plan.change_unscheduled",
            "plan.change_scheduled",
            "subscription.period_advanced",
            "plan.changed",
        ],
    ),
    "quantity and add-on": (
        lambda t: running(t, again(t, "03-05", quantity=3), again(t, "03-06", quantity=3, addons=["extra"])),
        ["subscription.activated", "quantity.changed", "addon.changed"],
    ),
    "cancel, uncancel, cancel, end": (
        lambda t: running(
            t,
            again(t, "03-05", scheduled=[CANCEL]),
            again(t, "03-06"),
            again(t, "03-07", scheduled=[CANCEL]),
            again(t, "04-01", "ended", ended_at="04-01"),
        ),
        [
            "subscription.activated",
            "cancellation.scheduled",
            "cancellation.unscheduled",
            "cancellation.scheduled",
            "subscription.ended",
        ],
    ),
    "failed and recovered": (
        lambda t: running(
            t,
            t.signal("04-01", signal="action_required"),
            t.signal("04-01T01:00", signal="payment_failed", attempt=1),
            again(t, "04-01T01:00:01", collection="past_due"),
            t.signal("04-03", signal="paid", occasion="renewal"),
            again(t, "04-03T00:00:01"),
        ),
        [
            "subscription.activated",
            "payment.action_required",
            "payment.failed",
            "payment.past_due",
            "subscription.renewed",
            "payment.recovered",
        ],
    ),
    "dunning": (
        lambda t: running(
            t,
            again(t, "04-01", collection="past_due"),
            again(t, "04-20", collection="unpaid"),
            again(t, "05-01", "ended"),
        ),
        ["subscription.activated", "payment.past_due", "payment.dunning_exhausted", "subscription.ended"],
    ),
    "dunning that ends in a pause": (
        lambda t: running(
            t,
            again(t, "04-01", collection="past_due"),
            again(t, "04-20", "paused", collection="unpaid"),
        ),
        [
            "subscription.activated",
            "payment.past_due",
            "subscription.paused",
            "payment.dunning_exhausted",
        ],
    ),
    "refund": (
        lambda t: running(
            t,
            t.signal("03-04", signal="refunded", extent="full", stage="pending"),
            t.signal("03-05", signal="refunded", extent="full", stage="rejected"),
            t.signal("03-06", signal="refunded", extent="full", stage="final"),
            t.signal("03-07", signal="refunded", extent="full", stage="reversed"),
        ),
        ["subscription.activated", "refund.rejected", "refund.issued", "refund.reversed"],
    ),
    "dispute": (
        lambda t: running(
            t,
            *(
                t.signal(f"03-{day}", signal="dispute", stage=stage)
                for day, stage in (
                    ("04", "warning"),
                    ("05", "opened"),
                    ("06", "won"),
                    ("07", "opened"),
                    ("08", "withdrawn"),
                    ("09", "opened"),
                    ("10", "lost"),
                )
            ),
        ),
        [
            "subscription.activated",
            "dispute.warning",
            "dispute.opened",
            "dispute.won",
            "dispute.opened",
            "dispute.withdrawn",
            "dispute.opened",
            "dispute.lost",
        ],
    ),
    "purchase": (
        lambda t: [
            t.signal(
                "03-01",
                "p1",
                kind="purchase",
                signal="purchase",
                plan_key="pro",
                effective_from="03-01",
                lifetime=True,
            )
        ],
        ["purchase.completed"],
    ),
    "grant": (
        lambda t: [
            t.grant("03-01", effective_until="04-01"),
            t.grant("03-20", effective_from="03-01", effective_until="05-01"),
            t.signal("03-25", "g1", kind="grant", signal="revoke", effective_at="03-26"),
        ],
        ["grant.issued", "grant.extended", "grant.revoked"],
    ),
    "operator trial": (
        lambda t: [
            t.grant("03-01", source_kind="trial", effective_until="03-15"),
            t.grant("03-10", source_kind="trial", effective_from="03-01", effective_until="03-20"),
        ],
        ["trial.started", "trial.extended"],
    ),
    "link": (
        lambda t: [
            t.snapshot("03-01", plan="pro"),
            t.fact("03-02", "s1", signals=[{"kind": "link", "workspace": t.workspace("w1")}]),
            t.fact(
                "03-03",
                "s1",
                signals=[{"kind": "link", "workspace": t.workspace("w2")}],
                audit={"operator": "op:alex", "approval": "op:ticket-7", "reason": "moved"},
            ),
        ],
        ["subscription.activated", "subject.linked", "subject.reassigned"],
    ),
    "suspension": (
        lambda t: [
            t.signal("03-01", None, signal="suspend", workspace="w1", effective_at="03-01"),
            t.signal("03-02", None, signal="suspend", workspace="w1", effective_at="03-02", lifted=True),
        ],
        ["subscription.paused", "subscription.resumed"],
    ),
    "correction": (
        lambda t: [
            *running(t, wrong := again(t, "03-05", plan="studio")),
            t.signal("03-06", signal="correction", corrects=wrong.fact_id),
        ],
        ["subscription.activated", "correction.recorded"],
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_story_is_told_in_these_names(story, tell, names):
    write, expected = STORIES[story]
    assert names(write(tell)) == expected


def test_every_name_is_reachable(tell, names):
    reached = {name for write, _ in STORIES.values() for name in names(write(tell))}
    assert reached == set(get_args(LifecycleName))


def test_plan_change_without_a_date_is_scheduled_and_then_made_or_taken_back(tell):
    waits = again(tell, "03-05", scheduled=[{"kind": "plan_change", "plan": "studio"}])
    rank = ("starter", "pro", "studio")
    made = fold(running(tell, waits, again(tell, "03-06", plan="studio")), rank=rank).events()
    assert [(e.event_name, e.timing, e.direction) for e in made[1:]] == [
        ("plan.change_scheduled", None, None),
        ("plan.changed", "immediate", "upgrade"),
    ]
    gone = fold(running(tell, waits, again(tell, "04-02")), rank=rank).events()
    assert [e.event_name for e in gone[1:]] == ["plan.change_scheduled", "plan.change_unscheduled"]


def test_twins_name_one_difference(tell, names):
    twins = [
        again(tell, "03-05", specificity=1, scheduled=[CANCEL]),
        again(tell, "03-05", specificity=2, scheduled=[CANCEL]),
    ]
    assert names(running(tell, *twins)) == ["subscription.activated", "cancellation.scheduled"]


def test_created_and_updated_of_one_second_end_active(tell, names):
    facts = [
        tell.snapshot("03-01", "active", plan="pro", specificity=1),
        tell.snapshot("03-01", "pending", plan="pro"),
    ]
    assert names(facts) == ["subscription.pending", "subscription.activated"]
    assert {event.order_confidence for event in fold(facts).events()} == {"strict"}


def test_same_second_contradiction_is_flagged_as_a_tie(tell):
    facts = running(
        tell, again(tell, "03-05", period=("03-01", "05-01")), again(tell, "03-05", period=("03-01", "06-01"))
    )
    (life,) = fold(facts).lives
    assert life.ties == 1
    assert [e.order_confidence for e in fold(facts).events()] == ["strict", "strict", "tie"]


def test_missed_event_is_a_gap_and_not_dropped(tell):
    facts = running(tell, again(tell, "03-05", "ended", ended_at="03-05"), again(tell, "03-09"))
    events = fold(facts).events()
    assert [(event.event_name, event.gap) for event in events][-1] == ("subscription.activated", True)
    assert fold(facts).lives[0].gaps == 1


def test_late_fact_takes_its_place(tell):
    early, late = again(tell, "03-05", plan="studio"), again(tell, "03-09", plan="starter")
    told = fold(running(tell, late), rank=("starter", "pro", "studio")).events()
    retold = fold(running(tell, late, early), rank=("starter", "pro", "studio")).events()
    assert [e.direction for e in told if e.event_name == "plan.changed"] == ["downgrade"]
    assert [(e.plan_key, e.direction) for e in retold if e.event_name == "plan.changed"] == [
        ("studio", "upgrade"),
        ("starter", "downgrade"),
    ]


def test_modes_never_mix(teller, names):
    live, test = teller(), teller(mode="test")
    lives = fold([live.snapshot("03-01", plan="pro"), test.snapshot("03-02", "ended", plan="pro")]).lives
    assert sorted((life.thing.mode, life.steps[-1].state.service) for life in lives) == [
        ("live", "active"),
        ("test", "ended"),
    ]


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ({"scheduled": [CANCEL]}, "canceled_at_period_end"),
        ({"collection": "past_due"}, "dunning_exhausted"),
        ({}, "canceled_immediately"),
    ],
)
def test_end_is_explained_by_what_was_before(before, reason, tell):
    facts = running(tell, again(tell, "03-05", **before), again(tell, "04-02", "ended", ended_at="04-02"))
    assert fold(facts).events()[-1].end_reason == reason


def test_provider_word_on_the_end_is_believed(tell):
    facts = running(tell, again(tell, "03-05", "ended", ended_at="03-05", end_reason="replaced"))
    assert fold(facts).events()[-1].end_reason == "replaced"


def test_scheduled_change_of_a_schedule_survives_full_snapshots(tell, names):
    partial = tell.snapshot("03-04", "none", scheduled=[DOWN])
    assert names(running(tell, partial, again(tell, "03-06", quantity=2))) == [
        "subscription.activated",
        "plan.change_scheduled",
        "quantity.changed",
    ]
    released = tell.snapshot("03-08", "none")
    assert names(running(tell, partial, released))[-1] == "plan.change_unscheduled"


def test_unknown_price_is_held_and_resolved_by_a_mapping(tell):
    unread = again(tell, "03-05", plan=None, unread="custom")
    facts = running(tell, unread)
    (life,) = fold(facts).lives
    assert life.held
    assert life.steps[-1].state.plan_key == "pro"
    mapping = tell.fact(
        "06-01",
        signals=[{"kind": "plan_mapping", "plan_ref": tell.price("custom"), "plan_key": "studio"}],
    )
    (life,) = fold([*facts, mapping]).lives
    assert not life.held
    assert life.steps[-1].state.plan_key == "studio"
    assert mapping.fact_id in life.steps[-1].facts


def test_refund_of_a_payment_belongs_to_the_customers_subscription(tell):
    facts = [
        tell.snapshot("03-01", plan="pro", customer="c1", workspace="w1"),
        tell.signal("03-05", "pi-1", kind="purchase", customer="c1", signal="dispute", stage="opened"),
    ]
    (life,) = fold(facts).lives
    assert life.steps[-1].state.standing == "disputed"


def test_refund_of_a_customer_with_two_subscriptions_is_told_but_not_guessed(tell, names):
    facts = [
        tell.snapshot("03-01", plan="pro", about="s1", customer="c1"),
        tell.snapshot("03-01", plan="pro", about="s2", customer="c1"),
        tell.signal("03-05", None, customer="c1", signal="dispute", stage="opened"),
    ]
    assert "dispute.opened" in names(facts)
    assert {life.steps[-1].state.standing for life in fold(facts).lives} == {"active"}


def test_correction_of_a_correction_restores_the_fact(tell, names):
    facts = running(tell, wrong := again(tell, "03-05", plan="studio"))
    undo = tell.signal("03-06", signal="correction", corrects=wrong.idempotency_key)
    redo = tell.signal("03-07", signal="correction", corrects=undo.fact_id)
    assert names([*facts, undo]) == ["subscription.activated", "correction.recorded"]
    assert names([*facts, undo, redo]) == ["subscription.activated", "plan.changed", "correction.recorded"]


def test_dispute_finds_its_customer_through_the_payment(tell):
    facts = [
        tell.snapshot("03-01", plan="pro", customer="c1", workspace="w1"),
        tell.fact("03-04", "pi-1", kind="purchase", customer="c1"),
        tell.signal("03-05", "pi-1", kind="purchase", signal="dispute", stage="opened"),
    ]
    (life,) = [life for life in fold(facts).lives if life.thing.about.startswith("ref:subscription")]
    assert life.steps[-1].state.standing == "disputed"


def test_payments_of_a_customer_without_a_subscription_are_not_mixed(tell):
    facts = [
        tell.signal("03-05", "pi-1", kind="purchase", customer="c1", signal="dispute", stage="opened"),
        tell.signal("03-06", "pi-2", kind="purchase", customer="c1", signal="dispute", stage="opened"),
    ]
    assert [len(life.changes) for life in fold(facts).lives] == [1, 1]


def test_metadata_of_a_payment_does_not_move_the_subscription(tell):
    facts = [
        tell.snapshot("03-01", plan="pro", customer="c1", workspace="w1"),
        tell.fact("03-04", "pi-1", kind="purchase", customer="c1", workspace="w2"),
    ]
    (life,) = [life for life in fold(facts).lives if life.thing.about.startswith("ref:subscription")]
    assert [item.workspace for item in life.assigned] == [tell.workspace("w1")]
