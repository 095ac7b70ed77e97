"""The table of outcomes says what every code means, and whether it may have been the wrong file."""

import ast
import json
from collections import Counter
from pathlib import Path
from re import findall, fullmatch

import pytest

from saascore.cli.app import run
from saascore.cli.output import NOTHING_TAKEN, print_counts
from saascore.contract import labels
from saascore.contract.usage import UsageAggregate, UsageEvent, Watermark
from saascore.errors import ERRORS
from saascore.ledger import create_ledger
from saascore.ledger.keys import event_id_of, reference_of
from saascore.packet.reasons import REASONS, meaning
from saascore.privacy.rules import RULES
from saascore.usage.envelopes import EnvelopeReader

SOURCE = Path(labels.__file__).parents[1]
#: Words of the two flows that are no codes of outcomes: schemas, scopes, statuses of a comparison, a kind that is asked for.
NO_CODES = {
    "billing-fact",
    "instant",
    "missing-in-ledger",
    "missing-in-product",
    "plan-mapping",
    "source-row",
    "usage-event",
}
#: What pydantic reports of each kind of schema that the models of ready-made input are made of.
KINDS = {
    "dict": lambda schema: {"dict_type", "too_long"} if "max_length" in schema else {"dict_type"},
    "int": lambda schema: (
        {"int_type"}
        | {
            kind
            for bound, kind in (("ge", "greater_than_equal"), ("le", "less_than_equal"))
            if bound in schema
        }
    ),
    "literal": lambda _: {"literal_error"},
    "model": lambda _: {"model_type"},
    "model-fields": lambda _: {"missing", "extra_forbidden"},
    "str": lambda schema: (
        {"string_type", "string_unicode"}
        | {
            kind
            for bound, kind in (
                ("max_length", "string_too_long"),
                ("pattern", "string_pattern_mismatch"),
            )
            if bound in schema
        }
    ),
    # their own errors name a rule in words, or one of the label rules
    "function-after": lambda _: {"reference_check"},
    "function-before": lambda _: set(),
    **dict.fromkeys(("default", "model-field", "no-info", "nullable", "union"), lambda _: set()),
}


def kinds_of(schema):
    """Return every kind of error that a core schema can give; a new kind of schema is a KeyError here."""
    found = set()
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            found = KINDS[schema["type"]](schema)
        schema = [value for name, value in schema.items() if name != "metadata"]
    if isinstance(schema, (list, tuple)):
        found = found.union(*map(kinds_of, schema))
    return found


def model_kinds():
    for model in (UsageEvent, UsageAggregate, Watermark):
        model.model_rebuild(force=True)
        yield from kinds_of(model.__pydantic_core_schema__)


def flow_words():
    """Yield the codes that the flows write: hyphenated words, and what is given where an outcome is made."""
    for flow in ("usage", "entitlements", "engines"):
        for file in (SOURCE / flow).glob("*.py"):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    if fullmatch(r"[a-z]+(-[a-z]+)+", node.value):
                        yield node.value
                elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    place = {"Refusal": 1, "Turned": 1, "Refused": 0, "Verdict": 2, "_undone": 1}.get(
                        node.func.id
                    )
                    given = node.args[place : place + 1] if place is not None else []
                    for constant in (inner for arg in given for inner in ast.walk(arg)):
                        if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                            yield constant.value


def every_code():
    yield from ERRORS
    yield from model_kinds()
    yield from findall(r'"(label-[a-z-]+)"', Path(labels.__file__).read_text(encoding="utf-8"))
    yield from (rule.id for rule in RULES)
    yield from set(flow_words()) - NO_CODES


def test_every_code_that_core_can_give_has_a_meaning():
    codes = set(every_code())
    assert {"missing", "label-holds-uuid", "pending-target", "atomic", "no-draft", "CON-001"} <= codes
    assert sorted(code for code in codes if not meaning(code)) == []


def test_no_meaning_is_kept_for_a_code_that_nobody_gives():
    shared_by_adapters = {
        code for code in REASONS if code.endswith("-missing") or code.startswith("unknown-")
    }
    not_in_a_call = {"conflict", "unfit"}  # an outcome without a code, and why an event stays on the shelf
    assert set(REASONS) - set(every_code()) <= shared_by_adapters | not_in_a_call


