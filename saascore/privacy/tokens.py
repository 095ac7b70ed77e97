"""One token against the rules: prefix table, then anchored rule, then closed grammar."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from saascore.contract.wordlike import excess_bits
from saascore.privacy import grammar, layers, shapes
from saascore.privacy.findings import Hit
from saascore.privacy.keys import KeyClass
from saascore.privacy.ruleset import RuleSet

_EDGE = "-*_~#+=:./!?&%^$"
_PIECE_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9$]")
_UNIT_AFTER = re.compile(r"\s{0,2}[A-Za-z%][A-Za-z-]*")
_COMMIT_BEFORE = re.compile(
    r"(?:commit|commits|sha|sha1|tree|at|rev|revision|head|parent|merge|blob|checkout|git|from|to|ref|base|cherry-pick|revert|reverts|version|build)[ \t:=@(#`'\"/]{1,4}$|/(?:commit|commits|tree|blob|raw)/$|@$|\.\.\.?$",
    re.IGNORECASE,
)
_PIECES = re.compile(r"[^/:=@&?#~!*]+")


class Tokens(ABC):
    """The rules that look at one token at a time.

    Args:
        ruleset: The rules of a profile.
    """

    def __init__(self, ruleset: RuleSet) -> None:
        self.rules = ruleset
        self.strict = ruleset.profile != "docs"

    @abstractmethod
    def text(self, text: str, depth: int = 0) -> list[Hit]:
        """Inspect free text; what a token decodes to is handed back here."""

    def shape(self, name: str, found: str, start: int = 0) -> list[Hit]:
        """Return the hit of a shape, where the profile has its rule."""
        rule = self.rules.shapes.get(name)
        return [Hit(rule, found, start)] if rule else []

    def token(self, text: str, token: str, start: int, depth: int, key: KeyClass) -> Iterator[Hit]:
        """Inspect one token of a text: ``start`` is where it stands, ``key`` the name the text stands under."""
        stripped = token.lstrip(_EDGE)
        start += len(token) - len(stripped)
        bare = stripped.rstrip("-*_~#:./!?&^$%")
        if len(bare) < 4:
            return
        if "://" in bare:
            yield from self._url(bare, start)
            return
        if grammar.public_form(bare) or grammar.public_form(token):
            return
        named = self._prefixed(bare, start)
        if named:
            yield from named
            return
        if not self.strict:
            if len(bare) > 64:
                yield from self._decoded(token, start, depth, only_media=True)
            return
        if bare.startswith("ref:") and bare.count(":") == 3:
            yield from self.shape("unchecked-reference", bare, start)
            return
        if bare.isdigit():
            yield from self._digits(text, bare, start, key)
            return
        if "/" in bare and (kind := shapes.path_kind(bare)):
            yield from self.shape(kind, bare, start)
            return
        hits = list(self._decoded(token.strip("*~#:.!?&^$%-_"), start, depth))
        yield from hits or self._opaque(text, bare, start)

    def _prefixed(self, token: str, start: int) -> list[Hit]:
        for found in _PIECE_START.finditer(token):
            known = self.rules.prefixed(token, found.start())
            if known is not None:
                rule, end = known
                return [Hit(rule, token[found.start() : end], start + found.start())]
        return []

    def _url(self, token: str, start: int) -> Iterator[Hit]:
        rule = self.rules.addressed(token)
        if rule is None:
            named = self._prefixed(token, start)
            if named:
                yield from named
                return
            if not self.strict:
                return
            if shapes.is_local_address(token):
                yield from self.shape("local-address", token, start)
                return
            if not _unproven(token):
                return
            yield from self.shape("unproven-url", token, start)
            return
        yield Hit(rule, token, start)

    def _digits(self, text: str, token: str, start: int, key: KeyClass) -> Iterator[Hit]:
        if len(token) < 7 or key.allow == "count":
            return
        if len(token) in {8, 14} and grammar.public_form(token):
            return
        if _UNIT_AFTER.match(text, start + len(token)) and len(token) < 13:
            return
        if key.allow == "time" and grammar.EPOCH.fullmatch(token):
            return
        yield from self.shape("long-number", token, start)

    def _decoded(self, token: str, start: int, depth: int, *, only_media: bool = False) -> Iterator[Hit]:
        """Undo base64 and hexadecimal for a better name of what default deny would refuse anyway."""
        if len(token) < 16 or depth >= layers.MAX_DEPTH:
            return
        for layer, data in layers.decoded(token):
            for rule, magic in self.rules.magic:
                if (magic.then or len(magic.start) > 2) and is_media(
                    data, magic.start, magic.then, magic.offset
                ):
                    yield Hit(rule, token, start, (layer,))
                    return
            if only_media:
                continue
            if data[:2] == b"\x1f\x8b" or data[:2] in {b"x\x9c", b"x\x01", b"x\xda", b"x\x5e"}:
                yield from (
                    Hit(hit.rule, hit.found, start, (layer, *hit.layers))
                    for hit in self.compressed(data, depth + 1)
                )
                return
            inner = layers.readable(data)
            if (
                inner
                and len(inner) >= 4
                and sum(c.isprintable() and c.isascii() for c in inner) * 10 >= len(inner) * 9
            ):
                hits = self.text(inner, depth + 1)
                if hits:
                    yield from (Hit(hit.rule, hit.found, start, (layer, *hit.layers)) for hit in hits)
                    return

    def compressed(self, data: bytes, depth: int) -> list[Hit]:
        """Inspect gzip or zlib data."""
        layer = "gzip" if data[:2] == b"\x1f\x8b" else "zlib"
        try:
            plain = layers.inflate(data)
        except layers.TooLargeError:
            return self.shape("limit", "")
        except layers.DamagedError:
            return self.shape("damaged", "") if layer == "gzip" else []
        for rule, magic in self.rules.magic:
            if is_media(plain, magic.start, magic.then, magic.offset):
                return [Hit(rule, "", 0, (layer,))]
        text = layers.readable(plain)
        if text is None:
            return self.shape("binary", "")
        return [Hit(hit.rule, hit.found, 0, (layer, *hit.layers)) for hit in self.text(text, depth + 1)]

    def _opaque(self, text: str, token: str, start: int) -> Iterator[Hit]:
        if grammar.COMMIT.fullmatch(token) and _COMMIT_BEFORE.search(text, max(0, start - 24), start):
            return
        if grammar.UUID.fullmatch(token):
            yield from self.shape("uuid", token, start)
            return
        for piece, offset in _pieces(token):
            name = "" if grammar.public_form(piece) else _opaque_shape(piece)
            if name == "hex" and len(piece) >= 40 and grammar.COMMIT.fullmatch(piece):
                at = start + offset
                name = "" if _COMMIT_BEFORE.search(text, max(0, at - 24), at) else name
            if name:
                yield from self.shape(name, piece, start + offset)
                return


def _opaque_shape(piece: str) -> str:
    if grammar.UUID.fullmatch(piece):
        return "uuid"
    if grammar.ULID.fullmatch(piece) and excess_bits(piece) > 20:
        return "ulid"
    if len(piece) >= 12 and grammar.HEX.fullmatch(piece):
        return "hex"
    if piece.isdigit() and len(piece) >= 9:
        return "long-number"
    return "opaque" if grammar.is_opaque(piece) else ""


def _pieces(token: str) -> Iterable[tuple[str, int]]:
    if grammar.is_opaque(token) or len(token) >= 8:
        for found in _PIECES.finditer(token):
            yield found[0].strip("-_."), found.start()


def is_media(data: bytes, start: bytes, then: bytes, offset: int) -> bool:
    """Whether bytes begin as a media file does."""
    return data.startswith(start) and (not then or data[offset : offset + len(then)] == then)


def _unproven(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return True
    if any(shapes.identifies(part) for part in re.split(r"[.-]", host)) or grammar.is_opaque(host):
        return True
    for part in parts.path.split("/"):
        if part and shapes.identifies(part):
            before = parts.path[: parts.path.index(part)]
            if grammar.COMMIT.fullmatch(part) and re.search(r"/(?:commit|commits|tree|blob|raw)/$", before):
                continue
            if re.search(r"/(?:pull|issues|discussions|releases/tag|rfc|html)/$", before):
                continue
            return True
    tail = f"{parts.query}&{parts.fragment}"
    return any(shapes.identifies(value) for value in re.split(r"[&=;/]", tail) if value)
