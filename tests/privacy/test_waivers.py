"""Waivers take out exactly what they name, until their day, and fail when they are of no use."""

from __future__ import annotations

import json
from datetime import date

import pytest

from saascore.errors import SaascoreError
from saascore.privacy.scanner import Scanner
from saascore.privacy.waivers import apply, parse

TODAY = date(2026, 11, 23)


@pytest.fixture
def findings():
    return Scanner(fingerprint_key=b"k" * 32).scan_json(
        {"rows": [{"user_id": "u-4711"}, {"user_id": "u-4712"}]}
    )


def row(finding, **more):
    return {
        "rule": finding.rule,
        "pointer": "/rows/*/user_id",
        "fingerprint": finding.fingerprint,
        "reason": "synthetic row of the documentation",
        "expires": "2026-12-31",
        **more,
    }


def waived(findings, *rows):
    return apply(findings, parse(json.dumps({"waivers": rows})), TODAY)


def test_a_waiver_takes_out_its_finding_and_no_other(findings):
    left = waived(findings, row(findings[0]))
    assert (left.findings, left.waived, left.clean) == ([findings[1]], 1, False)
    assert waived(findings, row(findings[0]), row(findings[1])).clean


def test_an_expired_waiver_fails_and_its_finding_is_back(findings):
    left = waived(findings, row(findings[0], expires="2026-11-22"))
    assert (len(left.findings), left.expired, left.unused) == (2, (1,), ())


@pytest.mark.parametrize(
    "more", [{"pointer": "/other"}, {"rule": "privacy.opaque.token"}, {"fingerprint": "0" * 20}]
)
def test_an_unused_waiver_fails(findings, more):
    left = waived(findings, row(findings[0], **more))
    assert (left.unused, left.clean) == ((1,), False)
    assert not waived([], row(findings[0])).clean


@pytest.mark.parametrize(
    "more", [{"reason": " "}, {"fingerprint": "x"}, {"expires": "soon"}, {"rule": None}, {"pointer": 7}]
)
def test_a_waiver_that_does_not_say_all_is_refused(findings, more):
    with pytest.raises(SaascoreError, match="SCN-002"):
        waived(findings, row(findings[0], **more))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"waivers": 1}', "[" * 9999])
def test_a_file_that_is_none_is_refused(text):
    with pytest.raises(SaascoreError, match="SCN-002"):
        parse(text)
