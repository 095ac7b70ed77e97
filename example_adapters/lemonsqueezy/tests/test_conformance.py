"""The adapter keeps every promise that saascore asks of a provider adapter."""

from saascore.testing import ProviderAdapterContract


class TestLemonSqueezy(ProviderAdapterContract):
    adapter = "lemonsqueezy"
