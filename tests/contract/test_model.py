"""Public models are frozen, strict, closed, and silent about what was handed in."""

import traceback
from importlib import import_module
from pkgutil import iter_modules

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from saascore import contract
from saascore.contract.catalogue import SCHEMAS, model_of
from saascore.contract.model import MAX_FACT_BYTES, Contract, encode_fact
from saascore.contract.schemas import MODELS, by_id
from saascore.contract.summary import SummarySpec
from saascore.contract.usage import UsageEvent
from saascore.errors import SaascoreError

KEY_REFERENCE = "ref:key:k1:aaaaaaaaaaaaaaaaaaaaaaaaze"
EVENT_REFERENCE = "ref:event:k1:aaaaaaaaaaaaaaaaaaaaaaaau4"


def test_a_model_reads_back_its_canonical_form(usage_event):
    event = UsageEvent.parse(usage_event(quantity=3, dimensions={"size": "large"}))
    assert UsageEvent.parse_json(event.canonical()) == event


def test_a_model_is_frozen(usage_event):
    event = UsageEvent.parse(usage_event())
    with pytest.raises(ValidationError):
        event.quantity = "2"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"extra": 1}, "*: extra_forbidden"),
        ({"event_type": "Image"}, "event_type: string_pattern_mismatch"),
        ({"quantity": 1.5}, "quantity: not an exact decimal"),
        ({"occurred_at": "2026-03-01T12:00:00"}, "occurred_at: not RFC 3339 with an offset"),
        ({"event_id": "ref:event:k1:" + "a" * 26}, "event_id: reference_check"),
        ({"event_id": KEY_REFERENCE}, "record: event_id is a reference of kind event"),
        ({"plan_key": "free"}, "record: plan_snapshot.plan_key equals plan_key"),
        ({"quantity": "-1"}, "record: a usage quantity is not negative"),
        ({"entry_type": "reversal"}, "record: a reversal names what it corrects"),
        ({"entry_type": "adjustment"}, "record: an adjustment has a correction"),
        ({"corrects": EVENT_REFERENCE}, "record: corrects and correction go together"),
        ({"dimensions": {f"d{i}": "x" for i in range(17)}}, "dimensions: too_long"),
        ({"dimensions": {"size": "Large One"}}, "dimensions.*: string_pattern_mismatch"),
        ({"schema": "saascore/usage-event/2"}, "schema: literal_error"),
        ({"source_sequence": 2**53}, "source_sequence: less_than_equal"),
        ({"source_sequence": True}, "source_sequence: int_type"),
    ],
)
def test_a_broken_rule_is_named_by_field(usage_event, changes, problem):
    with pytest.raises(SaascoreError) as caught:
        UsageEvent.parse(usage_event(**changes))
    assert problem in caught.value.detail


raw = st.text(alphabet="ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=14, max_size=20)


@given(
    raw,
    st.sampled_from(
        ["event_id", "plan_key", "quantity", "occurred_at", "unit", "dimensions", "corrects", None]
    ),
)
def test_no_error_holds_what_was_handed_in(usage_event, value, field):
    changes = {field or value: {value: value} if field == "dimensions" else value}
    with pytest.raises(SaascoreError) as caught:
        UsageEvent.parse(usage_event(**changes))
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(caught.value.args)
    assert all(value[i : i + 6] not in shown for i in range(len(value) - 5))
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_retry_after_an_upgrade_has_the_same_fingerprint(usage_event):
    before = UsageEvent.parse(usage_event())
    snapshot = {"plan_key": "max", "basis": "submission", "resolved_at": "2026-03-02T00:00:00Z"}
    after = UsageEvent.parse(usage_event(plan_key="max", plan_snapshot=snapshot))
    assert before.fingerprint() == after.fingerprint()


@pytest.mark.parametrize(
    "changes",
    [{"quantity": "2"}, {"unit": "token"}, {"dimensions": {"size": "large"}}, {"source_sequence": 1}],
)
def test_another_event_has_another_fingerprint(usage_event, changes):
    assert (
        UsageEvent.parse(usage_event()).fingerprint()
        != UsageEvent.parse(usage_event(**changes)).fingerprint()
    )


def test_a_fact_that_is_too_large_is_refused():
    class Huge:
        def canonical(self):
            return b"x" * (MAX_FACT_BYTES + 1)

    with pytest.raises(SaascoreError, match="CON-004"):
        encode_fact(Huge())


def test_every_schema_id_is_used_once():
    assert len(by_id()) == len(MODELS)


def test_the_catalogue_names_every_model_that_names_its_schema_by_its_id():
    modules = [import_module(f"saascore.contract.{found.name}") for found in iter_modules(contract.__path__)]
    models = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Contract) and "schema_" in value.model_fields
    }
    assert {model.schema_id(): model for model in models} == {name: model_of(name) for name in SCHEMAS}


def test_parse_takes_what_json_decoding_gives():
    spec = {"window": {"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}, "dimensions": ["model"]}
    assert SummarySpec.parse(spec).dimensions == ("model",)


@pytest.mark.parametrize("value", [object(), {"quantity": object()}, {1.5: 2}, float("nan"), None])
def test_parse_refuses_what_is_no_json(value):
    with pytest.raises(SaascoreError, match="CON-001"):
        SummarySpec.parse(value)


def test_a_raw_key_is_not_shown_even_where_another_model_has_a_field_of_that_name(usage_event):
    with pytest.raises(SaascoreError) as caught:
        UsageEvent.parse(usage_event(dimensions={"size": "Large One"}, as_of=3))
    assert "dimensions.*: string_pattern_mismatch" in caught.value.detail
    assert "*: extra_forbidden" in caught.value.detail
