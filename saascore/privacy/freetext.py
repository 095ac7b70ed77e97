"""Free text against the rules: escapes, patterns, pairs, mentions, and then every token."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from saascore.contract.labels import label_problem
from saascore.contract.wordlike import excess_bits
from saascore.contract.words import REFERENCE
from saascore.privacy import grammar, layers, personal
from saascore.privacy.findings import Hit
from saascore.privacy.keys import NO_KEY, KeyClass
from saascore.privacy.placeholder import is_filler, is_placeholder
from saascore.privacy.regex import regex
from saascore.privacy.rule import Rule
from saascore.privacy.ruleset import RuleSet
from saascore.privacy.tokens import EDGE_END, URL, Tokens

_TOKEN = regex(r"[^\s\"'<>()\[\]{},;|`\\]+")
_PAIRED = (
    r"(?:[\"'`*]{0,4}\]?[ \t]{0,3}(?:=>|:=|[:=]|<<<)\*{0,2}|(?=`[ \t]{1,2}(?:\| |is |was )?`)`[ \t]{1,2}(?:\| |is |was )?)[ \t]{0,8}"
    # What is a pair itself is read as one.
    r"(?!(?!sha(?:1|256|512)=|ts?=|v1=|h1=)[A-Za-z_][A-Za-z0-9_.-]{0,63}(?:=|:[ \t]|\{[A-Za-z_]))"
    r"(?:[bf]?\"([^\"\n]{0,4096})\"|[bf]?'([^'\n]{0,4096})'|`([^`\n]{0,4096})`|([^\s\"',;&<>)\]}`]{1,4096}))"
)
_PAIR = regex(
    r"(?<![A-Za-z0-9_.$-])(?:--)?[\"'`]?([A-Za-z_$][A-Za-z0-9_.-]{0,63}|[A-Za-z]{1,20} [A-Za-z]{1,12})"
    + _PAIRED
)
# The same with names of any script; only lines that need it pay for it.
_ANY_PAIR = regex(r"(?<![\w.$-])(?:--)?[\"'`]?([^\W\d][\w.-]{0,63}|[^\W\d_]{1,20} [^\W\d_]{1,12})" + _PAIRED)
_NAME_BEFORE = regex(r"((?:[A-Za-z]{1,20} ){0,3}[A-Za-z][A-Za-z0-9_-]{0,63})[ \t]{1,2}[\"'`#(]{0,2}$")
# What a bare id is of: workspace(id: ...), User(id=...), workspace { id = ... }.
_CALLED = regex(r"([A-Za-z_][A-Za-z0-9_]{0,63})[ \t]?[({][ \t]?[\"'`]?$")
_PAIR_END = regex(r"[\s,;\"'`)\]}]|$")
_IMAGE_USER = regex(r"\s*USER[ \t]+[0-9]{1,10}(?::[0-9]{1,10})?\s*")  # of a Dockerfile
_REFERENCE = regex(REFERENCE)
_DATA_URI = regex(
    r"data:text/[a-z0-9.+-]{1,40}(?:;charset=[a-zA-Z0-9-]{1,20})?(;base64)?,([^\s\"'<>)]{4,65536})"
)
CREDENTIALS = frozenset(("provider-credential", "bearer-token", "webhook-secret"))
# What is named so is raw as a whole, whatever is in it.
WHOLE = frozenset(("raw-webhook-payload", "gateway-metadata"))
# Values that _PAIR reads only the start of: a text with escaped quotes, an object.
_ESCAPED = regex(r'(?:[^"\\\n]|\\.){0,4096}')
_OBJECT = regex(r"\{[^{}\n]{1,4096}\}")
# Kinds of names that let values pass which would not pass alone.
# How many pairs may stand in one another's values: digest: sha256:...; what is deeper is a token of its own.
_MAX_WITHIN = 4
_LETTING = frozenset(("commit", "digest", "count", "time", "version", "event-id"))
_SCHEME = regex(r"(?i:bearer|basic|token|digest|negotiate)(?:[ \t]+|$)")
_MENTION = regex(
    r"\b(users?|customers?|accounts?|subscriptions?|workspaces?|tenants?|members?|owners?|actors?|orgs?|organizations?|invoices?|orders?|predictions?|jobs?|executions?|requests?|runs?|sessions?|projects?|teams?)"
    r"([ _-](?:id|ids|uuid|no|nr|number|ref|key)\.?)?[ \t]?(?:[:#=(]{1,2}[ \t]?)?#?([A-Za-z0-9][A-Za-z0-9_-]{2,63})",
    re.IGNORECASE,
)


# What follows the first of several ids: "users 4375, 4376 and 4377".
_LISTED = regex(r"(?:[ \t]*[,/&][ \t]*|[ \t]+(?:and|or)[ \t]+)#?[0-9]{3}")
_TABLE_ROW = regex(r"[ \t]*[A-Za-z]+(?:[ \t]+[-+$]?[0-9][0-9.,]{0,20}[%x]?){2,32}\s*")


class _Cover:
    """Stretches of a text that are judged already; asked for by ascending position, so that it stays linear."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = sorted(spans, reverse=True)
        self._end = 0

    def holds(self, position: int) -> bool:
        """Whether a position lies in one of them."""
        while self._spans and self._spans[-1][0] <= position:
            self._end = max(self._end, self._spans.pop()[1])
        return position < self._end


