"""What must be refused, by category: the offending values are drawn here, when a fixture is executed."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from saascore.contract.words import reference_check
from saascore.privacy.examples import expand
from saascore.privacy.rules import RULES

Record = Mapping[str, Any]
Way = Callable[[Record], dict[str, Any]]
_BASE32 = str.maketrans("0189", "abcd")
#: Examples of a category that one execution draws.
EXAMPLES = 6


def drawn_examples(category: str) -> list[bytes]:
    """Draw values of a privacy category from the examples of its rules, each in the form in which it leaks."""
    draw = random.Random(category)  # noqa: S311  examples, not secrets; seeded, so a fixture has one result
    templates = [
        (text, rule)
        for rule in RULES
        if rule.category == category and "artifact" in rule.profiles
        for text in rule.matches
    ]
    chosen = draw.sample(templates, min(EXAMPLES, len(templates)))
    drawn = (expand(text, rule, draw) for text, rule in chosen)
    return [value if isinstance(value, bytes) else value.encode() for value in drawn]


def planted(record: Record, value: bytes, *, ready: bool) -> Iterator[dict[str, Any]]:
    """Put a value where a record has a label, and beside its fields."""
    text = value.decode("utf-8", "replace")
    if ready:
        yield {**record, "event_type": text}
        yield {**record, "dimensions": {"channel": text}}
        yield {**record, "subject_label": text}
        yield {**record, "note": text}
    else:
        yield {**record, "unit": text}
        yield {**record, "plan": text}
        yield {**record, "event": text}


def usage_refusals(*, ready: bool) -> dict[str, Way]:
    """Return the ways of breaking a usage record, by category.

    Args:
        ready: The record is an envelope; else it is a product's row.
    """
    return _ENVELOPES if ready else _ROWS


def fact_refusals() -> dict[str, Way]:
    """Return the ways of breaking an operator's billing fact, by category."""
    return _FACTS


def raw_id(kind: str) -> str:
    """Draw an identifier as a provider spells it."""
    return f"{kind}_{secrets.token_hex(12)}"


_ENVELOPES: dict[str, Way] = {
    "float-quantity": lambda record: {**record, "quantity": 1.5},
    "exponent-quantity": lambda record: {**record, "quantity": "1e3"},
    "negative-usage": lambda record: {**record, "quantity": "-1"},
    "naive-time": lambda record: {**record, "occurred_at": record["occurred_at"].removesuffix("Z")},
    "missing-time": lambda record: {name: item for name, item in record.items() if name != "occurred_at"},
    "unknown-field": lambda record: {**record, "prompt": "a cat"},
    "raw-subject": lambda record: {**record, "subject_label": raw_id("user")},
    "raw-event-id": lambda record: {**record, "event_id": secrets.token_hex(16)},
    "raw-id-as-reference": lambda record: {
        **record,
        "subject_label": "ref:workspace:fixture:" + secrets.token_hex(13).translate(_BASE32),
    },
    "reference-of-another-key": lambda record: {**record, "event_id": _rekeyed(record["event_id"])},
    "plan-not-as-at-submission": lambda record: {
        **record,
        "plan_snapshot": {**record["plan_snapshot"], "plan_key": "another-plan"},
    },
    "adjustment-without-approval": lambda record: {**record, "entry_type": "adjustment"},
    "reversal-without-target": lambda record: {**record, "entry_type": "reversal", "quantity": "-1"},
}
_ROWS: dict[str, Way] = {
    "float-quantity": lambda row: {**row, "quantity": 1.5},
    "naive-time": lambda row: {**row, "occurred_at": row["occurred_at"].removesuffix("Z")},
    "unmapped-event": lambda row: {**row, "event": "an event nobody mapped"},
    "unmapped-plan": lambda row: {**row, "plan": "a plan nobody mapped"},
    "unknown-workspace": lambda row: {**row, "workspace": ""},
}

_FACTS: dict[str, Way] = {
    "operator-action-without-audit": lambda fact: {
        name: item for name, item in fact.items() if name != "audit"
    },
    "operator-action-without-approval": lambda fact: {
        **fact,
        "audit": {name: item for name, item in fact["audit"].items() if name != "approval"},
    },
    "raw-operator": lambda fact: {**fact, "audit": {**fact["audit"], "operator": raw_id("user")}},
    "raw-workspace": lambda fact: {**fact, "workspace": raw_id("ws")},
    "raw-subject": lambda fact: {**fact, "about": raw_id("grant")},
    "grant-without-end": lambda fact: {
        **fact,
        "signals": [
            {name: item for name, item in signal.items() if name not in {"effective_until", "lifetime"}}
            for signal in fact["signals"]
        ],
    },
    "content-of-another-id": lambda fact: {**fact, "specificity": 7},
    "amount-of-money": lambda fact: {**fact, "amount": 1900},
}


def _rekeyed(reference: str) -> str:
    kind, body = reference.split(":")[1], reference.rpartition(":")[2][:-2]
    stem = f"ref:{kind}:another:{body}"
    return stem + reference_check(stem)
