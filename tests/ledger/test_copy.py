"""A copied ledger is the same ledger: every table, from either store to either; seals, proofs and summaries hold."""

import json
import os

import pytest

from saascore.cli.app import run
from saascore.contract.window import Window
from saascore.errors import SaascoreError
from saascore.ledger import NewFact, create_ledger, open_ledger
from saascore.ledger.copy import copy_ledger, tables
from saascore.ledger.notes import Checkpoint, SigningKey, verified_text
from saascore.ledger.proof import prove, verify_proof
from saascore.ledger.sealing import last_note, seal
from saascore.ledger.verify import verify
from saascore.usage.preview import Audit, preview
from saascore.usage.runs import apply

NOW = "2026-03-10T12:00:00.000000Z"
#: Rows of the tables that take the longest stories to fill.
RARE = {
    "corrections": (b"\x00\xff" * 7, 1, None, 0),
    "claims": (1, 1, 1),
    "aliases": ("old", "new", 1),
    "staging": (99, 1, b"\x0a\t\\", '{"a":"\\n"}', "shape", "subject", NOW, 2**53, 0, None),
}
MARCH = Window.parse({"from": "2026-03-01T00:00:00Z", "to": "2026-03-11T00:00:00Z"})


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def elsewhere(request, tmp_path):
    """The address of a second place."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/copy.db"
    return request.getfixturevalue("postgresql_server")()


def contents(ledger):
    """Return every row of every table."""
    return {
        table.name: ledger.driver.rows(
            f"SELECT {', '.join(table.columns)} FROM {table.name} ORDER BY {', '.join(table.key)}"
        )
        for table in tables()
    }


@pytest.fixture
def full(stored_desk):
    """A desk whose ledger has a row in every table."""
    desk = stored_desk
    desk.submit(desk.row("r1"), desk.row("r2", ws="w2"), desk.row("r2", ws="w2"), desk.row("r3", plan="Odd"))
    desk.submit(desk.row("r4", at="2025-01-01T00:00:00Z"))
    desk.adapter.rows = [desk.row("b1", at="2026-03-02T00:00:00.000000Z", basis="occurrence")]
    shown = preview(desk.ledger, desk.product, desk.keys, MARCH, Audit("op:test", "op:test", "test"))
    apply(desk.ledger, desk.product, desk.keys, shown, now=NOW)
    with desk.ledger.write() as writer:
        writer.append([NewFact("saascore/capability-snapshot/1", "alpha", "w", '{"n":1}', ("topic",))])
        writer.append_journal([("ref:event:k1:" + "a" * 26, "{}", ["topic"])])
        writer.deliver(NOW, [(1, False)])
        for table, row in RARE.items():
            names = next(made.columns for made in tables() if made.name == table)
            writer.driver.insert(table, names, [row])
    return desk


def test_every_row_of_every_table_is_there(full, elsewhere):
    seal(full.ledger, now=NOW)
    told = copy_ledger(full.ledger, elsewhere)
    before = contents(full.ledger)
    assert all(before.values())
    with open_ledger(elsewhere) as copied:
        assert contents(copied) == before
        assert copied.info == full.ledger.info == told


def test_summaries_have_the_same_bytes_and_a_retry_is_a_duplicate(full, elsewhere, desk_of):
    before = full.summary(by_plan=True).to_json()
    copy_ledger(full.ledger, elsewhere)
    with open_ledger(elsewhere) as copied:
        there = desk_of(copied)
        assert there.summary(by_plan=True).to_json() == before
        assert there.kinds(there.row("r1"), there.row("new")) == ["duplicate", "accepted"]


def test_seals_and_proofs_hold_and_sealing_goes_on(full, elsewhere):
    key = SigningKey(SigningKey.encode("test-operator", os.urandom(32)))
    seal(full.ledger, now=NOW, signing_key=key)
    exported = Checkpoint.parse(verified_text(last_note(full.ledger), key.verifier))
    proof = prove(full.ledger, 1)
    copy_ledger(full.ledger, elsewhere)
    with open_ledger(elsewhere) as copied:
        assert verify(copied, against=exported).fault is None
        assert prove(copied, 1) == proof
        assert verify_proof(prove(copied, 2), key.verifier).size == exported.size
        with copied.write() as writer:
            writer.append([NewFact("saascore/watermark/1", "alpha", "later", '{"n":2}')])
        seal(copied, now=NOW, signing_key=key)
        assert verify(copied, against=exported).fault is None


def test_more_rows_than_a_page(stored_desk, elsewhere, monkeypatch):
    monkeypatch.setattr("saascore.ledger.copy._PAGE", 3)
    stored_desk.submit(*(stored_desk.row(f"r{n}", ws=f"w{n % 5}") for n in range(10)))
    copy_ledger(stored_desk.ledger, elsewhere)
    with open_ledger(elsewhere) as copied:
        assert contents(copied) == contents(stored_desk.ledger)


def test_a_place_that_has_a_ledger_is_refused_and_left_as_it_was(full, elsewhere):
    with create_ledger(elsewhere, reference_key="k1", created_at=NOW) as there:
        before = there.info
        with pytest.raises(SaascoreError) as refused:
            copy_ledger(full.ledger, elsewhere)
        assert refused.value.code == "LED-003"
        assert there.info == before


def test_a_copy_that_fails_leaves_no_ledger_and_can_be_made_again(full, elsewhere, monkeypatch):
    def torn(done):
        if done > 5:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        copy_ledger(full.ledger, elsewhere, progress=torn)
    with pytest.raises(SaascoreError) as refused:
        open_ledger(elsewhere)
    assert refused.value.code == "LED-001"
    copy_ledger(full.ledger, elsewhere)
    with full.ledger.write() as writer:  # the source was given free, too
        writer.append([NewFact("saascore/watermark/1", "alpha", "later", '{"n":2}')])


def test_the_command_copies_and_says_what_to_do(full, elsewhere, capsys):
    assert run(["ledger", "copy", "--ledger", full.url, "--to", elsewhere]) == 0
    assert "from now on use one of the two" in capsys.readouterr().err
    assert run(["ledger", "info", "--ledger", elsewhere, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == full.ledger.info._asdict()
    assert run(["ledger", "copy", "--ledger", full.url, "--to", elsewhere]) == 2
