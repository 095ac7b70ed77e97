"""Whatever goes wrong inside an adapter becomes a failure that names it, and never shows a value."""

import gc
import pickle
import sys
import traceback
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saascore.adapters import AdapterFailure, Registry
from saascore.adapters.boundary import CHUNK, SAMPLE_EVERY
from saascore.contract.plans import CapabilitySnapshot
from saascore.contract.summary import SummarySpec, UsageSummary
from saascore.contract.window import Window
from saascore.drafts import (
    BillingDraft,
    Ignored,
    ItemDraft,
    Mapped,
    ProviderEvent,
    Skip,
    SnapshotDraft,
    SourceRow,
    UsageDraft,
)
from saascore.errors import SaascoreError
from saascore.hookspecs import hookimpl
from saascore.privacy.references import Redactor

MARCH = Window.parse({"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"})
REDACTOR = Redactor("k1", b"k" * 32, "alpha")


class Base:
    api = 1

    def __init__(self, **functions):
        self.calls = Counter()
        self.functions = functions

    def run(self, name, *args):
        self.calls[name] += 1
        return self.functions[name](*args)

    @hookimpl
    def map_usage_record(self, record):
        return self.run("map_usage_record", record)

    @hookimpl
    def map_event_name(self, event_name):
        return self.run("map_event_name", event_name)

    @hookimpl
    def map_plan_label(self, plan):
        return self.run("map_plan_label", plan)

    @hookimpl
    def describe_plan(self, plan):
        return self.run("describe_plan", plan)

    @hookimpl
    def reference_workspace(self, claims, redact):
        return self.run("reference_workspace", claims, redact)

    @hookimpl
    def read_source_rows(self, window, after):
        return self.run("read_source_rows", window, after)

    @hookimpl
    def read_aggregates(self, window):
        return self.run("read_aggregates", window)

    @hookimpl
    def render_quota_copy(self, summary):
        return self.run("render_quota_copy", summary)

    @hookimpl
    def normalize_billing_event(self, event):
        return self.run("normalize_billing_event", event)


def product(**functions):
    plugin = Base(**functions)
    return Registry.of({"alpha": plugin}).product("alpha"), plugin


def failure(call, *args):
    with pytest.raises(AdapterFailure) as refused:
        call(*args)
    return refused.value.failure


def draft(record):
    return UsageDraft("made", (record["id"],), 1, "image", "2026-03-01T00:00:00Z", {"w": "1"}, "pro")


def raising(*_):
    raise KeyError("raw-value-of-a-customer")


# -- exceptions ----------------------------------------------------------------------------------------------


def test_a_failure_names_adapter_hook_type_and_place():
    adapter, _ = product(map_usage_record=raising)
    found = failure(adapter.map_usage_record, {})
    assert (found.code, found.hook, found.origin.adapter) == ("ADP-101", "map_usage_record", "alpha")
    assert found.exception == "KeyError"
    assert found.location.startswith("adapters/test_boundary.py:")


def test_the_text_of_a_failure_is_stable():
    adapter, _ = product(map_plan_label=lambda plan: 7)
    with pytest.raises(AdapterFailure) as refused:
        adapter.map_plan_label("Pro")
    assert str(refused.value) == (
        "ADP-102 The adapter's answer has the wrong type (alpha, hook map_plan_label): field answer: string_type. "
        "Expected what the hook's specification returns (docs/hooks.md). Return the type that the hook's signature names."
    )


@settings(max_examples=40, deadline=None)
@given(
    st.text(st.characters(codec="utf-8"), min_size=12, max_size=60).map("§{}".format)
)  # in no path of ours
def test_no_part_of_a_failure_holds_the_exceptions_text(secret):
    def leak(*_):
        error = type(secret.encode().hex()[:40], (ValueError,), {})(secret)
        error.add_note(secret)
        raise error from ValueError(secret)

    adapter, _ = product(map_usage_record=leak, map_event_name=leak, read_source_rows=leak)
    for call in (
        lambda: adapter.map_usage_record({"id": secret}),
        lambda: adapter.map_event_name(secret),
        lambda: list(adapter.read_source_rows(MARCH)),
    ):
        with pytest.raises(AdapterFailure) as refused:
            call()
        error = refused.value
        assert error.__cause__ is None
        assert error.__context__ is None
        assert not getattr(error, "__notes__", [])
        shown = (
            "".join(traceback.format_exception(error)) + repr(error) + repr(error.args) + repr(error.failure)
        )
        assert secret not in shown
        assert secret.encode().hex()[:40] not in shown
        assert error.failure.exception == "ValueError"


