"""The registry: what discovery found, and the facades of what can be called. Adapters are addressed by id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any, Literal, NoReturn, Self

from pluggy import PluginManager

from saascore.adapters.inspection import inspect_plugin
from saascore.adapters.product import ProductAdapter
from saascore.adapters.provider import ProviderAdapter
from saascore.adapters.specs import MODULES, Kind, specs
from saascore.adapters.status import Broken, Disabled, Loaded, Status, is_public_id
from saascore.errors import ERRORS, SaascoreError
from saascore.hookspecs import PROJECT


@dataclass(frozen=True, slots=True)
class Row:
    """One line of ``saascore adapters list``."""

    id: str
    status: Literal["loaded", "disabled", "broken"]
    distribution: str | None
    version: str | None
    api: int | None
    kind: str | None
    hooks: tuple[str, ...]
    reason: str | None
    cure: str | None

    def to_json(self) -> dict[str, Any]:
        """Return the row as JSON values."""
        return asdict(self) | {"hooks": list(self.hooks)}


class Registry:
    """Everything that discovery found, in the order of ids.

    Args:
        statuses: One for each adapter.
        strangers: An ``ADP-018`` for each name in a setting that no adapter answers to.
        given: The ids of those that were given by path.
    """

    def __init__(
        self,
        statuses: Iterable[Status],
        strangers: Iterable[SaascoreError] = (),
        given: Iterable[str] = (),
    ) -> None:
        self.statuses: tuple[Status, ...] = tuple(
            sorted(statuses, key=lambda status: (status.id, status.distribution or ""))
        )
        self.strangers = tuple(strangers)
        self.given = tuple(sorted(set(given)))
        self._facades: dict[tuple[Kind, str], ProductAdapter | ProviderAdapter] = {}

    @classmethod
    def of(cls, plugins: Mapping[str, object]) -> Self:
        """Return a registry of modules or instances under the given ids, without discovery."""
        return cls(inspect_plugin(name, None, None, plugin) for name, plugin in plugins.items())

    def loaded(self) -> tuple[Loaded, ...]:
        """Return the adapters that can be called."""
        return tuple(status for status in self.statuses if isinstance(status, Loaded))

    def broken(self) -> tuple[Broken, ...]:
        """Return the adapters that cannot be called."""
        return tuple(status for status in self.statuses if isinstance(status, Broken))

    def wrong(self) -> list[SaascoreError]:
        """Return what strict mode stops at: an ``ADP-003`` for each broken adapter, and every stranger."""
        broken = [SaascoreError("ADP-003", where=row.id, detail=row.reason) for row in self.broken()]
        return [*broken, *self.strangers]

    def rows(self) -> tuple[Row, ...]:
        """Return one row an adapter: what it is, or why it cannot be called and what to do."""
        return tuple(map(_row, self.statuses))

    def asked(self) -> frozenset[str]:
        """Return the ids that somebody asked for so far."""
        return frozenset(adapter_id for _, adapter_id in self._facades)

    def ids(self, kind: Kind) -> tuple[str, ...]:
        """Return the ids of the loaded adapters of one kind."""
        return tuple(status.id for status in self.loaded() if kind in kinds(status))

    def product(self, adapter_id: str) -> ProductAdapter:
        """Return a product adapter.

        Raises:
            SaascoreError: ``ADP-001`` missing, ``ADP-002`` disabled, ``ADP-003`` broken, ``ADP-004`` no product hook.
        """
        facade = self._facade("product", adapter_id)
        assert isinstance(facade, ProductAdapter)  # noqa: S101  narrows the type
        return facade

    def provider(self, adapter_id: str) -> ProviderAdapter:
        """Return a provider adapter; raises as :meth:`product` does."""
        facade = self._facade("provider", adapter_id)
        assert isinstance(facade, ProviderAdapter)  # noqa: S101  narrows the type
        return facade

    def _facade(self, kind: Kind, adapter_id: str) -> ProductAdapter | ProviderAdapter:
        known = self._facades.get((kind, adapter_id))
        if known is None:
            loaded = self._find(adapter_id)
            if kind not in kinds(loaded):
                raise SaascoreError("ADP-004", where=loaded.id, detail=f"it has no {kind} hook")
            build = ProductAdapter if kind == "product" else ProviderAdapter
            known = self._facades[kind, adapter_id] = build(loaded, _resolved(loaded))
        return known

    def _find(self, adapter_id: str) -> Loaded:
        found = [status for status in self.statuses if status.id == adapter_id]
        for status in found:
            if isinstance(status, Loaded):
                return status
        for status in found:
            if isinstance(status, Broken):
                raise SaascoreError("ADP-003", where=adapter_id, detail=status.reason)
        for status in found:
            if isinstance(status, Disabled):
                raise SaascoreError("ADP-002", where=adapter_id, detail=f"by {status.setting}")
        near = get_close_matches(adapter_id, [status.id for status in self.loaded()], 1, 0.5)
        raise SaascoreError(
            "ADP-001",
            where=adapter_id if is_public_id(adapter_id) else None,
            detail=f"did you mean {near[0]}?" if near else None,
        )

    def __reduce__(self) -> NoReturn:
        raise TypeError("a registry is not pickled: discover adapters in the process that calls them")


def _resolved(loaded: Loaded) -> dict[str, Callable[..., Any]]:
    """Resolve each hook of an adapter once: a call through pluggy costs thirty times a plain call.

    Each adapter has a manager of its own, so one module may stand behind two ids.
    """
    manager = PluginManager(PROJECT)
    for module in MODULES:
        manager.add_hookspecs(module)
    manager.register(loaded.plugin, name=loaded.id)
    return {
        name: implementation.function
        for name in specs()
        for implementation in getattr(manager.hook, name).get_hookimpls()
    }


def kinds(loaded: Loaded) -> frozenset[Kind]:
    """Return the kinds of a loaded adapter, by the hooks that it has."""
    return frozenset(specs()[name].kind for name in loaded.hooks)


def _row(status: Status) -> Row:
    common = (status.distribution, status.version)
    match status:
        case Loaded():
            hooks = tuple(name for name in specs() if name in status.hooks)
            kind = " and ".join(sorted(kinds(status)))
            return Row(status.id, "loaded", *common, status.api, kind, hooks, None, None)
        case Disabled():
            return Row(
                status.id, "disabled", *common, None, None, (), f"by {status.setting}", ERRORS["ADP-002"].cure
            )
        case Broken():
            return Row(status.id, "broken", *common, None, None, (), status.reason, status.cure)
