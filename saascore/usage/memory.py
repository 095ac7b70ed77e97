"""Memory: answers remembered by what they were asked for, and no collection of garbage that is not there."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

_REMEMBERED = 65_536
Answer = TypeVar("Answer")


class Memory(dict[object, Answer]):
    """Remembers answers by tuples of values, and forgets all of them before it grows without bound.

    ``1``, ``1.0`` and ``True`` are equal as keys and are not the same value: a key that holds anything but text and
    ``None`` is remembered with the types of its values. Looking one up takes that second step only where the first fails.
    """

    def __missing__(self, key: object) -> Answer:
        """Look up a key that may have been remembered with its types.

        Raises:
            KeyError: It is not remembered. The error holds no value.
        """
        answer = self.get(_typed(key))
        if answer is None:
            raise KeyError
        return answer

    def remember(self, key: tuple[object, ...], answer: Answer) -> Answer:
        """Remember an answer, and return it."""
        if len(self) >= _REMEMBERED:
            self.clear()
        self[key if all(type(part) is str or part is None for part in key) else _typed(key)] = answer
        return answer


def _typed(key: object) -> object:
    return (key, tuple(map(type, key))) if type(key) is tuple else None


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep the cyclic collector out of a batch: a quarter of the time goes into tuples that it visits for nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
