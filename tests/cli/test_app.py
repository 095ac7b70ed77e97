"""The root of the command line fails in one way: an id, what was expected, the cure, and no value."""

import subprocess
import sys

import pytest


def saascore(*args):
    return subprocess.run(
        [sys.executable, "-c", "from saascore.cli import main; main()", *args],
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_exits_with_zero():
    done = saascore("--help")
    assert done.returncode == 0
    assert "adapters" in done.stdout


@pytest.mark.parametrize("typed", [(), ("billing",)], ids=["saascore", "a group"])
def test_no_command_shows_what_there_is(typed):
    done = saascore(*typed)
    assert done.returncode == 2
    assert ("submit" if typed else "billing") in done.stderr


def test_an_option_without_its_value_is_named_so():
    done = saascore("entitlements", "decide", "--product", "image-studio", "--workspace")
    assert done.returncode == 2
    assert "an option that needs a value has none" in done.stderr


def test_an_unknown_command_is_not_repeated():
    done = saascore("cus_0123456789abcdef")
    assert done.returncode == 2
    assert done.stderr.startswith("INP-004")
    assert "0123456789" not in done.stderr + done.stdout


def test_an_unknown_option_is_not_repeated():
    done = saascore("--cus_0123456789abcdef")
    assert done.returncode == 2
    assert "0123456789" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("typed", "meant"),
    [(["adaptors"], "adapters"), (["usage", "sumary"], "summary"), (["ledger", "verfy"], "verify")],
)
def test_a_misspelt_command_is_answered_with_the_right_one(typed, meant):
    done = saascore(*typed)
    assert done.returncode == 2
    assert f"did you mean {meant}?" in done.stderr
    assert typed[-1] not in done.stderr
