"""The adapter author's kit: a conformance suite that an adapter's own tests adopt in one line.

>>> from saascore.testing import ProductAdapterContract
>>> class TestStudio(ProductAdapterContract):
...     adapter = "image-studio"

The same checks run without pytest: ``saascore adapters check image-studio``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from saascore.testing.contract import ProductAdapterContract, ProviderAdapterContract

__all__ = ["ProductAdapterContract", "ProviderAdapterContract"]


def __getattr__(name: str) -> Any:
    """Load the suite when it is asked for: pytest imports this package in every run where saascore is installed."""
    if name in __all__:
        from saascore.testing import contract  # noqa: PLC0415  see above

        return getattr(contract, name)
    raise AttributeError(name)
