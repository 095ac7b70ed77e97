"""The teller of stories; its module is loaded by path because tests are imported by file."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

NAME = "saascore_test_provider_cases"


def load():
    if NAME not in sys.modules:
        spec = spec_from_file_location(NAME, Path(__file__).with_name("support.py"))
        sys.modules[NAME] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules[NAME])
    return sys.modules[NAME]


@pytest.fixture(scope="session")
def support():
    return load()


@pytest.fixture(scope="session")
def teller(support):
    return support.Teller()


def pytest_generate_tests(metafunc):
    """One test for each case and each provider that can tell it."""
    if {"case", "provider"} <= set(metafunc.fixturenames):
        told = [
            (case, provider)
            for case in load().read_cases()
            for provider in load().PROVIDERS
            if provider in case
        ]
        metafunc.parametrize(
            ("case", "provider"), told, ids=[f"{case['title']}, {who}" for case, who in told]
        )
