"""The command ``saascore demo``: the whole story, with nothing raw left of it."""

import io
import json
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from saascore.adapters import Registry
from saascore.cli.app import run
from saascore.cli.story import Story
from saascore.errors import SaascoreError

SAMPLES = Path(__file__).parents[2] / "fixtures" / "samples"
pytestmark = pytest.mark.slow


def saascore(*args, cwd):
    command = [sys.executable, "-c", "from saascore.cli import main; main()", *args]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def here(*args):
    """Run the command in this process; a new one takes a second to start."""
    said = io.StringIO()
    with redirect_stdout(said):
        assert run(list(args)) == 0
    return said.getvalue()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    return folder, saascore("demo", cwd=folder)


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    return json.loads(here("demo", "--out", str(folder / "here"), "--json")), folder / "here"


def test_it_tells_the_story(demo):
    _, done = demo
    assert (done.returncode, done.stderr) == (0, "")
    for words in (
        "Adapters: found",
        "lemonsqueezy",
        "carries a raw identifier: rejected",
        "facts in one transaction",
        "unknown (plan_unresolved) → granted",
        "2026-12-10",
        "active_grant",
        "files verified",
        "One bit flipped in a copy: report.html changed",
        "Open the report: file:///",
    ):
        assert words in done.stdout, words


def test_every_part_of_it_happened(answer):
    told, _ = answer
    assert {"stripe", "paddle", "lemonsqueezy", "manual", "image-studio", "chat-desk"} <= set(
        told["adapters"]
    )
    for counts in told["usage"].values():
        assert counts["accepted"] > 100
        assert counts["rejected"] > 2
        assert counts["duplicate"] > 2
    assert told["leak"]["outcome"] == "rejected"
    assert told["backfilled"] > 50
    assert set(told["billing"]) == {"stripe", "paddle", "lemonsqueezy", "manual"}
    assert told["resolved"] == 1
    assert len(told["explained"]["considered"]) >= 2
    assert told["packet"]["verified"]
    assert told["packet"]["tampering_found"]
    assert Path(told["report"]).is_file()


def test_two_runs_have_the_same_packet(answer, demo):
    ours, theirs = Path(answer[0]["report"]).parent, demo[0] / "saascore-demo" / "packet"
    assert {path.name: path.read_bytes() for path in ours.iterdir()} == {
        path.name: path.read_bytes() for path in theirs.iterdir()
    }


def test_nothing_raw_is_left(demo):
    folder, done = demo
    raw = set()
    for path in (*SAMPLES.glob("*.ndjson"), SAMPLES / "image-studio.sql"):
        text = path.read_text(encoding="utf-8")
        raw.update(re.findall(r"[A-Za-z0-9_@.:/+-]*(?i:syn)[A-Za-z0-9_@.:/+-]{10,}", text))
    raw = {word for word in raw if re.search("[0-9]", word)}
    assert len(raw) > 200
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {"ledger.db", "outcomes.ndjson", "report.html"} <= {path.name for path in files}
    files[Path("stdout")] = done.stdout.encode()
    for path, data in files.items():
        assert not [word for word in raw if word.encode() in data], path


def test_other_peoples_folders_are_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(SaascoreError, match="PKT-002"):
        Story(tmp_path)
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "keep me"


def test_an_earlier_demo_is_replaced(answer):
    _, folder = answer
    with Story(folder).ledger() as ledger:
        assert ledger.head == 0


def test_missing_adapters_are_named_with_the_command_that_installs_them(tmp_path):
    with pytest.raises(SaascoreError, match="DEM-001") as caught:
        Story(tmp_path / "demo", registry=Registry.of({}))
    assert caught.value.exit_code == 3
    assert "pip install -e example_adapters/chat-desk" in caught.value.detail
    assert not (tmp_path / "demo").exists()
