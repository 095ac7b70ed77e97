"""What a rule is: an id, one detector, why it exists, and examples that are run as tests.

Rules are data. Few kinds of detector are enough for every category, and each is linear in its input:

* :class:`Prefix` - a literal that starts a token, and what may follow it;
* :class:`Key` - words that end the name of a value, and how strongly they say "raw";
* :class:`Url` - host, path and query of an address;
* :class:`Magic` - first bytes of a file, raw or encoded;
* :class:`Envelope` - key names that only a provider's webhook body has together;
* :class:`Header` - names of protocol headers;
* :class:`Pattern` - a linted regular expression, anchored by a literal that must occur;
* :class:`Shape` - a named test of the engine, where no pattern can say it (a checksum, a measure of randomness).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Profile = Literal["event", "artifact", "docs"]
PROFILES: tuple[Profile, ...] = ("event", "artifact", "docs")

CATEGORIES: tuple[str, ...] = (
    "provider-credential",
    "bearer-token",
    "webhook-secret",
    "raw-actor-id",
    "raw-user-id",
    "raw-account-id",
    "raw-workspace-id",
    "raw-customer-id",
    "raw-subscription-id",
    "raw-owner-id",
    "storage-key",
    "provider-input-key",
    "generated-output-key",
    "private-url",
    "provider-execution-id",
    "gateway-metadata",
    "image-bytes",
    "raw-webhook-payload",
    "personal-data",
    "opaque",
    "unscannable",
)


class Prefix(NamedTuple):
    """A token that starts with one of the literals.

    Args:
        literals: What the token starts with, at least three characters each.
        body: Regular-expression character class (without brackets) of what follows.
        least: Fewest characters of the body.
        most: Most characters of the body.
        random: Whether the body must also read as random, because the literal alone occurs in ordinary names.
    """

    literals: tuple[str, ...]
    body: str = "A-Za-z0-9"
    least: int = 16
    most: int = 512
    random: bool = False


# What a key says of its value. ``strong``: the value is raw unless it is redacted or made of public words only.
# ``weak``: the value is raw where it looks like an identifier. ``hint``: as weak, but any better name wins.
Strength = Literal["strong", "weak", "hint"]


class Key(NamedTuple):
    """Phrases that end a key's name, case and separators ignored: ``user id`` for ``user_id``, ``stripeUserId``."""

    phrases: tuple[str, ...]
    strength: Strength = "strong"


class Url(NamedTuple):
    """An address: every given part must agree.

    Args:
        hosts: Host names; a leading dot stands for any subdomain as well.
        paths: Substrings of which the path holds one, or nothing to take any path.
        query: Names of which the query (or fragment) holds one, or nothing.
        identified: Whether a part of the path must also read as an identifier.
        documented: Whether documentation names such addresses, so that in profile ``docs`` one must hold an identifier.
        sites: First labels of a host, such as ``docs``, at which everybody may read every page that holds no identifier.
        pages: First parts of a path, such as ``security``, that are pages for everybody at any host.
    """

    hosts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    identified: bool = False
    documented: bool = False
    sites: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


class Magic(NamedTuple):
    """First bytes of a file, with ``then`` further on at ``offset`` where the first ones are not enough."""

    start: bytes
    then: bytes = b""
    offset: int = 0


class Envelope(NamedTuple):
    """Key names one object (or it and its children, as ``parent.child``) holds together."""

    keys: tuple[str, ...]


class Header(NamedTuple):
    """Names or name prefixes (ending in ``*``) of protocol headers, as keys and as ``Name: value`` lines."""

    names: tuple[str, ...]


class Pattern(NamedTuple):
    """A linear regular expression, tried only in text that holds ``literal``."""

    regex: str
    literal: str
    validator: Literal["", "luhn", "random", "ip"] = ""


class Shape(NamedTuple):
    """A test that no pattern can say; the engine has one of this name (see :mod:`saascore.privacy.shapes`)."""

    name: str


Detector = Shape | Prefix | Key | Url | Magic | Envelope | Header | Pattern


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that may not leave.

    Args:
        id: ``privacy.<category>.<name>``.
        detector: What is looked for.
        why: One sentence for the person who gets the finding.
        matches: At least two texts that must be found. ``{b62:24}`` stands for 24 characters drawn when the test
            runs, so that no realistic token is stored (see :mod:`saascore.privacy.examples`).
        passes: At least two texts that must not be found by this rule.
        provider: Whose shape it is, for the reader.
        profiles: The profiles the rule works in.
    """

    id: str
    detector: Detector = field(repr=False)
    why: str = field(repr=False)
    matches: tuple[str, ...] = field(repr=False)
    passes: tuple[str, ...] = field(repr=False)
    provider: str = ""
    profiles: tuple[Profile, ...] = ("artifact", "docs")

    @property
    def category(self) -> str:
        """The protocol's line that the rule belongs to."""
        return self.id.split(".")[1]


def token_rules(category: str, why: str, rows: tuple[tuple[str, str, Prefix], ...]) -> tuple[Rule, ...]:
    """Make the rules of one category whose only difference is provider, name and prefix.

    Their examples follow from the prefix: every literal with a drawn body is found, the literal alone and the
    literal with a placeholder are not.
    """
    return tuple(
        Rule(
            id=f"privacy.{category}.{name}",
            detector=prefix,
            why=why.format(provider=provider),
            matches=tuple(
                f"{literal}{{{_example_body(prefix)}:{min(max(prefix.least, 20), prefix.most)}}}"
                for literal in prefix.literals
            )
            * (1 + (len(prefix.literals) == 1)),
            passes=(f"the prefix {prefix.literals[0]} alone", prefix.literals[0] + "x" * prefix.least),
            provider=provider,
        )
        for provider, name, prefix in rows
    )


def _example_body(prefix: Prefix) -> str:
    for alphabet, markers in (
        ("b62", ("A-Z", "a-z")),
        ("upper", ("A-Z",)),
        ("b36", ("a-z",)),
        ("hex", ("a-f",)),
    ):
        if all(marker in prefix.body for marker in markers):
            return alphabet
    return "digits"


_ID_TAILS = (
    "id ids uuid uuids guid uid no nr num number pk identifier identifiers handle login slug ref refs reference key "
    "code sid oid"
)


def id_phrases(*subjects: str) -> tuple[str, ...]:
    """Return every way to name the identifier of these subjects: ``user id``, ``user uuid``, ``user no``, ..."""
    return tuple(f"{subject} {tail}" for subject in subjects for tail in _ID_TAILS.split())


def phrases(text: str) -> tuple[str, ...]:
    """Split a comma-separated list of phrases."""
    return tuple(phrase.strip() for phrase in text.replace("\n", " ").split(",") if phrase.strip())
