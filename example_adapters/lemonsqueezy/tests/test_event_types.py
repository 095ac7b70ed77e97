"""Every official event type is answered. There is no official Python SDK to compare with: the list stands here."""

import saascore_lemonsqueezy

# The union `Events` of the official JavaScript SDK and the enum `Topic` of the official Laravel package.
OFFICIAL = {
    "affiliate_activated",
    "license_key_created",
    "license_key_updated",
    "order_created",
    "order_refunded",
    "subscription_cancelled",
    "subscription_created",
    "subscription_expired",
    "subscription_paused",
    "subscription_payment_failed",
    "subscription_payment_recovered",
    "subscription_payment_refunded",
    "subscription_payment_success",
    "subscription_resumed",
    "subscription_unpaused",
    "subscription_updated",
}
# Named in public handlers and in the documentation, in no SDK.
UNOFFICIAL = {"customer_updated", "subscription_plan_changed"}


def test_every_type_is_answered_and_no_other():
    assert saascore_lemonsqueezy.list_billing_event_types().keys() == OFFICIAL | UNOFFICIAL


def test_every_mapped_type_has_a_sample(samples):
    mapped = {
        name for name, said in saascore_lemonsqueezy.list_billing_event_types().items() if said == "map"
    }
    assert mapped - {sample["body"].get("meta", {}).get("event_name") for sample in samples.values()} == set()
