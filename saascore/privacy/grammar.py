"""The closed grammar of what is provably public: every token of an artifact has one of these forms or is denied."""

from __future__ import annotations

import re
import unicodedata

from saascore.contract.wordlike import KNOWN_WORDS, excess_bits, is_wordlike, surprise
from saascore.contract.words import REFERENCE, reference_check
from saascore.privacy.placeholder import is_sequence
from saascore.privacy.regex import regex
from saascore.privacy.vocabulary import VOCABULARY

# From here on a token carries more than words explain. Shorter tokens cannot hide an identifier of use.
OPAQUE_BITS = 16.5
OPAQUE_LENGTH = 8

_REFERENCE = regex(REFERENCE)
# Letters of Latin scripts that are no ASCII letter with an accent.
_LETTERS = str.maketrans(
    {
        "\u00df": "ss",
        "\u00e6": "ae",
        "\u00c6": "Ae",
        "\u0153": "oe",
        "\u00f8": "o",
        "\u00d8": "O",
        "\u0142": "l",
        "\u0111": "d",
        "\u00fe": "th",
    }
)
_TIME = r"(?:[01]?[0-9]|2[0-4]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?(?:Z|[+-][01][0-9]:?[0-5][0-9])?"
_DATE = r"(?:[12][0-9]{3}|0001(?=-01-01))[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12][0-9]|3[01])"
_INSTANT = rf"{_DATE}(?:[T_ ]{_TIME})?Z?"
_COMPACT = r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[T_-]?(?:[01][0-9]|2[0-4])[0-5][0-9](?:[0-5][0-9])?Z?)?"

