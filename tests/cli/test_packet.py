"""The command ``saascore packet``: from a ledger to a folder, and back again offline."""

import json
from typing import NamedTuple

import pytest

from saascore.cli.app import run

NOW = ("--now", "2026-04-01T00:00:00Z")
LEDGER = ("--ledger", "sqlite:///ledger.db")


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def saascore(tmp_path, monkeypatch, capsys):
    """Run the command in this process; a new one takes a second to start."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAASCORE_REFERENCE_KEYS", "k1:" + "5a" * 32)
    monkeypatch.delenv("GITHUB_SHA", raising=False)

    def done(*args):
        code = run(list(args))
        said = capsys.readouterr()
        return Done(int(code), said.out, said.err)

    assert done("ledger", "init", *LEDGER).returncode == 0
    return done


def test_a_packet_of_an_empty_ledger_is_built_and_verified(saascore, tmp_path):
    built = saascore("packet", "build", "--out", "p", *LEDGER, *NOW, "--json")
    assert (built.returncode, built.stderr) == (0, "")
    manifest = json.loads(built.stdout)
    assert manifest["created_at"] == "2026-04-01T00:00:00.000000Z"
    verified = saascore("packet", "verify", "p", "--json")
    assert verified.returncode == 0
    assert json.loads(verified.stdout) == {
        "verified": True,
        "packet_digest": manifest["packet_digest"],
        "created_at": manifest["created_at"],
        "same_producer": True,
        "problems": [],
    }
    window = json.loads((tmp_path / "p" / "ops-summary.json").read_text(encoding="utf-8"))["window"]
    assert window == {"from": "2026-03-02T00:00:00.000000Z", "to": "2026-04-02T00:00:00.000000Z"}


def test_only_the_digest_is_on_standard_output(saascore):
    built = saascore("packet", "build", "--out", "p", *LEDGER, *NOW)
    assert built.stdout.startswith("sha256:")
    assert len(built.stdout.splitlines()) == 1
    assert "report.html" in built.stderr
    kept = saascore("packet", "verify", "p", "--digest", built.stdout.strip())
    assert kept.returncode == 0
    assert saascore("packet", "verify", "p", "--digest", "sha256:" + "0" * 64).returncode == 1


def test_a_changed_packet_exits_with_1_and_names_the_file(saascore, tmp_path):
    saascore("packet", "build", "--out", "p", *LEDGER, *NOW)
    report = tmp_path / "p" / "report.md"
    report.write_text(report.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    verified = saascore("packet", "verify", "p")
    assert verified.returncode == 1
    assert "report.md" in verified.stdout
    assert "changed" in verified.stdout


def test_the_commit_comes_from_the_option_or_the_environment(saascore, monkeypatch):
    sha = "0123456789abcdef0123456789abcdef01234567"
    built = saascore("packet", "build", "--out", "p", *LEDGER, *NOW, "--commit", sha, "--json")
    assert json.loads(built.stdout)["commit_sha"] == sha
    monkeypatch.setenv("GITHUB_SHA", sha[::-1])
    built = saascore("packet", "build", "--out", "p", *LEDGER, *NOW, "--json")
    assert json.loads(built.stdout)["commit_sha"] == sha[::-1]


def test_a_window_may_be_given_in_dates(saascore):
    built = saascore(
        "packet", "build", "--out", "p", *LEDGER, *NOW, "--from", "2026-03-01", "--to", "2026-04-01"
    )
    assert built.returncode == 0, built.stderr


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--from", "2026-03-01T00:00:00", "--to", "2026-04-01T00:00:00Z"), "PKT-005"),
        (("--from", "2026-04-01T00:00:00Z", "--to", "2026-04-01T00:00:00Z"), "PKT-005"),
        (("--commit", "HEAD"), "INP-004"),
        (("--mode", "staging"), "INP-004"),
        (("--minimum", "1"), "INP-004"),
    ],
)
def test_what_cannot_be_used_is_said(saascore, tmp_path, options, code):
    done = saascore("packet", "build", "--out", "p", *LEDGER, *NOW, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(code)
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "p").exists()


def test_no_ledger_and_no_packet_are_said(saascore):
    assert saascore("packet", "build", "--out", "p", "--ledger", "sqlite:///none.db").returncode == 4
    done = saascore("packet", "verify", "none")
    assert done.returncode == 1
    assert done.stderr.startswith("PKT-004")
