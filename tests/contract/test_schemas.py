"""JSON Schemas: valid Draft 2020-12, and they accept what the models write."""

import json
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from saascore.contract.schemas import MODELS, json_schema


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_schema_is_valid_draft_2020_12(model):
    Draft202012Validator.check_schema(json_schema(model))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_schema_is_closed_and_names_itself(model):
    schema = json_schema(model)
    assert schema["additionalProperties"] is False
    assert schema["$id"] == schema["properties"]["schema"]["const"]


def test_no_pattern_uses_a_class_of_unicode_digits():
    assert all("\\d" not in json.dumps(json_schema(model)) for model in MODELS)


def test_importing_the_contract_builds_no_model():
    code = (
        "import saascore.contract.schemas as s\n"
        "print(*[m.__name__ for m in s.Contract.__subclasses__() if m.__pydantic_complete__])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
