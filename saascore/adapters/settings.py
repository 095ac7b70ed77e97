"""Which adapters are enabled: by flag, by environment variable or in the product's pyproject.toml, in that order.

A setting names an adapter as ``id`` or as ``id@distribution``. The strongest setting with an opinion on an adapter
decides: it is named to be disabled, named to be enabled, or missing from a list of what is enabled. Strict mode, in
which one broken adapter stops everything, is set at the same three places.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from re import sub
from typing import Any, NamedTuple

from saascore.errors import SaascoreError

ENABLE_VARIABLE = "SAASCORE_ENABLE_ADAPTERS"
DISABLE_VARIABLE = "SAASCORE_DISABLE_ADAPTERS"
STRICT_VARIABLE = "SAASCORE_STRICT_ADAPTERS"
PYPROJECT = "pyproject.toml [tool.saascore]"


class Setting(NamedTuple):
    """One place where adapters are enabled and disabled; ``names`` are what its two lists are called."""

    names: tuple[str, str]
    enable: frozenset[str]
    disable: frozenset[str]

    def verdict(self, adapter: Collection[str]) -> str | bool:
        """Say what this setting has to say of the adapter with these names.

        Returns:
            What disables it, in words; ``True`` where it is enabled by name; ``False`` for no opinion.
        """
        if self.disable.intersection(adapter):
            return self.names[1]
        if self.enable and not self.enable.intersection(adapter):
            return f"{self.names[0]}, which does not name it"
        return bool(self.enable)


class Settings(NamedTuple):
    """Every setting, strongest first, and whether one broken adapter stops everything."""

    choices: tuple[Setting, ...]
    strict: bool

    def disabling(self, adapter_id: str, distribution: str | None) -> str | None:
        """Return the name of the setting that disables an adapter, or ``None`` where it is enabled."""
        names = selectors(adapter_id, distribution)
        for setting in self.choices:
            if verdict := setting.verdict(names):
                return verdict if isinstance(verdict, str) else None
        return None

    def named(self) -> Iterator[tuple[str, str]]:
        """Yield each adapter that a setting names, with the name of that setting."""
        for setting in self.choices:
            for name, selected in zip(setting.names, (setting.enable, setting.disable), strict=True):
                yield from ((name, selector) for selector in sorted(selected))


def read_settings(
    enable: Collection[str],
    disable: Collection[str],
    environment: Mapping[str, str],
    folder: Path,
    *,
    strict: bool | None = None,
) -> Settings:
    """Return the settings; ``strict`` is the flag, where one was given.

    The nearest ``pyproject.toml`` with a table ``[tool.saascore]`` counts, in the folder or above it: a command that is
    typed in a subfolder must not import what the product has disabled.

    Raises:
        SaascoreError: ``ADP-017`` where a setting cannot be read.
    """
    table = next(filter(None, map(_table, (folder, *folder.absolute().parents))), {})
    choices = (
        Setting(
            ("--enable", "--disable"), frozenset(map(_selector, enable)), frozenset(map(_selector, disable))
        ),
        Setting(
            (ENABLE_VARIABLE, DISABLE_VARIABLE),
            _split(environment.get(ENABLE_VARIABLE, "")),
            _split(environment.get(DISABLE_VARIABLE, "")),
        ),
        Setting(
            (f"{PYPROJECT} enable-adapters", f"{PYPROJECT} disable-adapters"),
            _list(table, "enable-adapters"),
            _list(table, "disable-adapters"),
        ),
    )
    return Settings(choices, _strict(strict, environment.get(STRICT_VARIABLE, ""), table))


def selectors(adapter_id: str, distribution: str | None) -> frozenset[str]:
    """Return what a setting may call an adapter."""
    exact = {f"{adapter_id}@{normalized(distribution)}"} if distribution else set()
    return frozenset({adapter_id, *exact})


def normalized(distribution: str) -> str:
    """Return a distribution's name in the normal form of the packaging specifications."""
    return sub(r"[-_.]+", "-", distribution).lower()


def _strict(flag: bool | None, variable: str, table: Mapping[str, Any]) -> bool:
    if flag is not None:
        return flag
    if variable:
        if variable not in {"0", "1"}:
            raise SaascoreError("ADP-017", where=STRICT_VARIABLE, detail="0 or 1")
        return variable == "1"
    stated = table.get("strict-adapters", False)
    if not isinstance(stated, bool):
        raise SaascoreError("ADP-017", where=f"{PYPROJECT} strict-adapters", detail="true or false")
    return stated


def _split(text: str) -> frozenset[str]:
    return frozenset(_selector(part) for item in text.split(",") if (part := item.strip()))


def _selector(text: str) -> str:
    adapter_id, at, distribution = text.partition("@")
    return f"{adapter_id}@{normalized(distribution)}" if at else adapter_id


def _table(folder: Path) -> Mapping[str, Any]:
    """Return ``[tool.saascore]`` of a folder's pyproject.toml; empty where it has none."""
    try:
        text = (folder / "pyproject.toml").read_bytes().decode("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise SaascoreError("ADP-017", where="pyproject.toml") from None
    if "saascore" not in text:
        return {}
    try:
        table = tomllib.loads(text).get("tool", {}).get("saascore", {})
    except (tomllib.TOMLDecodeError, AttributeError):
        raise SaascoreError("ADP-017", where="pyproject.toml", detail="not TOML") from None
    return table if isinstance(table, dict) else {}


def _list(table: Mapping[str, Any], key: str) -> frozenset[str]:
    value = table.get(key, [])
    if not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
        raise SaascoreError("ADP-017", where=f"{PYPROJECT} {key}", detail="not a list of ids")
    return frozenset(map(_selector, value))
