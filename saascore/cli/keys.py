"""The reference keys that a command uses with a ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saascore.errors import SaascoreError

if TYPE_CHECKING:
    from saascore.ledger import Ledger
    from saascore.privacy.references import ReferenceKeys


def keys_for(ledger: Ledger) -> ReferenceKeys:
    """Return the configured keys, held against those that the ledger was made with.

    Raises:
        SaascoreError: ``KEY-003`` where the ledger's key is not configured, ``KEY-005`` where another key has its id.
    """
    import os  # noqa: PLC0415  the environment is read when it is needed

    from saascore.ledger.pinned import check_keys  # noqa: PLC0415  keeps --help fast
    from saascore.privacy.references import ReferenceKeys  # noqa: PLC0415  keeps --help fast

    try:
        keys = ReferenceKeys.load(os.environ)
    except SaascoreError as error:
        if error.code != "KEY-001":
            raise
        # its cure would make a new key, under which every row of this ledger counted again
        raise SaascoreError(
            "KEY-003", where=ledger.info.reference_key, detail="no key is set at all"
        ) from None
    check_keys(ledger, keys)
    return keys
