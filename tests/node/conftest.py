"""The exported schemas as Node reads them, and what Python says of the same values."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from pydantic import ValidationError

from saascore.contract.schemas import MODELS, by_id, file_name, json_schema

HERE = Path(__file__).parent
#: What Python refuses and a schema cannot say; the description of every schema tells so (NOT_EXPRESSED).
PYTHON_ONLY = {
    "reference_check",
    "label_not_public",
    "instant",
    "usage_event",
    "billing_fact",
    "assertion",
    "audit",
    "term",
    "window_order",
    "zone_bounds",
}


@pytest.fixture(scope="session")
def node():
    """The folder of Node's packages; without them the tests are skipped and say so."""
    if shutil.which("node") is None:
        pytest.skip("Node is missing: install Node 20 or newer")
    if not (HERE / "node_modules" / "ajv").is_dir():
        pytest.skip("the packages of tests/node are missing: run npm ci in tests/node")
    return HERE


@pytest.fixture(scope="session")
def schemas(tmp_path_factory):
    folder = tmp_path_factory.mktemp("schemas")
    for model in MODELS:
        (folder / file_name(model)).write_text(json.dumps(json_schema(model)))
    return folder


@pytest.fixture(scope="session")
def validators(node, schemas):
    """Answer for each value what ajv, cfworker and zod say: each a boolean."""

    def verdicts(cases):
        lines = "".join(json.dumps({"schema": schema, "value": value}) + "\n" for schema, value in cases)
        done = subprocess.run(
            ["node", "check.mjs", schemas], cwd=node, input=lines, capture_output=True, text=True, check=True
        )
        assert done.stderr == ""
        return [json.loads(line) for line in done.stdout.splitlines()]

    return verdicts


@pytest.fixture(scope="session")
def ajv(validators):
    return lambda cases: [answer["ajv"] for answer in validators(cases)]


@pytest.fixture(scope="session")
def refusals():
    """Answer the rules for which Python refuses a value, none where it takes it; the second set, what a schema could say."""
    models = by_id()

    def rules(schema_id, value):
        try:
            models[schema_id].model_validate_json(json.dumps(value))
        except ValidationError as error:
            found = {item["type"] for item in error.errors(include_input=False, include_url=False)}
            return found, found - PYTHON_ONLY
        return set(), set()

    return rules
