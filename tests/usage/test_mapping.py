"""Mapping a row among many, or by a mapping stated as data, gives what its hook gives for it alone."""

import functools
import gc
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saascore.adapters import Registry
from saascore.contract.usage import UsageEvent
from saascore.hookspecs import Constant, RecordMapping, hookimpl
from saascore.ledger.usage_row import UsageRow
from saascore.privacy.references import ReferenceKeys
from saascore.usage.mapping import UsageMapper
from saascore.usage.memory import Memory
from saascore.usage.verdict import Refusal

KEYS = ReferenceKeys({"k1": b"a key of thirty-two bytes at the least"})
MAPPING = RecordMapping(
    events={"render": "image.rendered", "upscale": "image.upscaled"},
    plans={"Pro": "pro", "1": "one"},
    event_name="event",
    key=("tenant", "id"),
    quantity="images",
    unit={"render": "image", "upscale": "upscale"},
    occurred_at="job.at",
    claims={"tenant": "tenant"},
    plan="plan",
    dimensions={"size": "size", "model": "job.model"},
    source_sequence="n",
    when={"state": frozenset({"done", 1})},
    otherwise="not-finished",
)
#: Equal as keys of a dict, and not the same value.
ALIKE = st.sampled_from(["1", 1, True, 1.0, "", None, -1, [], "user-12345"])
VALID = {
    "event": st.sampled_from(["render", "upscale"]),
    "tenant": st.sampled_from(["a", "b", 1]),
    "id": st.integers(0, 3) | st.sampled_from(["x", "y"]),
    "images": st.sampled_from(["1", "1.50", 3, "0"]),
    "plan": st.sampled_from(["Pro", 1]),
    "state": st.just("done"),
    "job": st.fixed_dictionaries(
        {"at": st.sampled_from(["2026-03-01T10:00:00Z", "2026-03-01T12:00:00.5+02:00"])},
        optional={"model": st.sampled_from(["fine", "coarse", None])},
    ),
}
OPTIONAL = {"size": st.sampled_from(["large", "small", None]), "n": st.none() | st.integers(0, 9)}
FIELDS = st.sampled_from([*VALID, *OPTIONAL])
valid_rows = st.fixed_dictionaries(VALID, optional=OPTIONAL)


@st.composite
def batches(draw):
    """Rows that repeat one of two, each with at most one field replaced by what is alike, or left out."""
    bases = draw(st.tuples(valid_rows, valid_rows))
    batch = []
    for _ in range(draw(st.integers(0, 12))):
        row = dict(draw(st.sampled_from(bases)))
        match draw(st.sampled_from(["as it is", "another value", "left out"])):
            case "another value":
                row[draw(FIELDS)] = draw(ALIKE)
            case "left out":
                row.pop(draw(FIELDS), None)
        batch.append(row)
    return batch


REPEATED = [
    {
        "event": "render",
        "tenant": 1,
        "id": number,
        "images": number,
        "plan": 1,
        "state": "done",
        "job": {"at": "2026-03-01T10:00:00Z"},
    }
    for number in range(20)
]


class Product:
    """A product of three given hooks."""

    api = 1

    def __init__(self, map_event_name, map_plan_label, map_usage_record):
        self.map_event_name, self.map_plan_label = map_event_name, map_plan_label
        self.map_usage_record = map_usage_record

    @hookimpl
    def reference_workspace(self, claims, redact):
        return redact("workspace", claims["tenant"]) if claims["tenant"] else None


def mapper_of(hooks, **changes):
    product = Registry.of({"studio": Product(*hooks)}).product("studio")
    options = {"keys": KEYS.redactor("studio"), "resolved_at": "2026-04-01T00:00:00Z"}
    return UsageMapper(product, **options | changes)


def by_hook(calls, **changes):
    """Return a mapper whose hook does what the compiled one does, and counts how often it is asked."""
    names, plans, compiled = MAPPING.hooks()

    @functools.wraps(compiled)
    def map_usage_record(record):
        calls["asked"] += 1
        return compiled(record)

    return mapper_of((names, plans, map_usage_record), **changes)


