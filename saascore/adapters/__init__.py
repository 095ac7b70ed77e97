"""Adapters: found, checked, addressed by id, and called through one boundary.

>>> from saascore.adapters import Registry
>>> Registry.of({}).rows()
()
"""

from saascore.adapters.boundary import AdapterFailure, Failure
from saascore.adapters.discovery import discover
from saascore.adapters.product import ProductAdapter
from saascore.adapters.provider import ProviderAdapter
from saascore.adapters.registry import Registry, Row
from saascore.adapters.status import Broken, Disabled, Loaded, Problem, Status

__all__ = [
    "AdapterFailure",
    "Broken",
    "Disabled",
    "Failure",
    "Loaded",
    "Problem",
    "ProductAdapter",
    "ProviderAdapter",
    "Registry",
    "Row",
    "Status",
    "discover",
]
