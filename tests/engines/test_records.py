"""Rows that an engine maps on their way to a ledger have the outcomes that they have one by one."""

import json
import subprocess
import sys

import pytest

from saascore.cli.app import run
from saascore.engines import engine_named
from saascore.errors import SaascoreError
from saascore.ledger import create_ledger
from saascore.usage.submit import Batch, Submission, numbered

NOW = "2026-03-01T00:00:00Z"
TALLIES = "SELECT * FROM tallies ORDER BY 1, 2, 3, 4, 5, 6"


@pytest.fixture
def rows(lines):
    given = lines(60)
    given[9:9] = given[:4]
    return given


def outcomes(answers):
    with create_ledger("sqlite:///:memory:", reference_key="demo", created_at=NOW) as ledger:
        submission = Submission(ledger, source="small-studio", now=NOW)
        verdicts = [verdict for batch in submission.submit(numbered(answers)) for verdict in batch]
        return verdicts, [fact.body for fact in ledger.facts()], ledger.driver.rows(TALLIES)


def one_by_one(rows, plan):
    with create_ledger("sqlite:///:memory:", reference_key="demo", created_at=NOW) as ledger:
        submission, mapper = Submission(ledger, source="small-studio", now=NOW), plan.build()
        verdicts = []
        for number, row in enumerate(rows, start=1):
            (verdict,) = submission.commit(Batch([number], [*mapper.map([row])]))
            verdicts.append(verdict)
        return verdicts, [fact.body for fact in ledger.facts()], ledger.driver.rows(TALLIES)


def test_rows_in_columns_have_the_outcomes_that_they_have_one_by_one(plan, rows):
    expected = one_by_one(rows, plan)
    assert [verdict.record for verdict in expected[0]] == list(range(1, len(rows) + 1))
    assert {verdict.outcome for verdict in expected[0]} == {"accepted", "duplicate", "rejected", "skipped"}
    for size in (1, 7, 1000):
        assert outcomes(engine_named("local")(plan.build(), [rows], size)) == expected


def test_rows_out_of_the_window_have_them_too(plan, row):
    rows = [
        json.dumps(row(number, at=f"2026-0{number % 3 + 1}-01T00:00:00Z")).encode() for number in range(12)
    ]
    rows += rows[:5]
    expected = one_by_one(rows, plan)
    assert {verdict.outcome for verdict in expected[0]} == {"accepted", "duplicate", "held"}
    assert outcomes(engine_named("local")(plan.build(), [rows], 1000)) == expected


@pytest.mark.slow
def test_a_pool_changes_no_outcome_and_no_byte(plan, rows):
    chunks = [rows[at : at + 10] for at in range(0, len(rows), 10)]
    pooled = engine_named("pool", plan.adapters)(plan.build(), chunks, 25)
    assert outcomes(pooled) == one_by_one(rows, plan)


def test_rows_are_read_no_further_ahead_than_asked(plan, rows):
    read = []

    def reading():
        for number, row in enumerate(rows):
            read.append(number)
            yield [row]

    first = next(engine_named("local")(plan.build(), reading(), 10))
    assert (len(first), read) == (10, list(range(10)))


def test_an_engine_that_cannot_start_says_so_before_anything_is_committed(plan, rows):
    def engine():
        raise SaascoreError("ENG-002")
        yield

    with create_ledger("sqlite:///:memory:", reference_key="demo", created_at=NOW) as ledger:
        submission = Submission(ledger, source="small-studio", now=NOW)
        with pytest.raises(SaascoreError, match="ENG-002"):
            list(submission.submit(numbered(engine())))
        assert ledger.head == 0


@pytest.mark.slow
def test_the_command_gives_the_same_outcomes_with_each_engine(adapter, plan, lines, tmp_path):
    (tmp_path / "rows.ndjson").write_bytes(b"\n".join(lines(80)))
    told = {}
    for engine in ("local", "pool"):
        ledger = ["--ledger", f"sqlite:///{tmp_path}/{engine}.db"]
        saascore = [sys.executable, "-c", "from saascore.cli import main; raise SystemExit(main())"]
        subprocess.run([*saascore, "ledger", "init", *ledger], check=True, capture_output=True)
        command = ["usage", "submit", "--product", "small-studio", "--adapter", adapter, "--now", NOW]
        outcomes_file = tmp_path / f"{engine}.ndjson"
        done = subprocess.run(
            [*saascore, *command, *ledger, "--engine", engine, "--outcomes", outcomes_file, "rows.ndjson"],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
        assert done.returncode == 0
        told[engine] = (done.stdout, done.stderr, outcomes_file.read_text())
    assert told["local"] == told["pool"]
    assert len(told["pool"][2].splitlines()) == 83


def test_envelopes_are_mapped_by_nobody(tmp_path, capsys):
    (tmp_path / "rows.ndjson").write_text("{}")
    assert run(["usage", "submit", "--envelopes", "--engine", "pool", str(tmp_path / "rows.ndjson")]) == 2
    assert "INP-004" in capsys.readouterr().err
