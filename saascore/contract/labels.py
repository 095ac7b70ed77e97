"""The label rule: what the grammar of a label allows but no public label would hold."""

from __future__ import annotations

import re
from functools import lru_cache

_LONG_DIGITS = re.compile(r"[0-9]{5,}")
_HEX = re.compile(r"(?:^|[._-])(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{12,}(?:$|[._-])")


@lru_cache(maxsize=4096)
def label_problem(label: str) -> str | None:
    """Say why a grammatical label is not public, or ``None`` where it is.

    The answer names the rule, never the label.
    """
    if _LONG_DIGITS.search(label):
        return "label-holds-long-number"
    if _HEX.search(label):
        return "label-holds-hexadecimal-id"
    return None
