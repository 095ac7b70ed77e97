"""The check of an adapter before its first call: every function against its specification, in one report."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from saascore.adapters.specs import Spec, nearest_hook, specs
from saascore.adapters.status import Problem
from saascore.hookspecs import PROJECT

_OPTIONS = ("wrapper", "hookwrapper", "optionalhook", "tryfirst", "trylast", "specname")


def marked_functions(plugin: object) -> dict[str, Callable[..., Any]]:
    """Return the functions of an adapter that are marked ``@hookimpl``, by name."""
    return {name: value for name, value in _members(plugin) if _mark(value) is not None}


def check_signatures(plugin: object) -> tuple[Problem, ...]:
    """Return everything that is wrong with an adapter's hooks, without calling any."""
    marked = marked_functions(plugin)
    problems = [problem for name, function in marked.items() for problem in _check(name, function)]
    problems += [
        Problem("ADP-011", f"{name} has a hook's name and no @hookimpl", name)
        for name, value in _members(plugin)
        if name in specs() and name not in marked and _is_own_function(value)
    ]
    if not marked and not problems:
        problems.append(Problem("ADP-009", "no function is marked @hookimpl"))
    return tuple(problems)


def _members(plugin: object) -> Iterator[tuple[str, Any]]:
    for name in dir(plugin):
        if name.startswith("_"):
            continue
        try:
            yield name, getattr(plugin, name)
        except Exception:  # noqa: BLE001, S112  a property that raises is no hook
            continue


def _mark(value: object) -> dict[str, Any] | None:
    try:
        mark = getattr(value, f"{PROJECT}_impl", None)
    except Exception:  # noqa: BLE001  an object that raises on any attribute is no hook
        return None
    return mark if isinstance(mark, dict) and callable(value) else None


def _is_own_function(value: object) -> bool:
    return inspect.isroutine(value) and not hasattr(value, f"{PROJECT}_spec")


def _check(name: str, function: Callable[..., Any]) -> Iterator[Problem]:
    spec = specs().get(name)
    if spec is None:
        near = nearest_hook(name)
        hint = f"; did you mean {near}?" if near else ""
        yield Problem("ADP-010", f"{name} is no hook{hint}", name)
        return
    mark = _mark(function) or {}
    if used := [option for option in _OPTIONS if mark.get(option)]:
        yield Problem("ADP-015", f"{name} is marked with {', '.join(used)}", name)
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        yield Problem("ADP-014", f"{name} is declared with async def", name)
    elif inspect.isgeneratorfunction(function) and not spec.streams:
        yield Problem("ADP-014", f"{name} yields, but must return its answer", name)
    yield from _check_parameters(spec, function)
    yield from _check_annotations(spec, function)


def _check_parameters(spec: Spec, function: Callable[..., Any]) -> Iterator[Problem]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        yield Problem("ADP-012", f"{spec.name} has no signature that can be read", spec.name)
        return
    found = [parameter.name for parameter in parameters]
    named = [p.name for p in parameters if p.kind in {p.KEYWORD_ONLY, p.VAR_POSITIONAL, p.VAR_KEYWORD}]
    faults = [f"{name} cannot be passed by position" for name in named]
    for name in found:
        if name not in spec.parameters and name not in named:
            missing = [wanted for wanted in spec.parameters if wanted not in found]
            near = get_close_matches(name, missing, 1, 0.5) or missing[:1]
            faults.append(f"{name} is no argument" + (f"; did you mean {near[0]}?" if near else ""))
    faults += [f"{name} is missing" for name in spec.parameters if name not in found]
    if not faults and tuple(found) != spec.parameters:
        faults.append("the arguments are in another order")
    if faults:
        yield Problem("ADP-012", f"{spec.signature}: {', '.join(faults)}", spec.name)


def _check_annotations(spec: Spec, function: Callable[..., Any]) -> Iterator[Problem]:
    try:
        hints = get_type_hints(function)
    except Exception:  # noqa: BLE001  a name only a type checker knows; the type checker sees to it
        return
    for name, hint in hints.items():
        wanted = spec.hints.get(name)
        if wanted is None:
            continue
        ours, theirs = _classes(wanted), _classes(hint)
        agrees = _covered(theirs, ours) if name == "return" else _covered(ours, theirs)
        if not agrees:
            what = "the return annotation" if name == "return" else f"the annotation of {name}"
            yield Problem("ADP-013", f"{spec.signature}: {what} is another type", spec.name)


def _covered(inner: frozenset[Any] | None, outer: frozenset[Any] | None) -> bool:
    """Tell whether every class of ``inner`` is one of ``outer``; ``None`` stands for a type that is not compared."""
    if inner is None or outer is None:
        return True
    try:
        return all(any(issubclass(one, other) for other in outer) for one in inner)
    except TypeError:
        return True


def _classes(hint: Any) -> frozenset[Any] | None:
    origin = get_origin(hint)
    if origin is Annotated:
        return _classes(get_args(hint)[0])
    if origin is Literal:
        return frozenset(map(type, get_args(hint)))
    if origin in {Union, UnionType}:
        parts = [_classes(part) for part in get_args(hint)]
        return None if None in parts else frozenset().union(*(part for part in parts if part is not None))
    if hint is None:
        return frozenset({NoneType})
    if hint is Any:
        return None
    cls = origin or hint
    return frozenset({cls}) if isinstance(cls, type) and cls is not object else None
