"""The rules made ready: tables to look tokens, names, addresses and first bytes up in."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from saascore.contract.wordlike import excess_bits
from saascore.privacy.jsontext import Pairs
from saascore.privacy.keys import KeyClass, KeyTable
from saascore.privacy.layers import fold
from saascore.privacy.placeholder import is_filler, is_placeholder
from saascore.privacy.regex import regex
from saascore.privacy.rule import (
    Envelope,
    Header,
    Key,
    Magic,
    Pattern,
    Prefix,
    Profile,
    Rule,
    Shape,
    Url,
)
from saascore.privacy.rules import RULES

RULESET_VERSION = "1.0.0"

# A body that a prefix of ordinary names needs before it is an id: a digit in it, or letters that are no words.
_RANDOM_BITS = 9


class CompiledPattern(NamedTuple):
    """A pattern rule with its regular expression."""

    rule: Rule
    literal: str
    search: re.Pattern[str]
    validator: str


class RuleSet:
    """The rules of one profile.

    Args:
        profile: Rules of other profiles are left out.
        rules: The rules; the ones that come with saascore by default.
    """

    def __init__(self, profile: Profile, rules: tuple[Rule, ...] = RULES) -> None:
        self.profile = profile
        self.rules = tuple(rule for rule in rules if profile in rule.profiles)
        self.by_id = {rule.id: rule for rule in rules}
        self.shapes = {
            rule.detector.name: rule
            for rule in rules
            if isinstance(rule.detector, Shape) and profile in rule.profiles
        }
        self.keys = KeyTable(self._key_phrases())
        self.patterns = tuple(self._patterns())
        self.magic = tuple((rule, rule.detector) for rule in self.rules if isinstance(rule.detector, Magic))
        self._prefixes = self._prefix_table()
        self._hosts, self._queries = self._url_tables()
        self._headers, self._header_starts = self._header_tables()
        self._envelopes = [
            (rule, _tree(rule.detector)) for rule in self.rules if isinstance(rule.detector, Envelope)
        ]
        self._envelope_names = frozenset(name for _, (own, _) in self._envelopes for name in own)

    def _key_phrases(self) -> dict[str, KeyClass]:
        """Return what each phrase says; the first rule says it, and ``strong`` before ``weak`` before ``hint``."""
        table: dict[str, KeyClass] = {}
        for strength in ("hint", "weak", "strong"):
            for rule in reversed(self.rules):
                if isinstance(rule.detector, Key) and rule.detector.strength == strength:
                    table |= dict.fromkeys(rule.detector.phrases, KeyClass(rule=rule, strength=strength))
        return table

    def _patterns(self) -> Iterator[CompiledPattern]:
        for rule in self.rules:
            if isinstance(rule.detector, Pattern):
                detector = rule.detector
                yield CompiledPattern(
                    rule, detector.literal, regex(detector.regex, re.ASCII), detector.validator
                )

    def _prefix_table(self) -> dict[str, list[tuple[str, Rule, re.Pattern[str], bool]]]:
        table: dict[str, list[tuple[str, Rule, re.Pattern[str], bool]]] = {}
        for rule in self.rules:
            if not isinstance(rule.detector, Prefix):
                continue
            detector = rule.detector
            body = regex(f"([{detector.body}]{{{detector.least},{detector.most}}})(?![A-Za-z0-9])")
            for literal in detector.literals:
                table.setdefault(literal[:2], []).append((literal, rule, body, detector.random))
        for entries in table.values():
            entries.sort(key=lambda entry: -len(entry[0]))
        return table

    def prefixed(self, text: str, start: int) -> tuple[Rule, int] | None:
        """Find the prefix rule of a token that starts at ``start``, and where the token ends."""
        for literal, rule, body, random in self._prefixes.get(text[start : start + 2], ()):
            if text.startswith(literal, start):
                found = body.match(text, start + len(literal))
                if found is None or is_filler(found[1]):
                    continue
                if random and not _reads_random(found[1]):
                    continue
                return rule, found.end()
        return None

    def _url_tables(self) -> tuple[dict[str, list[tuple[Rule, Url]]], dict[str, Rule]]:
        hosts: dict[str, list[tuple[Rule, Url]]] = {}
        queries: dict[str, Rule] = {}
        for rule in self.rules:
            if isinstance(rule.detector, Url):
                for host in rule.detector.hosts:
                    hosts.setdefault(host, []).append((rule, rule.detector))
                if not rule.detector.hosts:
                    queries.update((name, rule) for name in rule.detector.query)
        return hosts, queries

    def addressed(self, url: str) -> Rule | None:
        """Find the rule that knows an address by its host or its query."""
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").lower()
        except ValueError:
            return None
        for part in (parts.query, parts.fragment):
            for item in re.split("[&;]", part) if part else ():
                name, _, value = item.partition("=")
                signed = self._queries.get(name.lower())
                if signed is not None and value and not is_placeholder(value) and (len(value) > 3):
                    return signed
        names = host.split(".")
        for start in range(len(names) - 1):
            suffix = ".".join(names[start:])
            shown = parts.path + ("?" if parts.query else "")
            whole = self._hosts.get(suffix, []) if start == 0 else []
            for rule, detector in whole + self._hosts.get("." + suffix, []):
                told = parts.path.split("/")
                elsewhere = detector.paths and not (
                    len(shown) > 1 and any(path in shown for path in detector.paths)
                )
                if elsewhere or _is_for_everybody(detector, names[:start], told, parts):
                    continue
                documented = detector.documented and self.profile == "docs"
                if documented:
                    told += [*names[:start], *re.split("[&;=#]", f"{parts.query}#{parts.fragment}")]
                if not (detector.identified or documented) or any(map(_has_id, told)):
                    return rule
        return None

    def _header_tables(self) -> tuple[dict[str, Rule], tuple[tuple[str, Rule], ...]]:
        whole: dict[str, Rule] = {}
        starts: list[tuple[str, Rule]] = []
        for rule in self.rules:
            if isinstance(rule.detector, Header):
                for name in rule.detector.names:
                    if name.endswith("*"):
                        starts.append((name[:-1], rule))
                    else:
                        whole.setdefault(name, rule)
        return whole, tuple(starts)

    @property
    def header_names(self) -> tuple[str, ...]:
        """Every header name, and every start of one."""
        return (*self._headers, *(start for start, _ in self._header_starts))

    def header(self, name: str) -> Rule | None:
        """Find the rule of a protocol header by its name."""
        lower = fold(name).lower().replace("_", "-")
        found = self._headers.get(lower)
        if found is None:
            found = next((rule for start, rule in self._header_starts if lower.startswith(start)), None)
        return found

    def may_be_envelope(self, names: frozenset[str]) -> bool:
        """Whether an object of these names may be a webhook's body."""
        return bool(self._skeletons(names))

    def _skeletons(self, names: frozenset[str]) -> tuple[tuple[Rule, tuple[tuple[str, str], ...]], ...]:
        if self._envelope_names.isdisjoint(names):
            return ()
        return tuple((rule, nested) for rule, (own, nested) in self._envelopes if own <= names)

    def envelope(self, members: Sequence[tuple[str, object]]) -> Rule | None:
        """Find the webhook skeleton that an object's names, and those of its children, hold."""
        candidates = self._skeletons(frozenset(name for name, _ in members))
        for rule, nested in candidates:
            if all(_has_child(members, parent, child) for parent, child in nested):
                return rule
        return None


