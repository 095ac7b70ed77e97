"""Keyed references: the only way an identifier crosses the boundary.

A reference is ``ref:<kind>:<key id>:<26 characters>``: 24 base32 characters (120 bits) of HMAC-SHA-256 over the
length-prefixed namespace, kind and raw parts, then two check characters. Without the key nobody can go back from a
reference to an id, not even by trying all ids; an unkeyed hash of a seven-digit id is reversed in seconds.

Source of the rule: docs/privacy.md, "References"; HMAC is RFC 2104, base32 RFC 4648.
"""

from __future__ import annotations

import hashlib
from binascii import crc32
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from re import fullmatch
from typing import NoReturn, get_args

from saascore.contract.words import ReferenceKind, base32, check_characters
from saascore.errors import SaascoreError

KEYS_VARIABLE = "SAASCORE_REFERENCE_KEYS"
KEYS_FILE_VARIABLE = "SAASCORE_REFERENCE_KEYS_FILE"
MIN_KEY_BYTES = 32
DEMO_PREFIX = "demo"

_KEY_ID = r"[a-z0-9][a-z0-9-]{0,15}"
_BLOCK = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))
_KINDS: tuple[str, ...] = get_args(ReferenceKind)


class ReferenceKeys(Mapping[str, bytes]):
    """The secret keys references are made with, by key id, the first one being the current one.

    Never printed, never pickled: ``repr`` shows key ids only, and a worker process loads its own.

    Args:
        keys: Key bytes by key id; at least 32 random bytes each.

    Raises:
        SaascoreError: KEY-001 where there is no key, KEY-002 where one is too short or its id is no key id.
    """

    __slots__ = ("_keys",)

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise SaascoreError("KEY-001")
        for position, (key_id, secret) in enumerate(keys.items(), start=1):
            if not fullmatch(_KEY_ID, key_id) or len(secret) < MIN_KEY_BYTES:
                raise SaascoreError("KEY-002", where=f"key {position}")
        self._keys = dict(keys)

    @classmethod
    def load(cls, environment: Mapping[str, str]) -> ReferenceKeys:
        """Read the keys that the environment names.

        Args:
            environment: Usually ``os.environ``. ``SAASCORE_REFERENCE_KEYS`` holds ``k1:<hex>[,k2:<hex>]``;
                ``SAASCORE_REFERENCE_KEYS_FILE`` the path of a file with the same text, where a key may also have a
                line of its own.

        Raises:
            SaascoreError: KEY-001 where neither variable is set, KEY-002 where a key cannot be used, INP-002 where
                the file cannot be read.
        """
        text = environment.get(KEYS_VARIABLE, "")
        if not text and (path := environment.get(KEYS_FILE_VARIABLE)):
            text = _read(path)
        return cls.parse(text)

    @classmethod
    def parse(cls, text: str) -> ReferenceKeys:
        """Read keys from text of the form ``k1:<hex>[,k2:<hex>]``.

        Raises:
            SaascoreError: KEY-001 where the text is empty, KEY-002 where a key cannot be used or an id comes twice.
        """
        keys: dict[str, bytes] = {}
        entries = [entry for line in text.splitlines() for part in line.split(",") if (entry := part.strip())]
        for position, entry in enumerate(entries, start=1):
            key_id, _, digits = entry.partition(":")
            if key_id in keys or not fullmatch(r"(?:[0-9A-Fa-f]{2})+", digits.strip()):
                raise SaascoreError("KEY-002", where=f"key {position}")
            keys[key_id] = bytes.fromhex(digits.strip())
        return cls(keys)

    @property
    def current(self) -> str:
        """The id of the key that new ledgers are pinned to: the first one given."""
        return next(iter(self._keys))

    def redactor(self, namespace: str, *, key_id: str | None = None) -> Redactor:
        """Return the keyed function of one namespace.

        Args:
            namespace: Who says the ids: a product's adapter id, or a provider's id and mode (``stripe/live``).
            key_id: The key a ledger is pinned to; the current one by default.

        Raises:
            SaascoreError: KEY-003 where the pinned key is not configured.
        """
        chosen = self.current if key_id is None else key_id
        if chosen not in self._keys:
            raise SaascoreError("KEY-003")
        return Redactor(chosen, self._keys[chosen], namespace)

    def __getitem__(self, key_id: str) -> bytes:
        return self._keys[key_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __repr__(self) -> str:
        return f"ReferenceKeys({', '.join(self._keys)})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("reference keys are not pickled: load them where they are used")


class Redactor:
    """Makes the references of one namespace under one key; :meth:`redact` is what an adapter is given.

    The HMAC states over key and namespace are made once and copied for each call, and the check characters begin where
    their checksum stands after the kind and the key's id, as this is the hottest function of the raw side.

    Args:
        key_id: The public name of the key, shown in every reference.
        key: At least 32 secret bytes.
        namespace: Keeps equal ids of different products, providers and modes apart. Set by core, never by adapters.

    Raises:
        SaascoreError: KEY-002 where the key is too short or its id is no key id.
    """

    __slots__ = ("_kinds", "_outer", "_stems", "key_id", "namespace")

    def __init__(self, key_id: str, key: bytes, namespace: str) -> None:
        if not fullmatch(_KEY_ID, key_id) or len(key) < MIN_KEY_BYTES:
            raise SaascoreError("KEY-002")
        self.key_id = key_id
        self.namespace = namespace
        block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
        self._outer = hashlib.sha256(block.translate(_OUTER))
        self._kinds = {}
        self._stems = {}
        for kind in _KINDS:
            inner = hashlib.sha256(block.translate(_INNER))
            inner.update(_framed(namespace.encode("utf-8")) + _framed(kind.encode("ascii")))
            self._kinds[kind] = inner
            stem = f"ref:{kind}:{key_id}:"
            self._stems[kind] = stem, crc32(stem.encode("ascii"))

    @property
    def is_demo(self) -> bool:
        """Whether the key says of itself that it is public and protects nothing."""
        return self.key_id.startswith(DEMO_PREFIX)

    @property
    def check(self) -> str:
        """A reference of a fixed text: equal for the same key and namespace alone, and it tells nothing of the key."""
        return self.redact("key", "key-check")

    def redact(self, kind: str, *parts: str | int) -> str:
        """Turn a raw identity into its reference.

        Args:
            kind: A reference kind of the contract, for example ``workspace``.
            *parts: What identifies it on the raw side, most general first. ``7`` and ``"7"`` are the same part,
                since providers send ids both ways; ``("ab", "c")`` and ``("a", "bc")`` are not the same parts.

        Returns:
            ``ref:<kind>:<key id>:<26 characters>``, equal for equal input, for ever.

        Raises:
            SaascoreError: KEY-004 for an unknown kind, no parts, an empty part, or a part that is neither text nor
                an integer.
        """
        if (state := self._kinds.get(kind)) is None:
            raise SaascoreError("KEY-004")
        inner, outer = state.copy(), self._outer.copy()
        inner.update(identity(parts))
        outer.update(inner.digest())
        letters = base32(outer.digest()[:15])
        stem, checked = self._stems[kind]
        return f"{stem}{letters}{check_characters[crc32(letters.encode(), checked) & 1023]}"

    def bodies(self, kind: str, identities: Iterable[bytes]) -> list[bytes]:
        """Return the 15 bytes of many references of one kind.

        Args:
            kind: A reference kind of the contract.
            identities: What is identified, as :func:`identity` frames it.

        Raises:
            SaascoreError: KEY-004 for an unknown kind.
        """
        if (state := self._kinds.get(kind)) is None:
            raise SaascoreError("KEY-004")
        copy_inner, copy_outer = state.copy, self._outer.copy
        bodies = []
        for framed in identities:
            inner, outer = copy_inner(), copy_outer()
            inner.update(framed)
            outer.update(inner.digest())
            bodies.append(outer.digest()[:15])
        return bodies

    def __repr__(self) -> str:
        return f"Redactor({self.key_id}, {self.namespace})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a redactor is not pickled: make one from the keys of the process that uses it")


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii")
    except (OSError, ValueError):
        raise SaascoreError("INP-002", where=KEYS_FILE_VARIABLE) from None


def identity(parts: Sequence[str | int]) -> bytes:
    """Return a raw identity as the bytes that references are a keyed hash of: every part after its length.

    Args:
        parts: As :meth:`Redactor.redact` takes them.

    Raises:
        SaascoreError: KEY-004 for no parts, an empty part, or a part that is neither text nor an integer.
    """
    framed = b""
    for part in parts:
        text = part if type(part) is str else _text_of(part)
        try:
            encoded = text.encode()
        except UnicodeEncodeError:
            break
        if not encoded:
            break
        framed += len(encoded).to_bytes(4, "big") + encoded
    else:
        if framed:
            return framed
    raise SaascoreError("KEY-004")


def _text_of(part: object) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, int) or isinstance(part, bool):
        return ""
    try:
        return str(part)
    except ValueError:  # thousands of digits are no identity, and Python does not spell them
        return ""


def _framed(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part
