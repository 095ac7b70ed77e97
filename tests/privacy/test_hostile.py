"""Bad input: a clear answer, never a crash, never a hang."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import random
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saascore.privacy import files, jsontext
from saascore.privacy.rule import Pattern
from saascore.privacy.rules import RULES
from saascore.privacy.scanner import Scanner


def only(findings):
    return {finding.rule for finding in findings}


def bomb():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"0" * 80_000_000)
    return buffer.getvalue()


UNSCANNABLE = {
    "random bytes": (lambda: b"\x00" + random.Random(1).randbytes(5000), "binary"),
    "nul": (lambda: b"a\0b", "binary"),
    "invalid utf-8": (lambda: b"abc \xff\xfe\xfd hello", "encoding"),
    "truncated gzip": (lambda: gzip.compress(random.Random(1).randbytes(900))[:400], "damaged"),
    "gzip bomb": (lambda: gzip.compress(b"0" * 80_000_000), "limit"),
    "zip bomb": (bomb, "limit"),
    "truncated zip": (lambda: bomb()[:200], "damaged"),
    "deep list": (lambda: b"[" * 10_000 + b"]" * 10_000, "limit"),
    "deep object": (lambda: b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "limit"),
}


@pytest.mark.parametrize("case", UNSCANNABLE)
def test_what_cannot_be_known_is_a_finding(case):
    made, reason = UNSCANNABLE[case]
    assert f"privacy.unscannable.{reason}" in only(Scanner().scan_bytes(made()))


def nested(depth, innermost):
    value = innermost
    for turn in range(depth):
        value = {"a": value} if turn % 2 else [value]
    return value


def test_python_values_of_any_depth_have_an_answer():
    value = nested(10_000, 1)
    found = only(Scanner().scan_json(value)), only(Scanner("event").scan_json(value))
    while isinstance(value, (list, dict)):
        # Under Pyodide, Python overflows its stack where it frees them at once.
        value = value.pop() if isinstance(value, list) else value.pop("a")
    assert found == ({"privacy.unscannable.limit"}, {"privacy.unscannable.not-an-envelope"})


@pytest.mark.parametrize("pair", ["sha256:", "sha256=", "ts=", "digest: "])
@pytest.mark.parametrize("profile", ["artifact", "docs"])
def test_pairs_in_the_values_of_pairs_have_an_answer(profile, pair):
    secret = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    assert only(Scanner(profile).scan_text(pair * 400 + secret))
    assert not only(Scanner(profile).scan_text(pair.strip() + "sha256:" + "5a" * 32))


@pytest.mark.parametrize("wrap", ["%s", '{"a": "b"}\n%s', "a line\n\n```json\n%s\n```\n", '["%s"]'])
def test_deep_text_has_an_answer_wherever_it_stands(wrap):
    deep = "[" * 10_000 + "]" * 10_000
    assert "privacy.unscannable.limit" in only(Scanner().scan_text(wrap % deep))
    assert only(Scanner("event").scan_text(wrap % deep)) == {"privacy.unscannable.not-an-envelope"}


def test_depth_is_counted_outside_of_strings_and_up_to_the_first_fault():
    assert jsontext.decode(json.dumps(["[" * 500, "\\", "{" * 500])) == ["[" * 500, "\\", "{" * 500]
    wide = json.dumps([[{}]] * 5_000)
    assert len(jsontext.decode(wide)) == 5_000
    with pytest.raises(ValueError, match="Expecting"):
        jsontext.decode("[}" * 500 + "[" * 10_000)
    with pytest.raises(RecursionError):
        jsontext.decode("[" * 10_000)


def test_nesting_of_encodings_ends_in_an_answer():
    text = b"hello world, this is a text of some length"
    for _ in range(12):
        text = base64.b64encode(text)
    assert only(Scanner().scan_bytes(text)) == {"privacy.unscannable.limit"}


@pytest.mark.parametrize(
    "value",
    [
        {"a": float("nan"), "user_id": float("inf")},
        {"a": 10**5000},
        {"\udfff": "\ud800 abc"},
        [[[]]] * 3,
        {"": {"": None}},
        {1: 2, None: "x"},
        b"\xff\xfe",
        object(),
    ],
)
def test_odd_values_have_an_answer(value):
    assert isinstance(Scanner().scan_json(value), list)


def test_a_value_that_holds_itself_ends():
    value: list[object] = []
    value.append(value)
    assert only(Scanner().scan_json(value)) == {"privacy.unscannable.limit"}


def test_long_numbers_in_json_have_an_answer():
    assert Scanner().scan_text('{"a": ' + "1" * 6000 + "}")


def test_unreadable_files_are_findings(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    found = Scanner().scan_path(tmp_path)
    assert [finding.rule for finding in found] == ["privacy.unscannable.unreadable"] * 2


def test_folders_with_loops_end(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "a" / "b.json").write_text('{"user_id": "u-4711"}')
    found = Scanner().scan_path(tmp_path, name="packet")
    assert [finding.path for finding in found] == ["packet/a/b.json", "packet/a/loop"]


def test_a_file_that_changes_while_it_is_read_is_a_finding(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("clean")
    states = iter([files.State(5, 1, 1), files.State(5, 2, 1)])
    monkeypatch.setattr(files, "state", lambda _stream: next(states))
    assert only(Scanner().scan_path(path)) == {"privacy.unscannable.changed"}


def test_long_lines_are_refused_and_the_rest_is_scanned(tmp_path):
    path = tmp_path / "a.ndjson"
    with path.open("w") as stream:
        stream.write('{"n": 1}\n' + "x y " * (5 << 20) + "\n" + '{"user_id": "u-4711"}\n')
    assert only(Scanner().scan_path(path)) >= {"privacy.raw-user-id.key-name", "privacy.unscannable.limit"}


def test_streams_are_read_line_by_line(tmp_path):
    path = tmp_path / "a.ndjson"
    line = json.dumps({"plan": "pro", "n": 12}) + "\n"
    path.write_text(line * 200_000 + '{"user_id": "u-4711"}\n')
    scanner = Scanner()
    assert [finding.line for finding in scanner.scan_path(path)] == [200_001]
    assert scanner.scanned.bytes == path.stat().st_size


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_have_an_answer(data):
    assert isinstance(Scanner().scan_bytes(data), list)


PIECES = ["{", "}", "[", "]", '"', ":", ",", "user_id", "ref:", "\n", "|", "-|-", "<td>", "</", "&#", "%4", "\\u0", "=", "://", "data:", "eyJ", "QUJD" * 9, "\u0430", "\u200b", "4111 1111", "@", "```", "- ", "  ", "INSERT INTO a (b) VALUES ", "\x00", "\ud800"]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=40).map("".join))
def test_any_text_has_an_answer(text):
    for profile in ("artifact", "docs", "event"):
        assert isinstance(Scanner(profile).scan_text(text), list)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_a_value_and_its_text_have_the_same_verdict(value):
    text = json.dumps({"value": value})
    decoded = Scanner().scan_json(json.loads(text))
    assert bool(Scanner().scan_text(text)) == bool(decoded)


def seconds(text):
    scanner = Scanner()
    best = 9.9
    for _ in range(3):
        start = time.process_time()
        scanner.scan_text(text)
        best = min(best, time.process_time() - start)
    return best


GROWING = ["a", "a.", "-", "<a", "<!--", "&#", "%2", "%25", "key=", "k: ", '"', "\\", "eyJ", "eyJaaaaaa.", "1 ", "4111-", "+1 2", "DE12 3456 ", "a@", "http://", "a/", "|", ",", "a,b\n", "{", "{\n", "[\n", "QUJDREVGR0hJSktMTU5PUFFS\n", "QUJD", "00000000: ffd8 ffe0 0010 4a46\n", "ref:", "a\n", "abcdefghi\\\n", '"ab"\n', "k:\n  vvv\n", "```\n", "\u0430b", "a\u200b", "customer ", "INSERT INTO ", "INSERT INTO t (a) VALUES (\n", "INTO t (\n", "{'a':", "a=\"b='c=`", "x {\n a: 1\n", "a IN (1,", "/a/b12345678", "a=b&", "AKIA", "data:", "data:text/a,bbbb", "Bearer ", "`a` `", "/home/a", "arn:aws:", "-----BEGIN ", "12345678:AA"]  # fmt: skip


@pytest.mark.parametrize("piece", GROWING)
def test_time_grows_with_the_input_and_no_faster(piece):
    size = 4000 // len(piece)
    once, four = seconds(piece * size), seconds(piece * size * 4)
    assert four < max(once * 8, 0.05)


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if isinstance(rule.detector, Pattern)], ids=lambda r: r.id
)
def test_patterns_grow_with_the_input_and_no_faster(rule):
    scanner = Scanner()
    regex = next(pattern.search for pattern in scanner._rules.patterns if pattern.rule is rule)
    for piece in (rule.matches[0], rule.detector.literal or "a", "A1_-.", "a:", "=" * 3):
        taken = []
        for size in (2000, 8000):
            text = (piece * (size // max(len(piece), 1) + 1))[:size]
            start = time.process_time()
            list(regex.finditer(text))
            taken.append(time.process_time() - start)
        assert taken[1] < max(taken[0] * 8, 0.02)


def test_letters_of_other_scripts_have_an_answer():
    assert isinstance(Scanner().scan_text("Oqnulltruea\u0440\u0435f:workspace:k1:\ud800eyJhbGciOi&/"), list)
