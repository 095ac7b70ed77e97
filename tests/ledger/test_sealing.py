"""A sealed ledger shows what was changed since, and proves to others what it holds."""

import hashlib
import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saascore.errors import SaascoreError
from saascore.ledger import NewFact, create_ledger
from saascore.ledger.merkle import CompactRange, inclusion_path, leaf_hash, root_from_path, root_of
from saascore.ledger.notes import Checkpoint, SigningKey, verified_text
from saascore.ledger.proof import InclusionProof, prove, verify_proof
from saascore.ledger.sealing import last_note, origin_of, seal
from saascore.ledger.verify import Fault, verify

NOW = "2026-11-20T18:00:00.000000Z"
WATERMARK = "saascore/watermark/1"


def signing_key():
    return SigningKey(SigningKey.encode("test-operator", os.urandom(32)))


def fill(ledger, count):
    start = ledger.head
    with ledger.write() as writer:
        writer.append([NewFact(WATERMARK, "a", str(n), f'{{"n":{n}}}') for n in range(start, start + count)])


@pytest.fixture
def ledger(store_url):
    with create_ledger(store_url, reference_key="k1", created_at=NOW) as made:
        yield made


def unprotected(ledger):
    if ledger.driver.dialect == "sqlite":
        for trigger in (
            "facts_no_update",
            "facts_no_delete",
            "checkpoints_no_update",
            "checkpoints_no_delete",
        ):
            ledger.driver.run(f"DROP TRIGGER IF EXISTS {trigger}")
    else:
        ledger.driver.run("DROP TRIGGER IF EXISTS facts_append_only ON facts")
        ledger.driver.run("DROP TRIGGER IF EXISTS checkpoints_append_only ON checkpoints")
    return ledger.driver.run


# -- the tree -----------------------------------------------------------------------------------------------

INPUTS = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
)