class FreeText(Tokens):
    """The rules that look at a stretch of text.

    Args:
        ruleset: The rules of a profile.
        structure: Reads a text that has structure (JSON, several lines) and returns its hits, else ``None``.
        unpack: Reads compressed data or an archive and returns its hits, else ``None``.
    """

    def __init__(
        self,
        ruleset: RuleSet,
        structure: Callable[[str], list[Hit] | None],
        unpack: Callable[[bytes], list[Hit] | None],
    ) -> None:
        super().__init__(ruleset)
        self._structure = structure
        self._unpack = unpack
        self._depth = 0
        self._expanded = 0
        self._within = 0

    @abstractmethod
    def denied(self, text: str, key: KeyClass) -> list[Hit]:
        """Inspect a value whose name triggers a rule."""

    @abstractmethod
    def value(self, text: str, key: KeyClass) -> list[Hit]:
        """Inspect a string under a name."""

    @abstractmethod
    def number(self, value: float, key: KeyClass, *, counted: bool) -> list[Hit]:
        """Inspect a number under a name."""

    def inner(self, text: str, *layer: str) -> list[Hit]:
        """Inspect what was found one layer deeper, whatever its format."""
        hits = self._deeper(text)
        if hits is None:
            self._depth += 1
            try:
                hits = self.text(text)
            finally:
                self._depth -= 1
        return [Hit(hit.rule, hit.found, 0, (*layer, *hit.layers)) for hit in hits]

    def _deeper(self, text: str) -> list[Hit] | None:
        """Read a text by its structure, within the limits of depth and size; ``None`` where it has none."""
        if self._depth >= layers.MAX_DEPTH or self._expanded > layers.MAX_EXPANDED:
            return self.shape("limit", "")
        self._depth += 1
        self._expanded += len(text)
        try:
            return self._structure(text)
        finally:
            self._depth -= 1
            self._expanded = self._expanded if self._depth else 0

    def unpacked(self, data: bytes) -> list[Hit] | None:
        """Inspect compressed data or an archive, within the limits of depth."""
        if self._depth >= layers.MAX_DEPTH:
            return self.shape("limit", "")
        self._depth += 1
        try:
            return self._unpack(data)
        finally:
            self._depth -= 1

    def text(self, text: str, key: KeyClass = NO_KEY) -> list[Hit]:
        """Inspect free text: escapes, patterns, pairs and every token."""
        if len(text) < 3:
            return []
        hits: list[Hit] = []
        folded = layers.fold(text)
        changed = folded != text
        for hit in self._plain_text(folded, key):
            hits += [Hit(hit.rule, hit.found, hit.start, ("unicode", *hit.layers)) if changed else hit]
        if "data:" in folded:
            for shown in _DATA_URI.finditer(folded):
                payload = shown[2] if shown[1] is None else ""
                peeled = (
                    self.peeled(shown[2], shown.start())
                    if shown[1]
                    else self.inner(unquote(payload, errors="replace"), "data-uri")
                )
                hits += [Hit(hit.rule, hit.found, shown.start(), hit.layers) for hit in peeled or ()]
        for layer, inner in layers.unescaped(folded):
            if inner != folded and not folded.startswith("data:text"):
                hits += self.inner(inner, layer)
        return _named_first(hits)

    def _plain_text(self, text: str, key: KeyClass) -> Iterator[Hit]:
        if "ref:" in text:
            # A reference is public wherever it stands; same length, so that places stay right.
            text = _REFERENCE.sub(
                lambda found: (
                    "[redacted]".ljust(len(found[0])) if grammar.public_form(found[0]) else found[0]
                ),
                text,
            )
        first = text.lstrip()[:1]
        if (first and first in '{["') or "\n" in text or text.count("&") > 2:
            structured = self._deeper(text)
            if structured is not None:
                yield from (Hit(hit.rule, hit.found, 0, ("json", *hit.layers)) for hit in structured)
                return
        judged = [*(self._addresses(text) if "://" in text else ()), *self._patterns(text)]
        yield from judged
        passed: list[tuple[int, int]] = []
        if ":" in text or "=" in text or "`" in text or "<<<" in text:
            inside = _Cover([_span(hit) for hit in judged if hit.rule.category == "private-url"])
            for hit in self._pairs(text, passed):
                if hit.rule.category in CREDENTIALS or not inside.holds(hit.start):
                    judged.append(hit)
                    yield hit
        if self.strict:
            yield from self._mentions(text)
        yield from self._tokens(text, key, _Cover([*map(_span, judged), *passed]))

    def _tokens(self, text: str, key: KeyClass, judged: _Cover) -> Iterator[Hit]:
        for found in _TOKEN.finditer(text):
            if len(found[0]) > 3 and not judged.holds(found.start()):
                for hit in self.token(text, found[0], found.start(), key):
                    yield self._named(text, hit) if hit.rule.category == "opaque" else hit

    def _named(self, text: str, hit: Hit) -> Hit:
        """Give what default deny found the name that stands before it: "no row for owner_id X", "gateway log X"."""
        before = _NAME_BEFORE.search(text, max(0, hit.start - 120), hit.start)
        for name in (before[1], before[1] + " id") if before else ():
            key = self.rules.keys.read(name)
            if key.rule is not None and key.strength == "strong" and not key.plural:
                return Hit(key.rule, hit.found, hit.start, hit.layers)
        return hit

    def _addresses(self, text: str) -> Iterator[Hit]:
        """Find addresses that a rule knows; what stands in their query belongs to them."""
        for found in _TOKEN.finditer(text):
            token, start = found[0], found.start()
            if "://" not in token or not (scheme := URL.search(token)):
                continue
            address = token[scheme.start() :].rstrip(EDGE_END)
            if rule := self.rules.addressed(address):
                yield Hit(rule, address, start + scheme.start())

    def _patterns(self, text: str) -> Iterator[Hit]:
        for rule, literal, pattern, validator in self.rules.patterns:
            if literal in text:
                for found in pattern.finditer(text):
                    shown = found[found.lastindex or 0]
                    if validator == "random" and (is_filler(shown) or excess_bits(shown) < 8):
                        continue
                    if is_placeholder(shown):
                        continue
                    # The shape of the token says more than the words before it.
                    inside = self.prefixed(shown, found.start(found.lastindex)) if found.lastindex else []
                    yield from inside or [Hit(rule, found[0], found.start())]
        spotted = personal.spot(text) if self.strict else personal.spot_cards(text)
        for name, shown, start in spotted:
            yield from self.shape(name, shown, start)

    def _pairs(self, text: str, passed: list[tuple[int, int]]) -> Iterator[Hit]:
        """``key=value`` and ``key: value`` inside text: YAML, logfmt, headers, source, prose.

        Values that their name lets pass, where they alone would not, are added to ``passed``.
        """
        at = 0
        pattern = _PAIR if text.isascii() else _ANY_PAIR
        while found := pattern.search(text, at):
            at = found.end()
            name, start = found[1], found.start(found.lastindex or 0)
            value = _whole_value(text, start, found[2] or found[3] or found[4] or found[5] or "")
            if not value or text.startswith("//", start):
                continue
            header = self.rules.header(name)
            if header is not None:
                yield from self._header(header, value, start)
                continue
            key = self._read(text, name, found.start(1))
            if key.rule is None:
                at = at if found[5] else start  # what is quoted may hold pairs itself
                if self._lets_pass(value, key):
                    # A token that is the whole pair (max-age=31536000) has passed with its value.
                    ended = _PAIR_END.match(text, start + len(value))
                    passed.append((found.start(1) if ended else start, start + len(value)))
                continue
            if value.isdigit():
                if self.number(int(value[:18]), key, counted=False):
                    yield Hit(key.rule, value, start)
                continue
            quoted = found[5] is None or value.startswith('{"')
            if (
                self.strict
                and not quoted
                and (grammar.is_plain_name(value.rstrip(".:!?")) or is_code(text, value))
            ):
                continue
            for hit in self.denied(value.rstrip(".:!?"), key):
                yield Hit(hit.rule, hit.found, start, hit.layers)

    def _lets_pass(self, value: str, key: KeyClass) -> bool:
        """Whether a name lets a value pass that would not pass alone."""
        shown = value.rstrip(".:!?")
        if key.allow not in _LETTING or len(shown) < 7 or " " in shown or self._within == _MAX_WITHIN:
            return False
        self._within += 1
        try:
            return not self.value(shown, key)
        finally:
            self._within -= 1

    def _read(self, text: str, name: str, start: int) -> KeyClass:
        """Read the name of a pair; a bare id with what it is called of, ``workspace(id: ...)``."""
        key = self.rules.keys.read(name)
        of = _CALLED.search(text, max(0, start - 70), start) if key.bare_id else None
        return self.rules.keys.read(name, of[1]) if of else key

    def _header(self, rule: Rule, value: str, start: int) -> Iterator[Hit]:
        """Inspect a protocol header's value; a gateway's header tells by being there at all."""
        shown = _SCHEME.sub("", value)
        if is_placeholder(shown) and not (
            rule.category == "gateway-metadata" and shown.startswith("{") and len(shown) > 1 and shown != "{}"
        ):
            return
        if rule.category == "gateway-metadata" or not (
            grammar.is_public_name(shown) or grammar.is_plain_name(shown)
        ):
            yield from self.prefixed(value, start) or [Hit(rule, value, start)]

    def _mentions(self, text: str) -> Iterator[Hit]:
        """``customer 884213`` in prose: a kind, then what looks like its id."""
        for found in _MENTION.finditer(text):
            shown = found[3]
            if shown.isdigit() and _counts(text, found):
                continue
            if (
                not any(map(str.isdigit, shown))
                or (not shown.isdigit() and not is_short_id(shown))
                or grammar.public_form(shown)
            ) and not (shown.isdigit() and len(shown) >= 4):
                continue
            if shown.isdigit() and (len(shown) < 4 or (len(shown) == 4 and shown.startswith("20"))):
                continue
            if label_problem(shown.lower()) is None and not shown.isdigit():
                continue
            if _IMAGE_USER.fullmatch(text):
                continue
            key = self.rules.keys.read(found[1].lower().rstrip("s") + "_id")
            if key.rule is not None:
                yield Hit(key.rule, shown, found.start(3))


