"""The folder of a distribution that need not be installed: the adapters that its pyproject.toml names."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from re import fullmatch
from typing import NamedTuple

from importlib_metadata import EntryPoint

from saascore.hookspecs import ENTRY_POINT_GROUP

_EXAMPLE = f'[project.entry-points."{ENTRY_POINT_GROUP}"] with a line such as: image-studio = "image_studio"'


class NoModule(Exception):  # noqa: N818  it is told as a problem of the adapter
    """A path leads to no module; ``text`` says what would, in public words."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Project(NamedTuple):
    """A distribution's name and version, where its pyproject.toml states them, and its adapters' entry points."""

    name: str | None
    version: str | None
    points: tuple[EntryPoint, ...]


def is_project(folder: Path) -> bool:
    """Tell whether a folder is a distribution's, and not the package itself."""
    return (folder / "pyproject.toml").is_file() and not (folder / "__init__.py").exists()


def read_project(folder: Path) -> Project:
    """Read what a distribution's folder names as adapters, and put their modules on the path.

    A module is looked for in ``src`` and in the folder itself, so that what is tried is what stands there, whatever is
    installed.

    Raises:
        NoModule: It names no adapter, or a module that is not there.
    """
    try:
        table = tomllib.loads((folder / "pyproject.toml").read_bytes().decode("utf-8")).get("project", {})
        stated = table.get("entry-points", {}).get(ENTRY_POINT_GROUP, {})
        points = tuple(EntryPoint(name, str(value), ENTRY_POINT_GROUP) for name, value in stated.items())
    except (OSError, ValueError, AttributeError):
        raise NoModule("its pyproject.toml cannot be read as TOML") from None
    if not points:
        raise NoModule(f"its pyproject.toml names no adapter: {_EXAMPLE}")
    for point in points:
        _put_on_path(folder, point.value.partition(":")[0].partition(".")[0].strip())
    name, version = (
        table.get(key) if isinstance(table.get(key), str) else None for key in ("name", "version")
    )
    return Project(name, version, points)


def _put_on_path(folder: Path, module: str) -> None:
    named = module if fullmatch(r"[A-Za-z_]\w*", module) else "of this name"
    roots = (folder / "src", folder)
    root = next((r for r in roots if (r / module).is_dir() or (r / f"{module}.py").is_file()), None)
    if root is None:
        raise NoModule(
            f"there is no module {named} in src or in the folder itself: install it, and name it by its id"
        )
    file = getattr(sys.modules.get(module), "__file__", None)
    if file and root not in Path(file).resolve().parents:
        raise NoModule(f"another module {named} is loaded already: name the adapter by its id")
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