def test_roots_are_those_of_rfc_6962():
    leaves = [hashlib.sha256(b"\0" + bytes.fromhex(text)).digest() for text in INPUTS]
    assert tuple(root_of(leaves[:size]).hex() for size in range(4)) == ROOTS
    assert root_of(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@given(st.integers(1, 700), st.data())
def test_every_path_leads_to_the_root_and_no_other_does(size, data):
    leaves = [leaf_hash("a", str(n)) for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(index, size, lambda first, end: root_of(leaves[first:end]))
    assert root_from_path(leaves[index], index, size, path) == root_of(leaves)
    assert root_from_path(leaves[index], index, size, [*path, path[0] if path else b"\0" * 32]) is None
    if path:
        assert root_from_path(leaves[index], index, size, path[:-1]) != root_of(leaves)


@given(st.integers(0, 600))
def test_a_compact_range_has_the_root_of_all_its_leaves(size):
    leaves = [leaf_hash("a", str(n)) for n in range(size)]
    tree = CompactRange()
    for leaf in leaves:
        tree.append(leaf)
    assert tree.root() == root_of(leaves)


# -- notes --------------------------------------------------------------------------------------------------


def test_a_note_of_another_implementation_is_verified():
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    verifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    note = f"{text}\n\N{EM DASH} PeterNeumann {signature}\n"
    assert verified_text(note, verifier) == text
    with pytest.raises(SaascoreError, match="LED-009"):
        verified_text(note.replace("your", "the", 1), verifier)


def test_a_note_is_only_good_for_the_key_that_signed_it():
    one, other = signing_key(), signing_key()
    note = one.sign(Checkpoint("saascore/ledger-x", 7, b"\1" * 32).text())
    assert Checkpoint.parse(verified_text(note, one.verifier)).size == 7
    with pytest.raises(SaascoreError, match="LED-009"):
        verified_text(note, other.verifier)
    for wrong in ("", "nothing", one.verifier[:-4]):
        with pytest.raises(SaascoreError, match="LED-010"):
            verified_text(note, wrong)
    with pytest.raises(SaascoreError, match="LED-010"):
        SigningKey("PRIVATE+KEY+x")
    assert "PRIVATE" not in repr(one)


@pytest.mark.parametrize("text", ["", "a\n", "a\nb\nc\n", "a\n01\n" + "A" * 43 + "=\n", "a\n1\nAAAA\n"])
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(SaascoreError, match="LED-009"):
        Checkpoint.parse(text)


# -- sealing and verifying ----------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [(1,), (255, 1, 1), (256,), (300, 700, 5), (1, 2, 3, 4)])
def test_sealing_in_steps_gives_the_root_of_all_facts(ledger, steps):
    for step in steps:
        fill(ledger, step)
        checkpoint = seal(ledger, now=NOW)
    leaves = [leaf_hash(fact.source, fact.body) for fact in ledger.facts()]
    assert checkpoint == (origin_of(ledger), sum(steps), root_of(leaves))
    assert seal(ledger, now=NOW) == checkpoint, "sealing again changes nothing"
    assert verify(ledger) == (sum(steps), sum(steps), len(steps), None)


def test_facts_after_the_seal_are_no_fault(ledger):
    fill(ledger, 10)
    seal(ledger, now=NOW)
    fill(ledger, 10)
    assert verify(ledger) == (20, 10, 1, None)


TAMPERINGS = {
    "edited": ["UPDATE facts SET body = '{}' WHERE position = 301"],
    "deleted": [
        "DELETE FROM facts WHERE position = 301",
        "UPDATE facts SET position = -position WHERE position > 301",
        "UPDATE facts SET position = -position - 1 WHERE position < 0",
    ],
    "inserted": [
        "UPDATE facts SET position = -position WHERE position > 300",
        "UPDATE facts SET position = -position + 1 WHERE position < 0",
        "INSERT INTO facts (position, kind, scope, body) VALUES (301, 5, 1, '{}')",
    ],
    "reordered": [
        "UPDATE facts SET position = -1 WHERE position = 301",
        "UPDATE facts SET position = 301 WHERE position = 302",
        "UPDATE facts SET position = 302 WHERE position = -1",
    ],
}


@pytest.mark.parametrize("change", TAMPERINGS)
def test_each_change_is_found_with_its_first_position(ledger, change):
    fill(ledger, 700)
    seal(ledger, now=NOW)
    run = unprotected(ledger)
    for statement in TAMPERINGS[change]:
        run(statement)
    assert verify(ledger).fault == Fault(change, 301)


def test_a_gap_and_a_truncation_are_found(ledger):
    fill(ledger, 700)
    seal(ledger, now=NOW)
    run = unprotected(ledger)
    run("DELETE FROM facts WHERE position > 400")
    assert verify(ledger).fault == Fault("truncated", 401)
    with pytest.raises(SaascoreError, match="LED-006"):
        seal(ledger, now=NOW)
    run("DELETE FROM facts WHERE position = 12")
    assert verify(ledger).fault == Fault("deleted", 12)


def test_a_fact_of_another_source_is_an_edit(ledger):
    fill(ledger, 5)
    with ledger.write() as writer:
        writer.append([NewFact(WATERMARK, "b", "x", "{}")])
    seal(ledger, now=NOW)
    unprotected(ledger)("UPDATE facts SET scope = 2 WHERE position = 3")
    assert verify(ledger).fault == Fault("edited", 3)


def test_an_exported_checkpoint_finds_who_rewrote_the_tree_as_well(ledger):
    fill(ledger, 300)
    seal(ledger, now=NOW)
    fill(ledger, 300)
    exported = seal(ledger, now=NOW)
    run = unprotected(ledger)
    run("UPDATE facts SET body = '{}' WHERE position = 450")
    run("DELETE FROM tree")
    run("DELETE FROM checkpoints WHERE size = 600")
    seal(ledger, now=NOW)
    assert verify(ledger).fault is None, "the ledger alone cannot know"
    assert verify(ledger, against=exported).fault == Fault("checkpoint", 301)
    run("DELETE FROM facts WHERE position > 300")
    run("DELETE FROM tree WHERE level > 0 OR node > 0")
    run("DELETE FROM checkpoints WHERE size > 300")
    assert verify(ledger, against=exported).fault == Fault("truncated", 301)


# -- proofs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 1000])
def test_a_proof_is_checked_offline_with_the_public_key_alone(ledger, size):
    key = signing_key()
    fill(ledger, size)
    seal(ledger, now=NOW, signing_key=key)
    fill(ledger, 300)  # facts after the checkpoint do not disturb its proofs
    for position in {1, 2, size // 2 + 1, size} - {0}:
        if position > size:
            continue
        proof = InclusionProof.parse_json(prove(ledger, position).canonical())
        assert verify_proof(proof, key.verifier).size == size
        assert proof.fact == {"n": position - 1}
        with pytest.raises(SaascoreError, match="LED-009"):
            verify_proof(proof.model_copy(update={"fact": {"n": -1}}), key.verifier)
        with pytest.raises(SaascoreError, match="LED-009"):
            verify_proof(proof.model_copy(update={"source": "b"}), key.verifier)
        with pytest.raises(SaascoreError, match="LED-009"):
            verify_proof(proof, signing_key().verifier)
    with pytest.raises(SaascoreError, match="LED-007"):
        prove(ledger, size + 1)


def test_an_unsigned_checkpoint_proves_nothing_to_others(ledger):
    fill(ledger, 3)
    seal(ledger, now=NOW)
    proof = prove(ledger, 2)
    assert verify_proof(proof, None).size == 3
    with pytest.raises(SaascoreError, match="LED-009"):
        verify_proof(proof, signing_key().verifier)
    assert json.loads(proof.canonical())["checkpoint"] == last_note(ledger)
