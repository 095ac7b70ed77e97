"""No output of the scanner, and no exception, holds a piece of what was found."""

from __future__ import annotations

import io
import json
import logging
import random
import string
import traceback

from hypothesis import given, settings
from hypothesis import strategies as st

from saascore.errors import SaascoreError
from saascore.privacy import reports, rulefile, waivers
from saascore.privacy.references import Redactor, ReferenceKeys
from saascore.privacy.scanner import Scanner, assert_public_safe

LETTERS = string.ascii_letters + string.digits


def places(secret):
    """Every way a value is planted: as a value, a name, a file name, in text, table, markup and encodings."""
    return {
        "value.json": json.dumps({"customer_id": secret}),
        "name.json": json.dumps({secret: {"n": [1, {secret: 2}]}}),
        "twice.json": '{"user_id": "' + secret + '", "user_id": null}',
        "broken.json": '{"user_id": "' + secret + '"',
        "text.txt": f"the key is {secret}, api_key={secret}",
        "table.md": f"| user_id | n |\n|---|---|\n| {secret} | 1 |\n",
        "page.html": f'<p data-user="{secret}">{secret}</p>',
        "rows.csv": f"user_id,n\n{secret},1\n",
        "config.yaml": f"user:\n  id: {secret}\n",
        f"{secret}.txt": f"Authorization: Bearer {secret}",
        "url.txt": f"https://x.example.com/{secret}?token={secret}",
        "hook.json": json.dumps({"object": "event", "type": secret, "data": {"object": {"id": secret}}}),
        "inner.json": json.dumps({"a": json.dumps({"b": secret})}),
    }


def outputs(findings, scanner):
    rules = scanner.rules
    yield "text", reports.as_text(findings, rules)
    yield "json", json.dumps(reports.as_json(findings, scanner.scanned))
    yield "sarif", json.dumps(reports.as_sarif(findings, rules))
    yield "junit", reports.as_junit(findings, scanner.scanned, rules)
    yield "repr", repr(findings)
    yield "passed", repr(scanner.passed)
    yield "scanner", repr(scanner) + repr(scanner.scanned)


def told_by(error):
    yield from (str(error), repr(error), repr(error.args), repr(getattr(error, "__notes__", "")))
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__
    yield "".join(traceback.format_exception_only(error))


def refusals(secret):
    calls = [
        lambda: assert_public_safe({"customer_id": secret, secret: 1}),
        lambda: assert_public_safe(f"api_key={secret}"),
        lambda: Scanner(secret),
        lambda: ReferenceKeys.parse(f"k1:{secret}"),
        lambda: ReferenceKeys.parse(f"{secret}:{'ab' * 32}"),
        lambda: ReferenceKeys({secret: secret.encode()}),
        lambda: ReferenceKeys.load({"SAASCORE_REFERENCE_KEYS_FILE": f"/nowhere/{secret}"}),
        lambda: Redactor("k1", secret.encode() * 9, "n").redact(secret, secret),
        lambda: Redactor("k1", secret.encode() * 9, "n").redact("key", secret + "\ud800"),
        lambda: waivers.parse(secret),
        lambda: waivers.parse(json.dumps({"waivers": [{"rule": secret, "fingerprint": secret}]})),
        lambda: rulefile.parse(secret),
        lambda: rulefile.parse(json.dumps({"public_words": [secret.upper() + "-"]})),
        lambda: rulefile.parse(json.dumps({"rules": [{"id": secret, "detector": {"type": secret}}]})),
    ]
    for call in calls:
        try:
            call()
        except (SaascoreError, AssertionError) as error:
            yield from told_by(error)
        else:
            raise AssertionError("a refusal was expected")


@settings(max_examples=40, deadline=None)
@given(st.integers(min_value=0))
def test_no_piece_of_a_planted_value_is_shown(seed):
    draw = random.Random(seed)
    secret = "".join(draw.choice(LETTERS) for _ in range(24)) + "q7X"
    pieces = {secret[start : start + 6] for start in range(len(secret) - 5)}
    logged = io.StringIO()
    handler = logging.StreamHandler(logged)
    logging.getLogger().addHandler(handler)
    try:
        for name, text in places(secret).items():
            scanner = Scanner(explain=True)
            findings = scanner.scan_bytes(text.encode(), name=name)
            assert findings, name
            for output, shown in outputs(findings, scanner):
                assert not any(piece in shown for piece in pieces), f"{name} in {output}"
        for shown in refusals(secret):
            assert not any(piece in shown for piece in pieces)
    finally:
        logging.getLogger().removeHandler(handler)
    assert not any(piece in logged.getvalue() for piece in pieces)


def test_the_property_can_fail():
    """A report that did show a value would be caught by the same comparison."""
    secret = "Zq8" * 9
    assert any(secret[start : start + 6] in f"found {secret}" for start in range(len(secret) - 5))
