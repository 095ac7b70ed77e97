"""The audit summary: how plan sources were written in a window, by whom, why and with whose approval."""

from __future__ import annotations

import json
from collections import Counter

from saascore.contract.ops import AuditSummary, OperatorCount
from saascore.contract.window import Window
from saascore.contract.words import Mode
from saascore.ledger import Ledger

MOST_REASONS = 256


def audit_summary(ledger: Ledger, *, window: Window, as_of: int, mode: Mode = "live") -> AuditSummary:
    """Count the journal's rows that were recorded in a window.

    Args:
        ledger: Its journal is read up to ``as_of``.
        window: By the time of recording, for the journal tells what was believed when.
        as_of: A position.
        mode: Rows of the other mode are left aside.
    """
    actors: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    operators: Counter[str] = Counter()
    approved = superseded = 0
    for row in ledger.journal(as_of=as_of):
        write = json.loads(row.body)
        audit = write["audit"]
        if write["mode"] != mode or not window.holds(audit["recorded_at"]):
            continue
        actors[audit["actor_kind"]] += 1
        kinds[write["source_kind"]] += 1
        reasons[audit["reason"]] += 1
        approved += "approval" in audit
        superseded += "supersedes" in write
        if "operator" in audit:
            operators[audit["operator"]] += 1
    return AuditSummary(
        window=window,
        as_of=as_of,
        actor_kinds=dict(sorted(actors.items())),
        source_kinds=dict(sorted(kinds.items())),
        reasons=_most(reasons),
        with_approval=approved,
        without_approval=actors.total() - approved,
        superseded=superseded,
        operators=tuple(
            OperatorCount(operator=name, count=count) for name, count in _most(operators).items()
        ),
    )


def _most(counts: Counter[str]) -> dict[str, int]:
    ranked = sorted(counts, key=lambda word: (-counts[word], word))[:MOST_REASONS]
    return {word: counts[word] for word in sorted(ranked)}
