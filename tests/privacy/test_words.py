"""What reads as words and what as random: many drawn values, and the words that people write."""

from __future__ import annotations

import random
import string
import time

import pytest

from saascore.privacy import grammar
from saascore.privacy.placeholder import is_placeholder
from saascore.privacy.scanner import Scanner

B62 = string.ascii_letters + string.digits
ALPHABETS = {
    "base62": B62,
    "letters": string.ascii_letters,
    "lower case": string.ascii_lowercase + string.digits,
    "base58": "".join(character for character in B62 if character not in "0OIl"),
    "base64url": B62 + "-_",
}


@pytest.mark.parametrize("name", ["subscription", "subject", "user", "owner", "customer"])
@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_random_values_under_a_bare_name_are_raw(name, alphabet):
    draw, scanner = random.Random(name + alphabet), Scanner()
    values = [
        "".join(draw.choice(ALPHABETS[alphabet]) for _ in range(draw.randrange(20, 33))) for _ in range(3000)
    ]
    passed = [value for value in values if not scanner.scan_json({name: value})]
    assert len(passed) <= 1


def test_random_letters_of_mixed_case_are_opaque_wherever_they_stand():
    draw = random.Random(20261127)
    values = ["".join(draw.choice(string.ascii_letters) for _ in range(24)) for _ in range(20_000)]
    assert sum(not grammar.is_opaque(value) for value in values) <= 10


@pytest.mark.parametrize(
    "word",
    [
        "proMonthly",
        "checkoutSession",
        "billing",
        "teamAnnual",
        "githubActions",
        "customer-portal",
        "defaultWorkspace",
        "usageLedger",
        "internationalization",
        "entitlements",
        "production",
        "community-edition",
    ],
)
def test_words_under_a_bare_name_pass(word):
    assert not Scanner().scan_json({"subscription": word, "subject": word})


@pytest.mark.parametrize(
    "word",
    [
        "getElementById",
        "XMLHttpRequest",
        "utf16CodeUnits",
        "OAuthTokenRequest",
        "targetCPUUtilizationPercentage",
        "noUncheckedIndexedAccess",
        "Überschreitungen",
        "résiliation",
        "Vergütungssatz",
        "suscripción",
        "startTimeUnixNano",
    ],
)
def test_names_of_code_and_words_of_other_languages_pass(word):
    assert not Scanner().scan_text(f"see {word} there")


@pytest.mark.parametrize(
    "text",
    [
        "my-secret-key",
        "your_api_key_here",
        "changeme",
        "change-me-to-32-random-bytes",
        "${TOKEN}",
        "1234567890",
        "xxxxxxxx",
    ],
)
def test_placeholders_are_known(text):
    assert is_placeholder(text)
    assert not Scanner().scan_json({"api_key": text})


def test_what_only_starts_like_a_placeholder_is_none():
    draw = random.Random(3)
    for start in ("my", "your", "the", "example", "test", "secret"):
        value = start + "".join(draw.choice(string.ascii_letters) for _ in range(24))
        assert not is_placeholder(value)
    assert not is_placeholder('{"team": "AI", "user": 74470}')


@pytest.mark.parametrize(
    "text", ["my" + "a" * 4000 + "!", "my-" * 2000 + "!", "the " * 2000 + "!", "yourA" * 1000 + "!"]
)
def test_a_long_value_that_starts_like_a_placeholder_takes_no_time(text):
    start = time.process_time()
    is_placeholder(text)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "name", ["schema", "id", "user_id", "secret", "idempotency_key", "input_key", "note"]
)
def test_a_schemas_id_passes_under_every_name_and_what_holds_one_does_not(name):
    draw, scanner = random.Random(name), Scanner()
    raw = "".join(draw.choice(B62) for _ in range(24))
    assert scanner.scan_json({name: "saascore/usage-event/1"}) == []
    assert scanner.scan_json({name: f"saascore/{raw}/1"})
    assert scanner.scan_json({name: f"saascore/usage-event/1/{raw}"})
