"""The examples in the docstrings of what adapter authors import run."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("name", ["saascore.adapters", "saascore.testing", "saascore.hookspecs.mapping"])
def test_the_examples_run(name):
    result = doctest.testmod(import_module(name))
    assert result.attempted
    assert not result.failed
