"""Whatever arrives gets an answer: never an exception, never a guess, never an amount or a person."""

import copy
from decimal import Decimal

import pytest
import saascore_paddle
from hypothesis import given, settings
from hypothesis import strategies as st

from saascore.drafts import Context, Ignored, Mapped, ProviderEvent, Raw, Unmapped, field_names

KINDS = {"map": Mapped, "ignore": Ignored, "context": Context, "unmapped": Unmapped}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(allow_nan=False),
    st.text(max_size=300),
    st.sampled_from(
        ["", "active", "trialing", "canceled", "refund", "approved", "2026-10-01T09:00:00", 10**12, -1, 2**63]
    ),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=4)), max_size=3),
    st.dictionaries(
        st.text(max_size=6), st.one_of(st.none(), st.integers(), st.text(max_size=4)), max_size=3
    ),
)


def test_samples_are_answered_as_they_expect(answer, samples):
    wrong = [
        name for name, sample in samples.items() if not isinstance(answer(name), KINDS[sample["expect"]])
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("unknown-type", "unknown-type"),
        ("unknown-status", "unknown-status"),
        ("unknown-scheduled-change", "unknown-value"),
        ("unknown-origin", "unknown-value"),
        ("unknown-adjustment", "unknown-value"),
        ("wrong-shape", "wrong-shape"),
        ("no-envelope", "no-envelope"),
    ],
)
def test_reason_why_an_event_is_unmapped(answer, name, reason):
    assert answer(name).reason == reason


@pytest.mark.parametrize(
    "body",
    [None, [], "text", 7, {}, {"event_type": None}, {"event_type": ["customer.created"]}, {"event_type": {}}],
)
def test_a_body_that_is_no_event_is_unmapped(body):
    answer = saascore_paddle.normalize_billing_event(ProviderEvent(body))
    assert (answer.provider_event_type, answer.reason) == ("unknown", "no-envelope")


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_mutated_payload_never_raises_and_its_drafts_keep_their_types(data, samples, provider):
    sample = data.draw(st.sampled_from(list(samples.values())))
    body = copy.deepcopy(sample["body"])
    for _ in range(data.draw(st.integers(1, 3))):
        _mutate(body, data)
    provider.normalize_billing_event(ProviderEvent(body, mode=sample.get("mode", "live")))


def test_no_amount_and_no_person_gets_into_a_draft(answer, samples):
    for name in samples:
        said = set(_leaves(answer(name)))
        assert not said & {"1900", 1900, "EUR", Decimal(1900)}
        assert not any(
            isinstance(leaf, str) and ("@" in leaf or "Ada" in leaf or "://" in leaf) for leaf in said
        )


def _mutate(body, data):
    """Replace, remove or add one value anywhere in the body."""
    node = body
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if isinstance(node[key], dict | list) and node[key] and data.draw(st.integers(0, 4)):
            node = node[key]
            continue
        if isinstance(node, dict) and data.draw(st.booleans()):
            del node[key]
        else:
            node[key] = data.draw(ODD)
        break


def _leaves(value):
    if isinstance(value, Raw):
        for name in field_names(type(value)):
            yield from _leaves(getattr(value, name))
    elif hasattr(value, "model_dump"):
        yield from _leaves(value.model_dump())
    elif isinstance(value, dict):
        yield from _leaves(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    else:
        yield value
