"""The public names: all there, loaded when asked for."""

import subprocess
import sys

import pytest

import saascore


def home_of(name):
    return next(home for home, names in saascore._HOMES.items() if name in names)


@pytest.mark.parametrize("name", saascore.__all__)
def test_a_public_name_is_there(name):
    assert getattr(saascore, name) is getattr(sys.modules[home_of(name)], name)


def test_every_home_is_public_and_nothing_else_is():
    assert sorted(name for names in saascore._HOMES.values() for name in names) == sorted(saascore.__all__)


def test_a_name_that_is_not_public_is_no_attribute():
    with pytest.raises(AttributeError, match="has no attribute"):
        saascore.helpers  # noqa: B018  the access is the test


def test_importing_the_package_loads_nothing():
    code = "import sys, saascore; print({'pydantic', 'pluggy', 'sqlite3'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
