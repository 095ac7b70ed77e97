"""Loads the mutants: tests are imported one by one, so they cannot import each other."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def load(name):
    spec = spec_from_file_location(f"saascore_{name}", HERE / f"{name}.py")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def mutants():
    for kind in ("product", "provider"):
        module = load(f"{kind}_mutants")
        for cls in vars(module).values():
            if isinstance(cls, type) and cls.__module__ == module.__name__:
                yield kind, cls


def pytest_generate_tests(metafunc):
    if "mutant" in metafunc.fixturenames:
        found = list(mutants())
        metafunc.parametrize("mutant", found, ids=[f"{kind}-{cls.__name__}" for kind, cls in found])


@pytest.fixture
def all_mutants():
    return list(mutants())


@pytest.fixture
def load_mutants():
    module = load("load_mutants")
    return [
        cls for cls in vars(module).values() if isinstance(cls, type) and cls.__module__ == module.__name__
    ]
