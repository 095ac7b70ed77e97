"""Envelopes of the contract: whether a decoded value is a valid one, and which words of it no model proves."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from saascore.contract.catalogue import SCHEMAS, model_of


def is_envelope(value: object, text: str | bytes | None = None) -> bool:
    """Whether a decoded value is one valid envelope: its model allows only words of the contract."""
    schema = value.get("schema") if isinstance(value, dict) else None
    if not isinstance(schema, str) or schema not in SCHEMAS:
        return False
    try:
        if text is None:
            text = to_json(value, inf_nan_mode="constants")
        model_of(schema).model_validate_json(text)
    except (ValidationError, TypeError, ValueError, RecursionError):
        return False
    return True


def words_of(value: dict[str, Any]) -> list[str]:
    """Return the names and labels of a valid envelope: what is left of it without what its model proves alone.

    References, digests and instants are proven by their form, numbers are counts; no label reads like one of these.
    """
    words: list[str] = []
    for name, item in value.items():
        words.append(name)
        for part in item if isinstance(item, (list, tuple)) else (item,):
            if isinstance(part, str):
                if not part.startswith(("ref:", "sha256:")) and part[10:11] + part[-1:] != "TZ":
                    words.append(part)
            elif isinstance(part, dict):
                words += words_of(part)
    return words


def without_numbers(value: Any) -> Any:
    """Return a valid envelope without its numbers: its model proves that each is a count, however its digits look."""
    if isinstance(value, dict):
        return {name: without_numbers(item) for name, item in value.items() if type(item) is not int}
    if isinstance(value, (list, tuple)):
        return [None if type(item) is int else without_numbers(item) for item in value]
    return value
