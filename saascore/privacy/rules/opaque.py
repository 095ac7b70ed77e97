"""Default deny: what carries information and is not provably public."""

from __future__ import annotations

from saascore.privacy.rule import Profile, Rule, Shape

_ARTIFACT: tuple[Profile, ...] = ("artifact",)

RULES: tuple[Rule, ...] = (
    Rule(
        id="privacy.opaque.token",
        detector=Shape("opaque"),
        why="A token that no public grammar explains: it may be an id or a secret of a kind nobody named.",
        matches=("{b62:20}", "build {b36:18} done"),
        passes=("internationalization", "usage.event.v2"),
        profiles=_ARTIFACT,
    ),
    Rule(
        id="privacy.opaque.uuid",
        detector=Shape("uuid"),
        why="A UUID that no key declares public.",
        matches=("{uuid}", "seen {uuid} twice"),
        passes=("00000000-0000-0000-0000-000000000000", "a uuid"),
        profiles=_ARTIFACT,
    ),
    Rule(
        id="privacy.opaque.sortable-id",
        detector=Shape("ulid"),
        why="A ULID that no key declares public.",
        matches=("{ulid}", "seen {ulid} twice"),
        passes=("a ulid", "ref:event:k1"),
        profiles=_ARTIFACT,
    ),
    Rule(
        id="privacy.opaque.hexadecimal",
        detector=Shape("hex"),
        why="Hexadecimal digits that are neither a digest nor a commit.",
        matches=("{hex:32}", "seen {hex:24}"),
        passes=("sha256:{hex:64}", "commit {hex:40}"),
        profiles=_ARTIFACT,
    ),
    Rule(
        id="privacy.opaque.long-number",
        detector=Shape("long-number"),
        why="A long number that no unit or key declares a count.",
        matches=('{"thing": "{digits:10}"}', "thing {digits:12}"),
        passes=("1,234,567 events", '{"bytes": 123456789}'),
        profiles=_ARTIFACT,
    ),
    Rule(
        id="privacy.opaque.unchecked-reference",
        detector=Shape("unchecked-reference"),
        why="A reference whose check characters are wrong: mistyped, or a raw id pasted into the form.",
        matches=("ref:workspace:k1:aaaaaaaaaaaaaaaaaaaaaaaaaa", "ref:actor:k1:bbbbbbbbbbbbbbbbbbbbbbbbbb"),
        passes=("ref:workspace", "{reference}"),
        profiles=_ARTIFACT,
    ),
)
