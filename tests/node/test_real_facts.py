"""What the demo's products and providers leave behind, taken by other languages as it is, and refused where one thing is changed."""

import json
import subprocess

import pytest

from saascore.cli.story import BILLING, DESK, STUDIO, Story
from saascore.contract.schemas import by_id
from saascore.contract.typescript import typescript
from saascore.packet.shipped import shipped

PLANTED = (
    None,
    True,
    -1,
    1.5,
    2**53,
    "",
    "Not A Label",
    "2026-02-30",
    "sha256:0",
    "x" * 300,
    [],
    {},
    [{}],
    {"a": 1},
)


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """Every kind of thing that one run of the demo makes, by schema: a few of each shape."""
    story = Story(tmp_path_factory.mktemp("real"))
    found = {}

    def keep(value):
        shape = (
            value["schema"],
            tuple(sorted(value)),
            json.dumps([s["kind"] for s in value.get("signals", ())]),
        )
        found.setdefault(shape, value)

    with story.ledger() as ledger:
        handed = [story.submit_usage(ledger, product) for product in (STUDIO, DESK)]
        story.backfill(ledger)
        handed += [
            story.submit_billing(ledger, name, product) for name in BILLING for product in (STUDIO, DESK)
        ]
        for outcome in (outcome for one in handed for outcome in one.outcomes):
            keep(outcome.to_json())
        for decision in story.decisions(ledger, STUDIO):
            keep(decision.to_json())
        for fact in ledger.facts():
            keep(fact.json())
        for row in ledger.journal():
            keep(json.loads(row.body))
        packet, _ = story.publish(ledger)
    for path in packet.folder.glob("*.json"):
        keep(json.loads(path.read_text(encoding="utf-8")))
    for name in ("usage-event-ledger", "entitlement-plan-source"):
        keep(json.loads(shipped(f"{name}.core-fixture.json").read_text(encoding="utf-8")))
    return list(found.values())


def leaves(value, path=()):
    """Yield the path of everything in a value."""
    if path:
        yield path
    items = (
        value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    )
    for key, child in items:
        yield from leaves(child, (*path, key))


def changed(value, path, planted):
    copy = json.loads(json.dumps(value))
    place = copy
    for key in path[:-1]:
        place = place[key]
    if planted is LEFT_OUT:
        del place[path[-1]]
    else:
        place[path[-1]] = planted
    return copy


LEFT_OUT = object()


@pytest.fixture(scope="module")
def mutations(real, refusals, validators):
    """Every single change, one at a time, of the smaller things: what Python and each validator say of it."""
    cases, said = [], []
    for value in real:
        if len(json.dumps(value)) < 6000:
            for path in leaves(value):
                for planted in (LEFT_OUT, *PLANTED):
                    case = changed(value, path, planted)
                    cases.append((value["schema"], case))
                    said.append((planted is LEFT_OUT, *refusals(value["schema"], case)))
    return [
        (case, left_out, refused, rules, answer)
        for case, (left_out, refused, rules), answer in zip(cases, said, validators(cases), strict=True)
    ]


def test_every_real_fact_is_taken_by_python_and_by_every_validator(real, validators, refusals):
    assert len({value["schema"] for value in real}) >= 12
    assert {signal["kind"] for value in real for signal in value.get("signals", ())} >= {"paid", "refunded"}
    assert [value for value in real if refusals(value["schema"], value)[0]] == []
    answers = validators([(value["schema"], value) for value in real])
    assert [a for a in answers if a != {"ajv": True, "cfworker": True, "zod": True}] == []


def test_every_real_fact_has_its_type_and_a_wrong_one_has_not(real, node, tmp_path):
    (tmp_path / "saascore.d.ts").write_text(typescript(), encoding="utf-8")
    lines = ['import type * as contract from "./saascore";']
    for number, value in enumerate(real):
        name = by_id()[value["schema"]].__name__
        lines.append(f"export const fact{number}: contract.{name} = {json.dumps(value)};")
        wrong = json.dumps(value | {"schema": "saascore/other/1"})
        lines += [
            "// @ts-expect-error another schema",
            f"export const wrong{number}: contract.{name} = {wrong};",
        ]
    (tmp_path / "facts.ts").write_text("\n".join(lines), encoding="utf-8")
    compiler = node / "node_modules" / ".bin" / "tsc"
    done = subprocess.run(
        [compiler, "--strict", "--noEmit", "--target", "es2022", "facts.ts"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout + done.stderr == ""


def test_every_change_that_python_refuses_is_refused_but_for_what_a_schema_cannot_say(mutations):
    """Zod alone puts a default in the place of what was left out, a signal's kind too."""
    wrong = [one for one in mutations if one[3]]
    assert len(wrong) > 5000
    assert [one for one in wrong if one[4]["ajv"] or one[4]["cfworker"]] == []
    assert [one for one in wrong if one[4]["zod"] and not one[1]] == []


def test_ajv_and_cfworker_agree_on_every_change(mutations):
    assert [one for one in mutations if one[4]["ajv"] != one[4]["cfworker"]] == []


def test_every_change_that_python_takes_is_taken_in_the_form_that_python_writes(mutations, validators):
    """Python also reads a null and what leaves a default out; what it writes has neither."""
    models = by_id()
    written = [
        (schema, models[schema].model_validate_json(json.dumps(value)).to_json())
        for (schema, value), _, refused, _, _ in mutations
        if not refused
    ]
    assert len(written) > 100
    answers = validators(written)
    assert [a for a in answers if a != {"ajv": True, "cfworker": True, "zod": True}] == []
