"""Discovery as data: each entry point of the group is loaded, disabled or broken, and none takes the others down."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import redirect_stdout
from difflib import get_close_matches
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from re import fullmatch, search
from types import ModuleType
from typing import NamedTuple

from importlib_metadata import Distribution, EntryPoint, entry_points

from saascore.adapters.boundary import CAUGHT
from saascore.adapters.inspection import inspect_plugin
from saascore.adapters.project import NoModule, is_project, read_project
from saascore.adapters.registry import Registry
from saascore.adapters.settings import Settings, normalized, read_settings, selectors
from saascore.adapters.source import place_of_fault, public_type_name
from saascore.adapters.status import Broken, Disabled, Problem, Status, is_public_id
from saascore.errors import SaascoreError
from saascore.hookspecs import ENTRY_POINT_GROUP


class Candidate(NamedTuple):
    """An adapter before its import: an entry point of an installed distribution, or a path or module that was given."""

    id: str
    distribution: str | None
    version: str | None
    source: EntryPoint | ModuleType


def discover(
    *,
    enable: Collection[str] = (),
    disable: Collection[str] = (),
    paths: Iterable[str] = (),
    strict: bool | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Registry:
    """Find, check and import the adapters.

    Args:
        enable: Ids (or ``id@distribution``); where any is given, nothing else is enabled.
        disable: Ids (or ``id@distribution``) that are not even imported.
        paths: Files (``adapter.py``), modules, packages' folders, or folders of distributions (with their
            ``pyproject.toml``), to use as adapters without installing. They take the place of an installed adapter of
            the same id.
        strict: Raise where anything is broken, or a setting names an adapter that is not there. ``None``: as
            ``SAASCORE_STRICT_ADAPTERS`` or ``strict-adapters`` in ``[tool.saascore]`` says.
        environment: Where ``SAASCORE_ENABLE_ADAPTERS``, ``SAASCORE_DISABLE_ADAPTERS`` and
            ``SAASCORE_STRICT_ADAPTERS`` are read; ``os.environ``.
        folder: Where ``pyproject.toml`` is looked for, and above it; the working directory.

    Returns:
        A registry with one status for each adapter that was found.

    Raises:
        SaascoreError: ``ADP-017`` where a setting cannot be read.
        ExceptionGroup: ``strict``, and something is wrong; it holds an ``ADP-003`` for each broken adapter and an
            ``ADP-018`` for each name in a setting that nothing answers to.
    """
    settings = read_settings(
        enable,
        disable,
        os.environ if environment is None else environment,
        folder or Path.cwd(),
        strict=strict,
    )
    given, statuses = _given(paths)
    taken = {candidate.id for candidate in given}
    by_path = [*taken, *(status.id for status in statuses)]
    installed = []
    found = {name for candidate in given for name in selectors(candidate.id, candidate.distribution)}
    for candidate in _installed():
        found |= selectors(candidate.id, candidate.distribution)
        setting = settings.disabling(candidate.id, candidate.distribution)
        if setting is None and candidate.id in taken:
            setting = "--adapter, which gives another adapter of this id"
        if setting is None:
            installed.append(candidate)
        else:
            statuses.append(Disabled(candidate.id, candidate.distribution, candidate.version, setting))
    statuses += _load_all([*installed, *_wanted(given, settings, statuses)])
    registry = Registry(statuses, _strangers(settings, found), by_path)
    if settings.strict and (wrong := registry.wrong()):
        raise ExceptionGroup("adapters are broken", wrong)
    return registry


def _strangers(settings: Settings, found: Collection[str]) -> list[SaascoreError]:
    """Say which names of settings nothing answers to; what is misspelt disables nothing, silently."""
    strangers = []
    known = sorted(name for name in found if _is_public(name))
    for setting, name in settings.named():
        if name not in found:
            near = get_close_matches(name, known, 1, 0.6)
            public = name if _is_public(name) else "a name that is no id"
            detail = f"{public}; did you mean {near[0]}?" if near else public
            strangers.append(SaascoreError("ADP-018", where=setting, detail=detail))
    return strangers


def _is_public(selector: str) -> bool:
    return all(map(is_public_id, selector.split("@", 1)))


def _installed() -> list[Candidate]:
    found = {}
    for point in entry_points(group=ENTRY_POINT_GROUP):
        name, version = _named(point.dist)
        found[point.name, name, point.value] = Candidate(point.name, name, version, point)
    return list(found.values())


def _named(distribution: Distribution | None) -> tuple[str | None, str | None]:
    """Return a distribution's name and version, without the mail parser that reads all of its metadata."""
    text = distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") if distribution else None
    name, version = (search(rf"(?m)^{field}: *(\S+)", text or "") for field in ("Name", "Version"))
    return name and name[1], version and version[1]


