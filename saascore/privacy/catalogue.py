"""The catalogue of rules as a page: ``python -m saascore.privacy.catalogue > docs/scanner-rules.md``."""

from __future__ import annotations

import sys

from saascore.privacy.rule import CATEGORIES, Envelope, Header, Key, Magic, Pattern, Prefix, Rule, Shape, Url
from saascore.privacy.rules import RULES
from saascore.privacy.ruleset import RULESET_VERSION

_SHOWN = 12


def markdown() -> str:
    """Return every rule by category: what it looks for, whose shape it is, and why."""
    lines = [
        "# Rules of the privacy scanner",
        "",
        f"Rule set {RULESET_VERSION}, {len(RULES)} rules. This page is generated from the rules; `docs/privacy.md` says how they work.",
    ]
    for category in CATEGORIES:
        own = [rule for rule in RULES if rule.category == category]
        lines += [
            "",
            f"## {category}",
            "",
            "| rule | provider | looks for | profiles | why |",
            "|---|---|---|---|---|",
        ]
        lines += [_row(rule) for rule in own]
    return "\n".join(lines) + "\n"


def _row(rule: Rule) -> str:
    cells = (f"`{rule.id}`", rule.provider, _looks_for(rule), ", ".join(rule.profiles), rule.why)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _looks_for(rule: Rule) -> str:
    match rule.detector:
        case Prefix(literals=literals, least=least):
            return f"token: {_some(literals)} and at least {least} characters"
        case Key(phrases=phrases, strength=strength):
            return f"name ({strength}): {_some(phrases)}"
        case Url(hosts=hosts, query=query):
            return f"address: {_some(hosts or query)}"
        case Header(names=names):
            return f"header: {_some(names)}"
        case Envelope(keys=keys):
            return f"names together: {_some(keys)}"
        case Magic():
            return "first bytes, raw or encoded"
        case Pattern():
            return "pattern"
        case Shape(name=name):
            return f"test: {name}"


def _some(words: tuple[str, ...]) -> str:
    shown = ", ".join(f"`{word}`" for word in words[:_SHOWN])
    return shown + (f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else "")


if __name__ == "__main__":
    sys.stdout.write(markdown())
