"""The tree as it is stored: the leaves of each block of 256 facts in one row, and the roots of perfect subtrees above.

A row of level 0 holds a block's leaves one behind the other; a row of level n ≥ 8 the root of 2ⁿ leaves.
"""

from __future__ import annotations

from saascore.ledger.driver import Driver
from saascore.ledger.merkle import CompactRange, root_of, split

BLOCK = 256
BLOCK_LEVEL = 8
_HASH = 32


def sealed_size(driver: Driver) -> int:
    """Return how many facts have their leaf in the tree."""
    found = driver.rows("SELECT node, length(hash) FROM tree WHERE level = 0 ORDER BY node DESC LIMIT 1")
    return found[0][0] * BLOCK + found[0][1] // _HASH if found else 0


def leaves_of(driver: Driver, block: int) -> list[bytes]:
    """Return the leaves of a block, as far as it is sealed."""
    found = driver.rows("SELECT hash FROM tree WHERE level = 0 AND node = ?", (block,))
    data = bytes(found[0][0]) if found else b""
    return [data[at : at + _HASH] for at in range(0, len(data), _HASH)]


class TreeWriter:
    """Appends leaves to the stored tree, inside a write transaction.

    Args:
        driver: The ledger's connection.
    """

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self.size = sealed_size(driver)
        self._block = leaves_of(driver, self.size // BLOCK) if self.size % BLOCK else []
        self._full = compact_range(driver, self.size - self.size % BLOCK)
        self._rows: list[tuple[int, int, bytes]] = []

    def append(self, leaf: bytes) -> None:
        """Append a leaf."""
        self._block.append(leaf)
        self.size += 1
        if len(self._block) == BLOCK:
            number = self.size // BLOCK - 1
            self._rows.append((0, number, b"".join(self._block)))
            for leaves, root in self._full.append(root_of(self._block), BLOCK):
                self._rows.append((leaves.bit_length() - 1, (self.size // leaves) - 1, root))
            self._block = []

    def flush(self) -> None:
        """Write what was appended."""
        rows = self._rows
        if self._block:
            rows = [*rows, (0, self.size // BLOCK, b"".join(self._block))]
        self._driver.run_many(
            "INSERT INTO tree (level, node, hash) VALUES (?, ?, ?)"
            " ON CONFLICT (level, node) DO UPDATE SET hash = excluded.hash",
            rows,
        )
        self._rows = []

    def root(self) -> bytes:
        """Return the root over all leaves."""
        whole = CompactRange(self._full.size, self._full.roots)
        rest, position = list(self._block), 0
        while rest[position:]:
            span = 1 << (len(rest) - position).bit_length() - 1
            whole.append(root_of(rest[position : position + span]), span)
            position += span
        return whole.root()


def compact_range(driver: Driver, size: int) -> CompactRange:
    """Return the compact range over a whole number of blocks, from the stored roots."""
    roots, first = [], 0
    for level in range(size.bit_length() - 1, BLOCK_LEVEL - 1, -1):
        if size >> level & 1:
            roots.append(_stored_root(driver, level, first >> level))
            first += 1 << level
    return CompactRange(size, roots)


def subtree_root(driver: Driver, first: int, end: int) -> bytes:
    """Return the root over the leaves from ``first`` up to, not with, ``end``, a subtree of RFC 6962."""
    span = end - first
    if span >= BLOCK and span & (span - 1) == 0:
        level = span.bit_length() - 1
        return _stored_root(driver, level, first >> level)
    if span <= BLOCK:
        offset = first % BLOCK
        return root_of(leaves_of(driver, first // BLOCK)[offset : offset + span])
    middle = first + split(span)
    return root_of([subtree_root(driver, first, middle), subtree_root(driver, middle, end)])


def _stored_root(driver: Driver, level: int, node: int) -> bytes:
    found = driver.rows("SELECT hash FROM tree WHERE level = ? AND node = ?", (level, node))
    return bytes(found[0][0]) if found else b""
