"""Reading records as a stream."""

import io
import json
import sys
from tempfile import NamedTemporaryFile
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saascore.cli import inputs
from saascore.errors import SaascoreError

json_objects = st.lists(
    st.dictionaries(
        st.text(max_size=5),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
            ),
            max_leaves=5,
        ),
        max_size=4,
    ),
    max_size=8,
)


def read(text, block=1 << 20):
    """Read text from standard input, and see that a file with it reads alike."""
    stdin = io.TextIOWrapper(io.BytesIO(text.encode()))
    with mock.patch.object(sys, "stdin", stdin), mock.patch.object(inputs, "_BLOCK", block):
        records = list(inputs.read_records("-"))
        with NamedTemporaryFile() as file:
            file.write(text.encode())
            file.flush()
            assert list(inputs.read_records(file.name)) == records
    return records


@given(json_objects, st.integers(min_value=1, max_value=7), st.sampled_from([None, 1]), st.booleans())
def test_an_array_reads_as_its_objects_whatever_the_block(objects, block, indent, plain):
    records = read(" \n" + json.dumps(objects, indent=indent, ensure_ascii=plain), block)
    assert [r.value for r in records] == objects
    assert [r.number for r in records] == list(range(1, len(objects) + 1))


@given(json_objects, st.integers(min_value=1, max_value=60), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_ndjson_reads_as_its_objects_whatever_the_block(objects, block, end):
    records = read(end.join(json.dumps(o) for o in objects), block)
    assert [r.value for r in records] == objects
    assert [r.number for r in records] == list(range(1, len(objects) + 1))


def test_a_byte_order_mark_and_space_come_before_either_form():
    for text in ("\ufeff {}", " \ufeff[{}]", "\n\n{}"):
        assert [r.value for r in read(text)] == [{}]


def test_a_line_that_is_not_json_loses_no_other_line():
    records = read('{"a": 1}\n{"a": \n\n[1]\n{"a": NaN}\n{"a": 2} x\n{"a": 3}')
    assert [(r.number, r.value, r.problem) for r in records] == [
        (1, {"a": 1}, None),
        (2, None, "INP-001"),
        (3, None, "INP-003"),
        (4, None, "INP-001"),
        (5, None, "INP-001"),
        (6, {"a": 3}, None),
    ]


def test_a_broken_array_keeps_what_came_before_the_break():
    records = read('[{"a": 1}, {"a": 2}, {"a": ')
    assert [r.problem for r in records] == [None, None, "INP-001"]


def test_deep_nesting_is_one_bad_record():
    assert [r.problem for r in read("[" * 1 + '{"a":' * 100_000)] == ["INP-001"]


def test_a_file_that_is_not_there_is_named_by_rule_only(tmp_path):
    with pytest.raises(SaascoreError) as caught:
        list(inputs.read_records(str(tmp_path / "cus_0123456789abcdef.json")))
    assert caught.value.code == "INP-002"
    assert "cus_" not in str(caught.value)


@pytest.mark.parametrize("form", ["[%s,%s,%s]", "%s\n%s\n%s"])
def test_a_record_that_is_not_utf8_loses_no_other_record(tmp_path, form):
    path = tmp_path / "rows.json"
    path.write_bytes(form.encode() % (b'{"a": 1}', b'{"a": "\xff"}', b'{"a": 2}'))
    assert [r.problem for r in inputs.read_records(str(path))] == [None, "INP-001", None]


def test_standard_input_is_a_dash(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO('{"a": "ü"}\n'.encode())))
    assert [r.value for r in inputs.read_records("-")] == [{"a": "ü"}]
