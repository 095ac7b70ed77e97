"""What the scanner writes: text, JSON, SARIF 2.1.0 and JUnit. None has room for a value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from saascore.privacy.findings import Finding, Scanned
from saascore.privacy.rule import Rule
from saascore.privacy.ruleset import RULESET_VERSION, ruleset_digest

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_text(findings: Iterable[Finding], rules: dict[str, Rule]) -> str:
    """Write one line a finding: place, rule, layers, and why."""
    lines = []
    for finding in findings:
        layers = f" through {' > '.join(finding.layers)}" if finding.layers else ""
        lines.append(f"{_printable(finding.place)}: {finding.rule}{layers}: {_why(finding, rules)}")
    return "\n".join(lines)


def as_json(findings: Iterable[Finding], scanned: Scanned) -> dict[str, Any]:
    """Return findings, counts and rule set as plain JSON values."""
    return {
        "findings": [{**finding.to_json(), "path": _printable(finding.path)} for finding in findings],
        "scanned": scanned.to_json(),
        "ruleset": {"version": RULESET_VERSION, "digest": ruleset_digest()},
    }


def as_sarif(findings: Sequence[Finding], rules: dict[str, Rule]) -> dict[str, Any]:
    """Return a SARIF 2.1.0 log (OASIS standard)."""
    used = sorted({finding.rule for finding in findings})
    return {
        "$schema": SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "saascore scan",
                        "semanticVersion": RULESET_VERSION,
                        "rules": [
                            {
                                "id": rule_id,
                                "shortDescription": {"text": rules[rule_id].why},
                                "properties": {"tags": [rules[rule_id].category]},
                            }
                            for rule_id in used
                        ],
                    }
                },
                "results": [_sarif_result(finding, used.index(finding.rule), rules) for finding in findings],
            }
        ],
    }


def _sarif_result(finding: Finding, rule_index: int, rules: dict[str, Rule]) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(_printable(finding.path))}}
    if finding.line:
        place["region"] = {
            "startLine": finding.line,
            **({"startColumn": finding.column} if finding.column else {}),
        }
    location: dict[str, Any] = {"physicalLocation": place}
    if finding.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": _printable(finding.pointer), "kind": "member"}]
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": "error",
        "message": {"text": _why(finding, rules)},
        "locations": [location],
        "partialFingerprints": {"saascore/v1": finding.fingerprint},
        "properties": {
            "category": finding.category,
            "layers": list(finding.layers),
            "length": finding.length,
        },
    }


def as_junit(findings: Sequence[Finding], scanned: Scanned, rules: dict[str, Rule]) -> str:
    """Write JUnit XML: one test case a file with findings, and one for all that are clean."""
    paths = list(dict.fromkeys(finding.path for finding in findings))
    suite = ET.Element(
        "testsuite",
        name="saascore scan",
        tests=str(max(scanned.files, len(paths))),
        failures=str(len(paths)),
        errors="0",
        skipped="0",
    )
    for path in paths:
        case = ET.SubElement(suite, "testcase", classname="saascore.scan", name=_printable(path))
        own = [finding for finding in findings if finding.path == path]
        failure = ET.SubElement(case, "failure", message=f"{len(own)} findings", type=own[0].category)
        failure.text = "\n" + as_text(own, rules) + "\n"
    for _ in range(scanned.files - len(paths)):
        ET.SubElement(suite, "testcase", classname="saascore.scan", name="clean")
    return ET.tostring(suite, encoding="unicode", xml_declaration=True)


def _why(finding: Finding, rules: dict[str, Rule]) -> str:
    return rules[finding.rule].why


def _printable(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text).replace("\n", " ").replace("\r", " ")
