"""Layers: what has to be undone before a value can be read. Each is undone at most five deep and one mebibyte wide."""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
import zlib
from collections.abc import Iterator
from urllib.parse import unquote

from saascore.privacy.regex import regex

MAX_DEPTH = 5
MAX_EXPANDED = 1 << 20
MAX_RATIO = 100

# Characters that show nothing and only part what belongs together: zero-width, bidirectional, soft hyphen, tags.
_INVISIBLE = regex(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef]"
)
# Letters of other scripts that look like ASCII (Unicode confusables, those that occur in practice).
_LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u051b\u051d\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0405\u0406\u0408\u0432\u043a\u043c\u043d\u0442\u04bb\u04cf\u0441\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd\u03c1\u03b9\u03b1\u03c5\u03f2\u0261\u0131\u01c3\u2010\u2011\u2012\u2013\u2014\u2212\u02d7\u2044\u2215\u2024\uff0e\u2236\u02d0\ua789\u01c0\u0585\u0578\u057d\u0570\u0563\u0566\u0581\u2581\uff3f",
    "aeopcyxijsdqwABEKMHOPCTXSIJbkmhthicABEZHIKMNOPTYXovpiaucgi!------" + "-//..:::|onuhgqg__",
)  # fmt: skip
_WORD = regex(r"[^\s\"'<>(){}\[\],;|]+")
_PERCENT = regex(r"%[0-9A-Fa-f]{2}")
# One field of a form whose value is a document of its own: markup, JSON, or lines.
_FIELD = regex(r"\s*[A-Za-z_][A-Za-z0-9_.-]{0,63}=((?=%3[Cc]|%7[Bb]|%5[Bb]|\S{0,4096}%0[Aa])[^\s&]+)\s*")
_NEXT_FIELD = regex(r"&(?=[A-Za-z_][A-Za-z0-9_.\[\]-]{0,80}=)")
_ENTITY = regex(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});")
_ESCAPE = regex(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|U([0-9A-Fa-f]{8}))")
_BASE64 = regex(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = regex(r"(?:0x|\\?x)?[0-9A-Fa-f]{24,}")


def fold(text: str) -> str:
    """Return text as a reader sees it: without invisible characters, compatibility forms and look-alikes."""
    if text.isascii():
        return text
    return _WORD.sub(_as_ascii, unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)))


def _as_ascii(word: re.Match[str]) -> str:
    """Replace look-alikes in a word of mixed scripts; a word of one script is a word of its language."""
    shown = word[0].translate(_LOOKALIKES)
    return shown if shown.isascii() and any(map(str.isascii, word[0])) else word[0]


def is_packed(data: bytes) -> bool:
    """Whether bytes begin as gzip or zlib data or a zip archive does."""
    return data[:2] in {b"\x1f\x8b", b"x\x9c", b"x\x01", b"x\xda", b"x\x5e"} or data[:4] == b"PK\x03\x04"


def is_escaped(token: str) -> bool:
    """Whether a token holds percent escapes."""
    return "%" in token and _PERCENT.search(token) is not None


def follows_escape(text: str, start: int) -> bool:
    r"""Whether what begins at a place is the rest of an escape: ``u00e1genes`` of ``im\u00e1genes``."""
    return text[start - 1 : start + 1] in {"\\u", "\\U"} and _ESCAPE.match(text, start - 1) is not None


def unescaped(text: str) -> Iterator[tuple[str, str]]:
    """Yield each reading of a text with one kind of escape undone, with the layer's name."""
    if "%" in text and _PERCENT.search(text):
        if field := _FIELD.fullmatch(text):
            yield "percent", unquote(field[1], errors="replace")
        # What is escaped in a form are its values; they end where the next name begins.
        yield "percent", unquote(text if "://" in text else _NEXT_FIELD.sub(" ", text), errors="replace")
    if "&" in text and _ENTITY.search(text):
        yield "html-entity", html.unescape(text)
    if "\\" in text and _ESCAPE.search(text):
        yield "escape", _ESCAPE.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    code = int(next(group for group in found.groups() if group), 16)
    return chr(code) if code < 0x110000 else "\ufffd"


def decoded(token: str) -> Iterator[tuple[str, bytes]]:
    """Yield the bytes that a token of base64 or hexadecimal stands for, with the layer's name."""
    if _HEX.fullmatch(token):
        digits = token.removeprefix("\\").removeprefix("0").removeprefix("x") if "x" in token else token
        if len(digits) % 2 == 0:
            yield "hex", bytes.fromhex(digits)
    if _BASE64.fullmatch(token):
        plain = token.rstrip("=").replace("-", "+").replace("_", "/")
        if len(plain) % 4 != 1:
            try:
                yield "base64", base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
            except (binascii.Error, ValueError):  # pragma: no cover  the pattern leaves nothing to refuse
                return


class TooLargeError(Exception):
    """Expanded, the data is larger than a layer may be. Holds nothing of it."""


class DamagedError(Exception):
    """The compressed data cannot be expanded. Holds nothing of it."""


def inflate(data: bytes, limit: int = MAX_EXPANDED) -> bytes:
    """Expand gzip or zlib data.

    Args:
        data: The compressed bytes.
        limit: Most bytes to expand to; besides, no more than a hundred times the input.

    Raises:
        TooLargeError: The limit is passed.
        DamagedError: The data is truncated or no such format.
    """
    limit = min(limit, max(len(data) * MAX_RATIO, 4096))
    wanted = zlib.MAX_WBITS | 32
    out = bytearray()
    try:
        while data:
            engine = zlib.decompressobj(wanted)
            out += engine.decompress(data, limit + 1 - len(out))
            if len(out) > limit:
                raise TooLargeError
            if not engine.eof:
                raise DamagedError
            data = engine.unused_data.lstrip(b"\0")
    except zlib.error:
        raise DamagedError from None
    return bytes(out)


def readable(data: bytes) -> str | None:
    """Return bytes as text where they are printable text, else ``None``."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    odd = sum(1 for character in text if character < " " and character not in "\t\n\r")
    return text if odd * 50 <= len(text) else None
