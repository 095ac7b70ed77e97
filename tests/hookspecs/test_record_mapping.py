"""A mapping stated as data gives what a hand-written hook gives."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saascore.adapters import AdapterFailure, Registry
from saascore.drafts import Skip, UsageDraft
from saascore.errors import SaascoreError
from saascore.hookspecs import Constant, RecordMapping, hookimpl

MAPPING = RecordMapping(
    events={"render.finished": "image.rendered", "upscale.finished": "image.upscaled"},
    plans={"Pro (monthly)": "pro"},
    event_name="event",
    key=("tenant", "id"),
    quantity="images",
    unit={"render.finished": "image", "upscale.finished": "upscale"},
    occurred_at="job.finished_at",
    claims={"workspace_id": "tenant"},
    plan="plan",
    dimensions={"size": "size", "model": "job.model"},
    source_sequence="number",
    when={"state": frozenset({"done"})},
    otherwise="not-finished",
)


@hookimpl
def map_usage_record(record):
    if record.get("state") != "done":
        return Skip("not-finished")
    sizes = {"size": record.get("size"), "model": record["job"].get("model")}
    return UsageDraft(
        event_name=record["event"],
        key=(record["tenant"], record["id"]),
        quantity=record["images"],
        unit={"render.finished": "image", "upscale.finished": "upscale"}.get(record["event"], ""),
        occurred_at=record["job"]["finished_at"],
        claims={"workspace_id": record["tenant"]},
        plan=record["plan"],
        dimensions={label: value for label, value in sizes.items() if value is not None},
        source_sequence=record.get("number"),
    )


words = st.sampled_from(["render.finished", "upscale.finished", "done", "large", "x"])
rows = st.fixed_dictionaries(
    {
        "event": words,
        "tenant": st.text(max_size=4),
        "id": st.integers() | st.text(max_size=4),
        "images": st.integers() | st.text(max_size=4),
        "plan": words,
        "job": st.fixed_dictionaries({"finished_at": words}, optional={"model": words | st.none()}),
    },
    optional={"state": words, "size": words | st.none(), "number": st.integers() | st.none()},
)


def values(draft):
    return type(draft), {item.name: getattr(draft, item.name) for item in fields(draft)}


@given(rows)
def test_it_gives_what_a_hand_written_hook_gives(row):
    _, _, compiled = MAPPING.hooks()
    assert values(compiled(row)) == values(map_usage_record(row))


def test_flat_rows_give_the_same_as_nested_ones():
    paths = {
        "events": {},
        "plans": {},
        "unit": "image",
        "event_name": "e",
        "key": ("k",),
        "quantity": "q",
        "plan": "p",
    }
    flat = RecordMapping(**paths, occurred_at="at", claims={"w": "w"}).hooks()[2]
    deep = RecordMapping(**paths, occurred_at="x.at", claims={"w": "x.w"}).hooks()[2]
    row = {"e": "e1", "k": 1, "q": "2", "p": "p1"}
    assert values(flat(row | {"at": "t", "w": "w1"})) == values(deep(row | {"x": {"at": "t", "w": "w1"}}))


def test_a_constant_stands_in_every_record():
    mapping = RecordMapping(
        events={},
        plans={},
        event_name=Constant("one"),
        key=("id",),
        quantity=Constant(1),
        unit="call",
        occurred_at="at",
        claims={},
        plan=Constant("only"),
    )
    draft = mapping.hooks()[2]({"id": 1, "at": "t"})
    assert (draft.event_name, draft.quantity, draft.plan) == ("one", 1, "only")


@pytest.mark.parametrize("row", [{"state": "done"}, {"state": "done", "event": "e", "job": "not an object"}])
def test_a_missing_field_is_named_and_no_value_is(row):
    with pytest.raises(SaascoreError) as caught:
        MAPPING.hooks()[2](row)
    assert caught.value.code == "INP-005"
    assert "not an object" not in str(caught.value)


def test_names_that_are_not_in_the_tables_are_unmapped():
    map_event_name, map_plan_label, _ = MAPPING.hooks()
    assert map_event_name("render.finished") == "image.rendered"
    assert map_event_name("other") is None
    assert map_plan_label("Pro (monthly)") == "pro"
    assert map_plan_label("other") is None


def test_an_adapter_made_of_it_loads_and_answers():
    class Adapter:
        api = 1

    adapter = Adapter()
    adapter.map_event_name, adapter.map_plan_label, adapter.map_usage_record = MAPPING.hooks()
    product = Registry.of({"studio": adapter}).product("studio")
    row = {
        "event": "render.finished",
        "tenant": "t",
        "id": 1,
        "images": 2,
        "plan": "x",
        "job": {"finished_at": "t"},
    }
    assert product.map_usage_record(row | {"state": "done"}).quantity == 2
    assert product.map_plan_label("Pro (monthly)") == "pro"
    with pytest.raises(AdapterFailure) as caught:
        product.map_usage_record({"state": "done"})
    assert caught.value.code == "INP-005"
