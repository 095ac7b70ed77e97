"""Backfill: the archive, in any order of its lines, is read in keyset order with the tier of its time."""

import os
import random
from pathlib import Path

import pytest

from saascore.adapters import AdapterFailure
from saascore.contract.window import Window

ALL = Window.of("2026-10-20T00:00:00Z", "2026-11-21T00:00:00Z")


def test_reading_starts_again_after_any_row(desk):
    cursors = [row.cursor for row in desk.read_source_rows(ALL)]
    assert len(cursors) == 14
    for place, cursor in enumerate(cursors):
        assert [row.cursor for row in desk.read_source_rows(ALL, cursor)] == cursors[place + 1 :]


def test_the_order_of_the_archive_and_repeated_lines_do_not_matter(desk, tmp_path, monkeypatch):
    before = [(row.cursor, dict(row.record)) for row in desk.read_source_rows(ALL)]
    lines = Path(os.environ["CHAT_DESK_ARCHIVE"]).read_text(encoding="utf-8").splitlines()
    random.Random(3).shuffle(lines)
    shuffled = tmp_path / "archive.ndjson"
    shuffled.write_text("\n".join(lines + lines[:4]), encoding="utf-8")
    monkeypatch.setenv("CHAT_DESK_ARCHIVE", str(shuffled))
    assert [(row.cursor, dict(row.record)) for row in desk.read_source_rows(ALL)] == before
    assert {record["plan_basis"] for _, record in before} == {"occurrence"}


def test_a_missing_archive_is_an_error_with_its_cure(desk, tmp_path, monkeypatch):
    monkeypatch.setenv("CHAT_DESK_ARCHIVE", str(tmp_path / "nowhere.ndjson"))
    with pytest.raises(AdapterFailure, match="INP-002"):
        list(desk.read_source_rows(ALL))
