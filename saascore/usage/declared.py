"""The short way of a row whose mapping is stated as data: no draft is made where everything but the row's own was seen before.

What is not seen before, or is wrong in any way, goes the way of every hook; so the answers are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from saascore.contract.instants import parse_instant
from saascore.contract.words import MAX_COUNT
from saascore.errors import SaascoreError
from saascore.hookspecs.mapping import Pick
from saascore.privacy.references import identity
from saascore.usage.memory import Memory
from saascore.usage.picked import Picked, amount
from saascore.usage.template import Template
from saascore.usage.verdict import Refusal

PickRow = Callable[[Mapping[str, Any]], Picked | Refusal]


def short_way(pick: Pick, by_hook: PickRow, *, resolved_at: str) -> PickRow:
    """Return a function that picks what ``by_hook`` picks, in half the time.

    Args:
        pick: What the mapping compiles to.
        by_hook: The way of every hook.
        resolved_at: When plans count as resolved.
    """
    templates: Memory[Template] = Memory()
    subjects: Memory[str] = Memory()

    def pick_row(record: Mapping[str, Any]) -> Picked | Refusal:
        try:
            labels, key, quantity, occurred_at, claims, sequence = pick(record)
            known = (
                templates[labels],
                identity(key),
                parse_instant(occurred_at),
                resolved_at,
                amount(quantity),
                sequence,
                subjects[claims],
            )
            if known[4][1] >= 0 and (
                sequence is None or (type(sequence) is int and 0 <= sequence <= MAX_COUNT)
            ):
                return known
        except (LookupError, TypeError, ValueError, SaascoreError):
            pass
        answer = by_hook(record)
        if type(answer) is not Refusal:
            with suppress(TypeError):  # a value that cannot be a key is not remembered
                labels, _, _, _, claims, _ = pick(record)
                templates.remember(labels, answer[0])
                subjects.remember(claims, answer[6])
        return answer

    return pick_row
