"""The words of the contract: every string a public artifact may hold has one of these grammars.

Source of the rules: the contract's table of words (docs/contract.md). Patterns use ``[0-9]`` and no class of Unicode digits, so
that JSON Schema, TypeScript and Python accept the same text.
"""

from __future__ import annotations

from binascii import crc32
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any, Literal, LiteralString, get_args

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from saascore.contract.instants import RFC3339, parse_instant
from saascore.contract.labels import label_problem
from saascore.contract.quantities import QUANTITY, SUM, parse_quantity, parse_sum

MAX_COUNT = 2**53 - 1
LABEL = r"[a-z][a-z0-9]*([._-][a-z0-9]+)*"

ReferenceKind = Literal[
    "workspace",
    "actor",
    "subscription",
    "customer",
    "purchase",
    "grant",
    "price",
    "event",
    "key",
    "source-row",
]
_KINDS = "|".join(get_args(ReferenceKind))
REFERENCE = rf"ref:({_KINDS}):[a-z0-9][a-z0-9-]{{0,15}}:[a-z2-7]{{26}}"
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _BASE32 for second in _BASE32]
_SHIFTS = range(110, -1, -10)


def base32(body: bytes) -> str:
    """Return the 15 bytes (120 bits) of a reference as its 24 characters: RFC 4648, in lower case.

    Two characters at a time takes half the time of ``base64.b32encode``.
    """
    bits = int.from_bytes(body, "big")
    return "".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS])


def reference_check(stem: str) -> str:
    """Return the two check characters of a reference whose text without them is ``stem``.

    They catch a raw id pasted into the form, and a reference mistyped or cut; they prove nothing about a key.
    """
    value = crc32(stem.encode("ascii"))
    return _PAIRS[(value & 31) << 5 | value >> 5 & 31]


@lru_cache(maxsize=65_536)
def _reference_holds(reference: str) -> bool:
    return reference_check(reference[:-2]) == reference[-2:]


def _check_reference(value: str) -> str:
    if not _reference_holds(value):
        raise PydanticCustomError(
            "reference_check", "a reference made by saascore: its check characters differ"
        )
    return value


def _check_label(value: str) -> str:
    if problem := label_problem(value):
        raise PydanticCustomError("label_not_public", "a public label: {rule}", {"rule": problem})
    return value


def _check_operator_label(value: str) -> str:
    _check_label(value[3:])
    return value


def _parsed(parse: Callable[[object], str], kind: LiteralString) -> Callable[[object], str]:
    def convert(value: object) -> str:
        try:
            return parse(value)
        except ValueError as problem:
            raise PydanticCustomError(kind, "{rule}", {"rule": str(problem)}) from None

    return convert


def _string_schema(pattern: str, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, **more})


PublicLabel = Annotated[
    str, StringConstraints(pattern=rf"^{LABEL}$", max_length=64), AfterValidator(_check_label)
]
Reference = Annotated[
    str, StringConstraints(pattern=rf"^{REFERENCE}$", max_length=80), AfterValidator(_check_reference)
]
OperatorLabel = Annotated[
    str, StringConstraints(pattern=rf"^op:{LABEL}$", max_length=67), AfterValidator(_check_operator_label)
]
ProviderEventType = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9]*([._\[\]-]+[A-Za-z0-9]+)*\]?$", max_length=128),
]
Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
CommitSha = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})$")]
KeyId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,15}$")]
RunId = Annotated[str, StringConstraints(pattern=r"^run-[a-z2-7]{16}$")]
Version = Annotated[
    str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+){0,3}([.+-]?[a-z0-9]+){0,6}$", max_length=40)
]
SchemaId = Annotated[
    str, StringConstraints(pattern=r"^saascore/[a-z]+(-[a-z]+)*/[1-9][0-9]{0,2}$", max_length=64)
]
Count = Annotated[int, Field(ge=0, le=MAX_COUNT)]
Position = Annotated[int, Field(ge=1, le=MAX_COUNT)]
Quantity = Annotated[
    str,
    BeforeValidator(_parsed(parse_quantity, "quantity")),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": QUANTITY},
                {"type": "integer", "minimum": -MAX_COUNT, "maximum": MAX_COUNT},
            ],
            "description": "An exact decimal. Written as a string; an integer is accepted.",
        },
        mode="validation",
    ),
    _string_schema(QUANTITY),
]
ExactSum = Annotated[str, BeforeValidator(_parsed(parse_sum, "quantity")), _string_schema(SUM)]
UtcInstant = Annotated[
    str,
    BeforeValidator(_parsed(parse_instant, "instant")),
    _string_schema(RFC3339, format="date-time"),
]
Subject = Reference | PublicLabel
Mode = Literal["live", "test"]
