"""What the suites of Image Studio share: its adapter as installed, its rows, and a key made for the run."""

import json
import os
from pathlib import Path

import pytest
import saascore_image_studio

from saascore.adapters import discover
from saascore.privacy.references import ReferenceKeys
from saascore.usage.mapping import UsageMapper

SAMPLES = Path(saascore_image_studio.__file__).parent / "samples"
NOW = "2026-11-20T18:00:00Z"


@pytest.fixture
def studio(monkeypatch):
    """The product's adapter, found by its entry point, with its database exported."""
    monkeypatch.setenv("IMAGE_STUDIO_D1", str(SAMPLES / "jobs.sql"))
    return discover(enable=["image-studio"]).product("image-studio")


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
