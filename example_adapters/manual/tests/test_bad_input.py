"""Whatever arrives gets an answer: never an exception, never a guess."""

import copy

import pytest
import saascore_manual
from hypothesis import given, settings
from hypothesis import strategies as st

from saascore.drafts import Context, Ignored, Mapped, ProviderEvent, Unmapped

KINDS = {"map": Mapped, "ignore": Ignored, "context": Context, "unmapped": Unmapped}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(allow_nan=False),
    st.text(max_size=300),
    st.sampled_from(
        ["", "grant", "purchase", "trial", "op:someone", "2026-11-01T00:00:00", 10**12, -1, 2**63]
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
        ("approval-missing", "approval-missing"),
        ("operator-missing", "operator-missing"),
        ("reason-missing", "reason-missing"),
        ("neither-end-nor-lifetime", "wrong-shape"),
        ("end-and-lifetime", "wrong-shape"),
        ("end-before-start", "wrong-shape"),
        ("naive-time", "wrong-shape"),
        ("unknown-source-kind", "wrong-shape"),
        ("nothing-to-be-about", "wrong-shape"),
        ("unknown-type", "unknown-type"),
        ("no-envelope", "no-envelope"),
    ],
)
def test_reason_why_an_action_is_unmapped(answer, name, reason):
    assert answer(name).reason == reason


@pytest.mark.parametrize(
    "body", [None, [], "text", 7, {}, {"type": None}, {"type": ["customer.created"]}, {"type": {}}]
)
def test_a_body_that_is_no_event_is_unmapped(body):
    answer = saascore_manual.normalize_billing_event(ProviderEvent(body))
    assert (answer.provider_event_type, answer.reason) == ("unknown", "no-envelope")


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_mutated_payload_never_raises_and_its_drafts_keep_their_types(data, samples, provider):
    sample = data.draw(st.sampled_from(list(samples.values())))
    body = copy.deepcopy(sample["body"])
    for _ in range(data.draw(st.integers(1, 3))):
        _mutate(body, data)
    provider.normalize_billing_event(ProviderEvent(body, mode=sample.get("mode", "live")))


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