# Forms that are public wherever they stand.
FORMS = {
    "digest": r"sha(?:256[:-][0-9a-f]{64}|384[:-][0-9a-f]{96}|512[:-][0-9a-f]{128})",
    "integrity": r"sha(?:256-[A-Za-z0-9+/]{43}=|384-[A-Za-z0-9+/]{64}|512-[A-Za-z0-9+/]{86}==)|h1:[A-Za-z0-9+/]{43}=",
    "instant": rf"{_INSTANT}(?:(?:/|\.\.|--?){_INSTANT})?|{_TIME}|{_COMPACT}",
    "moment": rf"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T{_TIME}",
    "algorithm": r"(?i:sha|md|crc|hmac|hmac-sha|aes|rsa|ed|utf|base|blake|hs|rs|es|ps)-?[0-9]{1,5}[A-Za-z]{0,8}(?:[-_/][A-Za-z0-9]{1,12}){0,3}",
    "number": r"[<>=~^$+-]{0,2}(?:[0-9]{1,3}(?:[,_'][0-9]{3})+|[0-9]{1,6}|[0-9]{7,12}(?=\.))(?:\.[0-9]{1,12})?(?:[eE][+-]?[0-9]{1,3})?[%x]?",
    "measure": r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,9})?(?:ns|us|ms|s|m|h|d|B|kB|KB|MB|GB|TB|KiB|MiB|GiB|px|em|rem|pt|vh|vw|fr|deg|MHz|GHz|kHz|Hz|fps|bit|x|k|M|G)",
    "resolution": r"[0-9]{2,5}[xX][0-9]{2,5}(?:[xX@][0-9]{1,3})?",
    "duration": r"P(?=[0-9T])(?:[0-9]{1,5}[YMWD]){0,4}(?:T(?:[0-9]{1,5}(?:\.[0-9]{1,9})?[HMS]){1,3})?",
    "range": r"[0-9]{1,6}-[0-9]{1,2}|[0-9a-f]{7,40}\.\.\.?[0-9a-f]{7,40}",
    "color": r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})",
    "version": r"[vV^~=<>!]{0,3}[0-9]{1,4}(?:\.[0-9]{1,5}){1,3}(?:[.+-]?(?:a|b|rc|alpha|beta|dev|post|pre|next|canary|preview)\.?[0-9]{0,4})?(?:[.-][a-z]{2,12})?\*?",
    "schema": r"saascore/[a-z]+(?:-[a-z]+)*/[1-9][0-9]{0,2}",
    "run": r"run-[a-z2-7]{16}",
    "nil": r"0{8}-0{4}-0{4}-0{4}-0{12}|0+",
    "pull": r"#[0-9]{1,6}",
    "describe": r"[vV]?[0-9]{1,4}(?:\.[0-9]{1,5}){1,3}(?:-[a-z0-9.]{1,12})?-[0-9]{1,5}-g[0-9a-f]{7,12}(?:-dirty)?|v[0-9]{1,4}(?:\.[0-9]{1,5}){2}-(?:[a-z0-9.]{1,12}\.)?20[0-9]{12}-[0-9a-f]{12}",
    "package": r"(?:[0-9]:|(?:[a-z]{2,10}[-_]){1,2}(?=[0-9]{1,4}\.[0-9])|[vV](?=[0-9]{1,4}\.[0-9]))?[0-9]{1,4}(?:\.[0-9]{1,8}){0,4}[a-z]?(?:[-~+](?:[a-z0-9]{1,12}|20[0-9]{12})(?:\.[a-z0-9]{1,8}){0,4}){0,4}(?:[._](?:x86_64|aarch64|amd64|arm64|noarch))?",
    "distribution": r"(?:[0-9]!)?[0-9]{1,4}(?:\.[0-9]{1,5}){1,4}(?:(?:a|b|rc)[0-9]{1,4})?(?:\.post[0-9]{1,4})?(?:\.dev[0-9]{1,5})?(?:\+[a-z0-9]{1,12}(?:\.[a-z0-9]{1,12}){0,3})?",
    "wheel": r"(?:[A-Za-z][A-Za-z0-9_]{1,40}-[0-9][0-9a-z.+]{0,20}-)?(?:cp|pp|py)[0-9]{1,4}(?:\.(?:cp|pp|py)[0-9]{1,4}){0,3}-(?:none|abi3|(?:cp|pypy)[0-9]{1,4}(?:t|_pp[0-9]{1,3})?)-(?:any|win32|win_(?:amd64|arm64)|(?:many|musl)?linux[0-9_]{0,12}_[a-z0-9_]{3,12}(?:\.manylinux[0-9_]{1,12}_[a-z0-9_]{3,12})?|macosx_[0-9_]{2,8}_[a-z0-9_]{3,12})(?:\.whl)?",
    # A release as registries keep it: a name in words, a version, an archive's ending.
    "archive": r"[A-Za-z]{1,30}[0-9]{0,3}(?:[-_.][A-Za-z]{1,20}[0-9]{0,3}){0,4}-v?[0-9]{1,4}(?:\.[0-9]{1,5}){1,4}(?:[.-]?(?:a|b|rc|alpha|beta|post|dev)\.?[0-9]{1,4})?\.(?:tar\.(?:gz|bz2|xz)|tgz|zip|gem|crate|jar|egg|nupkg)",
    # What the Cache Directory Tagging Specification has every CACHEDIR.TAG begin with: MD5 of ".IsCacheDirectory".
    "cachetag": r"8a477f597d28d172789f06886806bc55",
    "advisory": r"GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}",
    "standard": r"(?:RFC|ISO|IEC|IEEE|PEP|CVE|GHSA|CWE|ADR|UTF|EN|NIST|FIPS)[-: ]?[0-9]{1,5}(?:[-:.][0-9]{1,7}){0,3}",
}
_ANY_FORM = regex("|".join(f"(?P<{name}>{pattern})" for name, pattern in FORMS.items()), re.ASCII)
DIGEST = regex(FORMS["digest"])
SCHEMA = regex(FORMS["schema"])

# Without one of these no form can be met.
_MAY_BE_FORM = regex(r"[0-9#]|GHSA-|run-")

UUID = regex(r"[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{12}")
ULID = regex(r"[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}")
HEX = regex(r"(?:0x)?(?=[0-9A-Fa-f]*[0-9])(?=[0-9A-Fa-f]*[A-Fa-f])[0-9A-Fa-f]{7,}")
# What bundlers call a file: a name, eight or so characters of its digest, an ending.
BUNDLE = regex(
    r"(?:[A-Za-z0-9@_.-]{1,40}/){0,8}[A-Za-z][A-Za-z0-9_]{0,40}[.-][0-9A-Za-z_-]{6,12}\.(?:js|css|mjs|map|wasm|woff2?)(?:\.map)?"
)
COMMIT = regex(r"[0-9a-f]{7,12}|[0-9a-f]{40}|[0-9a-f]{64}")
EPOCH = regex(
    r"(?:9[4-9][0-9]{7}|[1-3][0-9]{9}|4[01][0-9]{8})(?:[0-9]{3}|[0-9]{6}|[0-9]{9})?(?:\.[0-9]{1,9})?"
)
DECIMAL = regex(r"-?[0-9]{1,40}(?:\.[0-9]{1,30})?")


