"""What the suites of Chat Desk share: its adapter as installed, its journal, and a key made for the run."""

import json
import os
from pathlib import Path

import pytest
import saascore_chat_desk

from saascore.adapters import discover
from saascore.privacy.references import ReferenceKeys
from saascore.usage.mapping import UsageMapper

SAMPLES = Path(saascore_chat_desk.__file__).parent / "samples"
NOW = "2026-11-20T18:00:00Z"


@pytest.fixture
def desk(monkeypatch):
    """The product's adapter, found by its entry point, with its archive at hand."""
    monkeypatch.setenv("CHAT_DESK_ARCHIVE", str(SAMPLES / "rows.ndjson"))
    return discover(enable=["chat-desk"]).product("chat-desk")


@pytest.fixture
def rows():
    """Journal entries as the desk writes them."""
    return [json.loads(line) for line in (SAMPLES / "rows.ndjson").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def keys():
    """A reference key that lives as long as the test run."""
    return ReferenceKeys({"k1": os.urandom(32)})


@pytest.fixture
def mapped(desk, keys):
    """Map one row as a submission does."""
    return UsageMapper(desk, keys=keys.redactor(desk.id), resolved_at=NOW)
