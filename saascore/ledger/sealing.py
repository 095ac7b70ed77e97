"""Sealing: the facts so far become leaves of the tree, and its head a checkpoint that an operator signs and exports."""

from __future__ import annotations

from collections.abc import Callable

from saascore.contract.instants import parse_instant
from saascore.contract.words import UtcInstant
from saascore.errors import SaascoreError
from saascore.ledger.merkle import leaf_hash
from saascore.ledger.notes import Checkpoint, SigningKey
from saascore.ledger.store import Ledger
from saascore.ledger.tree import BLOCK, TreeWriter, sealed_size
from saascore.telemetry import log_event

#: Leaves a transaction.
CHUNK = 200 * BLOCK


def origin_of(ledger: Ledger) -> str:
    """Return the name of a ledger's tree, the first line of its checkpoints."""
    return f"saascore/{ledger.info.ledger_id}"


def seal(
    ledger: Ledger,
    *,
    now: UtcInstant,
    signing_key: SigningKey | None = None,
    progress: Callable[[int], None] | None = None,
) -> Checkpoint:
    """Seal every committed fact and keep the checkpoint. It goes on where an interrupted sealing has stopped.

    Args:
        ledger: What to seal.
        now: The clock.
        signing_key: Signs the checkpoint; without one it is kept unsigned, and shows less.
        progress: Told how many facts are sealed.

    Raises:
        SaascoreError: ``LED-006`` where fewer facts are there than were sealed.
    """
    head = ledger.head
    size = sealed_size(ledger.driver)
    if head < size:
        raise SaascoreError("LED-006", where=f"position {head + 1}", detail="facts are missing at the end")
    while True:
        end = min(size + CHUNK, head)
        with ledger.write() as writer:
            tree = TreeWriter(writer.driver)
            for position, source, body in writer.driver.rows(_LEAVES, (tree.size, end)):
                if position != tree.size + 1:
                    raise SaascoreError(
                        "LED-006", where=f"position {tree.size + 1}", detail="a fact is missing"
                    )
                tree.append(leaf_hash(source, body))
            tree.flush()
            size = tree.size
            checkpoint = Checkpoint(origin_of(ledger), size, tree.root()) if size >= head else None
            if checkpoint is not None:
                _keep(ledger, checkpoint, now, signing_key)
        if checkpoint is not None:
            log_event("ledger.sealed", size=size)
            return checkpoint
        if progress is not None:
            progress(size)


_LEAVES = "SELECT position, source, body FROM facts JOIN scopes USING (scope) WHERE position > ? AND position <= ? ORDER BY position"


def last_note(ledger: Ledger) -> str | None:
    """Return the note of the last checkpoint: its text, and its signature where it was signed."""
    found = ledger.driver.rows("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1")
    return str(found[0][0]) if found else None


def _keep(ledger: Ledger, checkpoint: Checkpoint, now: UtcInstant, signing_key: SigningKey | None) -> None:
    if ledger.driver.rows("SELECT 1 FROM checkpoints WHERE size = ?", (checkpoint.size,)):
        return  # nothing was added since
    text = checkpoint.text()
    note = signing_key.sign(text) if signing_key else text
    ledger.driver.insert(
        "checkpoints",
        ("size", "root", "note", "sealed_at"),
        [(checkpoint.size, checkpoint.root, note, parse_instant(now))],
    )
