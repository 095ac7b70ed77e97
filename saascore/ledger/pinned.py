"""The keys of a ledger: it keeps no key, but a value that only the same key makes, so that another one is noticed.

Without it a new key under the old id would make new references of the same rows, and everything would count again.
"""

from __future__ import annotations

from saascore.errors import SaascoreError
from saascore.ledger.store import Ledger
from saascore.privacy.references import ReferenceKeys

_NAMESPACE = "saascore/key-check"  # no product's or provider's: neither has this form


def check_keys(ledger: Ledger, keys: ReferenceKeys, *others: str) -> None:
    """Compare the configured keys with those that a ledger was made with.

    The check value of a key is kept when the key is first used with the ledger (``saascore ledger init`` uses it),
    and never changes from then on.

    Args:
        ledger: Whose keys.
        keys: The configured ones.
        others: Ids of further keys that are about to be used with it.

    Raises:
        SaascoreError: ``KEY-003`` where a key is not configured, ``KEY-005`` where it is another than the ledger's
            key of that id.
    """
    told = ledger.info
    for key_id in dict.fromkeys((told.reference_key, told.subject_key, *others)):
        if key_id not in keys:
            raise SaascoreError("KEY-003", where=key_id)
        made = keys.redactor(_NAMESPACE, key_id=key_id).check
        if (ledger.key_check(key_id) or ledger.keep_key_check(key_id, made)) != made:
            raise SaascoreError("KEY-005", where=key_id)
