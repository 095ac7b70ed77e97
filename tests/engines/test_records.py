"""Records that an engine maps on their way to a ledger have the outcomes that they have without one."""

import json
import subprocess
import sys
from typing import Any, NamedTuple

import pytest

from saascore.cli.app import run
from saascore.engines import as_mapped, engine_named, map_records
from saascore.errors import SaascoreError
from saascore.ledger import create_ledger
from saascore.usage.submit import Submission

NOW = "2026-03-01T00:00:00Z"


class Given(NamedTuple):
    """A record as a reader gives it."""

    number: int
    value: Any
    problem: str | None = None


@pytest.fixture
def records(lines):
    parsed = [json.loads(line) for line in lines(60)[:60]]
    parsed[9:9] = parsed[:4]
    given = [Given(number, row) for number, row in enumerate(parsed, start=1)]
    given[20] = Given(21, None, "INP-001")
    given[-1] = Given(len(given), None, "INP-003")
    return given


def outcomes(records, prepare, chunk=25):
    with create_ledger("sqlite:///:memory:", reference_key="demo", created_at=NOW) as ledger:
        verdicts = list(Submission(ledger, source="small-studio", now=NOW).run(records, prepare, chunk=chunk))
        return verdicts, [fact.body for fact in ledger.facts()]


def test_an_engine_on_the_way_changes_no_outcome_and_no_byte(plan, records):
    expected = outcomes(records, plan.build())
    assert [verdict.record for verdict in expected[0]] == list(range(1, len(records) + 1))
    assert {verdict.outcome for verdict in expected[0]} == {"accepted", "duplicate", "rejected", "skipped"}
    for size in (1, 7, 1000):
        on_the_way = map_records(records, plan.build(), engine_named("local"), size=size)
        assert outcomes(on_the_way, as_mapped) == expected


@pytest.mark.slow
def test_a_pool_on_the_way_changes_no_outcome_and_no_byte(plan, records):
    on_the_way = map_records(records, plan.build(), engine_named("pool", plan.adapters), size=10)
    assert outcomes(on_the_way, as_mapped) == outcomes(records, plan.build())


def test_records_are_read_no_further_ahead_than_asked(plan, records):
    read = []

    def reading():
        for record in records:
            read.append(record.number)
            yield record

    first = next(map_records(reading(), plan.build(), engine_named("local"), size=10))
    assert (first.number, read) == (1, list(range(1, 11)))


def test_an_engine_that_cannot_start_says_so_before_anything_is_committed(plan, records):
    other = plan.build()

    def engine(mapper, chunks):
        next(chunks)
        raise SaascoreError("ENG-002")
        yield

    with create_ledger("sqlite:///:memory:", reference_key="demo", created_at=NOW) as ledger:
        submission = Submission(ledger, source="small-studio", now=NOW)
        with pytest.raises(SaascoreError, match="ENG-002"):
            list(submission.run(map_records(records, other, engine), as_mapped))
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
