"""Evidence that published artifacts were scanned, and the manifest of a release packet."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from saascore.contract.model import Contract
from saascore.contract.outcomes import AdapterOrigin
from saascore.contract.words import CommitSha, Count, Digest, PublicLabel, UtcInstant, Version

#: A file name inside a packet: no directory, no leading dot.
ArtifactName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$", max_length=80)
]


class RuleSetId(Contract):
    """Which rules were applied."""

    version: Version
    digest: Digest
    scanner: Version


class ScannedArtifact(Contract):
    """One artifact as scanned. ``findings`` is zero in anything that was published."""

    name: ArtifactName
    digest: Digest
    bytes: Count
    values: Count
    findings: Count


class PrivacyEvidence(Contract):
    """What was scanned, with which rules, and the categories whose exclusion that shows."""

    schema_: Literal["saascore/privacy-evidence/1"] = Field(
        default="saascore/privacy-evidence/1", alias="schema"
    )
    ruleset: RuleSetId
    profile: Literal["event", "artifact", "docs"]
    artifacts: tuple[ScannedArtifact, ...]
    excluded: tuple[PublicLabel, ...]
    scanned_at: UtcInstant


class PacketFile(Contract):
    """A file of a packet."""

    name: ArtifactName
    digest: Digest
    bytes: Count


class PacketManifest(Contract):
    """What a release packet holds; ``packet verify`` re-checks it offline."""

    schema_: Literal["saascore/packet-manifest/1"] = Field(
        default="saascore/packet-manifest/1", alias="schema"
    )
    contract_version: Version
    producer: Version
    adapters: tuple[AdapterOrigin, ...]
    files: tuple[PacketFile, ...]
    commit_sha: CommitSha | None = None
    created_at: UtcInstant
    demo_key: bool = False
