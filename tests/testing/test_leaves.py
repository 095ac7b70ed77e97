"""Leaves can be listed, replaced and left out one at a time."""

from hypothesis import given
from hypothesis import strategies as st

from saascore.testing.leaves import folded, leaves, raw_values, replaced, without

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
).filter(lambda value: isinstance(value, (dict, list)))


@given(VALUES)
def test_replacing_a_leaf_changes_that_leaf_alone(value):
    before = list(leaves(value))
    for path, _ in before:
        after = dict(leaves(replaced(value, path, "new")))
        assert after == {**dict(before), path: "new"}
    assert list(leaves(value)) == before


@given(VALUES)
def test_leaving_a_leaf_out_makes_one_less(value):
    before = list(leaves(value))
    for path, _ in before:
        assert len(list(leaves(without(value, path)))) == len(before) - 1


def test_raw_values_are_ids_and_no_labels():
    row = {
        "id": "Job_2026_0001",
        "mail": "a1@example.org",
        "model": "image-model-2",
        "n": 12,
        "ok": True,
        "long": 4711234,
    }
    assert raw_values(row) == {"job20260001", "a1exampleorg", "4711234"}
    assert folded("Job_2026-0001") == "job20260001"
