"""Waivers: findings that somebody answers for, one by one, with a reason and until a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from saascore.errors import SaascoreError
from saascore.privacy.findings import Finding
from saascore.privacy.jsontext import decode_unique

_FINGERPRINT = re.compile(r"[0-9a-f]{20}")


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waived finding.

    Args:
        rule: Id of the rule; a category cannot be waived.
        pointer: Pattern of the JSON Pointer; ``*`` stands for one part of it, an empty text for no pointer.
        fingerprint: Keyed fingerprint of what was found, as the scanner printed it.
        reason: Why it may stay, in words.
        expires: The last day it holds.
    """

    rule: str
    pointer: str
    fingerprint: str
    reason: str
    expires: date

    def covers(self, finding: Finding) -> bool:
        """Whether the waiver is for this finding."""
        return (
            finding.rule == self.rule
            and finding.fingerprint == self.fingerprint
            and _pattern(self.pointer).fullmatch(finding.pointer) is not None
        )


@dataclass(frozen=True, slots=True)
class Applied:
    """What is left after waivers.

    Args:
        findings: Findings that no waiver covers.
        waived: How many were covered.
        expired: Places in the file (from 1) of waivers whose day has passed; what they covered is back.
        unused: Places of waivers that covered nothing.
    """

    findings: list[Finding]
    waived: int
    expired: tuple[int, ...]
    unused: tuple[int, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing is left: no finding, and no waiver that is expired or unused."""
        return not (self.findings or self.expired or self.unused)


def parse(text: str) -> tuple[Waiver, ...]:
    """Read a waiver file: ``{"waivers": [{"rule", "pointer", "fingerprint", "reason", "expires"}]}``.

    Raises:
        SaascoreError: SCN-002, naming the waiver by its place.
    """
    try:
        data = decode_unique(text)
    except (ValueError, RecursionError):
        raise SaascoreError("SCN-002") from None
    rows = data.get("waivers") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise SaascoreError("SCN-002")
    return tuple(_waiver(row, place) for place, row in enumerate(rows, start=1))


def apply(findings: Sequence[Finding], waivers: Sequence[Waiver], today: date) -> Applied:
    """Take waived findings out.

    Args:
        findings: All findings, with fingerprints of the key the waivers were made with.
        waivers: The waivers of the file, in its order.
        today: The day that tells which waivers hold.
    """
    holding = [(place, waiver) for place, waiver in enumerate(waivers, start=1) if waiver.expires >= today]
    used: set[int] = set()
    left: list[Finding] = []
    for finding in findings:
        by = [place for place, waiver in holding if waiver.covers(finding)]
        used.update(by)
        if not by:
            left.append(finding)
    return Applied(
        findings=left,
        waived=len(findings) - len(left),
        expired=tuple(place for place, waiver in enumerate(waivers, start=1) if waiver.expires < today),
        unused=tuple(place for place, _ in holding if place not in used),
    )


def _waiver(row: Any, place: int) -> Waiver:
    try:
        waiver = Waiver(
            rule=_text(row["rule"]),
            pointer=_text(row["pointer"]),
            fingerprint=_text(row["fingerprint"]),
            reason=_text(row["reason"]),
            expires=date.fromisoformat(row["expires"]),
        )
    except (KeyError, TypeError, ValueError):
        raise SaascoreError("SCN-002", where=f"waiver {place}") from None
    if not _FINGERPRINT.fullmatch(waiver.fingerprint) or not waiver.reason.strip():
        raise SaascoreError("SCN-002", where=f"waiver {place}")
    return waiver


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _pattern(pointer: str) -> re.Pattern[str]:
    return re.compile("[^/]*".join(map(re.escape, pointer.split("*"))))
