"""Samples that cannot be used are refused by file and rule, without a value."""

import json

import pytest

from saascore.errors import SaascoreError
from saascore.testing.samples import read_events, read_expected, read_rows


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_rows_are_read_from_arrays_objects_and_lines_in_name_order(tmp_path):
    write(tmp_path, "rows-b.ndjson", '{"n": 3}\n\n{"n": 4}\n')
    write(tmp_path, "rows-a.json", '[{"n": 1}, {"n": 2}]')
    write(tmp_path, "rows-c.json", '{"n": 5}')
    assert [row.record["n"] for row in read_rows(tmp_path)] == [1, 2, 3, 4, 5]
    assert [row.name for row in read_rows(tmp_path)][:2] == ["rows-a.json 1", "rows-a.json 2"]


def test_a_row_is_copied_deeply(tmp_path):
    write(tmp_path, "rows.json", '{"a": [{"b": 1}]}')
    (row,) = read_rows(tmp_path)
    row.copy()["a"][0]["b"] = 2
    assert row.record == {"a": [{"b": 1}]}


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("rows.json", "{secret", "rows.json"),
        ("rows.ndjson", '{"a": 1}\n"secret"', "rows.ndjson 2"),
        ("rows.json", "[[]]", "rows.json 1"),
    ],
)
def test_rows_that_are_no_objects_are_refused(tmp_path, name, text, where):
    with pytest.raises(SaascoreError) as refused:
        read_rows(write(tmp_path, name, text))
    assert (refused.value.code, refused.value.where) == ("ADP-202", where)
    assert "secret" not in str(refused.value)


def test_missing_files_are_refused(tmp_path):
    for read in (read_rows, read_events, read_expected):
        with pytest.raises(SaascoreError) as refused:
            read(tmp_path)
        assert refused.value.code == "ADP-202"


@pytest.mark.parametrize(
    "change",
    [{"usage": 5}, {"plans": {"Pro": "Not A Label"}}, {"window": {"from": "x", "to": "y"}}, {"surprise": 1}],
)
def test_an_expectation_of_another_shape_is_refused(tmp_path, change):
    text = json.dumps({"events": {}, "plans": {}, "usage": [], **change})
    with pytest.raises(SaascoreError) as refused:
        read_expected(write(tmp_path, "expected.json", text))
    assert refused.value.code == "ADP-202"


@pytest.mark.parametrize(
    "events",
    [
        [{"name": "a", "body": {}}, {"name": "a", "body": {}}],
        [{"name": "a", "body": {}, "same_as": "b"}],
        [{"name": "a", "body": 5}],
        [{"name": "a", "body": {}, "expect": "something"}],
    ],
)
def test_events_that_contradict_themselves_are_refused(tmp_path, events):
    with pytest.raises(SaascoreError) as refused:
        read_events(write(tmp_path, "events.json", json.dumps(events)))
    assert refused.value.code == "ADP-202"


def test_an_event_without_a_name_is_named_by_its_file_and_number(tmp_path):
    (sample,) = read_events(write(tmp_path, "events.ndjson", '{"body": {"type": "a"}}'))
    assert sample.name == "events.ndjson 1"
    assert sample.event().body == {"type": "a"}
    assert sample.event().body is not sample.body
