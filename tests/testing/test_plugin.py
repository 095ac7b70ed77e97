"""The pytest plugin is light, and its registry knows nothing that is installed."""

import subprocess
import sys
from types import ModuleType

import pytest

from saascore.adapters import discover
from saascore.errors import SaascoreError
from saascore.hookspecs import hookimpl


def test_the_plugin_imports_nothing_heavy():
    code = (
        "import sys, saascore.testing.plugin; "
        "print([name for name in ('pydantic', 'pluggy', 'typer', 'importlib_metadata') if name in sys.modules])"
    )
    # pytest itself is built on pluggy, so what pytest brings does not count
    done = subprocess.run(
        [sys.executable, "-c", f"import pytest; {code}"], capture_output=True, text=True, check=True
    )
    assert set(eval(done.stdout)) <= {"pluggy"}


def test_the_fixture_makes_a_registry_of_modules(saascore_registry):
    module = ModuleType("studio")
    module.api = 1
    module.map_plan_label = hookimpl(lambda plan: "pro")
    registry = saascore_registry(image_studio=module)
    assert registry.product("image-studio").map_plan_label("x") == "pro"


def test_discovery_of_installed_adapters_is_blocked(saascore_registry):
    assert discover().rows() == ()
    with pytest.raises(SaascoreError):
        discover().product("image-studio")


def test_discovery_is_whole_again_without_the_fixture():
    from saascore.adapters import discovery

    assert discovery.entry_points.__module__ == "importlib_metadata"
