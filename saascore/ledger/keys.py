"""Storage keys: the fifteen bytes under which the UNIQUE constraint sees an idempotency key or an event id.

A reference already is 120 keyed bits, so its bytes are the storage key; any other key is hashed to as many. An event
that saascore maps has the same bytes in ``event_id`` and ``idempotency_key``: one index entry guards both.
"""

from __future__ import annotations

import hashlib

from saascore.contract.words import base32, reference_check

_DIGITS = str.maketrans("abcdefghijklmnopqrstuvwxyz234567", "0123456789abcdefghijklmnopqrstuv")


def storage_key(key: str) -> bytes:
    """Return the storage key of a reference (its 120 bits) or of any other text (a digest of it)."""
    if key.startswith("ref:"):
        return int(key[-26:-2].translate(_DIGITS), 32).to_bytes(15, "big")
    return hashlib.sha256(key.encode()).digest()[:15]


def reference_of(kind: str, key_id: str, body: bytes) -> str:
    """Return the reference that a storage key was made from."""
    stem = f"ref:{kind}:{key_id}:{base32(body)}"
    return stem + reference_check(stem)


def event_id_of(idempotency_key: str) -> str:
    """Return the event id that goes with an idempotency key: the same bytes, of kind ``event``."""
    stem = "ref:event:" + idempotency_key[8:-2]
    return stem + reference_check(stem)