def _has_child(members: Sequence[tuple[str, object]], parent: str, child: str) -> bool:
    for name, value in members:
        if name == parent:
            names = [member[0] for member in value] if isinstance(value, Pairs) else value
            if isinstance(names, (list, Mapping)) and child in names:
                return True
    return False


def _tree(detector: Envelope) -> tuple[frozenset[str], tuple[tuple[str, str], ...]]:
    own = frozenset(name.split(".")[0] for name in detector.keys)
    nested = tuple(
        (parent, child) for parent, _, child in (name.partition(".") for name in detector.keys) if child
    )
    return own, nested


def _is_for_everybody(detector: Url, above: list[str], path: list[str], parts: SplitResult) -> bool:
    """Whether an address is a page that everybody may read: no tenant's host, no query and no identifier in its path."""
    if parts.query or parts.fragment or any(map(_has_id, path)) or len(above) > 1:
        return False
    if above and above[0] in detector.sites:
        return True
    return (not above or above == ["www"]) and len(path) > 1 and path[1] in detector.pages


def _has_id(part: str) -> bool:
    """Whether one part of an address's path reads as an identifier, and not as the version of an interface."""
    if _API_VERSION.fullmatch(part) or is_filler(part):
        return False
    return sum(map(str.isdigit, part)) > 2 or excess_bits(part) > 12


_API_VERSION = regex(r"v[0-9]{1,2}(?:beta[0-9]?)?|20[0-9-]{2,8}")


def _reads_random(body: str) -> bool:
    digits = sum(character.isdigit() for character in body)
    if (
        digits
        and not (digits == 4 and body[-4:].isdigit() and body[:-4].isalpha())
        and not body.startswith("20")
    ):
        return digits == len(body) or len(body) > 5 or excess_bits(body) >= 6
    return excess_bits(body) >= _RANDOM_BITS


@cache
def builtin(profile: Profile) -> RuleSet:
    """Return the rules that come with saascore, made ready for a profile."""
    return RuleSet(profile)


@cache
def ruleset_digest() -> str:
    """Return the digest of the rules that come with saascore: equal rules, equal digest."""
    rows = sorted(
        (rule.id, type(rule.detector).__name__, repr(rule.detector._asdict()), rule.profiles)
        for rule in RULES
    )
    return "sha256:" + hashlib.sha256(json.dumps(rows).encode("utf-8")).hexdigest()
