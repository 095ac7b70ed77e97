"""Reads the product's own D1 tables: a SQLite file, or the SQL text that ``wrangler d1 export`` writes.

``IMAGE_STUDIO_D1`` names the file. D1 keeps times as JavaScript writes them, to the millisecond.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from saascore.contract.window import Window
from saascore.errors import SaascoreError
from saascore.hookspecs.usage import Cursor

LOCATION = "IMAGE_STUDIO_D1"
# The primary key breaks ties, so that reading can start again after any row; the index jobs_by_time serves both.
FINISHED_JOBS = """
SELECT jobs.*, 'occurrence' AS plan_basis, (
  SELECT plan FROM plan_history
  WHERE workspace_id = jobs.workspace_id AND starts_at <= jobs.finished_at
  ORDER BY starts_at DESC LIMIT 1
) AS plan
FROM jobs
WHERE (finished_at, id) > (?, ?) AND finished_at <= ?
ORDER BY finished_at, id
"""


def finished_jobs(window: Window, after: Cursor | None = None) -> Iterator[dict[str, Any]]:
    """Read the jobs of a window in the order (finished_at, id), each with the plan of its time.

    Times come out in the canonical form, so that text order is time order.

    Raises:
        SaascoreError: INP-002 where ``IMAGE_STUDIO_D1`` names no readable database.
    """
    start, key = after or (window.from_, "")
    try:
        with closing(_connect(Path(os.environ.get(LOCATION, "")))) as database:
            for row in database.execute(FINISHED_JOBS, (_to_d1(start), key, _to_d1(window.to))):
                job = dict(row)
                job["finished_at"] = job["finished_at"].replace("Z", "000Z")
                if window.holds(job["finished_at"]):
                    yield job
    except (OSError, sqlite3.Error):
        raise SaascoreError("INP-002", where=LOCATION) from None


def _connect(path: Path) -> sqlite3.Connection:
    if path.suffix == ".sql":
        database = sqlite3.connect(":memory:")
        database.executescript(path.read_text(encoding="utf-8"))
    else:
        database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    return database


def _to_d1(instant: str) -> str:
    return instant[:-4] + "Z"
