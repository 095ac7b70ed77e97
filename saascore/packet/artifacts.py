"""The files of a release packet as bytes: the same summaries, the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from types import MappingProxyType

from saascore.contract.evidence import PacketManifest, PrivacyEvidence
from saascore.contract.model import Contract
from saascore.contract.ops import AuditSummary, OpsSummary
from saascore.contract.summary import UsageSummary
from saascore.packet.markdown import render_markdown
from saascore.packet.page import render_page
from saascore.packet.sections import Summaries, document

OPS, AUDIT, USAGE = "ops-summary.json", "audit-summary.json", "usage-summary.json"
EVIDENCE = "privacy-evidence.json"
PAGE, MARKDOWN = "report.html", "report.md"
MANIFEST = "manifest.json"
#: The data artifacts that the evidence speaks of, and the model of each.
DATA: Mapping[str, type[Contract]] = MappingProxyType(
    {OPS: OpsSummary, AUDIT: AuditSummary, USAGE: UsageSummary}
)
#: Every JSON file of a packet by its model.
JSON_FILES: Mapping[str, type[Contract]] = MappingProxyType(
    {**DATA, EVIDENCE: PrivacyEvidence, MANIFEST: PacketManifest}
)


def encoded(model: Contract) -> bytes:
    """Write a model as people and tools like to read it: sorted keys, two spaces, a newline at the end."""
    text = json.dumps(model.to_json(), indent=2, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode()


def report_files(summaries: Summaries) -> dict[str, bytes]:
    """Write the page and its Markdown twin."""
    made = document(summaries)
    return {PAGE: render_page(made).encode(), MARKDOWN: render_markdown(made).encode()}


def file_digest(data: bytes) -> str:
    """Return the plain SHA-256 of a file, as ``sha256sum`` gives it."""
    return "sha256:" + hashlib.sha256(data).hexdigest()
