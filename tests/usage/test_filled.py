"""The short way of ready-made input gives the answers of the long way, and is taken."""

from __future__ import annotations

import enum
import json
from copy import deepcopy
from functools import reduce
from operator import getitem

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saascore.contract.cloudevents import to_cloudevent
from saascore.contract.usage import UsageEvent
from saascore.contract.words import reference_check
from saascore.ledger.keys import event_id_of
from saascore.usage.envelopes import EnvelopeReader

LETTERS = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=24, max_size=24)


def reference(kind, letters, key_id="k1"):
    stem = f"ref:{kind}:{key_id}:{letters}"
    return stem + reference_check(stem)


A = "abcdefgh" * 3
#: What may be said in place of a word: the same in other spellings, and what no model takes.
ODD = [
    *(reference(kind, A) for kind in ("event", "key", "workspace", "actor")),
    *(reference(kind, A, "k2") for kind in ("event", "key", "workspace")),
    *(reference(kind, A, "k9") for kind in ("event", "key", "workspace")),
    *(reference(kind, A)[:-1] + "?" for kind in ("event", "key", "workspace")),
    *(f"ref:{kind}:k1:{A}aa" for kind in ("event", "key", "workspace")),
    *(reference(kind, A) + "\n" for kind in ("event", "key", "workspace")),
    *("solo", "team-a", "pro", "free", "usage", "reversal", "submission", "occurrence", "asserted"),
    *("op:jane", "Pro", "user-" + "4711" * 3, "saascore/usage-event/1", "saascore/watermark/1", "1.0"),
    *("0", "1", "01", "1.50", "-1", "-0", "-0.5", "0.0000000001", "9" * 13, "1e3", "", " "),
    *("2026-03-01T12:00:00Z", "2026-03-01T13:00:00.5+01:00", "2026-03-01T12:00:00.000000Z"),
    *(
        "2024-02-29T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-03-01",
        "2026-03-01T12:00:00",
        "1999-01-01T00:00:00Z",
    ),
    *(None, True, False, 0, 1, -1, 7, 2**53 - 1, 2**53, 1.0, 0.5, [], ["a"], {}, {"a": "b"}),
    *(
        {"customer_id": "jane"},
        {"size": "large"},
        {"model": "large"},
        {"size": "small"},
        {"size": 1},
        {"size": None},
        {"size": ["x"]},
    ),
    {"reason": "typo", "operator": "op:jane"},
    "sha256:" + "0" * 64,
    "urn:saascore:adapter:alpha",
    "urn:other",
    "application/json; charset=utf-8",
    "text/plain",
]
ABSENT = object()
FIELDS = sorted(UsageEvent.model_fields.keys() | {"schema", "other"})
SNAPSHOT = ["plan_key", "basis", "resolved_at", "revision", "asserted_by", "capabilities_digest", "other"]
ATTRIBUTES = [
    *("specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "data"),
    *("traceparent", "Other", "data_base64"),
]


@st.composite
def events(draw):
    key = reference("key", draw(LETTERS))
    plan = draw(st.sampled_from(["pro", "free"]))
    more = {
        "schema": "saascore/usage-event/1",
        "entry_type": "usage",
        "dimensions": draw(
            st.sampled_from(
                [
                    {},
                    {"size": "large"},
                    {"size": "small", "model": "fine"},
                    {"model": "fine", "size": "small"},
                ]
            )
        ),
        "source_sequence": draw(st.integers(0, 2**53 - 1) | st.none()),
        "corrects": None,
        "correction": None,
    }
    snapshot = draw(
        st.sampled_from(
            [
                {"basis": "submission"},
                {"basis": "occurrence", "revision": "v2"},
                {"basis": "unknown", "revision": None},
            ]
        )
    )
    return {
        "event_id": draw(
            st.just(event_id_of(key)) | LETTERS.map(lambda letters: reference("event", letters))
        ),
        "event_type": draw(st.sampled_from(["image.rendered", "image.upscaled"])),
        "subject_label": draw(
            LETTERS.map(lambda letters: reference("workspace", letters))
            | LETTERS.map(lambda letters: reference("actor", letters, "k2"))
            | st.sampled_from(["solo", "team-a"])
        ),
        "plan_key": plan,
        "quantity": draw(st.sampled_from(["0", "1", "2.5", "1.50", 3])),
        "occurred_at": draw(st.sampled_from(["2026-03-01T12:00:00Z", "2026-03-01T13:00:00.25+01:00"])),
        "idempotency_key": key,
        "source": "alpha",
        "unit": "image",
        "plan_snapshot": {"plan_key": plan, "resolved_at": "2026-03-01T12:00:01Z", **snapshot},
        **{name: more[name] for name in draw(st.sets(st.sampled_from(sorted(more))))},
    }


@st.composite
def envelopes(draw):
    """An event or a CloudEvent, and the same with up to two of its words changed or left out."""
    event = draw(events())
    whole = draw(st.sampled_from([event, {**to_cloudevent(UsageEvent.parse(event)), "data": event}]))
    changed = deepcopy(whole)
    for _ in range(draw(st.integers(0, 2))):
        inner = changed.get("data", changed)
        inner = inner if isinstance(inner, dict) else {}
        snapshot = inner.get("plan_snapshot")
        places = [(inner, FIELDS), (snapshot if isinstance(snapshot, dict) else {}, SNAPSHOT)]
        if whole is not event:
            places.append((changed, ATTRIBUTES))
        place, names = draw(st.sampled_from(places))
        name = draw(st.sampled_from(names))
        if draw(st.booleans()):
            place[name] = draw(st.sampled_from(ODD))
        else:
            place.pop(name, None)
    return whole, changed


def reader():
    return EnvelopeReader(reference_key="k1", subject_key="k2")


LONG, WARM = reader(), reader()


def agreed(warm, value):
    """Demand the long way's answer, and return whether the short way gave it."""
    expected = LONG._long_way(deepcopy(value))
    short = warm._short_way(value)
    assert short is None or repr(short) == repr(expected)
    assert repr(warm(value)) == repr(expected)
    return short is not None


@pytest.mark.parametrize("cloudevent", [False, True])
@pytest.mark.parametrize("name", sorted({*FIELDS, *SNAPSHOT, *ATTRIBUTES}))
def test_whatever_one_word_says_the_short_way_answers_as_the_long_way_or_not_at_all(name, cloudevent):
    key = reference("key", "b" * 24)
    event = {
        "schema": "saascore/usage-event/1",
        "event_id": event_id_of(key),
        "event_type": "image.rendered",
        "subject_label": reference("workspace", "c" * 24),
        "plan_key": "pro",
        "quantity": "1",
        "occurred_at": "2026-03-01T12:00:00Z",
        "idempotency_key": key,
        "source": "alpha",
        "entry_type": "usage",
        "unit": "image",
        "plan_snapshot": {"plan_key": "pro", "basis": "submission", "resolved_at": "2026-03-01T12:00:01Z"},
        "dimensions": {"size": "large"},
        "source_sequence": 5,
    }
    whole = {**to_cloudevent(UsageEvent.parse(event)), "data": event} if cloudevent else event
    warm, short = reader(), 0
    for value in (whole, whole):
        warm(value)
    for odd in [ABSENT, *ODD]:
        for place in (("data", "plan_snapshot"), ("data",), ()) if cloudevent else (("plan_snapshot",), ()):
            changed = deepcopy(whole)
            inner = reduce(getitem, place, changed)
            if odd is ABSENT:
                inner.pop(name, None)
            else:
                inner[name] = odd
            short += agreed(warm, changed)
    assert short


@settings(max_examples=400, deadline=None)
@given(envelopes())
def test_whatever_is_changed_the_short_way_answers_as_the_long_way_or_not_at_all(pair):
    whole, changed = pair
    for _ in range(2):
        WARM._long_way(whole)
    agreed(WARM, whole)
    agreed(WARM, changed)


@settings(max_examples=200, deadline=None)
@given(events())
def test_what_has_passed_twice_takes_the_short_way(event):
    envelope = {**to_cloudevent(UsageEvent.parse(event)), "data": event}
    for value in (event, envelope, {**envelope, "traceparent": "00-af", "time": "2026-03-02T00:00:00Z"}):
        warm = reader()
        rows = [warm(json.loads(json.dumps(value))) for _ in range(3)]
        assert rows[0] == rows[1] == rows[2] == warm._short_way(value)


def test_one_event_teaches_all_with_its_labels():
    def said(letters, **changes):
        key = reference("key", letters * 24)
        return {
            "event_id": reference("event", "z" * 24),
            "event_type": "image.rendered",
            "subject_label": reference("workspace", letters * 24),
            "plan_key": "pro",
            "quantity": "1",
            "occurred_at": "2026-03-01T12:00:00Z",
            "idempotency_key": key,
            "source": "alpha",
            "unit": "image",
            "plan_snapshot": {
                "plan_key": "pro",
                "basis": "submission",
                "resolved_at": "2026-03-01T12:00:01Z",
            },
            **changes,
        }

    warm = reader()
    assert warm(said("a"))
    assert warm(said("b"))
    assert warm._short_way(said("c", quantity="7", occurred_at="2026-03-02T12:00:00Z", source_sequence=5))
    assert warm._short_way(said("c", event_type="image.upscaled")) is None
    assert warm._short_way(said("c", subject_label="solo")) is None
    assert warm(said("c", subject_label="solo"))
    assert warm._short_way(said("d", subject_label="solo"))
    assert warm._short_way(said("d", subject_label="team-a")) is None


class Text(str, enum.Enum):  # noqa: UP042  a StrEnum is written as it compares
    """Text that compares as what it is not written as."""

    ONE = "1"
    SOLO = "solo"


@pytest.mark.parametrize(
    "change", [{"quantity": Text.ONE}, {"subject_label": Text.SOLO}, {"source": Text.SOLO}]
)
def test_an_enum_that_is_text_changes_no_byte(change, desk):
    desk.submit(desk.row())
    event = {**desk.ledger.fact(1).json(), "subject_label": "solo", "source": "solo", "quantity": "1"}
    warm = EnvelopeReader(reference_key="k1", subject_key="k1")
    rows = [warm({**event, **more}) for more in ({}, {}, change)]
    assert rows[0] == rows[2]
    assert "Text" not in repr(rows)