def public_form(token: str) -> str:
    """Name the form that makes a token public, or return an empty text."""
    if token.startswith("ref:"):
        return (
            "reference" if _REFERENCE.fullmatch(token) and reference_check(token[:-2]) == token[-2:] else ""
        )
    if is_sequence(token):
        return "sequence"
    if not _MAY_BE_FORM.search(token):
        return ""  # words are most tokens: measured, a log is read 8 % faster
    found = _ANY_FORM.fullmatch(token)
    if found:
        return found.lastgroup or ""
    return ""


def is_commit_hash(token: str) -> bool:
    """Whether a token has the form of a commit's name, long or short."""
    return len(token) >= 7 and COMMIT.fullmatch(token) is not None


def is_opaque(token: str) -> bool:
    """Whether a token carries more information than words, versions and dates explain."""
    if len(token) < OPAQUE_LENGTH:
        return False
    if not token.isascii():
        token = unaccented(token)
    if excess_bits(token) <= OPAQUE_BITS:
        return len(token) >= 12 and token.isalpha() and _changes_case_at_random(token)
    if _is_camel_of_known_words(token):
        return False
    # Words of other languages depart from English less than random letters do.
    return not (token.isalpha() and len(token) < 16 and token[1:].islower() and surprise(token.lower()) < 5.6)


def unaccented(text: str) -> str:
    """Return text without its accents, so that words of other languages are judged as words; ASCII only."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return plain.encode("ascii", "ignore").decode("ascii")


_PIECES = regex(r"[^A-Za-z0-9]+")
_CAMEL = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def is_public_name(text: str) -> bool:
    """Whether a value under a name that says "identifier" is made of public words.

    ``core-fixture`` is, of words of the vocabulary; ``community-edition-mirror`` is, as half of its words are and the
    others read as words; ``alice`` and ``jane-smith`` are somebody.
    """
    if len(text) > 64 or not text.isascii():
        return False
    words = [word.lower() for piece in _PIECES.split(text) for word in _CAMEL.findall(piece)]
    known = [word in VOCABULARY or (word.isdigit() and len(word) < 2) for word in words]
    if not known or all(known):
        return bool(known)
    return (
        len(words) > 1 and sum(known) * 2 >= len(words) and all(w.isalpha() and is_wordlike(w) for w in words)
    )


def reads_as_words(text: str) -> bool:
    """Whether letters read as words where a random id may stand as well.

    Lower case alone is judged as a whole, and the stricter the longer it is. A change of case starts a word in
    ``proMonthly``, but random letters change case all the time and any three letters read as a word: between changes of
    case at least half of the words must be of the vocabulary, and the others long enough to tell.
    """
    return all(
        _is_word(humps[0]) if len(humps) == 1 else _are_humps(humps)
        for piece in _PIECES.split(text)
        if (humps := [hump.lower() for hump in _CAMEL.findall(piece) if not hump.isdigit()])
    )


def _is_word(word: str) -> bool:
    length = len(word)
    limit = 4.8 if length < 8 else 4.6 if length < 12 else 4.2
    return length < 4 or is_known(word) or surprise(word) <= limit


def _are_humps(humps: list[str]) -> bool:
    known = sum(map(is_known, humps))
    return known * 2 >= len(humps) and all(
        is_known(hump) or (len(hump) > 4 and surprise(hump) <= 4.4) for hump in humps
    )


def _is_camel_of_known_words(token: str) -> bool:
    """Whether a name such as ``utf16CodeUnits`` is made of known words and few digits."""
    humps = _CAMEL.findall(token) if token.isalnum() else []
    digits = sum(len(hump) for hump in humps if hump.isdigit())
    words = [hump.lower() for hump in humps if not hump.isdigit()]
    return len(words) > 1 and digits < 5 and all(len(word) > 1 and is_known(word) for word in words)


def _changes_case_at_random(letters: str) -> bool:
    """Whether letters change case as often as random ones do, and most of what is between are no words."""
    humps = _CAMEL.findall(letters)
    known = sum(is_known(hump.lower()) for hump in humps)
    return len(humps) > 3 and len(letters) < 3.5 * len(humps) and known * 3 < len(humps)


def is_known(word: str) -> bool:
    """Whether a lower-case word is one that documentation writes every day."""
    return word in VOCABULARY or word in KNOWN_WORDS or word.removesuffix("s") in VOCABULARY


def is_plain_name(text: str) -> bool:
    """Whether a text reads as an ordinary name or expression: words, no digits but a version's."""
    pieces = [piece for piece in _PIECES.split(text) if piece]
    return (
        bool(pieces)
        and all(
            not piece.isdigit() and is_wordlike(run.lower())
            for piece in pieces
            for run in _CAMEL.findall(piece)
            if not run.isdigit()
        )
        and sum(character.isdigit() for character in text) <= 1
    )
