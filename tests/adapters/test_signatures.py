"""What is wrong with an adapter is found before its first call, all of it in one report."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from saascore.adapters import Registry
from saascore.adapters.inspection import inspect_plugin
from saascore.drafts import Mapped, Normalized, UsageDraft
from saascore.hookspecs import API, hookimpl


class Adapter:
    api = 1

    @hookimpl
    def map_plan_label(self, plan):
        return None


def problems(plugin, api=1):
    if api is not None:
        plugin.api = api
    found = inspect_plugin("alpha", None, None, plugin)
    return [str(problem) for problem in getattr(found, "problems", ())]


def with_function(name, function, *, mark=True):
    cls = type("Adapter", (), {name: hookimpl(function) if mark else function})
    return cls()


def test_a_sound_adapter_has_no_problem():
    assert problems(Adapter()) == []


def test_a_misspelt_hook_is_named_with_what_was_meant():
    def map_plan_lable(self, plan):
        return None

    assert problems(with_function("map_plan_lable", map_plan_lable)) == [
        "ADP-010 map_plan_lable is no hook; did you mean map_plan_label?"
    ]


def test_an_unknown_hook_is_named():
    assert problems(with_function("zzz", lambda self: None)) == ["ADP-010 zzz is no hook"]


def test_a_function_with_a_hooks_name_needs_the_mark():
    def map_plan_label(self, plan):
        return None

    assert problems(with_function("map_plan_label", map_plan_label, mark=False)) == [
        "ADP-011 map_plan_label has a hook's name and no @hookimpl"
    ]


@pytest.mark.parametrize(
    ("function", "fault"),
    [
        (lambda self, label: None, "label is no argument; did you mean plan?, plan is missing"),
        (lambda self: None, "plan is missing"),
        (lambda self, plan, extra=1: None, "extra is no argument"),
        (lambda self, *, plan: None, "plan cannot be passed by position"),
        (lambda self, *args: None, "args cannot be passed by position, plan is missing"),
    ],
)
def test_arguments_are_those_of_the_specification(function, fault):
    assert problems(with_function("map_plan_label", function)) == [
        f"ADP-012 map_plan_label(plan: str) -> PublicLabel | None: {fault}"
    ]


def test_the_order_of_arguments_is_that_of_the_specification():
    (found,) = problems(with_function("reference_workspace", lambda self, redact, claims: None))
    assert found.endswith("the arguments are in another order")


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("map_plan_label", "def f(self, plan: int) -> str | None: ..."),
        ("map_plan_label", "def f(self, plan: str) -> int: ..."),
        ("map_usage_record", "def f(self, record: dict[str, Any]) -> UsageDraft: ..."),
        ("map_usage_record", "def f(self, record: Mapping[str, Any]) -> dict[str, Any]: ..."),
        ("choose_quota_basis", "def f(self, plan: str, event_type: str) -> int: ..."),
    ],
)
def test_annotations_agree_with_the_specification(name, function):
    scope = dict(globals())
    exec(function, scope)  # the annotation under test is the parameter
    (found,) = problems(with_function(name, scope["f"]))
    assert found.startswith("ADP-013")
    assert found.endswith("is another type")


def test_narrower_answers_wider_arguments_and_unknown_names_agree():
    class Typed:
        @hookimpl
        def map_usage_record(self, record: Mapping[str, object]) -> UsageDraft:
            raise NotImplementedError

        @hookimpl
        def normalize_billing_event(self, event: Any) -> Mapped | Normalized:
            raise NotImplementedError

        @hookimpl
        def map_plan_label(self, plan: "NotImportedHere") -> str:  # noqa: F821  as under TYPE_CHECKING
            return plan

        @hookimpl
        def reference_workspace(self, claims: Mapping[str, Any], redact: Callable[..., str]) -> str | None:
            return None

    assert problems(Typed()) == []


def test_async_functions_and_misplaced_generators_are_refused():
    class Lazy:
        @hookimpl
        async def map_plan_label(self, plan):
            return None

        @hookimpl
        def map_event_name(self, event_name):
            yield event_name

        @hookimpl
        def read_source_rows(self, window, after):
            yield None

    assert sorted(problems(Lazy())) == [
        "ADP-014 map_event_name yields, but must return its answer",
        "ADP-014 map_plan_label is declared with async def",
    ]


@pytest.mark.parametrize("option", ["tryfirst", "trylast", "wrapper", "hookwrapper", "optionalhook"])
def test_a_mark_with_options_is_refused(option):
    cls = type("Adapter", (), {"map_plan_label": hookimpl(**{option: True})(lambda self, plan: None)})
    assert f"ADP-015 map_plan_label is marked with {option}" in problems(cls())


@pytest.mark.parametrize(
    ("api", "reason"),
    [
        (None, "ADP-008 no api is stated: write api = 1 at its top"),
        ("1", "ADP-008 no api is stated: write api = 1 at its top"),
        (True, "ADP-008 no api is stated: write api = 1 at its top"),
        (API + 1, f"ADP-008 api {API + 1} is newer than this saascore knows ({API}): upgrade saascore"),
        (API - 2, f"ADP-008 api {API - 2} is older than 1: upgrade the adapter"),
    ],
)
def test_the_api_must_be_one_that_is_supported(api, reason):
    plugin = with_function("map_plan_label", lambda self, plan: None)
    assert problems(plugin, api) == [reason]


def test_an_object_without_hooks_is_no_adapter():
    assert problems(type("Empty", (), {})()) == ["ADP-009 no function is marked @hookimpl"]


def test_a_class_and_a_function_are_no_adapters():
    assert problems(Adapter, None) == ["ADP-016 it names a class and not an instance of it"]
    assert problems(len, None) == ["ADP-016 it names a function and not the module that holds it"]


def test_everything_wrong_is_in_one_report():
    class Everything:
        api = 9

        @hookimpl
        def map_plan_lable(self, plan):
            return None

        @hookimpl
        async def map_event_name(self, name):
            return None

        def describe_plan(self, plan):
            return None

    codes = [text[:7] for text in problems(Everything(), None)]
    assert sorted(codes) == ["ADP-008", "ADP-010", "ADP-011", "ADP-012", "ADP-014"]


def test_attributes_that_raise_are_no_hooks():
    class Odd(Adapter):
        @property
        def map_event_name(self):
            raise RuntimeError

    assert problems(Odd()) == []


def test_a_cached_function_may_be_a_hook():
    class Cached(Adapter):
        pass

    Cached.map_event_name = hookimpl(functools.lru_cache(lambda self, event_name: "image.rendered"))
    assert problems(Cached()) == []


def test_a_broken_adapter_says_so_in_its_row_and_when_it_is_asked_for():
    (row,) = Registry.of({"alpha": object()}).rows()
    assert row.status == "broken"
    assert row.cure.endswith("let the entry point name the module that has them.")
