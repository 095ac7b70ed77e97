"""What the facades of product and provider adapters have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

from saascore.adapters.boundary import Hook
from saascore.adapters.source import source_digest, source_roots
from saascore.adapters.specs import specs
from saascore.adapters.status import Loaded
from saascore.contract.outcomes import AdapterOrigin
from saascore.contract.words import Digest
from saascore.errors import SaascoreError


class Facade:
    """One adapter, with its hooks resolved.

    Args:
        loaded: The adapter as discovery found it.
        functions: Its hook functions by name.
    """

    def __init__(self, loaded: Loaded, functions: Mapping[str, Callable[..., Any]]) -> None:
        self.id = loaded.id
        self.origin: AdapterOrigin = loaded.origin
        self.functions = functions
        self.roots: tuple[Path, ...] = source_roots(loaded.plugin, functions.values())
        self._hooks = {
            name: Hook(specs()[name], function, self.origin, self.roots)
            for name, function in functions.items()
        }

    @cached_property
    def digest(self) -> Digest:
        """The digest of the adapter: distribution, version and source. A run is bound to it."""
        return source_digest(self.roots, self.origin.distribution, self.origin.version)

    def implements(self, hook: str) -> bool:
        """Tell whether the adapter has a hook."""
        return hook in self._hooks

    def hook(self, name: str) -> Hook:
        """Return a resolved hook.

        Raises:
            SaascoreError: ``ADP-004`` where the adapter does not have it.
        """
        try:
            return self._hooks[name]
        except KeyError:
            raise self.missing(name) from None

    def missing(self, name: str) -> SaascoreError:
        """Return the refusal of a hook that the adapter does not have."""
        return SaascoreError("ADP-004", where=f"{self.id}, hook {name}")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an adapter is not pickled: discover it in the process that calls it")
