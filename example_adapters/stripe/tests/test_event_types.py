"""Every official event type is answered, and a newer SDK shows which is not yet."""

from inspect import get_annotations
from typing import get_args, get_type_hints

import pytest
import saascore_stripe
from saascore_stripe.event_types import CONTEXT, IGNORED
from saascore_stripe.handlers import HANDLERS, UNFETCHED
from saascore_stripe.thin_types import THIN_CONTEXT, THIN_IGNORED, THIN_MAPPED

stripe = pytest.importorskip("stripe", reason="the official SDK is not installed: uv pip install stripe")

LISTED = saascore_stripe.list_billing_event_types()


def test_snapshot_types_are_those_of_the_official_sdk():
    official = set(get_args(get_type_hints(stripe.Event, include_extras=True)["type"]))
    ours = {name for name in LISTED if not name.startswith(("v1.", "v2."))}
    assert ours == official


def test_thin_types_are_those_of_the_official_sdk():
    from stripe.events import _event_classes

    official = set(_event_classes._V2_EVENT_CLASS_LOOKUP)
    ours = {name for name in LISTED if name.startswith(("v1.", "v2."))}
    assert ours == official


def test_every_type_has_exactly_one_answer():
    groups = [
        set(HANDLERS),
        set(CONTEXT),
        set(IGNORED),
        set(THIN_MAPPED),
        set(THIN_CONTEXT),
        set(THIN_IGNORED),
    ]
    assert sum(map(len, groups)) == len(set.union(*groups)) == len(LISTED)


def test_thin_types_are_read_by_handlers_that_exist():
    assert set(THIN_MAPPED.values()) | set(UNFETCHED) <= set(HANDLERS)


def test_statuses_of_the_official_sdk_are_known():
    from saascore_stripe.payments import _CLOSED, _OPEN
    from saascore_stripe.subscriptions import _STATES

    assert _values(stripe.Subscription, "status") == _STATES.keys()
    disputes = _values(stripe.Dispute, "status")
    assert {status for status in disputes if not status.startswith("warning_")} == set(_OPEN)
    assert _CLOSED.keys() <= disputes


def test_billing_reasons_and_pauses_of_the_official_sdk_hold_those_that_decide():
    from saascore_stripe.payments import _OCCASIONS

    assert _OCCASIONS.keys() <= _values(stripe.Invoice, "billing_reason")
    pauses = _values(stripe.Subscription.StatusDetails.Paused.Subscription, "type")
    assert {"first_payment_failure", "final_payment_failure"} <= pauses


def test_every_mapped_type_has_a_sample(samples):
    mapped = {name for name, said in LISTED.items() if said == "map" and not name.startswith("v1.")}
    assert mapped - {sample["body"].get("type") for sample in samples.values()} == set()


def _values(owner, field):
    return set(_literals(get_annotations(owner)[field]))


def _literals(hint):
    return {hint} if isinstance(hint, str) else {name for part in get_args(hint) for name in _literals(part)}
