"""A ledger knows the keys that it was made with, and holds none of them."""

import pytest

from saascore.errors import SaascoreError
from saascore.ledger import create_ledger, open_ledger
from saascore.ledger.copy import copy_ledger
from saascore.ledger.pinned import check_keys
from saascore.privacy.references import ReferenceKeys

FIRST, OTHER = b"a" * 32, b"b" * 32


@pytest.fixture
def ledger(store_url):
    with create_ledger(store_url, reference_key="k1") as made:
        check_keys(made, ReferenceKeys({"k1": FIRST}))
        yield made


def test_another_key_of_the_same_id_is_refused_and_the_right_one_is_taken_again(ledger):
    with pytest.raises(SaascoreError, match=r"KEY-005 .*\(k1\)"):
        check_keys(ledger, ReferenceKeys({"k1": OTHER}))
    check_keys(ledger, ReferenceKeys({"k1": FIRST}))


def test_a_further_key_is_remembered_from_its_first_use(ledger):
    check_keys(ledger, ReferenceKeys({"k1": FIRST, "k2": OTHER}), "k2")
    with pytest.raises(SaascoreError, match=r"KEY-005 .*\(k2\)"):
        check_keys(ledger, ReferenceKeys({"k1": FIRST, "k2": FIRST}), "k2")


def test_a_copy_knows_the_key_too(ledger, tmp_path):
    copy_ledger(ledger, f"sqlite:///{tmp_path}/copy.db")
    with (
        open_ledger(f"sqlite:///{tmp_path}/copy.db") as copied,
        pytest.raises(SaascoreError, match="KEY-005"),
    ):
        check_keys(copied, ReferenceKeys({"k1": OTHER}))


def test_what_is_kept_is_a_reference_and_not_the_key(ledger):
    kept = ledger.key_check("k1")
    assert kept.startswith("ref:key:k1:")
    assert FIRST.hex() not in str(ledger.driver.rows("SELECT name, value FROM meta"))


def test_two_first_users_agree_on_the_value_that_was_first(ledger):
    assert ledger.keep_key_check("k3", "first") == "first"
    assert ledger.keep_key_check("k3", "second") == "first"
