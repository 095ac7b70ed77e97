"""The Merkle tree of RFC 6962 (section 2.1), over facts in order of position."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

_LEAF = b"\x00saascore/fact/1\n"
_NODE = b"\x01"
EMPTY_ROOT = hashlib.sha256(b"").digest()
Subtree = Callable[[int, int], bytes]


def leaf_hash(source: str, body: str) -> bytes:
    """Return the leaf of a fact: the hash of a domain tag, who said it, and its canonical JSON."""
    return hashlib.sha256(_LEAF + source.encode() + b"\n" + body.encode()).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(_NODE + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over some leaves."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        paired = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
        if len(level) % 2:
            paired.append(
                level[-1]
            )  # RFC 6962 splits at powers of two: a lone right subtree moves up unhashed
        level = paired
    return level[0]


class CompactRange:
    """The roots of the perfect subtrees that cover the first ``size`` leaves: all that is needed to go on appending."""

    def __init__(self, size: int = 0, roots: Sequence[bytes] = ()) -> None:
        self.size = size
        self.roots = list(roots)

    def append(self, subtree: bytes, leaves: int = 1) -> list[tuple[int, bytes]]:
        """Append a perfect subtree of ``leaves`` leaves, a power of two that divides the size.

        Returns:
            The perfect subtrees that it completed, as (number of leaves, root), the appended one first.
        """
        made = [(leaves, subtree)]
        span = leaves
        while self.size & span:
            subtree = node_hash(self.roots.pop(), subtree)
            span *= 2
            made.append((span, subtree))
        self.roots.append(subtree)
        self.size += leaves
        return made

    def root(self) -> bytes:
        """Return the tree's root at this size."""
        if not self.roots:
            return EMPTY_ROOT
        root = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            root = node_hash(left, root)
        return root


def split(size: int) -> int:
    """Return the largest power of two smaller than ``size``: where RFC 6962 splits a tree."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_path(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the audit path of a leaf (RFC 6962, 2.1.1), from the leaf up.

    Args:
        index: The leaf, from 0.
        size: The number of leaves of the tree.
        subtree: Gives the root over the leaves from the first up to, not with, the second.
    """
    path: list[bytes] = []
    first, end = 0, size
    while end - first > 1:
        middle = first + split(end - first)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(first, middle))
            first = middle
    return path[::-1]


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that an audit path leads to, or ``None`` where the path does not fit index and size.

    Source: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    at, last, root = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if at % 2 or at == last:
            root = node_hash(sibling, root)
            while not at % 2 and at:
                at >>= 1
                last >>= 1
        else:
            root = node_hash(root, sibling)
        at >>= 1
        last >>= 1
    return root if last == 0 else None
