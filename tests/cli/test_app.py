"""The root of the command line fails in one way: an id, what was expected, the cure, and no value."""

import subprocess
import sys


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


def test_an_unknown_command_is_not_repeated():
    done = saascore("cus_0123456789abcdef")
    assert done.returncode == 2
    assert done.stderr.startswith("INP-004")
    assert "0123456789" not in done.stderr + done.stdout


def test_an_unknown_option_is_not_repeated():
    done = saascore("--cus_0123456789abcdef")
    assert done.returncode == 2
    assert "0123456789" not in done.stderr + done.stdout