def test_an_adapter_cannot_end_the_process_but_the_user_can():
    adapter, _ = product(map_event_name=lambda name: sys.exit(3))
    assert failure(adapter.map_event_name, "x").exception == "SystemExit"

    def interrupt(name):
        raise KeyboardInterrupt

    adapter, _ = product(map_event_name=interrupt)
    with pytest.raises(KeyboardInterrupt):
        adapter.map_event_name("x")


def test_a_refusal_of_core_inside_the_adapter_keeps_its_id():
    adapter, _ = product(reference_workspace=lambda claims, redact: redact("workspace", ""))
    assert failure(adapter.reference_workspace, {"w": ""}, REDACTOR).code == "KEY-004"


def test_a_failure_survives_pickling():
    adapter, _ = product(map_usage_record=raising)
    with pytest.raises(AdapterFailure) as refused:
        adapter.map_usage_record({})
    assert pickle.loads(pickle.dumps(refused.value)).failure == refused.value.failure


# -- answers -------------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(
    st.none() | st.integers() | st.text() | st.dictionaries(st.text(), st.text()) | st.lists(st.integers())
)
def test_anything_but_a_draft_or_a_skip_is_refused(answer):
    adapter, _ = product(map_usage_record=lambda record: answer)
    assert failure(adapter.map_usage_record, {"id": "1"}).code == "ADP-102"


def test_a_label_that_is_no_label_is_refused():
    adapter, _ = product(
        map_event_name=lambda name: "Not A Label", map_plan_label=lambda plan: "cus-8f7a2b9c1d2e"
    )
    assert failure(adapter.map_event_name, "x").code == "ADP-102"
    assert failure(adapter.map_plan_label, "x").code == "ADP-102"


def test_a_description_of_another_plan_is_refused():
    adapter, _ = product(describe_plan=lambda plan: CapabilitySnapshot(plan_key="free"))
    assert failure(adapter.describe_plan, "pro").field == "plan_key"


@pytest.mark.parametrize("answer", [{"plan_key": "pro", "extra": 1}, None, "pro"])
def test_a_model_of_another_shape_is_refused(answer):
    adapter, _ = product(describe_plan=lambda plan: answer)
    assert failure(adapter.describe_plan, "pro").code == "ADP-102"


@pytest.mark.parametrize(
    "unvalidated",
    [
        {"revision": "customer@example.test"},
        {"capabilities": {"customer@example.test": None}},
        {"revision": object()},
    ],
    ids=["a value", "a key", "no JSON"],
)
def test_a_model_that_was_made_without_validation_is_validated(unvalidated):
    adapter, _ = product(
        describe_plan=lambda plan: CapabilitySnapshot.model_construct(plan_key=plan, **unvalidated)
    )
    found = failure(adapter.describe_plan, "pro")
    assert found.code == "ADP-102"
    assert "customer@example.test" not in str(found)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (BillingDraft("t", "e", "2026-03-01T00:00:00Z", specificity="high"), "drafts.0.specificity"),
        (BillingDraft("t", "e", 5), "drafts.0.occurred_at"),
        (
            BillingDraft("t", "e", "2026-03-01T00:00:00Z", snapshot=SnapshotDraft("asleep", "current")),
            "drafts.0.snapshot.0.service",
        ),
        (
            BillingDraft(
                "t",
                "e",
                "2026-03-01T00:00:00Z",
                snapshot=SnapshotDraft("active", "current", [ItemDraft("p")]),
            ),
            "drafts.0.snapshot.0.items.0.candidates",
        ),
    ],
)
def test_a_field_of_a_billing_draft_of_another_type_is_named(wrong, field):
    plugin = Base(normalize_billing_event=lambda event: Mapped([wrong]))
    adapter = Registry.of({"alpha": plugin}).provider("alpha")
    assert failure(adapter.normalize_billing_event, ProviderEvent({})).field == field


def test_copy_that_holds_an_id_is_refused_by_rule():
    adapter, _ = product(render_quota_copy=lambda summary: "Workspace ws_" + "8f7a2b9c1d2e is full.")
    found = failure(
        adapter.render_quota_copy, UsageSummary(spec=SummarySpec(window=MARCH), as_of=1, groups=())
    )
    assert found.code == "ADP-108"
    assert found.field.startswith("privacy.")


# -- purity, on a sample -------------------------------------------------------------------------------------


