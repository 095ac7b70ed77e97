"""Verifying a release packet offline: every byte accounted for, and nothing in it that must not be published.

A packet proves that nothing was changed by accident or in part. Who can write the whole folder can write another
packet: keep ``packet_digest`` elsewhere, or sign the manifest, where that matters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from saascore.contract.evidence import PacketArtifact, PacketManifest, PrivacyEvidence
from saascore.contract.model import CONTRACT_VERSION
from saascore.contract.ops import AuditSummary, OpsSummary
from saascore.contract.summary import UsageSummary
from saascore.errors import SaascoreError, os_reason
from saascore.packet.artifacts import (
    AUDIT,
    DATA,
    EVIDENCE,
    JSON_FILES,
    MANIFEST,
    OPS,
    USAGE,
    encoded,
    file_digest,
    report_files,
)
from saascore.packet.inspection import Inspector
from saascore.packet.sections import Summaries

ProblemKind = Literal[
    "missing",
    "added",
    "changed",
    "unreadable",
    "not-a-plain-file",
    "not-as-written",
    "not-the-contract",
    "other-contract-version",
    "manifest-changed",
    "other-packet",
    "finding",
    "evidence-differs",
    "report-differs",
]


_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}(\.[a-z0-9][a-z0-9-]{0,9})+").fullmatch


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong with a file. ``detail`` names rules and pointers, never a value."""

    file: str
    kind: ProblemKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """What verification found; a packet is as it was built where ``problems`` is empty.

    ``same_producer`` is false where another version of saascore or another rule set built the packet: then the
    report is not written again for comparison, and the counts of values are not compared.
    """

    manifest: PacketManifest
    problems: tuple[Problem, ...]
    same_producer: bool


def verify_packet(folder: Path, *, producer: str, digest: str | None = None) -> Verified:
    """Check a packet against its manifest, its contract, the privacy scanner and its own data.

    Args:
        folder: The packet.
        producer: The version of saascore that verifies.
        digest: The packet digest as it was kept elsewhere; it must be the same.

    Raises:
        SaascoreError: ``PKT-004`` where there is no manifest to verify against.
    """
    manifest, raw = _manifest(folder)
    problems, files = _files(folder, manifest)
    if raw != encoded(manifest):
        problems.append(Problem(MANIFEST, "not-as-written"))
    if digest is not None and digest != manifest.packet_digest:
        problems.append(Problem(MANIFEST, "other-packet"))
    if manifest.expected_digest() != manifest.packet_digest:
        problems.append(Problem(MANIFEST, "manifest-changed"))
    if manifest.contract_version != CONTRACT_VERSION:
        problems.append(Problem(MANIFEST, "other-contract-version"))
    same = manifest.producer == producer
    if not problems:
        same = _contents({**files, MANIFEST: raw}, problems, same=same)
    return Verified(manifest, tuple(sorted(problems)), same)


def _manifest(folder: Path) -> tuple[PacketManifest, bytes]:
    try:
        raw = (folder / MANIFEST).read_bytes()
    except OSError as error:
        raise SaascoreError("PKT-004", where="DIR", detail=_no_manifest(folder, error)) from None
    try:
        return PacketManifest.parse_json(raw), raw
    except SaascoreError as error:
        raise SaascoreError("PKT-004", where=MANIFEST, detail=error.detail) from None


def _no_manifest(folder: Path, error: OSError) -> str:
    """Say why there is no manifest to read."""
    try:
        if not folder.exists():
            return "there is no such folder"
        if not folder.is_dir():
            return "it is a file"
        if not (folder / MANIFEST).exists():
            return f"the folder holds no {MANIFEST}"
    except OSError as denied:
        error = denied
    return f"{MANIFEST} cannot be read: {os_reason(error)}"


def _files(folder: Path, manifest: PacketManifest) -> tuple[list[Problem], dict[str, bytes]]:
    """Compare the folder with the manifest, name by name and byte by byte."""
    listed = {file.name: file for file in manifest.artifacts}
    files: dict[str, bytes] = {}
    try:
        present = {path.name: path for path in folder.iterdir()}
    except OSError as error:
        raise SaascoreError("PKT-004", where="DIR", detail=os_reason(error)) from None
    added = sorted(present.keys() - listed.keys() - {MANIFEST})
    problems = [Problem(name if _NAME(name) else "(a name no artifact has)", "added") for name in added]
    for name, file in listed.items():
        path = present.get(name)
        if path is None:
            problems.append(Problem(name, "missing"))
        elif path.is_symlink() or not path.is_file():
            problems.append(Problem(name, "not-a-plain-file"))
        else:
            try:
                files[name] = path.read_bytes()
            except OSError as error:
                problems.append(Problem(name, "unreadable", os_reason(error)))
                continue
            if len(files[name]) != file.bytes or file_digest(files[name]) != file.digest:
                problems.append(Problem(name, "changed", _difference(files[name], file)))
    problems.extend(Problem(name, "missing") for name in JSON_FILES.keys() - listed.keys() - {MANIFEST})
    return problems, files


def _difference(data: bytes, file: PacketArtifact) -> str:
    if len(data) == file.bytes:
        return "the same size and another digest"
    return f"{len(data):,} bytes instead of {file.bytes:,}"


def _contents(files: dict[str, bytes], problems: list[Problem], *, same: bool) -> bool:
    """Check what the files say: the contract, the scanner, the evidence and the report."""
    try:
        ops = OpsSummary.parse_json(files[OPS])
        audit = AuditSummary.parse_json(files[AUDIT])
        usage = UsageSummary.parse_json(files[USAGE])
        evidence = PrivacyEvidence.parse_json(files[EVIDENCE])
    except SaascoreError as error:
        problems.append(Problem(_schema_file(error), "not-the-contract", error.detail or ""))
        return same
    inspector = Inspector()
    same = same and evidence.ruleset == inspector.ruleset
    said = {artifact.name: artifact for artifact in evidence.artifacts}
    problems.extend(
        Problem(name, "evidence-differs", "not in the evidence") for name in DATA.keys() - said.keys()
    )
    for name, data in sorted(files.items()):
        inspected = inspector.inspect(name, data)
        problems.extend(
            Problem(name, "finding", f"{finding.rule} at {finding.pointer or finding.line}")
            for finding in inspected.findings[:10]
        )
        if name in said:
            artifact = said[name]
            facts = (artifact.digest, artifact.bytes, artifact.findings)
            if facts != (file_digest(data), len(data), 0) or (same and artifact.values != inspected.values):
                problems.append(Problem(name, "evidence-differs"))
    if same:
        written = report_files(Summaries(ops, audit, usage, evidence))
        problems.extend(
            Problem(name, "report-differs") for name in written if files.get(name) != written[name]
        )
    return same


def _schema_file(error: SaascoreError) -> str:
    return next((name for name, model in JSON_FILES.items() if model.__name__ == error.where), MANIFEST)
