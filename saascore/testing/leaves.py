"""The leaves of a JSON value: to change one at a time, and to know which raw values a sample holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from saascore.contract.labels import label_problem
from saascore.contract.words import LABEL

Path = tuple[str | int, ...]
_LABEL = re.compile(LABEL).fullmatch
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every value that is neither an object nor an array, with its path."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


def nodes(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every value inside, objects and arrays before what they hold."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*path, key)
        yield from nodes(item, (*path, key))


def replaced(value: Any, path: Path, new: Any) -> Any:
    """Return a copy with another value at one place."""
    if not path:
        return new
    head, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {key: replaced(item, rest, new) if key == head else item for key, item in value.items()}
    return [replaced(item, rest, new) if index == head else item for index, item in enumerate(value)]


def without(value: Any, path: Path) -> Any:
    """Return a copy with one place left out."""
    head, rest = path[0], path[1:]
    if isinstance(value, dict):
        if not rest:
            return {key: item for key, item in value.items() if key != head}
        return {key: without(item, rest) if key == head else item for key, item in value.items()}
    if not rest:
        return [item for index, item in enumerate(value) if index != head]
    return [without(item, rest) if index == head else item for index, item in enumerate(value)]


def folded(value: object) -> str:
    """Return text in the form raw values are searched in: lower case, letters and digits only."""
    return _NOT_WORD.sub("", str(value).lower())


def raw_values(value: Any) -> set[str]:
    """Return the folded leaves that look like an id, an address or a key and could not be a public label."""
    found = set()
    for _, leaf in leaves(value):
        if isinstance(leaf, bool) or not isinstance(leaf, (str, int)):
            continue
        text = str(leaf)
        public = isinstance(leaf, str) and _LABEL(text) and label_problem(text) is None
        if not public and any(map(str.isdigit, text)) and len(folded(text)) >= 6:
            found.add(folded(text))
    return found
