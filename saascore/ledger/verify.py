"""Verifying: the facts are hashed again and compared with the tree and with every checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from saascore.ledger.merkle import CompactRange, leaf_hash, root_of
from saascore.ledger.notes import Checkpoint
from saascore.ledger.store import Ledger
from saascore.ledger.tree import BLOCK, leaves_of, sealed_size

Change = Literal["edited", "deleted", "inserted", "reordered", "truncated", "checkpoint", "derived"]
_PAGE = BLOCK * 40
_FACTS = "SELECT position, source, body FROM facts JOIN scopes USING (scope) WHERE position > ? ORDER BY position LIMIT ?"


class Fault(NamedTuple):
    """The first place where a ledger is not what it was: what happened, and the position."""

    change: Change
    position: int


class Verification(NamedTuple):
    """What was verified: facts hashed, facts under the seal, checkpoints compared, and the first fault."""

    facts: int
    sealed: int
    checkpoints: int
    fault: Fault | None


def verify(
    ledger: Ledger, *, against: Checkpoint | None = None, progress: Callable[[int], None] | None = None
) -> Verification:
    """Hash every fact again and compare with the tree, the stored checkpoints and one that was exported.

    Args:
        ledger: What to verify.
        against: A checkpoint kept elsewhere; it finds what a rewriter of facts and tree alike has done since.
        progress: Told how many facts are hashed.

    Returns:
        The counts, and the first fault or ``None``. A fault that only a checkpoint shows has the position behind the
        last checkpoint that still agrees.
    """
    sealed = sealed_size(ledger.driver)
    heads = {
        size: bytes(root)
        for size, root in ledger.driver.rows("SELECT size, root FROM checkpoints ORDER BY size")
    }
    wanted = dict(heads)
    if against is not None:
        wanted[against.size] = against.root
    agreed = 0
    checked = 0
    tree = CompactRange()
    size = 0
    for block in _blocks(ledger):
        leaves = [leaf_hash(source, body) for _, source, body in block]
        gap = next((size + at + 1 for at, row in enumerate(block) if row[0] != size + at + 1), None)
        if gap is not None:
            return Verification(size, sealed, checked, Fault("deleted", gap))
        if size < sealed and (fault := _compared(ledger, size, leaves)):
            return Verification(size, sealed, checked, fault)
        for head in sorted(head for head in wanted if size < head <= size + len(leaves)):
            if _root_at(tree, leaves[: head - size]) != wanted[head]:
                return Verification(size, sealed, checked, Fault("checkpoint", agreed + 1))
            agreed, checked = head, checked + 1
        if len(leaves) == BLOCK:
            tree.append(root_of(leaves), BLOCK)
        size += len(leaves)
        if progress is not None and not size % _PAGE:
            progress(size)
    longest = max([sealed, *wanted])
    if size < longest:
        return Verification(size, sealed, checked, Fault("truncated", size + 1))
    return Verification(size, sealed, checked, None)


def _blocks(ledger: Ledger) -> Iterator[list[tuple[int, str, str]]]:
    after = 0
    while page := ledger.driver.rows(_FACTS, (after, _PAGE)):
        for start in range(0, len(page), BLOCK):
            yield [(row[0], row[1], row[2]) for row in page[start : start + BLOCK]]
        after = page[-1][0]


def _compared(ledger: Ledger, size: int, leaves: list[bytes]) -> Fault | None:
    """Compare a block with its stored leaves, and say what happened at the first that differs."""
    expected = leaves_of(ledger.driver, size // BLOCK)
    both = zip(leaves, expected, strict=False)
    at = next((at for at, (found, stored) in enumerate(both) if found != stored), None)
    if at is None:
        return None
    found, stored = leaves[at : at + 2], expected[at : at + 2]
    change: Change = "edited"
    if len(found) == len(stored) == 2:
        if found == stored[::-1]:
            change = "reordered"
        elif found[0] == stored[1]:
            change = "deleted"
        elif found[1] == stored[0]:
            change = "inserted"
    return Fault(change, size + at + 1)


def _root_at(tree: CompactRange, leaves: list[bytes]) -> bytes:
    whole = CompactRange(tree.size, tree.roots)
    first = 0
    while first < len(leaves):
        span = 1 << (len(leaves) - first).bit_length() - 1
        whole.append(root_of(leaves[first : first + span]), span)
        first += span
    return whole.root()
