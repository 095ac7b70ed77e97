"""The GitHub Action: its own steps, run as a runner would run them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

yaml = pytest.importorskip("yaml", reason="reading action.yml needs PyYAML")
ROOT = Path(__file__).parents[2]
STEPS = {step["name"]: step for step in yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]}


@pytest.fixture
def runner(tmp_path):
    """A runner's folder in which the action's installation has already put this environment's command."""
    (tmp_path / "saascore" / "bin").mkdir(parents=True)
    command = Path(sys.executable).parent / "saascore"
    (tmp_path / "saascore" / "bin" / "saascore").symlink_to(command)
    (tmp_path / "output").touch()

    def run(step, cwd=tmp_path, **environment):
        return subprocess.run(
            [shutil.which("bash"), "-e", "-o", "pipefail", "-c", STEPS[step]["run"]],
            env={
                "PATH": os.environ["PATH"],
                "RUNNER_TEMP": str(tmp_path),
                "GITHUB_OUTPUT": str(tmp_path / "output"),
                **environment,
            },
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def outputs(tmp_path):
    return dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())


def test_a_leak_gives_a_report_and_a_failing_last_step(runner, tmp_path):
    (tmp_path / "ops.json").write_text(json.dumps({"customer_id": "cus_" + "Q7xT2mKp9ZrL4v"}))
    scan = runner("Scan", PATHS="ops.json", PROFILE="artifact")
    assert scan.returncode == 0, scan.stderr
    said = outputs(tmp_path)
    report = json.loads(Path(said["sarif"]).read_text())
    assert report["version"] == "2.1.0"
    assert report["runs"][0]["results"]
    assert "Q7xT2m" not in Path(said["sarif"]).read_text() + scan.stdout + scan.stderr
    assert runner("Refuse what is not clean", STATUS=said["status"]).returncode == 1


def test_clean_artifacts_pass(runner, tmp_path):
    (tmp_path / "ops.json").write_text('{"accepted": 3, "plan": "pro"}')
    (tmp_path / "more.md").write_text("# Report\n\nAll counts are exact.\n")
    scan = runner("Scan", PATHS="ops.json more.md", PROFILE="artifact")
    assert scan.returncode == 0, scan.stderr
    assert runner("Refuse what is not clean", STATUS=outputs(tmp_path)["status"]).returncode == 0


def test_every_action_that_it_uses_is_pinned_to_a_commit():
    used = [step["uses"] for step in STEPS.values() if "uses" in step]
    assert used
    assert all(len(name.partition("@")[2]) == 40 for name in used)


@pytest.mark.parametrize(
    "command",
    [
        ["check-jsonschema", "--builtin-schema", "vendor.github-actions"],
        ["zizmor", "--offline", "--quiet"],
    ],
    ids=["its own schema", "security audit"],
)
def test_checkers_of_actions_have_nothing_to_say(command):
    tool = shutil.which(command[0], path=str(Path(sys.executable).parent)) or shutil.which(command[0])
    if tool is None:
        pytest.skip(f"{command[0]} is not installed: pip install {command[0]}")
    done = subprocess.run(
        [tool, *command[1:], ROOT / "action.yml"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_packet_is_verified_and_a_changed_one_refused(runner, tmp_path, packet):
    assert runner("Verify the packet", PACKET=str(packet)).returncode == 0
    (packet / "usage.json").write_text("{}")
    assert runner("Verify the packet", PACKET=str(packet)).returncode == 1
