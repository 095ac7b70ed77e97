"""Checking a fixture: first what it must be, then every stage executed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from saascore.adapters import Registry
from saascore.contract.fixtures import AcceptanceFixture
from saascore.errors import SaascoreError, os_reason
from saascore.packet.fixture_entitlements import EntitlementRun
from saascore.packet.fixture_rules import broken_rules
from saascore.packet.fixture_usage import UsageRun
from saascore.packet.stage import StageResult

SHAPE = "shape"


@dataclass(frozen=True, slots=True)
class Checked:
    """One fixture's answer: each stage's result, the rules first."""

    name: str
    candidate: str
    kind: str
    results: tuple[StageResult, ...]
    envelopes: frozenset[str]

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not any(result.problems for result in self.results)


def check_fixture(path: Path, *, registry: Registry, forbidden: Iterable[str] = ()) -> Checked:
    """Read a fixture, check what it must be, and execute its stages.

    Args:
        path: The file.
        registry: The installed adapters, whose product names a core fixture may not contain.
        forbidden: More words that may not occur.

    Raises:
        SaascoreError: ``INP-002`` where the file cannot be read, ``FIX-001`` where it is no fixture.
    """
    fixture, raw = read_fixture(path)
    broken = tuple(broken_rules(fixture, raw, name=path.name, registry=registry, forbidden=forbidden))
    results = [StageResult("rules", 6, broken)]
    run = UsageRun(fixture) if fixture.candidate == "usage-event-ledger" else EntitlementRun(fixture)
    try:
        results.extend(run.results())
    except SaascoreError as error:
        results.append(StageResult("execution", 1, (f"{error.code} {error.entry.title}",)))
    return Checked(path.name, fixture.candidate, fixture.kind, tuple(results), run.shape)


def read_fixture(path: Path) -> tuple[AcceptanceFixture, bytes]:
    """Read a fixture and its bytes; raises as :func:`check_fixture` does."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SaascoreError("INP-002", detail=os_reason(error)) from None
    try:
        return AcceptanceFixture.parse_json(raw), raw
    except SaascoreError as error:
        raise SaascoreError("FIX-001", where=path.name, detail=error.detail) from None


def same_shape(checked: Iterable[Checked]) -> Iterator[tuple[Checked, StageResult]]:
    """Compare the envelopes of second products with those of the core fixture of the same candidate.

    Yields:
        A result for each second-product fixture: a field that the core fixture's envelopes do not have is a problem.
    """
    every = list(checked)
    core = {item.candidate: item for item in every if item.kind == "core"}
    for item in every:
        if item.kind != "second-product" or item.candidate not in core:
            continue
        other = sorted(item.envelopes - core[item.candidate].envelopes)
        problems = tuple(f"{path} is in no envelope of the core fixture" for path in other)
        yield item, StageResult(SHAPE, len(item.envelopes), problems)
