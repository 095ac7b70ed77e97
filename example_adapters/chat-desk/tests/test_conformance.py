"""The adapter keeps what every product adapter promises."""

from saascore.testing import ProductAdapterContract


class TestChatDesk(ProductAdapterContract):
    """Every check of the conformance suite, on the adapter's own samples."""

    adapter = "chat-desk"
