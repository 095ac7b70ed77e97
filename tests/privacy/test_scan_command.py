"""The scan command as a user runs it: answers, exit codes, streams."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


def run(*args, given=None, key=None):
    environment = {**os.environ, **({"SAASCORE_FINGERPRINT_KEY": key} if key else {})}
    return subprocess.run(
        [sys.executable, "-c", "from saascore.cli import main; main()", "scan", *map(str, args)],
        input=given, capture_output=True, env=environment, check=False,
    )  # fmt: skip


@pytest.fixture
def dirty(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"user_id": "u-4711", "plan": "pro"}')
    return path


def test_clean_files_exit_with_0_and_say_nothing(tmp_path):
    (tmp_path / "a.json").write_text('{"plan": "pro"}')
    done = run(tmp_path)
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"0 findings in 1 files" in done.stderr


def test_findings_exit_with_1_and_show_place_and_rule(dirty):
    done = run(dirty)
    assert done.returncode == 1
    assert b"/user_id: privacy.raw-user-id.key-name" in done.stdout
    assert b"4711" not in done.stdout + done.stderr


def test_standard_input_and_json():
    done = run("-", "--json", given=b'{"n": 1}\n{"user_id": "u-4711"}\n')
    told = json.loads(done.stdout)
    assert (done.returncode, told["findings"][0]["line"], told["scanned"]["files"]) == (1, 2, 1)


@pytest.mark.parametrize(
    "args", [("--profile", "all", "-"), ("--format", "pdf", "-"), (), ("--waivers", "none", "-")]
)
def test_wrong_usage_exits_with_2(args):
    done = run(*args, given=b"")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_waivers_need_the_key_and_then_hold(dirty, tmp_path):
    key = "ab" * 32
    found = json.loads(run(dirty, "--json", key=key).stdout)["findings"][0]
    waivers = tmp_path / "waivers.json"
    row = {
        "reason": "made up",
        "expires": "2099-01-01",
        **{k: found[k] for k in ("rule", "pointer", "fingerprint")},
    }
    waivers.write_text(json.dumps({"waivers": [row]}))
    assert run(dirty, "--waivers", waivers).returncode == 2
    assert run(dirty, "--waivers", waivers, key=key).returncode == 0


def test_explain_tells_on_standard_error(dirty):
    done = run(dirty, "--explain")
    assert b"/plan: passed by words under a name of kind label" in done.stderr


def test_sarif_and_junit_are_written(dirty):
    assert json.loads(run(dirty, "--format", "sarif").stdout)["version"] == "2.1.0"
    assert b"<testsuite" in run(dirty, "--format", "junit").stdout