def _counts(text: str, mention: re.Match[str]) -> bool:
    """Whether a number after a kind counts its things: ``customers: 4375``, or a row of a table, ``team 4375 72.0%``."""
    if mention[2] or "#" in mention[0]:
        return False
    if mention[1].lower().endswith("s"):
        return not _LISTED.match(text, mention.end())
    return len(text) < 400 and _TABLE_ROW.fullmatch(text) is not None


def _whole_value(text: str, start: int, value: str) -> str:
    """Read on where only the start of a value was read: of a text with escaped quotes, of an object.

    What is read ends before the next value of the kind can start, so that the whole stays linear.
    """
    inside = value.endswith("\\") and text[start - 1] == '"'
    if inside and (escaped := _ESCAPED.match(text, start)):
        return escaped[0].replace('\\"', '"')
    found = _OBJECT.match(text, start) if value == "{" else None
    return found[0] if found else value


def _span(hit: Hit) -> tuple[int, int]:
    return hit.start, hit.start + len(hit.found)


def is_code(text: str, value: str) -> bool:
    """Whether an unquoted value in free text is an expression or a type rather than a value."""
    return (
        bool(re.fullmatch(r"[A-Za-z_][A-Za-z_.]*(?:[(\[].*)?|[A-Za-z_.]+\??", value))
        and grammar.is_plain_name(re.split(r"[(\[]", value)[0])
        and bool(text)
    )


def is_short_id(text: str) -> bool:
    """Whether a short text reads as an id: a digit beside few letters, or no words at all."""
    if " " in text.strip() or len(text) > 64:
        return False
    digits = sum(character.isdigit() for character in text)
    if not digits:
        return excess_bits(text) >= 9 or (len(text) > 7 and not grammar.reads_as_words(text))
    if text.isdigit():
        return len(text) > 1
    return label_problem(text.lower()) is not None or digits >= 3 or (digits >= 1 and len(text) <= 6)


def _named_first(hits: list[Hit]) -> list[Hit]:
    """Drop default deny's answers where a rule with a better name found something at the same place."""
    if len(hits) < 2:
        return hits
    named = [hit for hit in hits if hit.rule.category != "opaque"]
    kept = named or hits
    if named:
        places = {hit.start for hit in named}
        kept = named + [
            hit
            for hit in hits
            if hit.rule.category == "opaque" and hit.start not in places and not any(h.layers for h in named)
        ]
    unique: dict[tuple[str, int, tuple[str, ...]], Hit] = {}
    for hit in kept:
        unique.setdefault((hit.rule.id, hit.start, hit.layers), hit)
    return list(unique.values())
