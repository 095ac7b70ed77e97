"""Keyed references: equal ids give equal references, and nothing leads back."""

from __future__ import annotations

import copy
import hashlib
import hmac
import pickle
import secrets
from base64 import b32encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from saascore.contract.words import Reference, base32, base32_all, reference_check
from saascore.errors import SaascoreError
from saascore.ledger.keys import reference_of
from saascore.privacy.references import Redactor, ReferenceKeys, identity

KEY = hashlib.sha256(b"a key for tests only").digest()
PARTS = st.lists(
    st.text(min_size=1).filter(lambda text: text.isprintable()) | st.integers(), min_size=1, max_size=4
)

WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=300)


@pytest.fixture
def redactor():
    return Redactor("k1", KEY, "image-studio")


def test_reference_fits_the_contract(redactor):
    reference = redactor.redact("workspace", "acme", 7)
    assert TypeAdapter(Reference).validate_python(reference) == reference


def test_reference_is_hmac_over_length_prefixed_parts(redactor):
    framed = b"".join(
        len(part).to_bytes(4, "big") + part for part in (b"image-studio", b"workspace", b"acme", b"7")
    )
    body = b32encode(hmac.digest(KEY, framed, "sha256")[:15]).decode().lower()
    stem = f"ref:workspace:k1:{body}"
    assert redactor.redact("workspace", "acme", "7") == stem + reference_check(stem)


@given(PARTS, PARTS)
def test_references_are_equal_only_where_parts_are(one, other):
    redactor = Redactor("k1", KEY, "image-studio")
    same = [str(part) for part in one] == [str(part) for part in other]
    assert (redactor.redact("actor", *one) == redactor.redact("actor", *other)) is same


def test_namespace_kind_and_key_keep_references_apart(redactor):
    others = [
        Redactor("k1", KEY, "chat-desk").redact("workspace", "7"),
        redactor.redact("actor", "7"),
        Redactor("k1", secrets.token_bytes(32), "image-studio").redact("workspace", "7"),
    ]
    assert redactor.redact("workspace", "7") not in others
    assert len({redactor.redact("workspace", "ab", "c"), redactor.redact("workspace", "a", "bc")}) == 2


def test_integer_and_its_text_are_the_same_part(redactor):
    assert redactor.redact("customer", 42) == redactor.redact("customer", "42")


def test_long_keys_are_hashed_as_hmac_demands():
    key = secrets.token_bytes(100)
    framed = b"".join(len(part).to_bytes(4, "big") + part for part in (b"n", b"key", b"x"))
    body = b32encode(hmac.digest(key, framed, "sha256")[:15]).decode().lower()
    assert Redactor("k1", key, "n").redact("key", "x").startswith(f"ref:key:k1:{body}")


@given(st.lists(st.binary(min_size=15, max_size=15), max_size=40))
def test_many_bodies_are_spelled_like_each_alone(bodies):
    expected = "".join(b32encode(body).decode().lower() for body in bodies)
    assert base32_all(bodies) == "".join(map(base32, bodies)) == expected


@given(st.lists(st.lists(st.integers() | WORDS, min_size=1, max_size=3), max_size=5))
def test_many_references_are_made_like_each_alone(identities):
    redactor = Redactor("k1", KEY, "studio")
    bodies = redactor.bodies("key", map(identity, identities))
    for parts, body in zip(identities, bodies, strict=True):
        assert redactor.redact("key", *parts) == reference_of("key", "k1", body)
        encoded = [str(part).encode() for part in parts]
        framed = b"".join(len(part).to_bytes(4, "big") + part for part in (b"studio", b"key", *encoded))
        assert body == hmac.digest(KEY, framed, "sha256")[:15]


@pytest.mark.parametrize("parts", [(), ("",), (True,), (1.5,), (None,), (b"x",), ("\ud800",), (10**5000,)])
def test_unusable_parts_are_refused_without_showing_them(redactor, parts):
    with pytest.raises(SaascoreError, match="KEY-004") as caught:
        redactor.redact("workspace", *parts)
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_unknown_kind_is_refused(redactor):
    with pytest.raises(SaascoreError, match="KEY-004"):
        redactor.redact("tenant", "x")


def test_keys_are_read_from_the_environment():
    keys = ReferenceKeys.load({"SAASCORE_REFERENCE_KEYS": f"k2:{KEY.hex()}, k1:{KEY.hex().upper()}"})
    assert (keys.current, list(keys), len(keys)) == ("k2", ["k2", "k1"], 2)
    assert keys["k1"] == KEY
    assert keys.redactor("p", key_id="k1").redact("key", 1) == Redactor("k1", KEY, "p").redact("key", 1)


def test_keys_are_read_from_a_file(tmp_path):
    path = tmp_path / "keys"
    path.write_text(f"k1:{KEY.hex()}\nk2:{KEY.hex()}\n")
    assert list(ReferenceKeys.load({"SAASCORE_REFERENCE_KEYS_FILE": str(path)})) == ["k1", "k2"]


def test_an_unreadable_key_file_is_an_error(tmp_path):
    with pytest.raises(SaascoreError, match="INP-002"):
        ReferenceKeys.load({"SAASCORE_REFERENCE_KEYS_FILE": str(tmp_path / "none")})


def test_no_key_is_refused_with_the_cure():
    with pytest.raises(SaascoreError, match="KEY-001") as caught:
        ReferenceKeys.load({})
    assert "secrets.token_hex" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["k1", "k1:", "k1:abcd", "k1:" + "g" * 64, "K1:" + "ab" * 32, "k1:" + "ab" * 32 + ",k1:" + "ab" * 32],
)
def test_unusable_keys_are_refused_without_showing_them(text):
    with pytest.raises(SaascoreError, match="KEY-002") as caught:
        ReferenceKeys.parse(text)
    assert "abab" not in repr(caught.value.args)


def test_a_short_key_makes_no_redactor():
    with pytest.raises(SaascoreError, match="KEY-002"):
        Redactor("k1", b"short", "p")


def test_a_ledgers_missing_key_is_refused():
    with pytest.raises(SaascoreError, match="KEY-003"):
        ReferenceKeys({"k1": KEY}).redactor("p", key_id="k9")


def test_keys_are_never_printed_copied_out_or_pickled(redactor):
    keys = ReferenceKeys({"k1": KEY})
    for thing in (keys, redactor):
        assert KEY.hex() not in repr(thing) + str(thing)
        assert repr(KEY) not in repr(thing)
        for leak in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="not pickled"):
                leak(thing)


def test_demo_keys_say_so():
    assert Redactor("demo", KEY, "p").is_demo
    assert not Redactor("k1", KEY, "p").is_demo
