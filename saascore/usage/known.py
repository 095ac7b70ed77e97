"""The words that a ledger's usage holds: an operator who corrects it hardly means another one."""

from __future__ import annotations

import json
from typing import Literal

from saascore.ledger import Ledger

Word = Literal["event_type", "plan_key", "unit", "source"]
_ORDER: tuple[Word, ...] = ("event_type", "plan_key", "unit", "source")  # as shape_label writes them


def known_words(ledger: Ledger) -> dict[Word, set[str]]:
    """Return every event type, plan, unit and source of the usage events in a ledger."""
    shapes = [json.loads(label) for (label,) in ledger.driver.rows("SELECT label FROM shapes")]
    return {word: {shape[place] for shape in shapes} for place, word in enumerate(_ORDER)}


def is_known_subject(ledger: Ledger, label: str) -> bool:
    """Tell whether a usage event in the ledger has this subject."""
    return bool(ledger.driver.rows("SELECT 1 FROM subjects WHERE label = ?", (label,)))


def known_dimensions(ledger: Ledger) -> set[str]:
    """Return the name of every dimension that a usage event in the ledger has."""
    shapes = (json.loads(label) for (label,) in ledger.driver.rows("SELECT label FROM shapes"))
    return {name for shape in shapes for name in shape[len(_ORDER) + 1]}
