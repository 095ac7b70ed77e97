"""Proofs: that a fact is in a sealed ledger, checkable offline with the signer's public key alone."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from saascore.contract.canonical import canonical_bytes
from saascore.contract.model import Contract
from saascore.contract.words import Count, Digest, PublicLabel
from saascore.errors import SaascoreError
from saascore.ledger.merkle import inclusion_path, leaf_hash, root_from_path
from saascore.ledger.notes import Checkpoint, note_text, verified_text
from saascore.ledger.store import Ledger
from saascore.ledger.tree import subtree_root


class InclusionProof(Contract):
    """A fact, its place in the tree, the path to the root, and the checkpoint that signs the root."""

    schema_: Literal["saascore/inclusion-proof/1"] = Field(
        default="saascore/inclusion-proof/1", alias="schema"
    )
    fact: dict[str, Any]
    source: PublicLabel
    index: Count
    size: Count
    path: tuple[Digest, ...] = Field(max_length=64)
    checkpoint: Annotated[str, StringConstraints(max_length=4096)]


def prove(ledger: Ledger, position: int) -> InclusionProof:
    """Return the proof that a fact is under the last checkpoint.

    Raises:
        SaascoreError: ``LED-007`` where there is no such fact, or it is not sealed yet.
    """
    found = ledger.driver.rows("SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1")
    fact = ledger.fact(position)
    if fact is None or not found or position > found[0][0]:
        raise SaascoreError("LED-007", where="sealed fact")
    size, note = found[0]
    path = inclusion_path(position - 1, size, lambda first, end: subtree_root(ledger.driver, first, end))
    return InclusionProof(
        fact=fact.json(),
        source=fact.source,
        index=position - 1,
        size=size,
        path=tuple("sha256:" + node.hex() for node in path),
        checkpoint=note,
    )


def verify_proof(proof: InclusionProof, verifier: str | None) -> Checkpoint:
    """Check a proof, offline.

    Args:
        proof: What ``prove`` gave.
        verifier: The signer's public key as ``ledger keygen`` printed it. Without one the signature is not looked at,
            and the proof shows only that fact, path and checkpoint fit together.

    Returns:
        The checkpoint that the fact is under.

    Raises:
        SaascoreError: ``LED-009`` where the proof does not hold.
    """
    text = note_text(proof.checkpoint) if verifier is None else verified_text(proof.checkpoint, verifier)
    checkpoint = Checkpoint.parse(text)
    try:
        body = canonical_bytes(proof.fact).decode()
    except ValueError:
        raise SaascoreError("LED-009", where="fact") from None
    path = [bytes.fromhex(node.removeprefix("sha256:")) for node in proof.path]
    root = root_from_path(leaf_hash(proof.source, body), proof.index, proof.size, path)
    if proof.size != checkpoint.size or root != checkpoint.root:
        raise SaascoreError("LED-009", where="path")
    return checkpoint
