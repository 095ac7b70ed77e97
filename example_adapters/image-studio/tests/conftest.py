"""What the suites of Image Studio share: its adapter as installed, its rows, and a key made for the run."""

import json
import os
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
import saascore_image_studio

from saascore.adapters import discover
from saascore.contract.summary import SummarySpec
from saascore.entitlements.intake import Intake
from saascore.entitlements.reading import Entitlements
from saascore.ledger import create_ledger
from saascore.privacy.references import ReferenceKeys
from saascore.usage.mapping import UsageMapper
from saascore.usage.submit import Submission
from saascore.usage.summary import summarize

SAMPLES = Path(saascore_image_studio.__file__).parent / "samples"
NOW = "2026-11-20T18:00:00Z"


@pytest.fixture
def studio(monkeypatch):
    """The product's adapter, found by its entry point, with its database exported."""
    monkeypatch.setenv("IMAGE_STUDIO_D1", str(SAMPLES / "jobs.sql"))
    return discover(enable=["image-studio"]).product("image-studio")


@pytest.fixture
def workspace(studio, keys):
    """The reference of the one workspace that the billing suites tell of."""
    return studio.reference_workspace({"workspace_id": "wsp_synbillingsuite001"}, keys.redactor(studio.id))


@pytest.fixture
def rows():
    """Job rows as the queue delivers them."""
    return [json.loads(line) for line in (SAMPLES / "rows.ndjson").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def keys():
    """A reference key that lives as long as the test run."""
    return ReferenceKeys({"k1": os.urandom(32)})


@pytest.fixture
def mapped(studio, keys):
    """Map one row as a submission does."""
    return UsageMapper(studio, keys=keys.redactor(studio.id), resolved_at=NOW)


@pytest.fixture
def ledger(tmp_path):
    """An empty ledger."""
    with create_ledger(f"sqlite:///{tmp_path}/ledger.db", reference_key="k1") as opened:
        yield opened


@pytest.fixture
def submit(ledger, mapped, studio):
    """Hand records in, and answer how many had each outcome."""

    def handed_in(records, *, prepare=mapped):
        submission = Submission(ledger, source=studio.id, now=NOW)
        numbered = (SimpleNamespace(number=n, value=r, problem=None) for n, r in enumerate(records, start=1))
        return Counter(verdict.outcome for verdict in submission.run(numbered, prepare))

    return handed_in


@pytest.fixture
def totals(ledger):
    """Answer count and sum by event type, plan and unit of a window."""

    def summed(window, **more):
        spec = SummarySpec(window=window, **more)
        return {
            (group.event_type, group.plan_key, group.unit): (group.totals.count, group.totals.sum)
            for group in summarize(ledger, spec).groups
        }

    return summed


@pytest.fixture
def bill(ledger, keys):
    """Hand one provider's events in, in the order given, and answer their outcomes."""

    def handed_in(provider, *bodies):
        found = discover(enable=[provider, "image-studio"])
        intake = Intake(ledger, found.provider(provider), found.product("image-studio"), "live", keys, NOW)
        numbered = (SimpleNamespace(number=n, value=b, problem=None) for n, b in enumerate(bodies, start=1))
        return [outcome.outcome for outcome in intake.run(numbered)]

    return handed_in


@pytest.fixture
def entitlements(ledger, studio):
    """What the ledger says of the product's workspaces."""
    return Entitlements(ledger, studio)
