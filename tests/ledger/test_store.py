"""A ledger keeps facts of every kind under one gapless position."""

import sqlite3
from contextlib import closing

import pytest

from saascore.contract.usage import Correction
from saascore.contract.window import Window
from saascore.errors import SaascoreError
from saascore.ledger import Ledger, Measure, NewFact, create_ledger, open_ledger
from saascore.ledger.schema import CURRENT, ddl
from saascore.usage.correct import reverse

NOW = "2026-11-20T18:00:00.000000Z"
WATERMARK = "saascore/watermark/1"
BILLING = "saascore/billing-fact/1"


@pytest.fixture
def ledger(store_url):
    with create_ledger(store_url, reference_key="k1", created_at=NOW) as made:
        yield made


def test_positions_are_gapless_over_kinds_and_refused_keys(ledger):
    with ledger.write() as writer:
        first = writer.append([NewFact(WATERMARK, "a", "x", "{}"), NewFact(WATERMARK, "a", "x", "{}")])
        second = writer.append([NewFact(BILLING, "a", "x", "{}"), NewFact(WATERMARK, "b", "x", "{}")])
    assert [(place.position, place.new) for place in first + second] == [
        (1, True),
        (1, False),
        (2, True),
        (3, True),
    ]
    assert [fact.position for fact in ledger.facts()] == [1, 2, 3]
    assert ledger.find(WATERMARK, "b", "x") == 3


def test_a_failing_transaction_leaves_nothing_and_no_gap(ledger):
    with pytest.raises(ZeroDivisionError), ledger.write() as writer:  # noqa: PT012  the failure comes last
        writer.append([NewFact(WATERMARK, "a", "x", "{}")])
        writer.append_journal([("sha256:1", "{}", ["t"])])
        raise ZeroDivisionError
    assert ledger.head == 0
    assert list(ledger.journal()) == []
    with ledger.write() as writer:
        assert writer.append([NewFact(WATERMARK, "a", "x", "{}")])[0].position == 1


def test_facts_are_read_by_topics_once_and_as_of_a_position(ledger):
    with ledger.write() as writer:
        writer.append(
            [NewFact(BILLING, "s", str(n), f'{{"n":{n}}}', ("live/a", f"live/{n % 2}")) for n in range(6)]
        )
        assert len(writer.facts_by_topics(["live/a"])) == 6, "a transaction sees its own facts"
    assert [fact.position for fact in ledger.facts_by_topics(["live/a", "live/1"])] == [1, 2, 3, 4, 5, 6]
    assert [fact.json()["n"] for fact in ledger.facts_by_topics(["live/1"], as_of=4)] == [1, 3]


def test_the_journal_has_its_own_numbers_and_takes_each_write_once(ledger):
    with ledger.write() as writer:
        writer.append([NewFact(BILLING, "s", "1", "{}")])
        assert writer.append_journal([("w1", "{}", ["a"]), ("w2", "{}", ["b"]), ("w1", "{}", [])]) == [
            1,
            2,
            1,
        ]
        writer.append([NewFact(BILLING, "s", "2", "{}")])
        writer.append_journal([("w3", "{}", ["a"])])
    assert ledger.head == 2
    assert [row.number for row in ledger.journal(topics=["a"])] == [1, 3]
    assert [row.number for row in ledger.journal(as_of=1)] == [1, 2]


def test_receipts_and_counters_tell_how_things_arrived(ledger):
    accepted = Measure("billing", "stripe", "live", "outcome", "accepted")
    with ledger.write() as writer:
        writer.append([NewFact(BILLING, "s", "1", "{}")])
        writer.deliver("2026-11-20T18:00:01.000000Z", [(1, False)])
        writer.deliver(NOW, [(1, True), (1, False)])
        writer.count(NOW, {accepted: 2})
        writer.count("2026-11-20T19:00:00.000000Z", {accepted: 3})
    assert ledger.receipt(1) == (1, NOW, "2026-11-20T18:00:01.000000Z", 3, 1)
    assert ledger.arrivals() == {accepted: 5}
    hour = Window.parse({"from": NOW, "to": "2026-11-20T19:00:00Z"})
    assert ledger.arrivals(hour) == {accepted: 2}


@pytest.mark.parametrize("table", ["facts", "journal", "checkpoints"])
@pytest.mark.parametrize("change", ["DELETE FROM {0}", "UPDATE {0} SET {1} = 77"])
def test_the_database_itself_refuses_changes(ledger, table, change):
    with ledger.write() as writer:
        writer.append([NewFact(WATERMARK, "a", "x", "{}")])
        writer.append_journal([("w1", "{}", [])])
        writer.driver.insert("checkpoints", ("size", "root", "note", "sealed_at"), [(1, b"0", "n", "now")])
    column = {"facts": "position", "journal": "number", "checkpoints": "size"}[table]
    count = f"SELECT count(*) FROM {table}"
    with pytest.raises(SaascoreError, match=r"LED-005.*(SQLITE_CONSTRAINT_TRIGGER|RestrictViolation)"):
        ledger.driver.run(change.format(table, column))
    assert ledger.driver.rows(count) == [(1,)]


