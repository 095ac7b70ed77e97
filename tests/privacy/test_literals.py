"""Dictionaries as programs write them are read as the JSON that they stand for."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saascore.privacy.literals import decode_literal
from saascore.privacy.scanner import Scanner

SCANNER = Scanner()
BODY = {
    "id": "[redacted]",
    "object": "event",
    "livemode": False,
    "data": {"object": {"id": None, "lines": [1]}},
}
SCALARS = (
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text("abc xyz\n\"'\\:,{}[]=>", max_size=12)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc_", min_size=1), inner, max_size=4)
    ),
    max_leaves=12,
)


def categories(text, name):
    return {finding.category for finding in SCANNER.scan_text(text, name)}


def plain(value):
    if isinstance(value, list) and value and all(isinstance(item, tuple) for item in value):
        return {name: plain(item) for name, item in value}
    return [plain(item) for item in value] if isinstance(value, list) else value


def php(value):
    if isinstance(value, dict):
        return "[" + ", ".join(f"'{name}' => {php(item)}" for name, item in value.items()) + "]"
    if isinstance(value, list):
        return "[" + ", ".join(map(php, value)) + "]"
    return json.dumps(value).replace('"', "'")


def javascript(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {javascript(item)}" for name, item in value.items()) + ",}"
    return json.dumps(value)


@given(VALUES.filter(lambda value: isinstance(value, (dict, list)) and value))
def test_what_python_prints_is_read_as_it_was(value):
    assert json.dumps(plain(decode_literal(repr(value)))) == json.dumps(without_empty(value))


def without_empty(value):
    """An empty object cannot be told from an empty list once it is a list of pairs."""
    if isinstance(value, dict):
        return {name: without_empty(item) for name, item in value.items()} or []
    return [without_empty(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "text",
    [
        repr(BODY),
        php(BODY),
        javascript(BODY),
        json.dumps(BODY).replace('": ', '" => ').replace("null", "nil"),
    ],
    ids=["Python", "PHP", "JavaScript", "Ruby"],
)
@pytest.mark.parametrize("layout", ["BODY = {}", "  const body = {};", "post(url, {})", "{}"])
def test_the_skeleton_of_a_body_is_found_in_source(text, layout):
    assert categories(layout.replace("{}", text), "fixture.py") == {"raw-webhook-payload"}


def test_the_skeleton_of_a_body_is_found_in_the_rows_of_an_insert():
    insert = f"INSERT INTO inbox (provider, body) VALUES ('stripe', '{json.dumps(BODY)}');"
    assert categories(insert, "dump.sql") == {"raw-webhook-payload"}


def test_what_a_program_computes_is_no_value_and_what_it_spells_out_is():
    assert categories("call({'user_id': row.user, 'plan': 'pro'})", "a.py") == set()
    assert categories("call({'plan': 'pro', 'user_id': 'u-" + "8" * 3 + "k'})", "a.py") == {"raw-user-id"}
    assert categories("call({'plan': 'pro', 'seen_by': " + "k7x9" * 5 + "})", "a.py") != set()


@pytest.mark.parametrize(
    "text", ["{'a': f(x)}", "{'a'", "]}", "{'a': 'b' 'c'}", "{1: 2", "[" * 50, "{'a': 1}\n{'a': 2}"]
)
def test_other_source_is_no_literal(text):
    with pytest.raises(ValueError):
        decode_literal(text)
