"""The canonical form: equal values have equal bytes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saascore.contract.canonical import canonical_bytes, digest

keys = st.text(alphabet=st.characters(max_codepoint=127), max_size=6)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_it_reads_back_as_the_same_value(value):
    assert json.loads(canonical_bytes(value)) == value


@given(st.dictionaries(keys, values, max_size=5), st.randoms())
def test_the_order_of_keys_does_not_matter(value, random):
    items = list(value.items())
    random.shuffle(items)
    assert canonical_bytes(dict(items)) == canonical_bytes(value)


@pytest.mark.parametrize(
    "value", [1.0, {"a": 0.5}, {1: "a"}, {"ä": 1}, ["\ud800"], {"a": object()}, b"bytes"]
)
def test_what_json_or_the_contract_cannot_say_is_refused(value):
    with pytest.raises(ValueError, match="canonical JSON"):
        canonical_bytes(value)


def test_the_domain_keeps_digests_apart():
    assert digest("one/1", {"a": 1}) != digest("two/1", {"a": 1})


def test_bytes_are_what_other_languages_would_write():
    assert (
        canonical_bytes({"b": "ü\u2028", "a": [True, None, 12]})
        == '{"a":[true,null,12],"b":"ü\u2028"}'.encode()
    )