def test_an_adapter_that_changes_its_input_is_found_and_the_callers_record_is_whole():
    adapter, _ = product(map_usage_record=lambda record: (draft(record), record.clear())[0])
    record = {"id": "1", "nested": {"a": [1]}}
    assert failure(adapter.map_usage_record, record).code == "ADP-103"
    assert record == {"id": "1", "nested": {"a": [1]}}


def test_an_adapter_that_answers_differently_twice_is_found():
    counter = Counter()

    def drift(record):
        counter["n"] += 1
        return UsageDraft("made", (record["id"],), counter["n"], "image", "2026-03-01T00:00:00Z", {}, "pro")

    adapter, _ = product(map_usage_record=drift)
    assert failure(adapter.map_usage_record, {"id": "1"}).code == "ADP-104"


def test_an_adapter_that_keeps_its_input_is_found():
    kept = []
    adapter, _ = product(map_usage_record=lambda record: (kept.append(record), draft(record))[1])
    assert failure(adapter.map_usage_record, {"id": "1"}).code == "ADP-105"


def test_an_adapter_whose_draft_holds_a_cycle_is_not_blamed():
    class Claims(dict):
        pass

    def map_record(record):
        claims = Claims(w="1")
        claims.record = record
        claims.me = claims
        return UsageDraft("made", (record["id"],), 1, "image", "2026-03-01T00:00:00Z", claims, "pro")

    adapter, _ = product(map_usage_record=map_record)
    gc.disable()
    try:
        assert isinstance(adapter.map_usage_record({"id": "1"}), UsageDraft)
    finally:
        gc.enable()


def test_the_sample_is_the_first_call_and_one_in_so_many():
    adapter, plugin = product(map_usage_record=lambda record: Skip("nothing"))
    for _ in range(SAMPLE_EVERY + 1):
        adapter.map_usage_record({"id": "1"})
    assert plugin.calls["map_usage_record"] == SAMPLE_EVERY + 1 + 2 * 2


def test_a_provider_that_changes_the_body_is_found():
    plugin = Base(normalize_billing_event=lambda event: (event.body.clear(), Ignored("t", "no-effect"))[1])
    adapter = Registry.of({"alpha": plugin}).provider("alpha")
    event = ProviderEvent({"id": "1"})
    assert failure(adapter.normalize_billing_event, event).code == "ADP-103"
    assert event.body == {"id": "1"}


# -- remembered answers --------------------------------------------------------------------------------------


def test_names_plans_and_workspaces_are_asked_once_a_distinct_value():
    adapter, plugin = product(
        map_event_name=lambda name: "image.made",
        map_plan_label=lambda plan: None,
        reference_workspace=lambda claims, redact: redact("workspace", claims["w"]),
    )
    for _ in range(3):
        assert adapter.map_event_name("a") == "image.made"
        assert adapter.map_plan_label(7) is None
        assert adapter.reference_workspace({"w": 7}, REDACTOR) == REDACTOR.redact("workspace", 7)
    assert plugin.calls == {"map_event_name": 1, "map_plan_label": 1, "reference_workspace": 1}


def test_another_redactor_forgets_the_workspaces_of_the_first():
    adapter, _ = product(reference_workspace=lambda claims, redact: redact("workspace", claims["w"]))
    other = Redactor("k2", b"o" * 32, "alpha")
    first = adapter.reference_workspace({"w": "1"}, REDACTOR)
    assert adapter.reference_workspace({"w": "1"}, other) != first
    assert adapter.reference_workspace({"w": "1"}, REDACTOR) == first


def test_one_and_true_are_not_one_workspace():
    adapter, _ = product(reference_workspace=lambda claims, redact: redact("workspace", claims["w"]))
    adapter.reference_workspace({"w": 1}, REDACTOR)
    assert failure(adapter.reference_workspace, {"w": True}, REDACTOR).code == "KEY-004"


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr("saascore.adapters.product.REMEMBERED", 10)
    adapter, plugin = product(map_event_name=lambda name: None)
    for number in range(25):
        adapter.map_event_name(str(number))
    assert len(adapter._event_names) <= 10
    assert plugin.calls["map_event_name"] == 25


@pytest.mark.parametrize("wrong", [None, 5, ["a"], {}])
def test_a_field_of_the_draft_of_another_type_is_told_of_the_record_hook(wrong):
    adapter, _ = product(map_event_name=lambda name: None, map_plan_label=lambda plan: None)
    found = failure(adapter.map_event_name, wrong)
    assert (found.code, found.hook, found.field) == ("ADP-102", "map_usage_record", "event_name")
    if wrong != 5:
        assert failure(adapter.map_plan_label, wrong).field == "plan"


