"""The exported schemas and types, as other languages use them: ajv and the TypeScript compiler."""

import json
import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from saascore.contract.schemas import MODELS, by_id, json_schema
from saascore.contract.typescript import typescript
from saascore.contract.words import reference_check


def values(schema, definitions):
    """Make values of a schema of the subset that the contract uses."""
    if "$ref" in schema:
        return values(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return st.one_of([values(branch, definitions) for branch in schema[union]])
    if schema["type"] == "object":
        return objects(schema, definitions)
    if schema["type"] == "array":
        return st.lists(values(schema["items"], definitions), min_size=schema.get("minItems", 0), max_size=3)
    if schema["type"] == "integer":
        return st.integers(schema.get("minimum", -(2**53) + 1), schema.get("maximum", 2**53 - 1))
    return st.booleans() if schema["type"] == "boolean" else text(schema)


def objects(schema, definitions):
    if "patternProperties" in schema:
        ((pattern, field),) = schema["patternProperties"].items()
        return st.dictionaries(
            text({"pattern": pattern, "maxLength": 60}), values(field, definitions), max_size=2
        )
    if "properties" not in schema:
        return st.dictionaries(
            text(schema["propertyNames"]), values(schema["additionalProperties"], definitions), max_size=2
        )
    required = set(schema.get("required", ()))
    made = {name: values(field, definitions) for name, field in schema["properties"].items()}
    return st.fixed_dictionaries(
        {name: value for name, value in made.items() if name in required},
        optional={name: value for name, value in made.items() if name not in required},
    )


def text(schema):
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    pattern = schema["pattern"]
    if schema.get("format") == "date-time":
        return st.datetimes().map(
            lambda d: d.replace(year=2000 + d.year % 100, day=min(d.day, 28)).isoformat() + "Z"
        )
    if pattern.startswith("^ref:"):
        kinds = st.sampled_from(pattern[6 : pattern.index(")")].split("|"))
        stems = st.builds("ref:{}:k1:{}".format, kinds, st.text("abcdefgh234567", min_size=24, max_size=24))
        return stems.map(lambda stem: stem + reference_check(stem))
    if pattern.startswith(("^op:[a-z]", "^[a-z][a-z0-9]*([._-]")):
        prefix = "op:" if pattern.startswith("^op:") else ""
        return st.sampled_from(["pro", "image.generated", "monthly-plan", "a1.b2"]).map(
            lambda label: prefix + label
        )
    return st.from_regex(pattern, fullmatch=True).filter(
        lambda made: len(made) <= schema.get("maxLength", 80)
    )


MUTATIONS = (
    lambda value: None,
    lambda value: [value],
    lambda value: 1.5,
    lambda value: 2**53,
    lambda value: -1,
    lambda value: True,
    lambda value: "cus_Q7xT2mKp9ZrL4v",
    lambda value: str(value) + "\n",
    lambda value: "2026-01-01 00:00:00",
    lambda value: "٣",
    lambda value: {"raw": value},
    lambda value: "x" * 200,
)


@st.composite
def mutated(draw, value):
    """Change one thing: drop, add or replace a field somewhere."""
    value = json.loads(json.dumps(value))
    place = value
    while True:
        name = draw(st.sampled_from(sorted(place)))
        child = place[name]
        if isinstance(child, dict) and child and draw(st.booleans()):
            place = child
        elif (
            isinstance(child, list)
            and child
            and isinstance(child[0], dict)
            and child[0]
            and draw(st.booleans())
        ):
            place = child[0]
        else:
            break
    change = draw(st.sampled_from(["drop", "add", "replace", "replace"]))
    if change == "drop":
        del place[name]
    elif change == "add":
        place["owner_id"] = 7
    else:
        place[name] = draw(st.sampled_from(MUTATIONS))(place[name])
    return value


def consistent(value):
    """Make a value keep the rules between fields, which chance would not find."""
    if value["schema"] == "saascore/usage-event/1":
        value["event_id"] = "ref:event:k1:aaaaaaaaaaaaaaaaaaaaaaaau4"
        value["idempotency_key"] = "ref:key:k1:aaaaaaaaaaaaaaaaaaaaaaaaze"
        value["plan_snapshot"] |= {"plan_key": value["plan_key"], "basis": "submission"}
        value["plan_snapshot"].pop("asserted_by", None)
        value |= {"entry_type": "usage", "quantity": str(value["quantity"]).lstrip("-")}
        value.pop("corrects", None)
        value.pop("correction", None)
    if value["schema"] == "saascore/billing-fact/1":
        stem = "ref:subscription:k1:" + "a" * 24
        value |= {
            "idempotency_key": "ref:key:k1:aaaaaaaaaaaaaaaaaaaaaaaaze",
            "about": stem + reference_check(stem),
        }
        value["audit"] = {"operator": "op:finance", "approval": "op:approval-7", "reason": "goodwill"}
        value.pop("workspace", None)
    straighten(value)
    return value


def straighten(value):
    """Put every window in order."""
    if isinstance(value, dict) and set(value) == {"from", "to"}:
        value |= {"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        straighten(child)


def collect(model):
    """Return made and mutated values of a model's schema, the same ones in every run."""
    schema, found = json_schema(model), []
    strategy = values(schema, schema.get("$defs", {})).map(consistent)

    @settings(
        max_examples=30,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def make(data):
        value = data.draw(strategy)
        found.append(value)
        found.extend(data.draw(mutated(value)) for _ in range(3))

    make()
    return found


@pytest.fixture(scope="module")
def cases(refusals):
    """A few thousand values, each with its schema, the rules for which Python refuses it, and those that a schema could say."""
    return [
        (model.schema_id(), value, *refusals(model.schema_id(), value))
        for model in MODELS
        for value in collect(model)
    ]


def test_what_python_writes_ajv_takes(ajv, cases):
    taken = [
        (schema_id, by_id()[schema_id].model_validate_json(json.dumps(value)).to_json())
        for schema_id, value, refused, _ in cases
        if not refused
    ]
    assert set(by_id()) - {schema_id for schema_id, _ in taken} == set()
    refused = [case for case, verdict in zip(taken, ajv(taken), strict=True) if not verdict]
    assert refused == []


def test_what_python_refuses_ajv_refuses_but_for_what_a_schema_cannot_say(ajv, cases):
    wrong = [(schema_id, value, rules) for schema_id, value, _, rules in cases if rules]
    assert len(wrong) > 1000
    assert all(sum(one == schema_id for one, _, _ in wrong) >= 20 for schema_id in by_id())
    verdicts = ajv([(schema_id, value) for schema_id, value, _ in wrong])
    assert [case for case, verdict in zip(wrong, verdicts, strict=True) if verdict] == []


def test_the_types_compile_under_strict(node, tmp_path):
    (tmp_path / "types").mkdir()
    (tmp_path / "types" / "saascore.d.ts").write_text(typescript())
    shutil.copy(node / "usage.ts", tmp_path)
    done = subprocess.run(
        [
            node / "node_modules/.bin/tsc",
            "--strict",
            "--noEmit",
            "--target",
            "es2022",
            "--module",
            "nodenext",
            "usage.ts",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout + done.stderr == ""
