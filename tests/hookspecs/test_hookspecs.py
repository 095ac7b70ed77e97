"""The hook specifications are documentation that runs, each with a Protocol that says the same."""

import doctest
import inspect
from typing import get_type_hints

import pytest

from saascore.adapters.specs import MODULES, SUPPORTED_APIS, specs
from saascore.hookspecs import API

HOOKS = {
    "map_event_name",
    "map_usage_record",
    "read_source_rows",
    "read_aggregates",
    "choose_quota_basis",
    "map_plan_label",
    "describe_plan",
    "entitlement_rules",
    "reference_workspace",
    "normalize_billing_event",
    "list_billing_event_types",
    "render_quota_copy",
    "render_upgrade_copy",
}


def protocols(module):
    return [
        cls
        for cls in vars(module).values()
        if getattr(cls, "_is_protocol", False) and cls.__module__ == module.__name__
    ]


def test_these_are_the_hooks():
    assert set(specs()) == HOOKS


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_example_runs(module):
    found = doctest.DocTestFinder(exclude_empty=True).find(module)
    runner = doctest.DocTestRunner()
    ran = [runner.run(example) for example in found if example.examples]
    assert sum(result.attempted for result in ran)
    assert not any(result.failed for result in ran)


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_every_hook_has_a_documentation_with_an_example(name):
    text = specs()[name].documentation
    assert ">>> @hookimpl" in text
    assert "Returns:" in text


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_a_protocol_beside_the_hook_agrees_with_it(name):
    module = next(
        module for module in MODULES if hasattr(module, name) and hasattr(vars(module)[name], "saascore_spec")
    )
    hook = vars(module)[name]
    wanted = get_type_hints(hook, include_extras=True)
    agreeing = [
        cls
        for cls in protocols(module)
        if get_type_hints(cls.__call__, include_extras=True) == wanted
        and list(inspect.signature(cls.__call__).parameters)[1:] == list(inspect.signature(hook).parameters)
        and f":func:`{name}`" in cls.__doc__
    ]
    assert len(agreeing) == 1


def test_a_specification_does_nothing_when_called():
    with pytest.raises(NotImplementedError):
        vars(MODULES[1])["entitlement_rules"]()


def test_the_current_api_and_the_one_before_are_supported():
    assert {API, API - 1} - {0} == SUPPORTED_APIS
