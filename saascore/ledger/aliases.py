"""Aliases: references of one subject that were made with different keys."""

from __future__ import annotations

from saascore.ledger.reader import Reader


def newest(reader: Reader, label: str) -> str:
    """Return the newest reference of the subject that a reference names; a label without aliases is its own."""
    seen = {label}
    while found := reader.driver.rows("SELECT new FROM aliases WHERE old = ?", (label,)):
        label = str(found[0][0])
        if label in seen:  # a rotation back to an earlier key
            return min(seen)
        seen.add(label)
    return label


def same_subject(reader: Reader, one: str, other: str) -> bool:
    """Tell whether two subject labels name one subject."""
    return one == other or newest(reader, one) == newest(reader, other)
