"""The pytest plugin. It is imported in every run where saascore is installed, so it imports nothing but pytest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from saascore.adapters import Registry


class MakeRegistry(Protocol):
    """What the fixture ``saascore_registry`` gives."""

    def __call__(self, **plugins: object) -> Registry:
        """Return a registry of modules or instances; ``_`` in a name stands for ``-`` in the id."""
        ...


@pytest.fixture
def saascore_registry(monkeypatch: pytest.MonkeyPatch) -> MakeRegistry:
    """Make registries of modules or instances, with the discovery of installed adapters blocked in this test.

    ``saascore_registry(image_studio=module).product("image-studio")``.
    """
    from saascore.adapters import Registry, discovery  # noqa: PLC0415  see the module's docstring

    def nothing(**_: Any) -> tuple[()]:
        return ()

    monkeypatch.setattr(discovery, "entry_points", nothing)
    for name in ("ENABLE", "DISABLE", "STRICT"):
        monkeypatch.delenv(f"SAASCORE_{name}_ADAPTERS", raising=False)

    def make(**plugins: object) -> Registry:
        return Registry.of({name.replace("_", "-"): plugin for name, plugin in plugins.items()})

    return make
