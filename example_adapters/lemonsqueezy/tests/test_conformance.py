"""The adapter keeps every promise that saascore asks of a provider adapter."""

from typing import ClassVar

from saascore.testing import ProviderAdapterContract


class TestLemonSqueezy(ProviderAdapterContract):
    adapter = "lemonsqueezy"
    waive: ClassVar = {
        "BIL-011": "ids are bare integers of several sequences: a candidate says what it is the id of (variant:1)"
    }
