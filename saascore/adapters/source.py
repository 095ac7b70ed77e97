"""Where an adapter's code lies: its digest, which a run is bound to, and the place of a fault in it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from saascore.contract.canonical import digest

_LEFT_OUT = frozenset({"__pycache__", "samples", "tests"})


def source_roots(plugin: object, functions: Iterable[Callable[..., Any]]) -> tuple[Path, ...]:
    """Return the package folders, or single files, that hold an adapter and its hooks."""
    modules = {_module_name(plugin), *(getattr(function, "__module__", None) for function in functions)}
    own = {
        name for name in modules if name and not name.startswith("saascore.")
    }  # core's mapping is not the adapter
    roots = {root for name in own if (root := _root(sys.modules.get(name)))}
    return tuple(sorted(root for root in roots if not any(other in root.parents for other in roots)))


def source_digest(roots: Iterable[Path], distribution: str | None, version: str | None) -> str:
    """Digest an adapter: its distribution's name and version, and the bytes of its source and data files.

    Samples and tests beside the source are left out, as no answer depends on them.
    """
    files = [[name, sha256(path.read_bytes()).hexdigest()] for root in roots for name, path in _files(root)]
    return digest("saascore/adapter-source/1", [distribution, version, sorted(files)])


def place_of_fault(trace: TracebackType | None, roots: Iterable[Path]) -> str | None:
    """Return ``file:line`` of the innermost frame in the adapter's own source, or ``None``."""
    place = None
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        for root in roots:
            if path == root or root in path.parents:
                place = f"{path.relative_to(root.parent).as_posix()}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def public_type_name(error: BaseException) -> str:
    """Return the name of the exception's type, or of its nearest base that a module holds under its name.

    A type made while running could be named after a value.
    """
    for cls in type(error).__mro__:
        if getattr(sys.modules.get(cls.__module__), cls.__qualname__, None) is cls:
            return str(cls.__name__)
    return "BaseException"


def _module_name(plugin: object) -> str | None:
    return plugin.__name__ if isinstance(plugin, ModuleType) else type(plugin).__module__


def _root(module: ModuleType | None) -> Path | None:
    file = getattr(module, "__file__", None)
    if module is None or file is None:
        return None
    return Path(file).parent if module.__package__ else Path(file)


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    if root.is_file():
        yield root.name, root
        return
    for path in root.rglob("*"):
        inner = path.relative_to(root)
        if path.is_file() and path.suffix != ".pyc" and not _LEFT_OUT.intersection(inner.parts):
            yield f"{root.name}/{inner.as_posix()}", path
