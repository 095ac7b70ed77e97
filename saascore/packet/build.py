"""Building a release packet: scan every artifact as bytes, refuse the whole on any finding, then write the folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from saascore.contract.evidence import PacketArtifact, PacketManifest, PrivacyEvidence, ScannedArtifact
from saascore.contract.model import CONTRACT_VERSION, Contract
from saascore.contract.ops import AuditSummary, OpsSummary
from saascore.contract.outcomes import AdapterOrigin
from saascore.contract.summary import UsageSummary
from saascore.errors import SaascoreError, os_reason
from saascore.packet.artifacts import (
    AUDIT,
    EVIDENCE,
    MANIFEST,
    OPS,
    USAGE,
    encoded,
    file_digest,
    report_files,
)
from saascore.packet.inspection import EXCLUDED, Inspector
from saascore.packet.sections import Summaries

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet that was written: its folder and its manifest."""

    folder: Path
    manifest: PacketManifest


def build_packet(
    out: Path,
    *,
    ops: OpsSummary,
    audit: AuditSummary,
    usage: UsageSummary,
    adapters: Iterable[AdapterOrigin],
    producer: str,
    commit_sha: str | None = None,
) -> Packet:
    """Write a release packet.

    Args:
        out: The folder: absent, empty, or an earlier packet, which is replaced as a whole.
        ops: Its ``generated_at`` is the packet's time.
        audit: How plan sources were written.
        usage: Exact sums.
        adapters: Which adapters the facts came through.
        producer: The version of saascore.
        commit_sha: The commit that is released.

    Raises:
        SaascoreError: ``PKT-003`` where the scanner finds something, naming artifact, pointer and rule and never the
            value; ``PKT-002`` where the folder holds other things; ``PKT-001`` where it cannot be written. Nothing
            is written or removed then.
    """
    _check_folder(out)
    files = packet_files(
        ops=ops, audit=audit, usage=usage, adapters=adapters, producer=producer, commit_sha=commit_sha
    )
    _replace(out, files)
    return Packet(out, PacketManifest.parse_json(files[MANIFEST]))


def packet_files(
    *,
    ops: OpsSummary,
    audit: AuditSummary,
    usage: UsageSummary,
    adapters: Iterable[AdapterOrigin],
    producer: str,
    commit_sha: str | None = None,
) -> dict[str, bytes]:
    """Make the files of a packet in memory; as :func:`build_packet`."""
    inspector = Inspector()
    models: dict[str, Contract] = {OPS: ops, AUDIT: audit, USAGE: usage}
    files = {name: encoded(model) for name, model in models.items()}
    evidence = PrivacyEvidence(
        ruleset=inspector.ruleset,
        profile="artifact",
        artifacts=tuple(_clean(inspector, name, data) for name, data in sorted(files.items())),
        excluded=EXCLUDED,
        scanned_at=ops.generated_at,
    )
    files[EVIDENCE] = encoded(evidence)
    files.update(report_files(Summaries(ops, audit, usage, evidence)))
    manifest = PacketManifest.seal(
        contract_version=CONTRACT_VERSION,
        producer=producer,
        adapters=tuple(sorted(adapters, key=lambda origin: origin.adapter)),
        artifacts=tuple(
            PacketArtifact(name=name, digest=file_digest(data), bytes=len(data))
            for name, data in sorted(files.items())
        ),
        commit_sha=commit_sha,
        created_at=ops.generated_at,
        demo_key=ops.demo_key,
    )
    files[MANIFEST] = encoded(manifest)
    for name in files.keys() - models.keys():
        _clean(inspector, name, files[name])
    return files


def _clean(inspector: Inspector, name: str, data: bytes) -> ScannedArtifact:
    inspected = inspector.inspect(name, data)
    if inspected.findings:
        first = inspected.findings[0]
        rules = sorted({finding.rule for finding in inspected.findings})
        more = f", and {len(rules) - SHOWN} more" if len(rules) > SHOWN else ""
        raise SaascoreError("PKT-003", where=first.place, detail=", ".join(rules[:SHOWN]) + more)
    return ScannedArtifact(
        name=name, digest=file_digest(data), bytes=len(data), values=inspected.values, findings=0
    )


def _check_folder(out: Path) -> None:
    """Refuse to replace anything but an earlier packet."""
    try:
        if not out.exists():
            return
        names = {path.name for path in out.iterdir()}
    except NotADirectoryError:
        raise SaascoreError("PKT-002", where="--out", detail="it is a file") from None
    except OSError as error:
        raise SaascoreError("PKT-001", where="--out", detail=os_reason(error)) from None
    if not names:
        return
    if MANIFEST not in names:
        raise SaascoreError("PKT-002", where="--out")
    try:
        manifest = PacketManifest.parse_json((out / MANIFEST).read_bytes())
    except (OSError, SaascoreError):
        raise SaascoreError("PKT-002", where="--out", detail="its manifest.json is not a packet's") from None
    if names - {MANIFEST} - {file.name for file in manifest.artifacts}:
        raise SaascoreError("PKT-002", where="--out", detail="it holds files beside an earlier packet's")


def _replace(out: Path, files: dict[str, bytes]) -> None:
    """Write beside the folder first, so that no half packet is ever seen under its name."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".packet-", dir=out.parent))
    except OSError as error:
        raise SaascoreError("PKT-001", where="--out", detail=os_reason(error)) from None
    try:
        fresh.chmod(0o777 & ~_umask())
        for name, data in files.items():
            (fresh / name).write_bytes(data)
        if out.exists():
            shutil.rmtree(out)
        fresh.rename(out)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise SaascoreError("PKT-001", where="--out", detail=os_reason(error)) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
