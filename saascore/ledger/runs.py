"""Where runs are kept while they are applied: one open run a source, and its staged rows, which nothing counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from saascore.contract.runs import RunPreview, RunState
from saascore.contract.words import Digest, RunId, UtcInstant
from saascore.errors import SaascoreError
from saascore.ledger.driver import Driver
from saascore.ledger.reader import Reader
from saascore.ledger.usage_row import UsageRow
from saascore.ledger.writer import Writer

_COLUMNS = "run, run_id, source, state, preview, consumed, rejected, skipped, started_at, applied_position, reverted_position"
_STAGED = ("key", "body", "shape", "subject", "occurred_at", "whole", "nanos", "sequence")
_PAGE = 10_000


class Run(NamedTuple):
    """A run as the ledger keeps it. ``consumed`` counts the source rows that are staged, rejected or skipped."""

    number: int
    run_id: RunId
    source: str
    state: RunState
    preview: str
    consumed: int
    rejected: int
    skipped: int
    started_at: UtcInstant
    applied_position: int | None
    reverted_position: int | None

    def previewed(self) -> RunPreview:
        """Return the preview that the run is bound to."""
        return RunPreview.parse_json(self.preview)


def runs(reader: Reader) -> list[Run]:
    """Return every run, oldest first."""
    return [Run(*row) for row in reader.driver.rows(f"SELECT {_COLUMNS} FROM runs ORDER BY run")]  # noqa: S608  ours


def run_of(reader: Reader, run_id: RunId) -> Run:
    """Return a run.

    Raises:
        SaascoreError: ``LED-007`` where there is none of that id.
    """
    found = reader.driver.rows(f"SELECT {_COLUMNS} FROM runs WHERE run_id = ?", (run_id,))  # noqa: S608  ours
    if not found:
        raise SaascoreError("LED-007", where="run")
    return Run(*found[0])


def open_run(writer: Writer, run_id: RunId, preview: RunPreview, *, started_at: UtcInstant) -> None:
    """Open a run in state ``applying``.

    Raises:
        SaascoreError: ``USG-006`` where the source has an open run.
    """
    source = preview.run.source
    if writer.driver.rows(
        "SELECT 1 FROM runs WHERE source = ? AND state IN ('applying', 'failed')", (source,)
    ):
        raise SaascoreError("USG-006")  # the partial unique index says so too
    number = next_run(writer)
    writer.driver.insert(
        "runs",
        ("run", "run_id", "source", "state", "preview", "preview_digest", "consumed", "rejected", "skipped",
         "started_at"),
        [(number, run_id, source, "applying", preview.canonical().decode(), preview.preview_digest, 0, 0, 0,
          started_at)],
    )  # fmt: skip


def next_run(reader: Reader) -> int:
    """Return the number that the next run gets."""
    return int(reader.driver.rows("SELECT coalesce(max(run), 0) + 1 FROM runs")[0][0])


def stage(
    driver: Driver,
    run: Run,
    rows: Sequence[tuple[int, UsageRow]],
    *,
    rejected: int,
    skipped: int,
    consumed: int,
) -> None:
    """Stage a chunk and note how far the source was read, in one transaction; rows come with their place in it."""
    driver.insert(
        "staging",
        ("run", "ordinal", *_STAGED),
        [(run.number, ordinal, *(getattr(row, name) for name in _STAGED)) for ordinal, row in rows],
    )
    driver.run(
        "UPDATE runs SET consumed = consumed + ?, rejected = rejected + ?, skipped = skipped + ? WHERE run = ?",
        (consumed, rejected, skipped, run.number),
    )


def staged(driver: Driver, run: Run) -> Iterator[list[UsageRow]]:
    """Yield a run's staged rows in source order, a page at a time."""
    after = -1
    columns = ", ".join(_STAGED)
    while page := driver.rows(
        f"SELECT ordinal, {columns} FROM staging WHERE run = ? AND ordinal > ? ORDER BY ordinal LIMIT {_PAGE}",  # noqa: S608  ours
        (run.number, after),
    ):
        yield [
            UsageRow(run.source, bytes(row[1]), bytes(row[1]), *row[2:]) for row in page
        ]  # what is mapped has one storage key for key and event
        after = page[-1][0]


def set_state(driver: Driver, run: Run, state: RunState, *, at: int | None = None) -> None:
    """Note a run's new state, with the position of the fact that says so."""
    column = {"applied": "applied_position", "reverted": "reverted_position"}.get(state)
    if column is not None:
        driver.run(f"UPDATE runs SET {column} = ? WHERE run = ?", (at, run.number))  # noqa: S608  ours
    driver.run("UPDATE runs SET state = ? WHERE run = ?", (state, run.number))


def drop_staging(driver: Driver, run: Run) -> None:
    """Forget a run's staged rows."""
    driver.run("DELETE FROM staging WHERE run = ?", (run.number,))


def applied_with(reader: Reader, preview_digest: Digest) -> Run | None:
    """Return the run that was applied for a preview and not reverted since."""
    found = reader.driver.rows(
        f"SELECT {_COLUMNS} FROM runs WHERE preview_digest = ? AND state = 'applied'",  # noqa: S608  ours
        (preview_digest,),
    )
    return Run(*found[0]) if found else None


def release_keys(driver: Driver) -> None:
    """Give up the keys of reverted runs' events, but those that live traffic or a standing run has claimed."""
    driver.run(
        "DELETE FROM keys WHERE body IN (SELECT event FROM usage JOIN runs USING (run) WHERE runs.state = 'reverted')"
        " AND position IN (SELECT position FROM usage JOIN runs USING (run) WHERE runs.state = 'reverted')"
        " AND position NOT IN (SELECT target FROM claims WHERE origin = 0"
        "   OR origin IN (SELECT run FROM runs WHERE state = 'applied'))"
    )


def owners(reader: Reader, source: str, keys: Sequence[bytes]) -> dict[bytes, int]:
    """Return the position of the usage fact that owns each of some storage keys, for those that are owned."""
    rows = reader.driver.among(
        "SELECT body, family, source, position FROM keys JOIN scopes USING (scope)", "body", sorted(set(keys))
    )
    return {
        bytes(body): position
        for body, family, owner, position in rows
        if (family, owner) == ("usage-event", source)
    }