@pytest.mark.parametrize("claims", [None, 5, "w", ["w"], {"w": ["1"]}, {"w": {}}])
def test_claims_of_another_type_are_refused(claims):
    adapter, _ = product(reference_workspace=lambda claims, redact: None)
    assert failure(adapter.reference_workspace, claims, REDACTOR).field == "claims"


@pytest.mark.parametrize(
    "answer",
    ["raw-workspace", "ref:workspace:k1:" + "a" * 26, REDACTOR.redact("workspace", "made-elsewhere")],
)
def test_a_reference_that_core_did_not_make_in_this_call_is_refused(answer):
    adapter, _ = product(reference_workspace=lambda claims, redact: answer)
    assert failure(adapter.reference_workspace, {"w": "1"}, REDACTOR).code in {"ADP-102", "ADP-107"}


def test_a_reference_of_another_kind_is_refused():
    adapter, _ = product(reference_workspace=lambda claims, redact: redact("actor", "1"))
    assert failure(adapter.reference_workspace, {"w": "1"}, REDACTOR).code == "ADP-107"


def test_claims_that_are_changed_are_found():
    adapter, _ = product(reference_workspace=lambda claims, redact: (claims.clear(), None)[1])
    given_claims = {"w": "1"}
    assert failure(adapter.reference_workspace, given_claims, REDACTOR).code == "ADP-103"
    assert given_claims == {"w": "1"}


# -- streams -------------------------------------------------------------------------------------------------


def rows(count, start=0):
    return [SourceRow(("2026-03-01T00:00:00.000000Z", f"row-{n:06}"), {"n": n}) for n in range(start, count)]


def test_what_came_before_a_fault_is_kept():
    def halfway(window, after):
        yield from rows(CHUNK + 5)
        raise OSError

    adapter, _ = product(read_source_rows=halfway)
    seen = []
    with pytest.raises(AdapterFailure) as refused:
        seen.extend(iter_into(seen, adapter.read_source_rows(MARCH)))
    assert len(seen) == CHUNK + 5
    assert refused.value.failure.exception == "OSError"


def iter_into(seen, items):
    for item in items:
        seen.append(item)
    return []


def test_a_stream_is_read_chunk_by_chunk():
    read = []

    def endless(window, after):
        for row in rows(10 * CHUNK):
            read.append(row)
            yield row

    adapter, _ = product(read_source_rows=endless)
    next(adapter.read_source_rows(MARCH))
    assert len(read) == CHUNK


def test_a_whole_stream_comes_through_in_order():
    adapter, _ = product(read_source_rows=lambda window, after: rows(2 * CHUNK))
    assert [row.record["n"] for row in adapter.read_source_rows(MARCH)] == list(range(2 * CHUNK))


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (None, "ADP-101"),
        ([1], "ADP-102"),
        ([SourceRow("a", {})], "ADP-102"),
        ([SourceRow(("a", 1), {})], "ADP-102"),
        ([SourceRow(("a", "b"), None)], "ADP-102"),
        (rows(2)[::-1], "ADP-106"),
        (rows(1) * 2, "ADP-106"),
    ],
)
def test_a_row_of_another_shape_or_order_is_refused(answer, code):
    adapter, _ = product(read_source_rows=lambda window, after: answer)
    assert failure(lambda: list(adapter.read_source_rows(MARCH))).code == code


def test_a_row_that_is_not_after_the_cursor_is_refused():
    adapter, _ = product(read_source_rows=lambda window, after: rows(3))
    assert failure(lambda: list(adapter.read_source_rows(MARCH, rows(1)[0].cursor))).code == "ADP-106"


def test_aggregates_are_validated_one_by_one():
    adapter, _ = product(read_aggregates=lambda window: [{"source": "alpha"}])
    assert failure(lambda: list(adapter.read_aggregates(MARCH))).code == "ADP-102"


# -- hooks that are not there --------------------------------------------------------------------------------


def test_a_hook_that_the_adapter_does_not_have_is_refused_by_name():
    class Small:
        api = 1

        @hookimpl
        def map_plan_label(self, plan):
            return None

    adapter = Registry.of({"small": Small()}).product("small")
    for call in (lambda: adapter.map_usage_record({}), adapter.entitlement_rules):
        for _ in range(2):
            with pytest.raises(SaascoreError) as refused:
                call()
            assert refused.value.code == "ADP-004"
            assert refused.value.__context__ is None or isinstance(refused.value.__context__, KeyError)
    assert not adapter.implements("entitlement_rules")