def _wanted(given: list[Candidate], settings: Settings, statuses: list[Status]) -> Iterable[Candidate]:
    """Leave out what a setting disables by name; a list of what is enabled does not reach what was given by path."""
    for candidate in given:
        named = next(
            (setting.names[1] for setting in settings.choices if candidate.id in setting.disable), None
        )
        if named is None:
            yield candidate
        else:
            statuses.append(Disabled(candidate.id, None, None, named))


def _given(paths: Iterable[str]) -> tuple[list[Candidate], list[Status]]:
    candidates: list[Candidate] = []
    statuses: list[Status] = []
    for path in paths:
        default, roots = _default_id(path), (Path(path).resolve(),) if _is_file(path) else ()
        try:
            if _is_file(path) and is_project(Path(path)):
                name, version, points = read_project(Path(path).resolve())
                candidates += [Candidate(point.name, name, version, point) for point in points]
                continue
            with redirect_stdout(sys.stderr):
                module = _import_path(path)
        except CAUGHT as error:
            statuses.append(Broken(default, None, None, "import", (_import_problem(error, roots),)))
            continue
        stated = getattr(module, "adapter_id", None)
        adapter_id = stated if isinstance(stated, str) else default
        candidates.append(Candidate(adapter_id, None, None, module))
    return candidates, statuses


def _default_id(path: str) -> str:
    """Return the id of an adapter that states none: the name of its file, or of its package."""
    stem = Path(path).stem if _is_file(path) else path.rpartition(".")[2]
    stem = Path(path).resolve().parent.name if stem == "__init__" else stem
    return stem.lower().replace("_", "-")


def _is_file(path: str) -> bool:
    return path in {".", ".."} or path.endswith(".py") or "/" in path or os.sep in path


def _import_path(path: str) -> ModuleType:
    if not _is_file(path):
        return import_module(path)
    file = Path(path).resolve()
    file = file / "__init__.py" if file.is_dir() else file
    name = f"_saascore_adapter_{file.stem}_{sha256(str(file).encode()).hexdigest()[:8]}"
    folder = [str(file.parent)] if file.name == "__init__.py" else None
    spec = spec_from_file_location(name, file, submodule_search_locations=folder)
    if spec is None or spec.loader is None or not file.is_file():
        raise NoModule(
            "there is no module: name a .py file, a folder that has an __init__.py, or one with a pyproject.toml"
        )
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _load_all(candidates: list[Candidate]) -> Iterable[Status]:
    claims = Counter(candidate.id for candidate in candidates)
    for candidate in candidates:
        if claims[candidate.id] > 1:
            rivals = [
                normalized(other.distribution or "unknown")
                for other in candidates
                if other.id == candidate.id
            ]
            text = f"the id is claimed by {' and '.join(sorted(rivals))}"
            yield _broken(candidate, "conflict", Problem("ADP-005", text))
        else:
            yield _load(candidate)


def _load(candidate: Candidate) -> Status:
    plugin: object = candidate.source
    if isinstance(candidate.source, EntryPoint):
        try:
            with redirect_stdout(sys.stderr):  # standard output is for the answer of a command alone
                plugin = candidate.source.load()
        except CAUGHT as error:
            return _broken(candidate, "import", _import_problem(error, _roots(candidate.source)))
    return inspect_plugin(candidate.id, candidate.distribution, candidate.version, plugin)


def _broken(candidate: Candidate, stage: str, problem: Problem) -> Broken:
    return Broken(candidate.id, candidate.distribution, candidate.version, stage, (problem,))  # type: ignore[arg-type]


def _roots(point: EntryPoint) -> tuple[Path, ...]:
    """Return where the source lies of a module that could not be imported."""
    try:
        spec = find_spec(point.value.partition(":")[0].partition(".")[0])
    except (ImportError, ValueError):
        return ()
    if spec is None or spec.origin is None:
        return ()
    return (Path(spec.origin).parent if spec.submodule_search_locations else Path(spec.origin),)


def _import_problem(error: BaseException, roots: tuple[Path, ...]) -> Problem:
    """Say why an import failed: the type, the missing module's name and the place; never the message."""
    if isinstance(error, NoModule):
        return Problem("ADP-007", error.text)
    kind, place = public_type_name(error), place_of_fault(error.__traceback__, roots)
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    if missing and fullmatch(r"[A-Za-z_][\w.]*", missing):
        return Problem("ADP-007", f"there is no module {missing}")
    if isinstance(error, SyntaxError) and error.filename:
        place = f"{Path(error.filename).name}:{error.lineno}"
    return Problem("ADP-007", f"{kind}{f' at {place}' if place else ''} while importing it")
