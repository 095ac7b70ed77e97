"""What each case of a subscription's life looks like in Lemon Squeezy's words, and what the adapter makes of it."""

import pytest

from saascore.contract.billing import Paid, PaymentFailed, Refunded
from saascore.drafts import PurchaseDraft

SEPTEMBER, OCTOBER, NOVEMBER = (f"2026-{month}-01T09:00:00.000000Z" for month in ("09", "10", "11"))
DECEMBER = "2026-12-01T00:00:00.000000Z"
TRIAL_END = "2026-09-15T09:00:00.000000Z"
ACTIVE = {"service": "active", "collection": "current"}
ENDED = {"service": "ended", "collection": "not_applicable", "end_reason": None}

STATES = {
    "trial-started": {"service": "trialing", "collection": "current", "trial_ends_at": TRIAL_END},
    "trial-canceled": {"service": "trialing", "collection": "current", "trial_ends_at": TRIAL_END},
    "trial-converted": {**ACTIVE, "trial_ends_at": None},
    "trial-expired": {**ENDED, "ended_at": TRIAL_END},
    "subscription-activated": {**ACTIVE, "period": (SEPTEMBER, OCTOBER)},
    "period-advanced": {**ACTIVE, "period": (SEPTEMBER, NOVEMBER)},
    "cancel-scheduled": {**ACTIVE, "period": (SEPTEMBER, OCTOBER), "ended_at": None},
    "canceled-and-over": {**ENDED, "ended_at": OCTOBER},
    "subscription-expired": {**ENDED, "ended_at": OCTOBER},
    "collection-paused": {"service": "active", "collection": "collection_paused"},
    "subscription-paused": {"service": "paused", "collection": "not_applicable"},
    "past-due": {"service": "active", "collection": "past_due"},
    "dunning-exhausted": {"service": "active", "collection": "unpaid"},
}

SCHEDULES = {
    "trial-canceled": [("cancel", TRIAL_END)],
    "cancel-scheduled": [("cancel", OCTOBER)],
    "cancel-unscheduled": [],
    "canceled-and-over": [],
    "subscription-expired": [],
    "collection-paused": [("resume", DECEMBER)],
    "subscription-paused": [],
    "subscription-paused-until": [("resume", DECEMBER)],
    "subscription-unpaused": [],
}

SIGNALS = {
    "first-payment": Paid(occasion="first"),
    "renewal-paid": Paid(occasion="renewal"),
    "proration-paid": Paid(occasion="other"),
    "payment-failed": PaymentFailed(),
    "payment-recovered": Paid(occasion="other"),
    "refunded-in-full": Refunded(extent="full", stage="final"),
    "refunded-in-part": Refunded(extent="partial", stage="final"),
    "one-time-purchase-failed": PaymentFailed(final=True),
    "one-time-purchase-refunded": Refunded(extent="full", stage="final"),
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


def test_a_payment_is_about_the_subscription_and_not_about_its_invoice(draft):
    assert draft("renewal-paid").about == draft("subscription-activated").about == ("subscription", "4100001")


def test_an_order_is_bought_under_another_name_than_the_subscription_it_comes_with(draft):
    (purchase,) = draft("one-time-purchase").signals
    assert isinstance(purchase, PurchaseDraft)
    assert purchase.item.candidates == ("order-variant:9100009", "order-product:9000091")
    assert draft("subscription-activated").snapshot.items[0].candidates == (
        "variant:9100002",
        "product:9000091",
    )


def test_an_event_without_an_id_is_keyed_by_its_body(draft):
    assert draft("webhook-without-id").event_id is None
    assert draft("subscription-activated").event_id is not None


def test_a_test_event_at_a_live_endpoint_asserts_nothing(answer):
    assert answer("test-event-at-live-endpoint").reason == "mode-mismatch"


def test_claims_leave_people_behind(draft):
    assert draft("subscription-activated").claims == {"workspace_id": "wsp_syntheticworkspace0001"}
    assert draft("empty-custom-data").claims == {}
