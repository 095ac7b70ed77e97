"""Usage leaves one ledger as CloudEvents and arrives in another, by the command line."""

import json

import pytest

from saascore.cli.app import run


@pytest.fixture
def saascore(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAASCORE_REFERENCE_KEYS", "k1:" + "41" * 32)

    def call(*words):
        status = run(list(words))
        return status, capsys.readouterr().out

    return call


def test_cloudevents_are_taken_in_again_with_the_same_facts(saascore, tmp_path):
    now = ("--now", "2026-11-20T18:00:00Z")
    rows = [
        {"id": f"job-{number}", "event": "job.image.completed", "workspace_id": "wsp-a", "quantity": "2",
         "finished_at": "2026-11-19T10:00:00Z", "model": "canvas-fast", "format": "square", "plan": "pro"}
        for number in range(3)
    ]  # fmt: skip
    (tmp_path / "rows.ndjson").write_text("\n".join(map(json.dumps, rows)))
    assert saascore("ledger", "init")[0] == 0
    assert saascore("usage", "submit", "--product", "image-studio", *now, "rows.ndjson")[0] == 0
    exported = saascore("usage", "export", "--format", "cloudevents")[1]
    assert len(exported.splitlines()) == 3
    (tmp_path / "events.ndjson").write_text(exported)

    other = ("--ledger", "sqlite:///other.db")
    assert saascore("ledger", "init", *other)[0] == 0
    for outcome in ("accepted", "duplicate"):
        status, said = saascore(
            "usage",
            "submit",
            "--envelopes",
            *now,
            *other,
            "--json",
            "events.ndjson",
        )
        assert status == 0
        assert json.loads(said)["counts"][outcome] == 3
    assert saascore("usage", "export", "--format", "cloudevents", *other)[1] == exported