def event(**changes):
    key = reference_of("key", "k1", b"one")
    fact = {
        "schema": "saascore/usage-event/1",
        "event_id": event_id_of(key),
        "idempotency_key": key,
        "event_type": "image.made",
        "subject_label": "shared",
        "plan_key": "pro",
        "quantity": "1",
        "occurred_at": "2026-03-01T10:00:00Z",
        "source": "studio",
        "unit": "image",
        "plan_snapshot": {"plan_key": "pro", "basis": "occurrence", "resolved_at": "2026-03-01T10:00:00Z"},
    }
    return {**fact, **changes}


def without(name):
    fact = event()
    del fact[name]
    return fact


UNFIT = {
    "dict_type": event(dimensions=[]),
    "extra_forbidden": event(prompt="a cat"),
    "greater_than_equal": event(source_sequence=-1),
    "int_type": event(source_sequence="7"),
    "less_than_equal": event(source_sequence=2**60),
    "literal_error": event(entry_type="other"),
    "missing": without("unit"),
    "model_type": event(plan_snapshot="pro"),
    "reference_check": event(corrects=reference_of("event", "k1", b"one")[:-2] + "00".replace("0", "2")),
    "string_pattern_mismatch": event(unit="An Image"),
    "string_too_long": event(unit="image-" * 20 + "image"),
    "string_type": event(unit=7),
    "string_unicode": event(unit="\ud800"),
    "too_long": event(dimensions={f"size-{letter}": "large" for letter in "abcdefghijklmnopq"}),
    "label-holds-uuid": event(unit="image-00000000-0000-4000-8000-00000000000a"),
}


@pytest.mark.parametrize("code", UNFIT)
def test_a_record_is_refused_with_the_code_that_is_explained(code):
    answer = EnvelopeReader(reference_key="k1", subject_key="k1")(UNFIT[code])
    assert code in answer.codes
    assert meaning(code)


def test_the_examples_hold_every_kind_that_the_models_can_find():
    assert set(model_kinds()) <= set(UNFIT)


def test_the_table_says_what_a_rule_of_the_scanner_means(capsys):
    rule = next(rule for rule in RULES if rule.category == "personal-data")
    print_counts(
        Counter(rejected=1, skipped=1),
        Counter({rule.id: 1, "string_unicode": 1, "own-word": 1}),
        as_json=False,
    )
    shown = capsys.readouterr().out
    assert rule.why in shown
    assert "no valid Unicode" in shown
    assert shown.count("the adapter's own reason") == 1


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"rejected": 2}, True),
        ({"rejected": 2, "accepted": 1}, False),
        ({"rejected": 1}, False),
        ({"rejected": 1, "skipped": 3}, True),
        ({"skipped": 3}, False),
        ({"skipped": 3, "duplicate": 1}, False),
        ({}, False),
    ],
)
def test_a_file_of_which_nothing_is_taken_may_be_the_wrong_one(capsys, counts, told):
    print_counts(Counter(counts), Counter(), as_json=True)
    out, err = capsys.readouterr()
    assert json.loads(out)["total"] == sum(counts.values())
    assert (NOTHING_TAKEN in err) is told


@pytest.mark.parametrize(
    "command",
    [
        ["usage", "submit", "--envelopes"],
        ["usage", "submit", "--product", "image-studio"],
        ["billing", "submit", "--provider", "paddle", "--product", "image-studio", "--mode", "live"],
    ],
    ids=" ".join,
)
def test_both_flows_say_so(tmp_path, monkeypatch, capsys, command):
    monkeypatch.setenv("SAASCORE_REFERENCE_KEYS", "k1:" + "0123456789abcdef" * 4)
    ledger = f"sqlite:///{tmp_path}/ledger.db"
    create_ledger(ledger, reference_key="k1").close()
    wrong = SOURCE.parent / "fixtures" / "samples" / "stripe-webhooks.ndjson"
    assert run([*command, "--ledger", ledger, "--now", "2026-11-20T18:00:00Z", str(wrong)]) == 0
    out, err = capsys.readouterr()
    assert "rejected" in out
    assert NOTHING_TAKEN in err
