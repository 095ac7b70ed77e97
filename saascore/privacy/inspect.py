"""One value under its name: what a name allows, what it denies, and what default deny says otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from saascore.contract.labels import label_problem
from saascore.contract.wordlike import excess_bits
from saascore.privacy import grammar, shapes
from saascore.privacy.findings import Hit
from saascore.privacy.freetext import CREDENTIALS, WHOLE, FreeText, is_short_id
from saascore.privacy.keys import NO_KEY, KeyClass, split_words
from saascore.privacy.languages import WORDS
from saascore.privacy.placeholder import is_placeholder
from saascore.privacy.regex import regex
from saascore.privacy.rule import Rule
from saascore.privacy.ruleset import RuleSet
from saascore.privacy.vocabulary import VOCABULARY

MEMO_LENGTH = 96
MEMO_SIZE = 32_768

_STYLE_PIECE = regex(r"[A-Za-z#%-]{0,3}(?:[0-9.-]+[A-Za-z%]{0,3})*|#[0-9a-fA-F]{3,8}|[a-z-]{1,24}")

# Rules of these categories name a value better than the name it stands under does.
_OUTRANKS = frozenset(
    ("provider-credential", "bearer-token", "webhook-secret", "image-bytes", "raw-webhook-payload")
)
# The image of a container: a name with a tag or digest, and no ending of a picture's.
_CONTAINER = regex(
    r"[a-z0-9][a-z0-9._-]{0,127}(?:/[a-z0-9._-]{1,127}){0,4}(?::[A-Za-z0-9._-]{1,127}(?:@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})"
)
# The start of an object in JSON.
_NAMED_MEMBER = regex(r"\s*\{\s*\"")
_INSTANT = regex(
    r"20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
# A database's address without a password, or with one that is filled in later.
_CONNECTION = regex(
    r"(?!https?:)[a-z][a-z0-9+.-]{1,30}://[^\s:/@]{0,64}(?::([^\s/@]{0,128}))?@[A-Za-z0-9_.${}-]{1,128}(?::[0-9]{1,5})?(?:/[A-Za-z0-9_-]{0,64})?"
)
# The group of a package: org.example.billing
_REVERSED_DOMAIN = regex(r"(?:com|org|net|io|dev|app|ai|co|de|eu|uk)(?:\.[a-z][a-z0-9_-]{1,40}){1,6}")
_HARMLESS_FORMS = frozenset(
    (
        "reference",
        "digest",
        "integrity",
        "nil",
        "schema",
        "run",
        "measure",
        "duration",
        "resolution",
        "cachetag",
    )
)
# What a program says of itself; a browser says more.
_PROGRAM = regex(r"[A-Za-z][A-Za-z0-9._-]{0,40}/[0-9][A-Za-z0-9.+-]{0,24}(?: \([^()]{0,60}\))?")
# Forms that tell by themselves whose a value is, whatever it is called: the subject of a token, a card.
_TELLING = frozenset(("privacy.personal-data.card-number", "privacy.raw-user-id.auth0-user"))
_GENERIC = (
    "privacy.bearer-token.jwt",
    "privacy.bearer-token.authorization",
    "privacy.bearer-token.header",
    "privacy.provider-credential.mode-token",
)
_FILES = frozenset(("storage-key", "provider-input-key", "generated-output-key", "image-bytes"))


class Inspector(FreeText):
    """Inspects leaves: strings and numbers under the names they stand under, and free text.

    Args:
        ruleset: The rules of a profile.
        structure: Reads a text that has structure and returns its hits, else ``None``.
        unpack: Reads compressed data or an archive and returns its hits, else ``None``.
        public_words: More words that labels under an identifier's name may be made of.
    """

    def __init__(
        self,
        ruleset: RuleSet,
        structure: Callable[[str], list[Hit] | None],
        unpack: Callable[[bytes], list[Hit] | None],
        public_words: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(ruleset, structure, unpack)
        self._public_words = public_words
        self._clean: set[tuple[str, KeyClass]] = set()

    def value(self, text: str, key: KeyClass = NO_KEY) -> list[Hit]:
        """Inspect a string under a name; clean short ones are remembered, findings never."""
        if (text, key) in self._clean or _is_fresh_word(text, key):
            return []
        hits = self.denied(text, key) if key.rule is not None else self._allowed(text, key)
        if not hits and len(text) <= MEMO_LENGTH:
            if len(self._clean) >= MEMO_SIZE:
                self._clean.clear()
            self._clean.add((text, key))
        return hits

    def number(self, value: float, key: KeyClass, *, counted: bool) -> list[Hit]:
        """Inspect a number under a name; ``counted`` says that a name above calls its values counts."""
        shown = _digits(value)
        timelike = grammar.EPOCH.fullmatch(shown) is not None
        card = type(value) is int and len(shown) > 12 and (key.rule is not None or not timelike)
        card = card and shapes.luhn(shown)
        if card and key.strength != "strong":
            return self.shape("card", shown)
        if key.rule is not None:
            raw = self.strict and self._raw_number(value, key, counted=counted)
            return [Hit(key.rule, shown)] if raw else []
        if type(value) is float:
            return []
        if counted or key.plural or key.allow in {"count", "style"}:
            return []
        if timelike and key.allow in {"time", "digest", "version"}:
            return []
        limit = 1_000 if key.bare_id else 1_000_000
        return self.shape("long-number", shown) if abs(value) >= limit else []

    def reason(self, text: str, key: KeyClass) -> str:
        """Say what let a clean value pass: a form, a kind of name, public words, or words alone."""
        if form := grammar.public_form(text):
            return f"form {form}"
        if key.rule is not None:
            return "placeholder" if is_placeholder(text) else "public words"
        return f"words under a name of kind {key.allow}" if key.allow else "words"

    def _raw_number(self, value: float, key: KeyClass, *, counted: bool) -> bool:
        category = key.rule.category if key.rule else ""
        if (
            category in _FILES
            or category in {"gateway-metadata", "raw-webhook-payload"}
            or (key.plural and (key.tally or not _is_ids(key)))
        ):
            return False
        if category in CREDENTIALS or category == "personal-data":
            return abs(value) >= 1000 and not counted
        if type(value) is float and not value.is_integer():
            return False
        if key.strength == "hint" and category == "raw-workspace-id":
            return False  # "team" and the like name plans as well
        return key.strength == "strong" or (abs(value) >= 100 and not counted)

    def _allowed(self, text: str, key: KeyClass) -> list[Hit]:
        kind = key.allow
        if kind:
            if kind == "commit" and grammar.COMMIT.fullmatch(text):
                return []
            if kind == "digest" and re.fullmatch(
                r"[0-9a-f]{16}|[0-9a-f]{20}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}", text
            ):
                return []
            if kind in {"count", "time", "version"} and (
                grammar.DECIMAL.fullmatch(text) if kind == "count" else grammar.EPOCH.fullmatch(text)
            ):
                return []
            if kind == "style" and _is_style(text):
                return []
            if kind == "event-id":
                if grammar.UUID.fullmatch(text) or grammar.ULID.fullmatch(text):
                    return []
                return self._event_id(text)
        return self.text(text, key)

    def _event_id(self, text: str) -> list[Hit]:
        """Search an event id or idempotency key for the ids that producers like to build it from."""
        hits = self.text(text)
        if hits or not self.strict or grammar.public_form(text):
            return hits
        pieces = re.split(r"[:/|.#]|--", text)
        if len(pieces) == 1 and not label_problem(text.lower()):
            return []
        for piece in pieces:
            if (
                piece
                and label_problem(piece.lower())
                and not grammar.public_form(piece)
                and not grammar.EPOCH.fullmatch(piece)
            ):
                return self.shape("opaque", piece)
        return []

    def denied(self, text: str, key: KeyClass) -> list[Hit]:
        """Inspect a value whose name triggers a rule: it is raw unless redacted or made of public words."""
        rule = key.rule
        if rule is None or self._harmless(text):
            return []
        hits = self.text(text)
        if better := [hit for hit in hits if _outranks(hit, rule)]:
            return better
        if not self.strict:
            return hits or ([Hit(rule, text)] if rule.category in CREDENTIALS and is_secretlike(text) else [])
        if key.strength == "strong":
            return [Hit(rule, text)] if hits or self._is_raw(text, rule) else []
        if key.strength == "hint" and (named := [hit for hit in hits if hit.rule.category != "opaque"]):
            addressed = rule.category in _FILES and all(
                hit.rule.category in {*_FILES, "private-url"} for hit in named
            )
            return [Hit(rule, text)] if addressed else named
        form = grammar.public_form(text)
        cited = form in {"advisory", "standard"} or (key.plural and form in {"number", "measure", "instant"})
        short = is_short_id(text) and not cited and not self._is_public(text) and key.strength == "weak"
        return [Hit(rule, text)] if hits or short else []

    def _is_raw(self, text: str, rule: Rule) -> bool:
        """Whether a value under a name that says raw is so, though nothing about its own form tells."""
        if rule.category == "personal-data":
            return not (self._is_measure(text) or _PROGRAM.fullmatch(text))
        if rule.category in WHOLE and _NAMED_MEMBER.match(text):
            return True
        if self._is_public(text) or _CONTAINER.fullmatch(text):
            return False
        if rule.category in CREDENTIALS and (found := _CONNECTION.fullmatch(text)):
            return bool(found[1]) and not is_placeholder(found[1])
        plain = grammar.is_plain_name(text)
        if rule.category in _FILES:
            return "/" in text or "." in text or not plain
        if rule.category in CREDENTIALS:
            return True
        return not (plain and (" " in text.strip() or self._names_an_id(text)))

    def _names_an_id(self, text: str) -> bool:
        """Whether a value is itself the name of an id: a column's, or what a page calls it."""
        if any(map(str.isdigit, text)):
            return False
        words, key = split_words(text), self.rules.keys.read(text)
        if key.rule is not None and key.strength == "strong":
            return len(words) == 1 or VOCABULARY.issuperset(words)
        return text.lower() in WORDS

    def _is_measure(self, text: str) -> bool:
        return grammar.public_form(text) in {"measure", "duration"}

    def _is_public(self, text: str) -> bool:
        if grammar.is_public_name(text) or (_REVERSED_DOMAIN.fullmatch(text) and grammar.is_plain_name(text)):
            return True
        words = re.split(r"[._ -]", text.lower())
        return bool(self._public_words) and all(
            word in self._public_words or grammar.is_public_name(word) for word in words
        )

    def _harmless(self, text: str) -> bool:
        text = unquote(text.strip("*_` "))
        if is_placeholder(text):
            return True
        if text.startswith("op:"):
            return not label_problem(text[3:])
        if text.startswith("#/") or text in {"string", "integer", "number", "boolean", "object", "array"}:
            return True
        form = grammar.public_form(text)
        return form in _HARMLESS_FORMS or (form == "number" and not text.isdigit())


