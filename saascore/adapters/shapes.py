"""The shape of drafts: whether every field has its declared type, and whether two drafts say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from saascore.drafts import Raw, field_names


def wrong_fields(draft: Raw) -> list[str]:
    """Return the paths of the fields of a draft, and of the drafts in it, that have not their declared type."""
    return list(_wrong(draft, ""))


def plain(value: object) -> Any:
    """Return what a draft says as plain values, so that two drafts can be compared."""
    if isinstance(value, Raw):
        return (type(value).__name__, [plain(getattr(value, name)) for name in field_names(type(value))])
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [plain(item) for item in value]
    return value


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
def _validators(draft: type[Raw]) -> Mapping[str, TypeAdapter[Any]]:
    hints = get_type_hints(draft, include_extras=True)
    return {name: TypeAdapter(hints[name]) for name in field_names(draft)}
