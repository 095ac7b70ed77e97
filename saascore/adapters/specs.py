"""The hook specifications as data: parameters, annotations and the validator of every answer."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from types import ModuleType
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter

from saascore.hookspecs import API, PROJECT, billing, copy, identity, plans, usage

Kind = Literal["product", "provider"]
MODULES: tuple[ModuleType, ...] = (usage, plans, identity, billing, copy)
#: The adapter apis that this version can call: the current one and the one before.
SUPPORTED_APIS = frozenset({API, API - 1} - {0})


class Spec(NamedTuple):
    """One hook: its name, topic, parameters and annotations. ``streams`` hooks answer an iterable."""

    name: str
    topic: str
    parameters: tuple[str, ...]
    hints: Mapping[str, Any]
    streams: bool
    signature: str
    documentation: str

    @property
    def kind(self) -> Kind:
        """Which kind of adapter implements it."""
        return "provider" if self.topic == "billing" else "product"

    @property
    def validator(self) -> TypeAdapter[Any]:
        """The validator of the return annotation, or of an item of it; built when an answer first needs it."""
        return _validator(self.name)


@cache
def specs() -> Mapping[str, Spec]:
    """Return every hook specification by name, in the order of the documentation."""
    found = {}
    for module in MODULES:
        for name, function in vars(module).items():
            if hasattr(function, f"{PROJECT}_spec"):
                found[name] = _spec(name, module.__name__.rpartition(".")[2], function)
    return found


def nearest_hook(name: str) -> str | None:
    """Return the hook that was probably meant."""
    return next(iter(get_close_matches(name, specs(), 1, 0.6)), None)


def _spec(name: str, topic: str, function: Callable[..., Any]) -> Spec:
    hints = get_type_hints(function, include_extras=True)
    signature = f"{name}{inspect.signature(function)}".replace("'", "")
    return Spec(
        name=name,
        topic=topic,
        parameters=tuple(inspect.signature(function).parameters),
        hints=hints,
        streams=get_origin(hints["return"]) is Iterable,
        signature=signature,
        documentation=inspect.getdoc(function) or "",
    )


@cache
def _validator(name: str) -> TypeAdapter[Any]:
    spec = specs()[name]
    returns = spec.hints["return"]
    return TypeAdapter(get_args(returns)[0] if spec.streams else returns)
