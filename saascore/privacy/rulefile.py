"""Rules and public words of a product, read from a JSON file and linted before they are used."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from saascore.errors import SaascoreError
from saascore.privacy.examples import expand
from saascore.privacy.jsontext import decode_unique
from saascore.privacy.lint import problems
from saascore.privacy.rule import CATEGORIES, Header, Key, Pattern, Prefix, Rule, Url


def _key(phrases: tuple[str, ...], **more: Any) -> Key:
    return Key(tuple(" ".join(phrase.split()) for phrase in phrases), **more)


_DETECTORS: Mapping[str, Callable[..., Any]] = {
    "prefix": Prefix,
    "key": _key,
    "url": Url,
    "header": Header,
    "pattern": Pattern,
}
_ID = re.compile(r"privacy\.([a-z-]{3,32})\.[a-z0-9-]{2,48}")
_WORD = re.compile(r"[a-z][a-z0-9]{1,31}")


class RuleFile(NamedTuple):
    """What a rule file adds.

    Args:
        rules: More rules; none of saascore's own can be taken away.
        public_words: More words that labels under an identifier's name may be made of.
    """

    rules: tuple[Rule, ...]
    public_words: frozenset[str]


def parse(text: str) -> RuleFile:
    """Read a rule file.

    The form is ``{"public_words": ["acme"], "rules": [{"id": "privacy.opaque.acme-id", "why": "...", "detector":
    {"type": "prefix", "literals": ["acm_"], "least": 12}, "matches": ["acm_{b62:16}", ...], "passes": [...]}]}``.

    Raises:
        SaascoreError: SCN-001, naming the rule by its place and what is wrong with it.
    """
    try:
        data = decode_unique(text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise SaascoreError("SCN-001", detail="not a JSON object")
    words, rows = data.get("public_words", []), data.get("rules", [])
    if not isinstance(words, list) or not all(
        isinstance(word, str) and _WORD.fullmatch(word) for word in words
    ):
        raise SaascoreError("SCN-001", where="public_words", detail="lower-case words of letters and digits")
    if not isinstance(rows, list):
        raise SaascoreError("SCN-001", where="rules", detail="a list")
    return RuleFile(tuple(_rule(row, place) for place, row in enumerate(rows, start=1)), frozenset(words))


def _rule(row: Any, place: int) -> Rule:
    try:
        detector = dict(row["detector"])
        made = _DETECTORS[detector.pop("type")](**{name: _tuples(value) for name, value in detector.items()})
        rule = Rule(
            row["id"],
            made,
            row["why"],
            tuple(row["matches"]),
            tuple(row["passes"]),
            profiles=("artifact", "docs"),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise SaascoreError(
            "SCN-001", where=f"rule {place}", detail="id, why, detector, matches, passes"
        ) from None
    named = _ID.fullmatch(rule.id) if isinstance(rule.id, str) else None
    if named is None or named[1] not in CATEGORIES:
        raise SaascoreError("SCN-001", where=f"rule {place}", detail="an id privacy.<category>.<name>")
    if isinstance(made, Pattern) and (wrong := problems(made.regex)):
        raise SaascoreError("SCN-001", where=f"rule {place}", detail=", ".join(wrong))
    if len(rule.matches) < 2 or len(rule.passes) < 2:
        raise SaascoreError("SCN-001", where=f"rule {place}", detail="two examples each way")
    return rule


def check_examples(rules: tuple[Rule, ...]) -> None:
    """Run the examples of rules that came from a file.

    Raises:
        SaascoreError: SCN-001, naming the first rule whose examples do not hold.
    """
    from saascore.privacy.ruleset import RuleSet  # noqa: PLC0415  the rule set is made of rules, not the reverse
    from saascore.privacy.scanner import Scanner  # noqa: PLC0415  as above

    scanner = Scanner("artifact", ruleset=RuleSet("artifact", rules))
    for rule in rules:
        draw = random.Random(rule.id)  # noqa: S311  examples are no secrets
        for example, wanted in (*((e, True) for e in rule.matches), *((e, False) for e in rule.passes)):
            text = expand(example, rule, draw)
            found = rule.id in {finding.rule for finding in scanner.scan_text(str(text))}
            if found is not wanted:
                raise SaascoreError("SCN-001", where=rule.id, detail="its examples do not hold")


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
