"""Adapters are addressed by id; what cannot be called says why and what to do."""

import pickle

import pytest

from saascore.adapters import Disabled, Registry
from saascore.errors import Exit, SaascoreError
from saascore.hookspecs import hookimpl


class Product:
    api = 1

    @hookimpl
    def map_plan_label(self, plan):
        return "pro"


class Provider:
    api = 1

    @hookimpl
    def list_billing_event_types(self):
        return {"a": "map"}


class Both(Product, Provider):
    pass


def refused(call, *args):
    with pytest.raises(SaascoreError) as error:
        call(*args)
    assert error.value.exit_code == Exit.ADAPTER
    return error.value


@pytest.fixture
def registry():
    return Registry.of({"studio": Product(), "payer": Provider(), "both": Both(), "torn": object()})


def test_each_adapter_answers_under_its_own_id(registry):
    assert registry.product("studio").map_plan_label("x") == "pro"
    assert registry.provider("payer").list_billing_event_types() == {"a": "map"}
    assert registry.ids("product") == ("both", "studio")
    assert registry.ids("provider") == ("both", "payer")


def test_the_same_facade_is_given_each_time(registry):
    assert registry.product("studio") is registry.product("studio")


def test_an_adapter_may_be_of_both_kinds(registry):
    assert registry.product("both").id == registry.provider("both").id


def test_a_missing_adapter_is_named_with_what_was_meant(registry):
    error = refused(registry.product, "studios")
    assert (error.code, error.where, error.detail) == ("ADP-001", "studios", "did you mean studio?")
    assert refused(registry.product, "quite-else").detail is None


def test_an_id_that_is_no_label_is_not_repeated(registry):
    assert refused(registry.product, "cus_8f7a2b9c1d2e4f").where is None


def test_an_adapter_of_the_other_kind_is_refused(registry):
    error = refused(registry.provider, "studio")
    assert (error.code, error.detail) == ("ADP-004", "it has no provider hook")


def test_a_broken_adapter_says_everything(registry):
    error = refused(registry.product, "torn")
    assert error.code == "ADP-003"
    assert error.detail.startswith("ADP-008")


def test_a_disabled_adapter_says_by_what():
    error = refused(Registry([Disabled("quiet", None, None, "--disable")]).product, "quiet")
    assert (error.code, error.detail) == ("ADP-002", "by --disable")


def test_rows_are_sorted_and_say_everything(registry):
    rows = {row.id: row for row in registry.rows()}
    assert list(rows) == ["both", "payer", "studio", "torn"]
    assert rows["both"].kind == "product and provider"
    assert rows["torn"].to_json()["hooks"] == []


def test_registries_and_adapters_are_not_pickled(registry):
    for thing in (registry, registry.product("studio")):
        with pytest.raises(TypeError):
            pickle.dumps(thing)


def test_nothing_of_an_adapter_is_called_by_looking_at_it():
    class Silent:
        api = 1

        @hookimpl
        def map_plan_label(self, plan):
            raise AssertionError

    registry = Registry.of({"silent": Silent()})
    registry.rows()
    assert registry.product("silent").digest.startswith("sha256:")


def test_one_object_may_stand_behind_two_ids():
    plugin = Product()
    registry = Registry.of({"one": plugin, "two": plugin})
    assert registry.product("one").map_plan_label("x") == registry.product("two").map_plan_label("x")
