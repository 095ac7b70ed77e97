"""What each case of a subscription's life looks like in Stripe's own words, and what the adapter makes of it."""

import pytest

from saascore.contract.billing import ActionRequired, Dispute, Paid, PaymentFailed, Refunded, TrialEnding
from saascore.drafts import LinkDraft, PurchaseDraft

PERIOD_END, TRIAL_END = "2026-10-01T09:00:00.000000Z", "2026-09-15T09:00:00.000000Z"
ACTIVE = {"service": "active", "collection": "current"}
ENDED = {"service": "ended", "collection": "not_applicable"}

STATES = {
    "subscription-pending": {"service": "pending", "collection": "not_applicable"},
    "subscription-activated": {**ACTIVE, "period": ("2026-09-01T09:00:00.000000Z", PERIOD_END)},
    "activation-failed": {**ENDED, "end_reason": "activation_failed"},
    "trial-started": {"service": "trialing", "collection": "current", "trial_ends_at": TRIAL_END},
    "trial-ended-now-reminder": {**ACTIVE, "trial_ends_at": None},
    "trial-extended": {"service": "trialing", "trial_ends_at": "2026-09-22T09:00:00.000000Z"},
    "trial-converted": {**ACTIVE, "trial_ends_at": None},
    "trial-expired-paused": {"service": "paused", "collection": "not_applicable"},
    "trial-expired-deleted": {**ENDED, "end_reason": "trial_expired", "ended_at": TRIAL_END},
    "period-advanced": {**ACTIVE, "period": (PERIOD_END, "2026-11-01T09:00:00.000000Z")},
    "past-due": {"service": "active", "collection": "past_due"},
    "recovered": ACTIVE,
    "dunning-exhausted-unpaid": {"service": "active", "collection": "unpaid"},
    "dunning-exhausted-deleted": {**ENDED, "end_reason": "dunning_exhausted"},
    "dunning-exhausted-paused": {"service": "paused", "collection": "unpaid"},
    "canceled-at-once": {
        **ENDED,
        "end_reason": "canceled_immediately",
        "ended_at": "2026-09-12T09:00:00.000000Z",
    },
    "canceled-at-period-end": {**ENDED, "end_reason": "canceled_at_period_end", "ended_at": PERIOD_END},
    "canceled-before-its-date": {**ENDED, "end_reason": "canceled_immediately"},
    "canceled-for-dispute": {**ENDED, "end_reason": "dispute_lost"},
    "canceled-by-retention-policy": {**ENDED, "end_reason": "unknown"},
    "subscription-paused": {"service": "paused", "collection": "not_applicable"},
    "thin-deleted": {**ENDED, "items": (), "ended_at": "2026-09-12T09:00:00.000000Z"},
}

SCHEDULES = {
    "cancel-scheduled": [("cancel", PERIOD_END)],
    "cancel-scheduled-by-date-only": [("cancel", "2026-09-25T00:00:00.000000Z")],
    "cancel-scheduled-without-date": [("cancel", PERIOD_END)],
    "cancel-unscheduled": [],
    "collection-paused": [("resume", "2026-12-01T00:00:00.000000Z")],
    "pending-update": [("plan_change", None)],
    "pending-update-applied": [],
    "pending-update-expired": [],
    "plan-change-scheduled": [("plan_change", PERIOD_END)],
    "quantity-change-scheduled": [("quantity_change", PERIOD_END)],
    "schedule-released": [],
    "schedule-canceled": [],
    "schedule-aborted": [],
}

SIGNALS = {
    "trial-ending": TrialEnding(ends_at=TRIAL_END),
    "first-payment": Paid(occasion="first"),
    "renewal-paid": Paid(occasion="renewal"),
    "renewal-paid-old-layout": Paid(occasion="renewal"),
    "proration-paid": Paid(occasion="other"),
    "payment-failed": PaymentFailed(attempt=2, next_attempt_at="2026-10-05T10:00:00Z"),
    "payment-failed-finally": PaymentFailed(attempt=4, final=True),
    "payment-action-required": ActionRequired(),
    "refunded-in-full": Refunded(extent="full", stage="final"),
    "refunded-in-part": Refunded(extent="partial", stage="final"),
    "refund-failed": Refunded(extent="unknown", stage="reversed"),
    "refund-canceled": Refunded(extent="unknown", stage="reversed"),
    "dispute-warning": Dispute(stage="warning"),
    "dispute-opened": Dispute(stage="opened"),
    "dispute-won": Dispute(stage="won"),
    "dispute-lost": Dispute(stage="lost"),
    "dispute-withdrawn": Dispute(stage="withdrawn"),
    "one-time-purchase-failed": PaymentFailed(final=True),
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


@pytest.mark.parametrize("name", ["one-time-purchase", "one-time-purchase-paid-later"])
def test_a_paid_session_of_mode_payment_is_a_purchase_of_what_its_payment_link_sells(draft, name):
    (purchase,) = draft(name).signals
    assert isinstance(purchase, PurchaseDraft)
    assert purchase.lifetime
    assert purchase.item.candidates == ("plink_00000000000000SYNlink001",)


def test_expanded_line_items_name_what_was_bought(draft):
    (purchase,) = draft("one-time-purchase-with-line-items").signals
    assert purchase.item.candidates == ("price_000000000SYNproMonthly01", "prod_000000SYNpro01")
    assert purchase.item.quantity == 2


def test_a_refund_is_about_the_payment_that_its_purchase_is_about(draft):
    assert draft("refunded-in-full").about == draft("one-time-purchase").about


def test_a_checkout_of_a_subscription_only_links_it(answer):
    link = answer("checkout-of-a-subscription").draft
    assert link.about[0] == "subscription"
    assert [type(signal) for signal in link.signals] == [LinkDraft]
    assert link.claims == {"client_reference_id": "wsp_syntheticworkspace0001"}


def test_a_payment_tells_whose_it_was_because_a_dispute_does_not(answer, draft):
    payment = answer("payment-succeeded").draft
    assert payment.about == draft("dispute-opened").about
    assert draft("dispute-opened").customer is None
    assert payment.customer == draft("subscription-activated").customer


def test_every_item_is_handed_over_and_none_is_taken_for_the_plan(draft):
    items = draft("plan-changed").snapshot.items
    assert [item.candidates[0] for item in items] == [
        "price_000000000SYNmeteredAddon",
        "price_000000000000SYNstarter01",
    ]


def test_created_sorts_before_updated_and_a_specific_twin_after_both(draft):
    ranks = [draft(name).specificity for name in ("subscription-pending", "past-due", "subscription-paused")]
    assert ranks == sorted(set(ranks))


def test_a_schedule_says_nothing_of_the_service(draft):
    snapshot = draft("plan-change-scheduled").snapshot
    assert (snapshot.service, snapshot.collection, snapshot.items) == ("none", "not_applicable", ())


def test_claims_leave_people_behind(draft):
    assert draft("subscription-activated").claims == {"workspace_id": "wsp_syntheticworkspace0001"}


def test_a_test_event_at_a_live_endpoint_asserts_nothing(answer):
    assert answer("test-event-at-live-endpoint").reason == "mode-mismatch"
