"""Signed notes: a checkpoint as text that other tools can check (C2SP signed-note and tlog-checkpoint, Ed25519)."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from importlib.util import find_spec
from re import fullmatch
from typing import NamedTuple

from saascore.errors import SaascoreError

_ED25519 = b"\x01"
_NAME = r"[^\s+]+"
_DASH = "\N{EM DASH}"


class Checkpoint(NamedTuple):
    """A tree head: whose tree, how many facts, and its root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode('ascii')}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a checkpoint; lines after the third are extensions and are left to their readers.

        Raises:
            SaascoreError: ``LED-009`` where it is none.
        """
        lines = text.split("\n")
        if len(lines) < 4 or not fullmatch(r"0|[1-9][0-9]{0,15}", lines[1]):
            raise SaascoreError("LED-009", where="checkpoint")
        root = _decoded(lines[2])
        if len(root) != 32 or not lines[0]:
            raise SaascoreError("LED-009", where="checkpoint")
        return cls(lines[0], int(lines[1]), root)


class SigningKey:
    """An Ed25519 key with a name, written as ``PRIVATE+KEY+<name>+<hash>+<key>``.

    Raises:
        SaascoreError: ``LED-010`` where the text is no key, or the extra ``seal`` is not installed.
    """

    def __init__(self, encoded: str) -> None:
        match = fullmatch(rf"PRIVATE\+KEY\+({_NAME})\+([0-9a-f]{{8}})\+([A-Za-z0-9+/=]+)", encoded.strip())
        raw = _decoded(match[3], "LED-010") if match else b""
        if match is None or len(raw) != 33 or raw[:1] != _ED25519:
            raise SaascoreError("LED-010", where="signing key")
        _need_cryptography()
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  an extra

        self.name = match[1]
        self._key = Ed25519PrivateKey.from_private_bytes(raw[1:])
        self.verifier = _verifier_text(self.name, self._key.public_key().public_bytes_raw())

    @classmethod
    def encode(cls, name: str, seed: bytes) -> str:
        """Return the text of the key with 32 random bytes as its seed."""
        if not fullmatch(_NAME, name):
            raise SaascoreError("LED-010", where="key name")
        _need_cryptography()
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  an extra

        public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        encoded = b64encode(_ED25519 + seed).decode("ascii")
        return f"PRIVATE+KEY+{name}+{_key_hash(name, public).hex()}+{encoded}"

    def sign(self, text: str) -> str:
        """Return the signed note of a text that ends with a newline."""
        key_hash = bytes.fromhex(self.verifier.split("+")[1])
        signature = b64encode(key_hash + self._key.sign(text.encode())).decode("ascii")
        return f"{text}\n{_DASH} {self.name} {signature}\n"

    def __repr__(self) -> str:
        return f"SigningKey({self.name})"


def verified_text(note: str, verifier: str) -> str:
    """Return the text of a note that carries a good signature of a verifier key.

    Args:
        note: Text, an empty line, signature lines.
        verifier: ``<name>+<hash>+<key>``, as ``ledger keygen`` prints it.

    Raises:
        SaascoreError: ``LED-009`` where no signature of that key is good, ``LED-010`` where the key is none.
    """
    match = fullmatch(rf"({_NAME})\+([0-9a-f]{{8}})\+([A-Za-z0-9+/=]+)", verifier.strip())
    raw = _decoded(match[3], "LED-010") if match else b""
    if match is None or len(raw) != 33 or raw[:1] != _ED25519:
        raise SaascoreError("LED-010", where="verifier key")
    _need_cryptography()
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  an extra
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415  an extra

    key, key_hash = Ed25519PublicKey.from_public_bytes(raw[1:]), _key_hash(match[1], raw[1:])
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        signature = fullmatch(rf"{_DASH} ({_NAME}) ([A-Za-z0-9+/=]+)", line)
        if signature is None or signature[1] != match[1]:
            continue
        data = _decoded(signature[2])
        if data[:4] != key_hash:
            continue
        try:
            key.verify(data[4:], text.encode())
        except InvalidSignature:
            continue
        return text
    raise SaascoreError("LED-009", where="signature")


def note_text(note: str) -> str:
    """Return the text of a note without looking at its signatures."""
    text, separator, _ = note.rpartition("\n\n")
    return text + "\n" if separator else note


def _verifier_text(name: str, public: bytes) -> str:
    encoded = b64encode(_ED25519 + public).decode("ascii")
    return f"{name}+{_key_hash(name, public).hex()}+{encoded}"


def _key_hash(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def _decoded(text: str, code: str = "LED-009") -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise SaascoreError(code, where="base64") from None


def _need_cryptography() -> None:
    if find_spec("cryptography") is None:
        raise SaascoreError("LED-010", where="cryptography")
