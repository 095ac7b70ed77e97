"""The command ``saascore schema export``: what it writes agrees with what Python accepts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from saascore.contract.billing import BillingFact
from saascore.contract.ops import OpsSummary
from saascore.contract.schemas import MODELS
from saascore.contract.usage import UsageEvent
from saascore.contract.words import reference_check


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    out = tmp_path_factory.mktemp("schemas")
    answer = subprocess.run(
        [
            str(Path(sys.executable).with_name("saascore")),
            "schema",
            "export",
            "--out",
            str(out),
            "--typescript",
            "--json",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return out, json.loads(answer.stdout)


def reference(kind, letter="a"):
    stem = f"ref:{kind}:k1:{letter * 24}"
    return stem + reference_check(stem)


def facts():
    at = "2026-03-01T12:00:00.000000Z"
    usage = {
        "event_id": reference("event"),
        "event_type": "image.generated",
        "subject_label": reference("workspace"),
        "plan_key": "pro",
        "quantity": "1.5",
        "occurred_at": at,
        "idempotency_key": reference("key"),
        "source": "core-fixture",
        "unit": "image",
        "plan_snapshot": {"plan_key": "pro", "basis": "submission", "resolved_at": at},
    }
    billing = {
        "fact_id": "sha256:" + "0" * 64,
        "source": "stripe",
        "mode": "live",
        "about": reference("subscription"),
        "occurred_at": at,
        "provider_event_type": "customer.subscription.updated",
        "idempotency_key": reference("key"),
        "snapshot": {"service": "active", "collection": "current", "plan_key": "pro"},
        "signals": ({"kind": "paid", "occasion": "renewal"}, {"kind": "dispute", "stage": "opened"}),
    }
    ops = {
        "window": {"from": at, "to": "2026-03-02T00:00:00Z"},
        "as_of": 7,
        "generated_at": at,
        "lifecycle": {"trial.started": 2},
        "usage_intake": ({"source": "core-fixture", "counts": {"accepted": 3}, "reasons": {"CON-003": 1}},),
    }
    return [UsageEvent.parse(usage), BillingFact.parse(billing), OpsSummary.parse(ops)]


def mutations(encoded):
    """Break an encoded fact in ways that a schema can express."""
    for name in encoded:
        yield {**encoded, name: [["nested"]]}
        yield {**encoded, name: 1.5}
    yield {**encoded, "unknown": "field"}
    yield {key: value for key, value in encoded.items() if key != "schema"} | {"schema": "other/thing/1"}
    for name, value in encoded.items():
        if isinstance(value, str):
            yield {**encoded, name: value + "\n"}
            yield {**encoded, name: "Not A Word"}


def _ends_with_newline(value):
    """Tell the one difference: ``$`` of Python's own patterns also matches before a last newline."""
    return any(isinstance(item, str) and item.endswith("\n") for item in value.values())


def accepts(model, value):
    try:
        model.parse_json(json.dumps(value))
    except Exception:  # noqa: BLE001  any refusal counts
        return False
    return True


def test_every_model_has_a_file_and_nothing_else_is_written(exported):
    out, answer = exported
    assert sorted(path.name for path in out.iterdir()) == answer["files"]
    assert len(answer["files"]) == len(MODELS) + 1


@pytest.mark.parametrize("fact", facts(), ids=lambda fact: type(fact).__name__)
def test_encoded_facts_fit_their_schema_and_broken_ones_do_not(exported, fact):
    out, _ = exported
    _, name, version = fact.schema_id().split("/")
    schema = json.loads((out / f"{name}.{version}.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema)
    assert list(validator.iter_errors(fact.to_json())) == []
    broken = [value for value in mutations(fact.to_json()) if not accepts(type(fact), value)]
    assert len(broken) > 10
    passed = [value for value in broken if validator.is_valid(value)]
    assert all(_ends_with_newline(value) for value in passed)


def test_an_unwritable_folder_is_named_by_its_option(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    answer = subprocess.run(
        [
            str(Path(sys.executable).with_name("saascore")),
            "schema",
            "export",
            "--out",
            str(tmp_path / "file"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("PKT-001")
    assert "Traceback" not in answer.stderr
