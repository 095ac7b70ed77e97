"""Every official event type is answered, and a newer SDK shows which is not yet."""

import pytest
import saascore_paddle

events = pytest.importorskip(
    "paddle_billing.Entities.Events",
    reason="the official SDK is not installed: uv pip install paddle-python-sdk",
)


def test_types_are_those_of_the_official_sdk():
    official = {str(value) for name, value in vars(events.EventTypeName).items() if name[0].isupper()}
    assert saascore_paddle.list_billing_event_types().keys() == official


def test_statuses_of_the_official_sdk_are_known_or_unmapped_by_name():
    from paddle_billing.Entities.Subscriptions import SubscriptionStatus
    from saascore_paddle.subscriptions import _STATES

    official = {str(value) for name, value in vars(SubscriptionStatus).items() if name[0].isupper()}
    # The SDK names "inactive" and no document says what it means: it is unmapped, not guessed.
    assert official - _STATES.keys() == {"inactive"}


def test_every_mapped_type_has_a_sample(samples):
    mapped = {name for name, said in saascore_paddle.list_billing_event_types().items() if said == "map"}
    assert mapped - {sample["body"].get("event_type") for sample in samples.values()} == set()
