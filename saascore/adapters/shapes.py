"""The shape of drafts: whether every field has its declared type, and whether two drafts say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from operator import attrgetter
from types import GenericAlias
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from saascore.drafts import Raw, field_names


def wrong_fields(draft: Raw) -> list[str]:
    """Return the paths of the fields of a draft, and of the drafts in it, that have not their declared type."""
    return [] if _right(draft) else list(_wrong(draft, ""))


def plain(value: object) -> Any:
    """Return what a draft says as plain values, so that two drafts can be compared."""
    if isinstance(value, Raw):
        return (type(value).__name__, [plain(getattr(value, name)) for name in field_names(type(value))])
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [plain(item) for item in value]
    return value


def _right(draft: Raw) -> bool:
    """Tell with one check a draft that nothing is wrong; where it cannot, every field is looked at."""
    read, validate, holders = _whole(type(draft))  # type: ignore[arg-type]  # a class can be hashed
    values = read(draft)
    try:
        validate(values, strict=True)
    except ValidationError:
        return False
    for place in holders:
        value = values[place]
        if isinstance(value, Raw):
            if not _right(value):
                return False
        elif value:
            for part in value:
                if isinstance(part, Raw) and not _right(part):
                    return False
    return True


def _wrong(draft: Raw, path: str) -> Iterator[str]:
    for name, validator in _validators(type(draft)).items():  # type: ignore[arg-type]  # a class can be hashed
        value = getattr(draft, name)
        try:
            validator.validate_python(value, strict=True)
        except ValidationError:
            yield path + name
            continue
        for index, inner in _inner_drafts(value):
            yield from _wrong(inner, f"{path}{name}.{index}.")


def _inner_drafts(value: object) -> Iterator[tuple[int, Raw]]:
    parts = value if isinstance(value, (list, tuple)) else (value,)
    for index, part in enumerate(parts):
        if isinstance(part, Raw):
            yield index, part


@cache
def _whole(draft: type[Raw]) -> tuple[Callable[[Raw], tuple[Any, ...]], Callable[..., Any], tuple[int, ...]]:
    """Return how to read all fields of a draft at once, what checks them at once, and which of them hold drafts."""
    hints, names = get_type_hints(draft, include_extras=True), field_names(draft)
    get = attrgetter(*names)
    every: Any = tuple[tuple(_usual(hints[name]) for name in names)]  # type: ignore[misc]  # the class's own hints
    holders = tuple(place for place, name in enumerate(names) if _holds_drafts(hints[name]))
    read = get if len(names) > 1 else lambda one: (get(one),)
    return read, TypeAdapter(every).validator.validate_python, holders


def _holds_drafts(hint: Any) -> bool:
    return (isinstance(hint, type) and issubclass(hint, Raw)) or any(map(_holds_drafts, get_args(hint)))


def _usual(hint: Any) -> Any:
    """Return the usual form of a type: pydantic takes a list or tuple four times faster than any other sequence."""
    if get_origin(hint) is not Sequence:
        return hint
    (item,) = get_args(hint)
    return GenericAlias(list, (item,)) | GenericAlias(tuple, (item, ...))


@cache
def _validators(draft: type[Raw]) -> Mapping[str, TypeAdapter[Any]]:
    hints = get_type_hints(draft, include_extras=True)
    return {name: TypeAdapter(hints[name]) for name in field_names(draft)}