def _is_fresh_word(text: str, key: KeyClass) -> bool:
    """Whether a text is a word of the contract that seldom comes twice: a reference, a digest, an instant.

    These are the values that the memory of clean values cannot help with, so they have the shortest way. A schema's id is
    the one word of most envelopes that the other forms would have to be compiled for.
    """
    start = text[:4]
    if start == "ref:":
        return grammar.public_form(text) == "reference"
    if start == "sha2":
        return grammar.DIGEST.fullmatch(text) is not None
    if start == "saas":
        return grammar.SCHEMA.fullmatch(text) is not None
    return (
        text[4:5] == "-" and text[10:11] == "T" and key.rule is None and _INSTANT.fullmatch(text) is not None
    )


def _digits(value: float) -> str:
    """Write a number down; integers too long for Python to write are written in hexadecimal."""
    return str(value) if type(value) is float or abs(value) < 10**30 else hex(int(value))


def _outranks(hit: Hit, rule: Rule) -> bool:
    """Whether what was found names a value better than the name it stands under does."""
    category = hit.rule.category
    if category in _OUTRANKS:
        # A token's own form says whose it is; "some JWT" or "some header" says less than the name of a credential.
        return rule.category not in CREDENTIALS or not hit.rule.id.startswith(_GENERIC)
    if hit.rule.id in _TELLING:
        return True
    if rule.category in _FILES:
        return bool(hit.layers) and category not in {"opaque", *_FILES}
    return hit.rule.id == "privacy.private-url.signed" and rule.category == "private-url"


def is_secretlike(text: str) -> bool:
    """Whether a value under a credential's name reads as a secret and not as a word, path or expression."""
    return (
        len(text) >= 8 and excess_bits(text) > 20 and not re.search(r"[(){}<>\[\]$ ]|\.\.|/.*/|::|->", text)
    )


def _is_ids(key: KeyClass) -> bool:
    return key.strength == "strong"


def _is_style(text: str) -> bool:
    """Whether a value is drawing instructions, lengths or colours."""
    return all(_STYLE_PIECE.fullmatch(piece) for piece in re.split(r"[\s,();:/]+", text))
