"""A packet for the tools that people verify it with."""

import pytest

from saascore.contract.ops import AuditSummary, OpsSummary
from saascore.contract.summary import SummarySpec, UsageSummary
from saascore.contract.window import Window
from saascore.packet.build import build_packet
from saascore.packet.publish import producer


@pytest.fixture
def packet(tmp_path):
    """The folder of a packet that says nothing happened."""
    window = Window.of("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z")
    ops = OpsSummary(window=window, as_of=0, generated_at="2026-11-02T00:00:00.000000Z")
    audit = AuditSummary(window=window, as_of=0)
    usage = UsageSummary(spec=SummarySpec(window=window), as_of=0, audience="operator", groups=())
    built = build_packet(
        tmp_path / "packet", ops=ops, audit=audit, usage=usage, adapters=(), producer=producer()
    )
    return built.folder
