"""Regular expressions that are compiled when they are first used.

Scanning the labels of a fact needs few of the scanner's; compiling the others is 5 % of the start of a command.
"""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("match", "fullmatch", "search", "sub", "split", "finditer", "findall")


class _Later:
    """Stands for a compiled expression; once one of its methods is asked for, it has them as its own."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return self.__dict__[name]


def regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what :func:`re.compile` would, to be compiled later."""
    return cast("re.Pattern[str]", _Later(pattern, flags))