@pytest.mark.parametrize("table", ["usage", "corrections", "claims", "aliases", "shapes", "subjects"])
def test_the_database_refuses_changes_of_what_summaries_read(stored_desk, table):
    ledger = stored_desk.ledger
    stored_desk.submit(stored_desk.row("a"))
    reverse(ledger, ledger.fact(1).json()["event_id"], Correction(reason="x", operator="op:a"), now=NOW)
    ledger.driver.insert("claims", ("target", "origin", "position"), [(1, 0, 1)])
    ledger.driver.insert("aliases", ("old", "new", "position"), [("a", "b", 1)])
    before = ledger.driver.rows(f"SELECT * FROM {table}")
    column = {"shapes": "shape", "subjects": "subject"}.get(table, "position")
    for change in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = 77"):
        with pytest.raises(SaascoreError, match="LED-005"):
            ledger.driver.run(change)
    assert ledger.driver.rows(f"SELECT * FROM {table}") == before


def test_a_ledger_is_made_once(ledger, store_url):
    with pytest.raises(SaascoreError, match="LED-003"):
        create_ledger(store_url, reference_key="k1")


def test_a_place_without_a_ledger_is_refused(tmp_path):
    with pytest.raises(SaascoreError, match="LED-001"):
        open_ledger(f"sqlite:///{tmp_path}/none.db")
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "text.db").write_text("not a database, but long enough to be looked at" * 9)
    with pytest.raises(SaascoreError, match="LED-001"):
        open_ledger(f"sqlite:///{tmp_path}/text.db")
    with pytest.raises(SaascoreError, match="LED-004"):
        open_ledger("mysql://somewhere/else")


META = {
    "schema": str(CURRENT),
    "ledger_id": "ledger-d1",
    "reference_key": "k1",
    "subject_key": "k1",
    "created_at": NOW,
}


def database(path, sql, meta=(), mark=0):
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)
        connection.executemany("INSERT INTO meta VALUES (?, ?)", list(meta))
        connection.execute(f"PRAGMA application_id = {mark}")
        connection.commit()
    return f"sqlite:///{path}"


def test_a_ledger_that_d1_made_is_opened_as_it_is(tmp_path):
    with open_ledger(database(tmp_path / "d1.db", ddl("d1"), META.items())) as ledger:
        assert ledger.info.ledger_id == "ledger-d1"
        with ledger.write() as writer:
            writer.append([NewFact(WATERMARK, "a", "x", "{}")])
        assert ledger.head == 1


@pytest.mark.parametrize(
    "foreign",
    [
        (ddl("d1"), (), 0),  # the tables alone are no ledger yet
        (ddl("d1"), META.items(), 7),  # another program's file
        ("CREATE TABLE meta (name TEXT, value TEXT)", META.items(), 0),
        ("CREATE TABLE meta (other TEXT, value TEXT)", (), 0),
    ],
)
def test_a_database_of_another_program_is_refused(tmp_path, foreign):
    with pytest.raises(SaascoreError, match="LED-001"):
        open_ledger(database(tmp_path / "foreign.db", *foreign))


def test_a_newer_ledger_is_refused(ledger, store_url):
    ledger.driver.run("UPDATE meta SET value = '99' WHERE name = 'schema'")
    with pytest.raises(SaascoreError, match="LED-002") as refused:
        open_ledger(store_url)
    assert refused.value.exit_code == 4


def test_what_is_committed_is_seen_by_another_connection(ledger, store_url):
    with ledger.write() as writer:
        writer.append([NewFact(WATERMARK, "a", "x", "{}")])
    with open_ledger(store_url) as other:
        assert isinstance(other, Ledger)
        assert other.info == ledger.info


@pytest.mark.postgres
def test_a_database_without_a_ledger_is_refused(postgresql_server):
    with pytest.raises(SaascoreError, match="LED-001"):
        open_ledger(postgresql_server())
    with pytest.raises(SaascoreError, match="LED-001") as refused:
        open_ledger("postgresql://saascore@127.0.0.1:1/none")
    assert refused.value.exit_code == 4


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ledger.db", "it has no scheme"),
        ("mysql://host/db", "its scheme is neither"),
        ("sqlite:///", "it names no file"),
        ("postgresql://host/db", "the extra postgres is not installed"),
    ],
)
def test_an_address_that_cannot_be_used_says_why(url, why, monkeypatch):
    monkeypatch.setattr("saascore.ledger.address.find_spec", lambda _: None)
    with pytest.raises(SaascoreError, match=f"LED-004 .*: {why}"):
        open_ledger(url)
