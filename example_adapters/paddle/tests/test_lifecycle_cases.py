"""What each case of a subscription's life looks like in Paddle's own words, and what the adapter makes of it."""

import pytest

from saascore.contract.billing import Dispute, Paid, PaymentFailed, Refunded
from saascore.drafts import PurchaseDraft

SEPTEMBER, OCTOBER, NOVEMBER = (f"2026-{month}-01T09:00:00.000000Z" for month in ("09", "10", "11"))
DECEMBER = "2026-12-01T09:00:00.000000Z"
TRIAL_END = "2026-09-15T09:00:00.000000Z"
ACTIVE = {"service": "active", "collection": "current"}
ENDED = {"service": "ended", "collection": "not_applicable", "end_reason": None}

STATES = {
    "trial-started": {"service": "trialing", "collection": "current", "trial_ends_at": TRIAL_END},
    "trial-converted": {**ACTIVE, "trial_ends_at": None},
    "trial-expired": {**ENDED, "ended_at": TRIAL_END, "trial_ends_at": None},
    "subscription-activated": {**ACTIVE, "period": (SEPTEMBER, OCTOBER)},
    "period-advanced": {**ACTIVE, "period": (OCTOBER, NOVEMBER)},
    "past-due": {"service": "active", "collection": "past_due"},
    "subscription-paused": {"service": "paused", "collection": "not_applicable", "period": None},
    "subscription-resumed": {**ACTIVE, "period": (SEPTEMBER, OCTOBER)},
    "canceled-at-once": {**ENDED, "ended_at": "2026-09-12T09:00:00.000000Z"},
    "canceled-by-type-alone": ENDED,
}

SCHEDULES = {
    "cancel-scheduled": [("cancel", OCTOBER)],
    "cancel-unscheduled": [],
    "pause-scheduled": [("pause", OCTOBER), ("resume", DECEMBER)],
    "subscription-paused": [],
    "subscription-paused-until": [("resume", "2026-12-01T00:00:00.000000Z")],
    "canceled-at-once": [],
}

SIGNALS = {
    "first-payment": Paid(occasion="first"),
    "renewal-paid": Paid(occasion="renewal"),
    "proration-paid": Paid(occasion="other"),
    "payment-failed": PaymentFailed(attempt=2),
    "one-time-purchase-failed": PaymentFailed(attempt=1),
    "refund-asked": Refunded(extent="full", stage="pending"),
    "refund-approved": Refunded(extent="full", stage="final"),
    "refund-rejected": Refunded(extent="full", stage="rejected"),
    "refund-reversed": Refunded(extent="full", stage="reversed"),
    "refunded-in-part": Refunded(extent="partial", stage="final"),
    "refunded-without-type": Refunded(extent="full", stage="final"),
    "dispute-warning": Dispute(stage="warning"),
    "dispute-opened": Dispute(stage="opened"),
    "dispute-won": Dispute(stage="won"),
    "dispute-withdrawn": Dispute(stage="withdrawn"),
    "chargeback-reversed": Dispute(stage="won"),
}


@pytest.mark.parametrize("name", STATES)
def test_state_that_a_payload_asserts(draft, name):
    snapshot = draft(name).snapshot
    assert {field: getattr(snapshot, field) for field in STATES[name]} == STATES[name]


@pytest.mark.parametrize("name", SCHEDULES)
def test_what_the_clock_will_do(draft, name):
    scheduled = [(change.kind, change.effective_at) for change in draft(name).snapshot.scheduled]
    assert scheduled == SCHEDULES[name]


@pytest.mark.parametrize("name", SIGNALS)
def test_signal_that_no_snapshot_shows(draft, name):
    assert list(draft(name).signals) == [SIGNALS[name]]


def test_a_transaction_without_subscription_is_a_purchase_of_its_one_time_items(draft):
    (purchase,) = draft("one-time-purchase").signals
    assert isinstance(purchase, PurchaseDraft)
    assert purchase.lifetime
    assert purchase.item.candidates[0].endswith("lifetime01")
    assert draft("one-time-purchase").about == draft("refund-of-a-purchase").about


def test_recurring_items_of_a_checkout_are_not_bought_for_good(answer):
    assert answer("checkout-of-a-subscription").reason == "nothing-bought-for-good"


def test_every_item_is_handed_over_and_none_is_taken_for_the_plan(draft):
    items = draft("plan-changed").snapshot.items
    assert [item.quantity for item in items] == [3, 1]
    assert items[0].candidates[0].endswith("extraseat01")
    assert items[1].candidates[0].endswith("startermonth1")


def test_nine_fraction_digits_are_cut_to_six(draft):
    assert draft("irrelevant-update").occurred_at == "2026-09-05T09:00:00.123456Z"


def test_created_sorts_before_updated_and_a_specific_twin_after_both(draft):
    ranks = [draft(name).specificity for name in ("subscription-activated", "irrelevant-update", "past-due")]
    assert ranks == sorted(set(ranks))


def test_claims_leave_people_and_nested_data_behind(draft):
    assert draft("subscription-activated").claims == {"workspace_id": "wsp_syntheticworkspace0001"}


def test_a_simulated_event_never_touches_live_state(answer):
    assert answer("simulated-event").reason == "simulated-event"
