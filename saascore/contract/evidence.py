"""Evidence that published artifacts were scanned, and the manifest of a release packet."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints

from saascore.contract.canonical import digest
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


class PacketArtifact(Contract):
    """A file of a packet, with its size. ``digest`` is the plain SHA-256 of its bytes, so that ``sha256sum`` tells the same."""

    name: ArtifactName
    digest: Digest
    bytes: Count


class PacketManifest(Contract):
    """What a release packet holds; ``packet verify`` re-checks it offline.

    ``packet_digest`` is over everything else in the manifest: who keeps or signs this one word elsewhere can tell
    later that the packet is the same.
    """

    schema_: Literal["saascore/packet-manifest/1"] = Field(
        default="saascore/packet-manifest/1", alias="schema"
    )
    contract_version: Version
    producer: Version
    adapters: tuple[AdapterOrigin, ...]
    artifacts: tuple[PacketArtifact, ...]
    commit_sha: CommitSha | None = None
    created_at: UtcInstant
    demo_key: bool = False
    packet_digest: Digest

    @classmethod
    def seal(cls, **fields: Any) -> Self:
        """Make a manifest and its own digest."""
        made = cls.model_validate({**fields, "packet_digest": _UNSEALED})
        return made.model_copy(update={"packet_digest": made.expected_digest()})

    def expected_digest(self) -> str:
        """Return the digest of everything but ``packet_digest``."""
        rest = {name: value for name, value in self.to_json().items() if name != "packet_digest"}
        return digest(self.schema_id(), rest)


_UNSEALED = "sha256:" + "0" * 64
