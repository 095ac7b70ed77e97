"""Scanning what is published, with counts for the evidence."""

from __future__ import annotations

from dataclasses import dataclass

from saascore.contract.evidence import RuleSetId
from saascore.privacy.findings import Finding
from saascore.privacy.rule import CATEGORIES
from saascore.privacy.scanner import RULESET_VERSION, SCANNER_VERSION, Scanner, ruleset_digest

#: The categories whose exclusion the evidence shows. ``unscannable`` is no kind of value but the scanner's refusal.
EXCLUDED: tuple[str, ...] = tuple(category for category in CATEGORIES if category != "unscannable")


@dataclass(frozen=True, slots=True)
class Inspected:
    """What one artifact gave: findings (no values in them), and how many values were looked at."""

    findings: tuple[Finding, ...]
    values: int


class Inspector:
    """The privacy scanner in profile ``artifact``, over bytes as they will be published."""

    def __init__(self) -> None:
        self._scanner = Scanner(profile="artifact")
        self.ruleset = RuleSetId(version=RULESET_VERSION, digest=ruleset_digest(), scanner=SCANNER_VERSION)

    def inspect(self, name: str, data: bytes) -> Inspected:
        """Scan the bytes of one artifact."""
        before = self._scanner.scanned.values
        findings = self._scanner.scan_bytes(data, name=name)
        return Inspected(tuple(findings), self._scanner.scanned.values - before)
