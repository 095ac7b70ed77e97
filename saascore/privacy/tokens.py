"""One token against the rules: prefix table, then anchored rule, then closed grammar."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import urlsplit

from saascore.contract.wordlike import excess_bits
from saascore.privacy import grammar, layers, shapes
from saascore.privacy.findings import Hit
from saascore.privacy.keys import KeyClass
from saascore.privacy.regex import regex
from saascore.privacy.rule import Rule
from saascore.privacy.ruleset import RuleSet

EDGE_END = "-*_~#:./!?&^$%"
_EDGE = "-*_~#+=:./!?&%^$"
_PIECE_START = regex(r"(?<![A-Za-z0-9])[A-Za-z0-9$]")
_UNIT_AFTER = regex(r"\s{0,2}[A-Za-z%][A-Za-z-]*")
_COMMIT_BEFORE = regex(
    r"(?:commits?|sha|sha1|tree|at|rev|revision|head|parents?|merge|blob|checkout|git|from|to|ref|base|short|index|object"
    r"|cherry-pick|reverts?|dependencies|version|build|tag|hash|describe)[ \t:=@(\[#`'\"/*]{1,6}$"
    r"|(?<![0-9])[0-9]{1,3}(?:\.[0-9]{1,4}){1,3}[*_` ]{0,4}\(`?$|/(?:commits?|tree|blob|raw)/$|@$|\.\.\.?$|(?<![0-9a-z])[0-9a-f]{7,40}[ ,(]{1,3}$",
    re.IGNORECASE,
)
_OUTER = regex(r"[^=&?~!*;]+")
_INNER = regex(r"[^/:@#]+")
_DIGEST = regex(r"sha(?:256[:.-][0-9a-f]{64}|512[:.-][0-9a-f]{128})(?![0-9a-f])")
_EDGE_KEEPING_BASE64 = "*~#:.!?&^$%"
_PEELED = 16
_ASSIGNED = regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}[=:](?=[A-Za-z0-9+/_-]{16})")
# "bytes 8863002", and the value of a metric in the exposition format: name{label="x"} 5669007
_COUNT_BEFORE = regex(
    r"(?:bytes|total|count|counts|sum|rows|events|size|tokens|records|values|requests|lines|seconds|ms|ns|us|offset|length|hits|units)[ \t:=.]{1,24}$|\}[ \t]$"
)
# What stands before the time of a metric's sample: name{label="x"} 5669007 1767225600000
_SAMPLE_BEFORE = regex(r"\}[ \t][0-9.eE+-]{1,24}[ \t]$")
# A line of sha256sum and its kin: digest, mark, file.
_SUMMED = regex(r"(?:[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}) [ *][A-Za-z0-9._+@/-]{1,200}\s*$")
# Ids that were made to be cited: of advisories (GHSA), of standards and of vulnerabilities (CVE).
_PUBLISHED = frozenset(("advisory", "standard"))
# The file of a released package and the digest of it, which registries write into the path or the fragment of its address.
_RELEASED = regex(
    r"(?:/[0-9a-f]{2}){0,3}(?:/[0-9a-f]{36,128})?/([A-Za-z][A-Za-z0-9._-]{0,80}-[0-9][A-Za-z0-9._+-]{0,120}?)"
    r"\.(?:tgz|tar\.(?:gz|bz2|xz)|whl|zip|crate|gem|conda)(?:#(?:sha(?:1|256|512)[=-])?[0-9a-f]{40,128})?$"
)
URL = regex(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://")


class Tokens(ABC):
    """The rules that look at one token at a time.

    Args:
        ruleset: The rules of a profile.
    """

    def __init__(self, ruleset: RuleSet) -> None:
        self.rules = ruleset
        self.strict = ruleset.profile != "docs"

    @abstractmethod
    def inner(self, text: str, *layer: str) -> list[Hit]:
        """Inspect what a token decodes to, one layer deeper."""

    @abstractmethod
    def unpacked(self, data: bytes) -> list[Hit] | None:
        """Inspect compressed data or an archive; ``None`` where it is none after all."""

    def shape(self, name: str, found: str, start: int = 0) -> list[Hit]:
        """Return the hit of a shape, where the profile has its rule."""
        rule = self.rules.shapes.get(name)
        return [Hit(rule, found, start)] if rule else []

    def token(self, text: str, token: str, start: int, key: KeyClass) -> Iterator[Hit]:
        """Inspect one token of a text: ``start`` is where it stands, ``key`` the name the text stands under."""
        if "sha" in token:
            token = _DIGEST.sub("sha256", token)
        stripped = token.lstrip(_EDGE)
        start += len(token) - len(stripped)
        bare = stripped.rstrip(EDGE_END)
        if len(bare) < 4:
            return
        if "://" in bare:
            scheme = URL.search(bare)
            at = scheme.start() if scheme else 0
            yield from self._url(bare[at:], start + at)
        elif grammar.public_form(bare) or grammar.public_form(token):
            return
        elif named := self.prefixed(bare, start):
            kind = (
                shapes.path_kind(bare)
                if self.strict and "/" in bare and named[0].rule.category.startswith("raw-")
                else ""
            )
            yield from self.shape(kind, bare, start) if kind else named
        elif self.strict:
            yield from self._default(text, token, bare, start, key)
        elif len(bare) > 64:
            yield from self.peeled(token.strip(_EDGE_KEEPING_BASE64), start, only_media=True) or ()

    def _default(self, text: str, token: str, bare: str, start: int, key: KeyClass) -> Iterator[Hit]:
        """Default deny: what no public grammar explains is named as well as can be."""
        if bare.startswith("ref:") and bare.count(":") == 3:
            yield from self.shape("unchecked-reference", bare, start)
            return
        if grammar.is_commit_hash(bare) and _names_commit(text, bare, start):
            return
        if len(bare) > 63 and start == 0 and _SUMMED.match(text):
            return
        if layers.is_escaped(bare) or layers.follows_escape(text, start):
            return  # read once its escapes are undone
        if bare.isdigit():
            yield from self._digits(text, bare, start, key)
            return
        assigned = _ASSIGNED.match(token)
        payload = token[assigned.end() :] if assigned else token
        peeled = self.peeled(payload.strip(_EDGE_KEEPING_BASE64), start)
        if peeled is not None:
            yield from peeled
        elif "/" in bare and (kind := shapes.path_kind(bare)):
            route = self._route(token) if kind == "storage-path" else None
            yield from [Hit(route, bare, start)] if route else self.shape(kind, bare, start)
        else:
            yield from self._opaque(text, bare, start)

    def _route(self, path: str) -> Rule | None:
        """Name the id in the path of a request, ``/workspaces/{id}/usage``; paths of stored files end in a file."""
        parts = path.rstrip("/").split("/")
        if parts[0] or "." in parts[-1]:
            return None
        for kind, part in pairwise(parts):
            key = self.rules.keys.read(f"{kind.removesuffix('s')}_id") if shapes.identifies(part) else None
            if key is not None and key.rule is not None:
                return key.rule
        return None

    def prefixed(self, token: str, start: int) -> list[Hit]:
        """Find the first known prefix inside a token."""
        for found in _PIECE_START.finditer(token):
            known = self.rules.prefixed(token, found.start())
            if known is not None:
                rule, end = known
                return [Hit(rule, token[found.start() : end], start + found.start())]
        return []

    def _url(self, token: str, start: int) -> Iterator[Hit]:
        rule = self.rules.addressed(token)
        if rule is None:
            named = self.prefixed(token, start)
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
        if len(token) < 13 and _COUNT_BEFORE.search(text, max(0, start - 40), start):
            return
        if grammar.EPOCH.fullmatch(token) and _SAMPLE_BEFORE.search(text, max(0, start - 64), start):
            return
        if key.allow == "time" and grammar.EPOCH.fullmatch(token):
            return
        yield from self.shape("long-number", token, start)

    def peeled(self, token: str, start: int, *, only_media: bool = False) -> list[Hit] | None:
        """Inspect what a token of base64 or hexadecimal stands for.

        Returns:
            The hits; an empty list where it stands for clean text; ``None`` where it stands for nothing readable.
        """
        if len(token) < _PEELED:
            return None
        for layer, data in layers.decoded(token):
            hits = self.data(data, layer, only_media=only_media)
            if hits is not None:
                return [Hit(hit.rule, hit.found or token, start, hit.layers) for hit in hits]
        return None

    def data(self, data: bytes, *undone: str, only_media: bool = False) -> list[Hit] | None:
        """Inspect decoded bytes: media, compressed data or text; ``None`` where they are none of these."""
        for rule, magic in self.rules.magic:
            if (magic.then or len(magic.start) > 2) and is_media(data, magic.start, magic.then, magic.offset):
                return [Hit(rule, "", 0, undone)]
        if only_media:
            return None
        if layers.is_packed(data):
            hits = self.unpacked(data)
            return (
                None
                if hits is None
                else [Hit(hit.rule, hit.found, 0, (*undone, *hit.layers)) for hit in hits]
            )
        inner = layers.readable(data)
        if inner is None or len(inner) < 8 or not _is_mostly_ascii(inner):
            return None
        return self.inner(inner, *undone)

    def _opaque(self, text: str, token: str, start: int) -> Iterator[Hit]:
        if grammar.UUID.fullmatch(token):
            yield from self.shape("uuid", token, start)
            return
        if len(token) < grammar.OPAQUE_LENGTH or grammar.BUNDLE.fullmatch(token):
            return
        for piece, offset in _pieces(token):
            name = "" if grammar.public_form(piece) else _opaque_shape(piece)
            if name and grammar.is_commit_hash(piece) and _names_commit(text, piece, start + offset):
                continue
            if not name:
                continue
            inside = self.peeled(piece, start + offset) if piece != token else None
            if inside is None:
                inside = self.shape(name, piece, start + offset)
            if inside:
                yield from inside
                return


def _names_commit(text: str, token: str, start: int) -> bool:
    """Whether what stands around a hash says that it is a commit: a word before it, or a log's line after it."""
    if _COMMIT_BEFORE.search(text, max(0, start - 64), start):
        return True
    logged = not text[:start].strip("+> *-") and text[start + len(token) : start + len(token) + 1] == " "
    return logged and len(token) < 13 and not token.isdigit()


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


