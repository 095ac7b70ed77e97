"""Placeholders: what stands where a value would, in examples and in what was redacted."""

from __future__ import annotations

from saascore.privacy.regex import regex
from saascore.privacy.vocabulary import VOCABULARY

_FILLER = regex(r"[xX*._0-]{3,}|\.{2,}|(.)\1{5,}")
_FORM = regex(
    r"\[[a-zA-Z _:-]{0,40}\]?|redacted|<[^<>]{1,60}>|\$\{\{[^{}]{0,80}\}\}|\$\{[A-Za-z_][A-Za-z0-9_.:-]{0,60}\}|\$[A-Za-z_]{1,40}|\$\([^()]{0,60}\)|\{\{?[^{}\":]{0,60}\}?\}"
    r"|%[A-Za-z_]{1,40}%|%\(?[a-z_]{0,40}\)?s|[xX*.\u2026\u2022_#-]{2,}|(?i:null|none|nil|undefined|true|false|n/?a|unset|empty|hidden|masked|removed|withheld|omitted|password|passwd|pass|pwd)"
)
_LOOKUP = regex(
    r"(?:process\.env\.|import\.meta\.env\.|env\.|os\.environ|os\.getenv|secrets\.|vars\.|config\.|settings\.|self\.|cfg\.|args\.)[A-Za-z0-9_.\[\]\"'()]{0,80}"
)
_PHRASE = regex(r"[A-Za-z]{1,24}(?:[-_ ](?:[A-Za-z]{1,24}|[0-9]{1,2})){0,8}[-_ ]?")
_HUMP = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# A placeholder that is a phrase starts with one of these words; all that follow are words of the vocabulary.
_STARTS = frozenset(
    [
        "your",
        "my",
        "the",
        "some",
        "replace",
        "change",
        "insert",
        "put",
        "enter",
        "add",
        "example",
        "sample",
        "placeholder",
        "dummy",
        "fake",
        "todo",
        "fixme",
        "secret",
        "xxx",
    ]
)
_SEQUENCES = "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz9876543210 1234567890 1234567890abcdefghijklmnopqrstuvwxyz"
_TAILS = frozenset(
    ["me", "this", "it", "here", "with", "key", "apikey", "token", "secret", "password", "value", "id"]
)


def is_filler(body: str) -> bool:
    """Whether a token's body is only a placeholder, such as ``xxxx``."""
    return bool(_FILLER.fullmatch(body) or _FORM.fullmatch(body)) or is_sequence(body) or _is_phrase(body)


def is_sequence(text: str) -> bool:
    """Whether a text only counts up or down: ``1234567890``, ``abcdefgh``."""
    return len(text) > 5 and text.lower() in _SEQUENCES


def is_placeholder(text: str) -> bool:
    """Whether a value is only a placeholder: ``[redacted]``, ``<your key>``, ``${NAME}``, ``xxxx``."""
    text = text.strip().strip("\"'`")
    if not any(map(str.isalnum, text)) or is_filler(text):
        return True
    return bool(_LOOKUP.fullmatch(text))


def _is_phrase(text: str) -> bool:
    """Whether a text says "your API key here" or the like; letters that are no words are a value."""
    if not _PHRASE.fullmatch(text):
        return False
    first, *rest = [hump.lower() for hump in _HUMP.findall(text)]
    if first not in _STARTS and not rest:
        return any(first.startswith(start) and first[len(start) :] in _TAILS for start in _STARTS)
    return first in _STARTS and all(word in VOCABULARY or word in _TAILS for word in rest)
