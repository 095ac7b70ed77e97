"""Backfill: the D1 database, read in keyset order, gives the rows that live submission gave, each with its dated plan."""

import json
import os
import sqlite3
from pathlib import Path

import pytest

from saascore.adapters import AdapterFailure
from saascore.contract.window import Window
from saascore.usage.mapping import UsageMapper
from saascore.usage.verdict import Refusal

ALL = Window.of("2026-10-21T00:00:00Z", "2026-11-21T00:00:00Z")


def test_reading_starts_again_after_any_row(studio):
    cursors = [row.cursor for row in studio.read_source_rows(ALL)]
    assert len(cursors) == 14
    assert cursors == sorted(set(cursors))
    for place, cursor in enumerate(cursors):
        assert [row.cursor for row in studio.read_source_rows(ALL, cursor)] == cursors[place + 1 :]


def test_the_window_is_half_open_at_the_millisecond_and_below(studio):
    times = [row.cursor[0] for row in studio.read_source_rows(ALL)]
    upto = Window.of(times[2], times[6])
    assert [row.cursor[0] for row in studio.read_source_rows(upto)] == times[2:6]
    later = Window.parse({"from": times[2].replace("000Z", "001Z"), "to": times[6].replace("000Z", "001Z")})
    assert [row.cursor[0] for row in studio.read_source_rows(later)] == times[3:7]


def test_a_row_of_the_database_is_the_same_event_as_the_live_row(studio, rows, mapped, keys):
    backfill = UsageMapper(
        studio, keys=keys.redactor(studio.id), resolved_at="2026-11-20T18:00:00Z", backfill=True
    )
    live = {row["id"]: row for row in rows}
    for source in studio.read_source_rows(ALL):
        old, new = mapped(live[source.record["id"]]), backfill(source.record)
        if isinstance(old, Refusal):
            assert old == new, "both skip a failed job"
            continue
        first, second = json.loads(old.body), json.loads(new.body)
        assert first.pop("plan_snapshot")["basis"] == "submission"
        assert second.pop("plan_snapshot")["basis"] == "occurrence"
        assert first == second


def test_an_export_and_the_sqlite_file_made_of_it_read_the_same(studio, tmp_path, monkeypatch):
    exported = [(row.cursor, dict(row.record)) for row in studio.read_source_rows(ALL)]
    database = sqlite3.connect(tmp_path / "jobs.sqlite")
    database.executescript(Path(os.environ["IMAGE_STUDIO_D1"]).read_text(encoding="utf-8"))
    database.close()
    monkeypatch.setenv("IMAGE_STUDIO_D1", str(tmp_path / "jobs.sqlite"))
    assert [(row.cursor, dict(row.record)) for row in studio.read_source_rows(ALL)] == exported


@pytest.mark.parametrize("content", [None, b"this is no database, nor is it SQL" * 40])
def test_a_database_that_cannot_be_read_is_an_error_with_its_cure(studio, tmp_path, monkeypatch, content):
    path = tmp_path / "jobs.sqlite"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("IMAGE_STUDIO_D1", str(path))
    with pytest.raises(AdapterFailure, match="INP-002"):
        list(studio.read_source_rows(ALL))
    assert path.exists() == (content is not None), "reading never makes a database"
