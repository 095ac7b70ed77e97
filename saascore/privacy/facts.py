"""The scanner in the two flows: what an adapter words freely is scanned in profile ``event`` before it is a fact.

References, digests, instants and amounts are made by core and proven by the models; what is left are labels, and a
product has few combinations of them. So a combination is scanned once and the cost does not grow with the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple, TypeVar

from saascore.contract.model import Contract
from saascore.errors import SaascoreError
from saascore.privacy.findings import Finding
from saascore.privacy.scanner import Scanner

_REMEMBERED = 65_536
Fact = TypeVar("Fact", bound=Contract)


class Unfit(NamedTuple):
    """Why a fact may not be: the rules that found something, and the fields where. Holds no value.

    Args:
        rules: Ids of rules, in order of place.
        fields: Names of the fact's own fields, for example ``dimensions``.
    """

    rules: tuple[str, ...]
    fields: tuple[str, ...]

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> Unfit | None:
        """Return what findings say of a fact; ``None`` where there are none."""
        rules = {finding.rule: None for finding in findings}
        fields = {finding.pointer.split("/")[1]: None for finding in findings if finding.pointer}
        return cls(tuple(rules), tuple(fields)) if rules else None


def unfit(fact: Contract) -> Unfit | None:
    """Say why a valid fact may not be kept or published, or ``None`` where it may."""
    return Unfit.of(Scanner("event").scan_json(fact))


def unfit_label(field: str, label: str) -> Unfit | None:
    """Say why a label may not stand in a field, or ``None`` where it may."""
    return Unfit.of(Scanner("artifact").scan_json({field: label}))


def fit(fact: Fact) -> Fact:
    """Return a valid fact that may be kept and published.

    Raises:
        SaascoreError: ``CON-001``, naming the fields and the rules that found something in them.
    """
    if problem := unfit(fact):
        detail = f"{', '.join(problem.fields)}: {', '.join(problem.rules)}"
        raise SaascoreError("CON-001", where=type(fact).__name__, detail=detail)
    return fact


class Fits:
    """Remembers which combinations of words facts may hold. Only what passed is remembered.

    Args:
        words: Returns what varies from fact to fact and is not made by core.
    """

    def __init__(self, words: Callable[[Any], Hashable]) -> None:
        self._words = words
        self._passed: set[Hashable] = set()

    def unfit(self, fact: Contract) -> Unfit | None:
        """Say why a valid fact may not be kept or published, or ``None`` where it may."""
        words = self._words(fact)
        if words in self._passed:
            return None
        problem = unfit(fact)
        if problem is None:
            if len(self._passed) >= _REMEMBERED:
                self._passed.clear()
            self._passed.add(words)
        return problem