@settings(max_examples=300, deadline=None)
@given(batches(), st.booleans())
def test_a_mapping_stated_as_data_maps_like_its_hook_whatever_came_before(batch, backfill):
    alone = by_hook(Counter(), backfill=backfill)
    expected = [alone(row) for row in batch]
    declared = mapper_of(MAPPING.hooks(), backfill=backfill)
    assert list(declared.map(batch)) == expected
    assert list(declared.map(reversed(batch))) == expected[::-1]
    assert list(by_hook(Counter(), backfill=backfill).map(reversed(batch))) == expected[::-1]


@pytest.mark.parametrize("name", ["images", "n", "plan", "tenant", "id", "size"])
@pytest.mark.parametrize("value", [-1, True, 1.0, "-1", "1.0", [], None, "", 2**53])
def test_a_value_that_is_like_a_good_one_is_judged_by_itself(name, value):
    row = REPEATED[0] | {"images": 1, "n": 1, "size": "large"}
    poisoned = row | {name: value}
    alone = by_hook(Counter())
    assert list(mapper_of(MAPPING.hooks()).map([row, poisoned])) == [alone(row), alone(poisoned)]


@settings(deadline=None)
@given(st.lists(valid_rows, max_size=12))
def test_what_is_written_is_what_the_model_writes(batch):
    for answer in mapper_of(MAPPING.hooks()).map(batch):
        event = UsageEvent.parse_json(answer.body)
        assert event.canonical().decode() == answer.body
        assert UsageRow.of(event) == answer


def test_a_function_around_a_compiled_hook_is_asked_about_every_row():
    calls = Counter()
    by_hook(calls).map(REPEATED)
    assert calls["asked"] >= len(REPEATED)


def test_a_compiled_hook_is_asked_once_where_all_but_the_rows_own_values_repeat(monkeypatch):
    mapper, calls = mapper_of(MAPPING.hooks()), Counter()
    facade = mapper.product.map_usage_record
    monkeypatch.setattr(
        mapper.product, "map_usage_record", lambda record: calls.update(["asked"]) or facade(record)
    )
    assert all(type(answer) is UsageRow for answer in mapper.map(REPEATED))
    assert calls["asked"] == 1


def test_constants_and_flat_rows_are_mapped_too():
    mapping = RecordMapping(
        events={"call": "api.called"},
        plans={"only": "plus"},
        event_name=Constant("call"),
        key=("id",),
        quantity=Constant(1),
        unit="call",
        occurred_at="at",
        claims={"tenant": "tenant"},
        plan=Constant("only"),
    )
    batch = [{"id": n, "at": "2026-03-01T10:00:00Z", "tenant": "a"} for n in range(3)]
    answers = mapper_of(mapping.hooks()).map(batch)
    assert [answer.whole for answer in answers] == [1, 1, 1]
    assert len({answer.key for answer in answers}) == 3


def test_what_was_refused_before_is_passed_on_in_its_place():
    refused = Refusal("rejected", ("INP-001",))
    first, second, third = mapper_of(MAPPING.hooks()).map(iter([refused, REPEATED[0], refused]))
    assert first is third is refused
    assert type(second) is UsageRow


def test_the_collector_works_again_after_a_batch():
    def broken():
        assert not gc.isenabled()
        yield from ()
        raise OSError

    with pytest.raises(OSError):
        mapper_of(MAPPING.hooks()).map(broken())
    assert gc.isenabled()


def test_memory_tells_equal_keys_apart_and_is_bounded(monkeypatch):
    memory = Memory()
    for key in (("1",), (1,), (1.0,), (True,), (None,)):
        assert memory.remember(key, repr(key)) == repr(key)
    assert [memory[key] for key in (("1",), (1,), (1.0,), (True,), (None,))] == [
        "('1',)",
        "(1,)",
        "(1.0,)",
        "(True,)",
        "(None,)",
    ]
    monkeypatch.setattr("saascore.usage.memory._REMEMBERED", 8)
    for number in range(100):
        memory.remember((str(number),), "x")
        assert len(memory) <= 8
