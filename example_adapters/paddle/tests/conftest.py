"""The adapter's own samples by name, and what it answers to them."""

import json
from importlib.resources import files

import pytest
import saascore_paddle

from saascore.adapters import Registry
from saascore.drafts import ProviderEvent


@pytest.fixture(scope="session")
def samples():
    text = (files(saascore_paddle) / "samples" / "events.ndjson").read_text(encoding="utf-8")
    return {sample["name"]: sample for sample in map(json.loads, text.splitlines())}


@pytest.fixture(scope="session")
def provider():
    """The adapter behind the boundary, which checks the type of every field of every draft."""
    return Registry.of({"paddle": saascore_paddle}).provider("paddle")


@pytest.fixture(scope="session")
def answer(provider, samples):
    def normalize(name):
        sample = samples[name]
        return provider.normalize_billing_event(
            ProviderEvent(sample["body"], mode=sample.get("mode", "live"))
        )

    return normalize


@pytest.fixture(scope="session")
def draft(answer):
    def only_draft(name):
        (found,) = answer(name).drafts
        return found

    return only_draft
