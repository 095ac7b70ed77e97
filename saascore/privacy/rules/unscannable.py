"""What cannot be known: a failure where publication needs an answer, never a pass."""

from __future__ import annotations

from saascore.privacy.rule import Rule, Shape

_REASONS = (
    ("encoding", "The bytes are not text in UTF-8 or UTF-16, and no known kind of file."),
    ("binary", "A binary file of a kind that cannot be looked into."),
    (
        "limit",
        "Too deep (100), too long (a line of 16 MiB) or too large (64 MiB) to be looked into: write large data as NDJSON.",
    ),
    ("damaged", "A compressed or archived part cannot be opened."),
    ("unreadable", "The file cannot be read, or is no regular file."),
    ("changed", "The file changed while it was read."),
    ("not-an-envelope", "The profile event takes envelopes of the contract only, each valid for its schema."),
)

RULES: tuple[Rule, ...] = tuple(
    Rule(
        id=f"privacy.unscannable.{name}",
        detector=Shape(name),
        why=why,
        matches=(),
        passes=(),
        profiles=("event", "artifact", "docs"),
    )
    for name, why in _REASONS
)
