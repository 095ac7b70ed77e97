"""The position up to which facts are seen."""

from __future__ import annotations

from saascore.errors import SaascoreError
from saascore.ledger.reader import Reader


def seen_until(reader: Reader, as_of: int | None) -> int:
    """Return the position that is asked for, or the head.

    An answer as of a position never changes, so a position that has no fact yet has no answer.

    Raises:
        SaascoreError: ``ENT-006`` where ``as_of`` lies after the head.
    """
    head = reader.head
    if as_of is None:
        return head
    if not 0 <= as_of <= head:
        raise SaascoreError("ENT-006", where="--as-of")
    return as_of
