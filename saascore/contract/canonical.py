"""The canonical form of JSON values and the digests made over it.

Canonical form: UTF-8 JSON, keys sorted by code point, ASCII keys, no floats, no insignificant space. Equal values
have equal bytes, in every store, engine and language.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

_NOT_CANONICAL = "canonical JSON holds objects with ASCII keys, arrays, strings, integers, booleans and null"

_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


def canonical_bytes(value: object) -> bytes:
    """Encode a JSON value in canonical form.

    Args:
        value: Objects with ASCII keys, arrays, strings without lone surrogates, integers, booleans and ``None``.

    Raises:
        ValueError: The value holds a float, a non-ASCII key, a lone surrogate or anything else JSON cannot say.
    """
    _check(value)
    try:
        return _encode(value).encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError(_NOT_CANONICAL) from None


def digest(domain: str, value: object) -> str:
    """Return ``sha256:`` and 64 hexadecimal digits over a versioned domain tag and the canonical form.

    Args:
        domain: What is digested, with a version, for example ``saascore/usage-fingerprint/1``. It keeps digests of
            different things apart even where their bytes are equal.
        value: A JSON value that :func:`canonical_bytes` takes.
    """
    return digest_bytes(domain, canonical_bytes(value))


def digest_bytes(domain: str, data: bytes) -> str:
    """Digest bytes that already are in canonical form (or are a whole artifact) under a domain tag."""
    return "sha256:" + hashlib.sha256(domain.encode("ascii") + b"\n" + data).hexdigest()


def _check(value: object) -> None:
    """Refuse what JSON encoders silently accept: floats, non-string keys, non-ASCII keys."""
    if value is None or isinstance(value, (str, bool, int)):
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise ValueError(_NOT_CANONICAL)
            _check(item)
        return
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        for item in value:
            _check(item)
        return
    raise ValueError(_NOT_CANONICAL)
