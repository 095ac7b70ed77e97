"""One value under its name: what a name allows, what it denies, and what default deny says otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable

from saascore.contract.labels import label_problem
from saascore.contract.wordlike import excess_bits
from saascore.privacy import grammar
from saascore.privacy.findings import Hit
from saascore.privacy.freetext import FreeText, is_short_id
from saascore.privacy.keys import NO_KEY, KeyClass
from saascore.privacy.ruleset import RuleSet, is_placeholder

MEMO_LENGTH = 96
MEMO_SIZE = 32_768

_SVG = re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9eE ,.%()+a-z#-]*")

# Rules of these categories name a value better than the name it stands under does.
_OUTRANKS = frozenset(
    ("provider-credential", "bearer-token", "webhook-secret", "image-bytes", "raw-webhook-payload")
)
_CREDENTIALS = frozenset(("provider-credential", "bearer-token", "webhook-secret"))
_FILES = frozenset(("storage-key", "provider-input-key", "generated-output-key", "image-bytes"))


class Inspector(FreeText):
    """Inspects leaves: strings and numbers under the names they stand under, and free text.

    Args:
        ruleset: The rules of a profile.
        structure: What to do with JSON found inside a string: it is parsed, walked, and its hits returned.
        public_words: More words that labels under an identifier's name may be made of.
    """

    def __init__(
        self,
        ruleset: RuleSet,
        structure: Callable[[str, int], list[Hit] | None],
        public_words: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(ruleset, structure)
        self._public_words = public_words
        self._clean: set[tuple[str, KeyClass]] = set()

    def value(self, text: str, key: KeyClass = NO_KEY, depth: int = 0) -> list[Hit]:
        """Inspect a string under a name; clean short ones are remembered, findings never."""
        if (text, key) in self._clean:
            return []
        hits = self.denied(text, key, depth) if key.rule is not None else self._allowed(text, key, depth)
        if not hits and len(text) <= MEMO_LENGTH:
            if len(self._clean) >= MEMO_SIZE:
                self._clean.clear()
            self._clean.add((text, key))
        return hits

    def number(self, value: float, key: KeyClass, *, counted: bool) -> list[Hit]:
        """Inspect a number under a name; ``counted`` says that a name above calls its values counts."""
        if key.rule is not None:
            if self.strict and self._raw_number(value, key, counted=counted):
                return [Hit(key.rule, repr(value))]
            return []
        if type(value) is float or counted or key.plural or key.allow in {"count", "style"}:
            return []
        if key.allow in {"time", "digest", "version"} and grammar.EPOCH.fullmatch(str(value)):
            return []
        limit = 1_000 if key.bare_id else 1_000_000
        return self.shape("long-number", str(value)) if abs(value) >= limit else []

    def _raw_number(self, value: float, key: KeyClass, *, counted: bool) -> bool:
        category = key.rule.category if key.rule else ""
        if (
            category in _FILES
            or category in {"gateway-metadata", "raw-webhook-payload"}
            or (key.plural and not _is_ids(key))
        ):
            return False
        if category in _CREDENTIALS or category == "personal-data":
            return abs(value) >= 1000 and not counted
        if type(value) is float and not value.is_integer():
            return False
        return key.strength == "strong" or (abs(value) >= 100 and not counted)

    def _allowed(self, text: str, key: KeyClass, depth: int) -> list[Hit]:
        kind = key.allow
        if kind:
            if kind == "commit" and grammar.COMMIT.fullmatch(text):
                return []
            if kind == "digest" and re.fullmatch(
                r"[0-9a-f]{20}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}", text
            ):
                return []
            if kind in {"count", "time", "version"} and (
                grammar.DECIMAL.fullmatch(text) if kind == "count" else grammar.EPOCH.fullmatch(text)
            ):
                return []
            if kind == "style" and len(text) < 65_536 and _SVG.fullmatch(text):
                return []
            if kind == "event-id":
                if grammar.UUID.fullmatch(text) or grammar.ULID.fullmatch(text):
                    return []
                return self._event_id(text, depth)
        return self.text(text, depth, key)

    def _event_id(self, text: str, depth: int) -> list[Hit]:
        """Search an event id or idempotency key for the ids that producers like to build it from."""
        hits = self.text(text, depth)
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

    def denied(self, text: str, key: KeyClass, depth: int) -> list[Hit]:
        """Inspect a value whose name triggers a rule: it is raw unless redacted or made of public words."""
        rule = key.rule
        if rule is None or self._harmless(text):
            return []
        hits = self.text(text, depth)
        better = [
            hit
            for hit in hits
            if hit.rule.category in _OUTRANKS or hit.rule.id.startswith("privacy.private-url.signed")
        ]
        if better and rule.category not in _CREDENTIALS:
            return better
        if not self.strict:
            if hits:
                return hits
            random = rule.category in _CREDENTIALS and " " not in text and is_secretlike(text)
            return [Hit(rule, text)] if random else []
        if key.strength == "weak":
            if hits or (is_short_id(text) and not self._is_public(text)):
                return [Hit(rule, text)]
            return []
        if self._is_public(text) and rule.category != "personal-data":
            return []
        if (
            rule.category in _FILES
            and "/" not in text
            and "." not in text
            and not hits
            and grammar.is_plain_name(text)
        ):
            return []
        if (
            " " in text.strip()
            and not hits
            and rule.category not in {"personal-data", *_CREDENTIALS, *_FILES, "raw-webhook-payload"}
            and grammar.is_plain_name(text)
        ):
            return []
        return [Hit(rule, text)]

    def _is_public(self, text: str) -> bool:
        if grammar.is_public_name(text):
            return True
        words = re.split(r"[._ -]", text.lower())
        return bool(self._public_words) and all(
            word in self._public_words or grammar.is_public_name(word) for word in words
        )

    def _harmless(self, text: str) -> bool:
        if is_placeholder(text):
            return True
        if text.startswith("op:"):
            return not label_problem(text[3:])
        if text.startswith("#/") or text in {"string", "integer", "number", "boolean", "object", "array"}:
            return True
        return grammar.public_form(text) in {
            "reference",
            "digest",
            "integrity",
            "nil",
            "schema",
            "run",
        } and bool(text)


def is_secretlike(text: str) -> bool:
    """Whether a value under a credential's name reads as a secret and not as a word, path or expression."""
    return (
        len(text) >= 8 and excess_bits(text) > 20 and not re.search(r"[(){}<>\[\]$ ]|\.\.|/.*/|::|->", text)
    )


def _is_ids(key: KeyClass) -> bool:
    return key.strength == "strong"
