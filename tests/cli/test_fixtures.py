"""The command ``saascore fixtures check``."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from saascore.cli.app import run

FIXTURES = Path(__file__).parents[2] / "fixtures"
USAGE = FIXTURES / "usage-event-ledger.core-fixture.json"


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def saascore(capsys):
    def done(*args):
        code = run(list(args))
        said = capsys.readouterr()
        return Done(int(code), said.out, said.err)

    return done


@pytest.mark.slow
def test_the_shipped_fixtures_pass_without_being_named(saascore):
    done = saascore("fixtures", "check", "--json")
    assert done.returncode == 0, done.stdout
    stages = json.loads(done.stdout)["stages"]
    assert {stage["fixture"] for stage in stages} >= {USAGE.name, "entitlement-plan-source.core-fixture.json"}
    assert {"event", "replay", "privacy_boundary", "writer", "audit", "shape", "rules"} <= {
        stage["stage"] for stage in stages
    }


def test_a_failed_fixture_exits_with_1_and_says_where(saascore, tmp_path):
    value = json.loads(USAGE.read_text(encoding="utf-8"))
    value["stages"][2]["expected"]["groups"][0]["sum"] = "13"
    (tmp_path / USAGE.name).write_text(json.dumps(value), encoding="utf-8")
    done = saascore("fixtures", "check", str(tmp_path / USAGE.name), "--json")
    assert done.returncode == 1
    answer = json.loads(done.stdout)
    assert not answer["passed"]
    assert [stage["problems"] for stage in answer["stages"] if stage["problems"]] == [
        ["group 0: sum not as expected"]
    ]


def test_a_forbidden_word_fails_a_folder_of_fixtures(saascore):
    done = saascore("fixtures", "check", str(FIXTURES / "second-product"), "--forbid", "chat-desk")
    assert done.returncode == 1
    assert "forbidden" in done.stdout


def test_what_is_no_fixture_is_said(saascore, tmp_path):
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    done = saascore("fixtures", "check", str(tmp_path / "x.json"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("FIX-001")