def _pieces(token: str) -> Iterator[tuple[str, int]]:
    """Divide a token at its outer separators, and what is not public so at its inner ones."""
    for outer in _OUTER.finditer(token):
        if grammar.public_form(outer[0].strip("-_.:/")):
            continue
        for found in _INNER.finditer(outer[0]):
            yield found[0].strip("-_."), outer.start() + found.start()


def _is_mostly_ascii(text: str) -> bool:
    return (sum(map(str.isascii, text)) * 10 >= len(text) * 8 and text.isprintable()) or "\n" in text


def is_media(data: bytes, start: bytes, then: bytes, offset: int) -> bool:
    """Whether bytes begin as a media file does."""
    return data.startswith(start) and (not then or data[offset : offset + len(then)] == then)


def _unproven(url: str) -> bool:
    try:
        if released := _RELEASED.search(url):
            name = "" if grammar.public_form(released[1]) else released[1]
            url = f"{url[: released.start()]}/{name}"
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return True
    if any(shapes.identifies(part) for part in re.split(r"[.-]", host)) or grammar.is_opaque(host):
        return True
    for part in parts.path.split("/"):
        if part and shapes.identifies(part):
            before = parts.path[: parts.path.index(part)]
            if grammar.COMMIT.fullmatch(part.rpartition("@")[2]) and "@" in part:
                continue
            if grammar.COMMIT.fullmatch(part) and re.search(r"/(?:commit|commits|tree|blob|raw)/$", before):
                continue
            if grammar.public_form(part) in _PUBLISHED:
                continue
            if re.search(r"/(?:pull|issues|discussions|releases/tag|rfc|html)/$", before):
                continue
            return True
    tail = f"{parts.query}&{parts.fragment}"
    return any(shapes.identifies(value) for value in re.split(r"[&=;/]", tail) if value)
