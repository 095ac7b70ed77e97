"""The benchmark of pipelines compares like with like, and its proof of that can fail."""

import sys
from copy import deepcopy
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

from saascore.adapters import discover
from saascore.contract.usage import UsageEvent
from saascore.privacy.references import ReferenceKeys
from saascore.usage.mapping import UsageMapper

PIPELINES = Path(__file__).parents[2] / "benchmarks" / "pipelines"
MODULES = ("facts", "models", "contenders", "equal", "environments", "figures")


@pytest.fixture(scope="module")
def bench():
    """The benchmark's own modules, which are found by their folder alone."""
    before = list(sys.path)
    sys.path[:0] = [str(PIPELINES), str(PIPELINES.parent)]
    yield {name: __import__(name) for name in MODULES}
    sys.path[:] = before
    for name in MODULES:
        del sys.modules[name]


@pytest.fixture(scope="module")
def made(bench):
    """What the peers make of some rows."""
    return [bench["facts"].fact_of(bench["facts"].row_of(number)) for number in range(100)]


def paths(fact, inside=()):
    for name, value in fact.items():
        yield (*inside, name)
        if isinstance(value, dict):
            yield from paths(value, (*inside, name))


def test_the_peers_make_the_facts_that_saascore_makes(bench, made):
    facts = bench["facts"]
    product = discover(enable=("pipelines",), paths=(str(PIPELINES / "adapter.py"),)).product("pipelines")
    keys = ReferenceKeys({facts.KEY_ID: facts.KEY}).redactor("pipelines")
    answers = UsageMapper(product, keys=keys, resolved_at=facts.NOW).map(map(facts.row_of, range(100)))
    assert [UsageEvent.parse_json(answer.body).to_json() for answer in answers] == made


def test_the_order_of_facts_is_no_difference(bench, made):
    assert list(bench["equal"].differences(made, made[::-1])) == []


def test_a_change_of_any_field_is_a_difference(bench, made):
    for path in paths(made[0]):
        for change in ("another", "left out"):
            found = deepcopy(made)
            holder = found[7]
            for name in path[:-1]:
                holder = holder[name]
            if change == "another":
                holder[path[-1]] = "another"
            else:
                del holder[path[-1]]
            assert list(bench["equal"].differences(made, found)), (path, change)


@pytest.mark.parametrize("inside", [None, "plan_snapshot", "dimensions"])
def test_a_field_too_many_is_a_difference(bench, made, inside):
    found = deepcopy(made)
    (found[3][inside] if inside else found[3])["surplus"] = None
    assert len(list(bench["equal"].differences(made, found))) == 1


def test_a_fact_too_few_or_too_many_is_a_difference(bench, made):
    assert list(bench["equal"].differences(made, made[:-1]))
    assert list(bench["equal"].differences(made, [*made, made[0]]))


def test_every_field_has_a_wrong_value_that_saascore_refuses(bench, made):
    wrong = dict(bench["equal"].wrong_facts(made[0]))
    for path in paths(made[0]):
        assert f"{'.'.join(path)}: no word of the contract" in wrong
    for inside in ("", "plan_snapshot: ", "dimensions: "):
        assert f"{inside}a field too many" in wrong


def test_what_saascore_refuses_the_peers_rules_refuse(bench, made):
    validator = jsonschema.Draft202012Validator(bench["facts"].SCHEMA)
    model = bench["models"].Fact
    assert validator.is_valid(made[0])
    model.model_validate(made[0])
    for what, fact in bench["equal"].wrong_facts(made[0]):
        assert not validator.is_valid(fact), what
        with pytest.raises(ValidationError):
            model.model_validate(fact)
