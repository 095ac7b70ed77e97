"""What ordinary files of a product hold and no id: lock files, headers, SQL, printed structures; and the id beside it."""

from __future__ import annotations

import random

import pytest

from saascore.privacy.references import Redactor
from saascore.privacy.scanner import Scanner

DRAW = random.Random(20261127)
SCANNER = Scanner()
REFERENCE = Redactor("demo", b"k" * 32, "test").redact("event", 1)


def hexadecimal(length):
    return "".join(DRAW.choice("0123456789abcdef") for _ in range(length))


def rules(text, name="text"):
    return {finding.rule for finding in SCANNER.scan_text(text, name)}


DIGEST = hexadecimal(64)
PACKAGES = {
    "yarn": f'  resolved "https://registry.yarnpkg.com/left-pad/-/left-pad-7.25.3.tgz#{hexadecimal(40)}"',
    "PyPI": f'url = "https://files.pythonhosted.org/packages/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST[4:]}/httpx-0.28.1-py3-none-any.whl"',
    "sdist": f"https://files.pythonhosted.org/packages/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST[4:]}/httpx-0.28.1.tar.gz#sha256={DIGEST}",
}


@pytest.mark.parametrize("lock", PACKAGES)
def test_the_digest_in_the_address_of_a_released_package_passes(lock):
    assert rules(PACKAGES[lock]) == set()


@pytest.mark.parametrize("file", ["httpx-0.28.1.tar.gz", "zope.interface-7.0.1.zip", "serde-1.0.219.crate"])
def test_a_released_archive_passes_by_its_name(file):
    assert rules(f'files = [\n    {{file = "{file}", hash = "sha256:{DIGEST}"}},\n]') == set()
    assert rules(f'input_key = "{file}"')


@pytest.mark.parametrize("cited", ["CVE-2026-12345", "GHSA-x5rq-j2xg-h7qm"])
def test_the_other_names_of_an_advisory_pass(cited):
    assert rules(f'{{"id": "GHSA-x5rq-j2xg-h7qm", "aliases": ["{cited}"]}}') == set()
    assert rules(f'{{"user_id": "{cited}x"}}')


@pytest.mark.parametrize(
    "address",
    [
        f"https://files.example.org/{DIGEST[:24]}/left-pad-7.25.3.tgz",  # no digest has this length
        f"https://files.example.org/left-pad/latest.tgz#{hexadecimal(40)}",  # no released version
        f"https://files.example.org/left-pad-7.25.3.tgz?for={hexadecimal(40)}",
    ],
)
def test_other_hexadecimal_in_an_address_does_not(address):
    assert rules(address)


@pytest.mark.parametrize(
    "line",
    [
        "strict-transport-security: max-age=31536000; includeSubDomains; preload",
        "cache-control: public, max-age=31536000, immutable",
        f"job: {{EventID:{REFERENCE} OccurredAt:2026-11-22T15:17:43Z Region:enam}}",
        "docs=https%3A%2F%2Fwww.example.org%2Fr2%2Fapi%2Fs3%2F&unit=token&occurred_at=2026-07-27T12%3A14%3A33Z",
        "- Updated dependencies [9249607]",
    ],
)
def test_a_value_that_its_name_lets_pass_passes_in_one_token_with_it(line):
    assert rules(line) == set()


def test_what_follows_such_a_value_without_a_break_does_not():
    assert rules(f"max-age=31536000/{DIGEST[:32]}")
    assert rules(f"max-age=31536000&token={DIGEST[:32]}")


INSERTS = {
    "one line": "INSERT INTO jobs ({names}) VALUES ({values});",
    "rows below": "INSERT INTO jobs ({names}) VALUES\n  ({values}),\n  ({values});",
    "all below": "INSERT INTO jobs ({names})\nVALUES\n  ({values});",
    "columns below": "INSERT INTO jobs (\n  {names}\n) VALUES (\n  {values}\n);",
    "cells below": "REPLACE INTO jobs\n  ({names})\nVALUES\n  (\n  {values}\n  ),\n  ({values});",
    "a function": "insert into jobs (at, {names}) values\n  (now(), {values});",
    "a parenthesis": "INSERT INTO jobs (note, {names}) VALUES\n  ('late (twice)', {values});",
}


@pytest.mark.parametrize("layout", INSERTS)
def test_the_rows_of_an_insert_stand_under_their_columns(layout):
    clean = INSERTS[layout].format(
        names="window, subscription_id, active_users, brand",
        values=f"'2026-11-01/2026-11-30', '{REFERENCE}', 7139, 'visa'",
    )
    assert rules(clean) == set()
    raw = INSERTS[layout].format(names="plan, owner_id", values="'pro', 4711")
    assert rules(raw) == {"privacy.raw-owner-id.key-name"}


def test_what_stands_beside_the_rows_is_inspected_too():
    assert rules(f"INSERT INTO jobs (plan) VALUES\n  ('pro') -- {hexadecimal(30)}\n") == {
        "privacy.opaque.hexadecimal"
    }


def test_the_name_of_an_id_is_no_id():
    assert (
        rules('{"user_id": "customerId", "customer.id": "Customer number", "owner_id": "Besitzer"}') == set()
    )
    assert rules('{"user_id": "customer71"}') == {"privacy.raw-user-id.key-name"}
    assert rules('{"user_id": "usr_jane"}') == {"privacy.raw-user-id.key-name"}
    assert rules('{"user_id": "jane"}') == {"privacy.raw-user-id.key-name"}


def test_words_with_escaped_letters_pass_and_what_escapes_hide_does_not():
    assert rules("gallery.title=Tus im\\u00e1genes m\\u00e1s recientes\n", "es.properties") == set()
    secret = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    hidden = "".join(f"\\u{ord(letter):04x}" for letter in secret[:4]) + secret[4:]
    assert "privacy.provider-credential.stripe-key" in rules(f"title={hidden}\n", "es.properties")
    assert rules("title=\\u00e1" + "Zk3Xq9Lm2Pw8" + "Rt5Yv1" + "\n", "es.properties")
