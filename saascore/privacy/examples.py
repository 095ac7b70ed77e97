"""Examples of rules, written out when they are needed, so that no realistic token is ever stored."""

from __future__ import annotations

import base64
import json
import random
import re
import string
import uuid
from collections.abc import Callable

from saascore.privacy.references import Redactor
from saascore.privacy.rule import Magic, Rule

_HOLE = re.compile(
    r"\{(b62|b36|upper|hex|digits|uuid|ulid|ipv4|ipv6|card|card-spaced|iban|reference|file|base64-file|skeleton)(?::([^{}]*))?\}"
)
_ALPHABETS = {
    "b62": string.ascii_letters + string.digits,
    "b36": string.ascii_lowercase + string.digits,
    "hex": "0123456789abcdef",
    "upper": string.ascii_uppercase + string.digits,
    "digits": "123456789",
}
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def expand(example: str, rule: Rule, draw: random.Random) -> str | bytes:
    """Fill the holes of an example: ``{b62:24}`` becomes 24 drawn letters and digits.

    Args:
        example: One of ``rule.matches`` or ``rule.passes``.
        rule: Whose example it is.
        draw: Where the drawn characters come from; equal states give equal examples.

    Returns:
        Text, or bytes where the example is a file.
    """
    if example.startswith("{file:"):
        return _file(rule)
    return _HOLE.sub(lambda hole: _fill(hole[1], hole[2] or "", rule, draw), example)


def _fill(kind: str, detail: str, rule: Rule, draw: random.Random) -> str:
    if kind in _ALPHABETS:
        drawn = "".join(draw.choice(_ALPHABETS[kind]) for _ in range(int(detail)))
        # A drawn body that happens to have no digit, or letters only in hexadecimal, is no fair example.
        return (
            drawn
            if kind == "digits" or re.search("[0-9].*[a-zA-Z]|[a-zA-Z].*[0-9]", drawn)
            else "7" + drawn[1:-1] + "a"
        )
    if kind == "skeleton":
        return json.dumps(_skeleton(detail.split()))
    if kind == "base64-file":
        return base64.b64encode(_file(rule)).decode("ascii")
    return _SHAPES[kind](draw)


def _file(rule: Rule) -> bytes:
    magic = rule.detector
    if not isinstance(magic, Magic):
        raise TypeError("only a rule of first bytes has a file")
    start = magic.start.ljust(magic.offset, b"\x01") if magic.then else magic.start
    return (
        start[: magic.offset or len(start)] + magic.then + bytes(range(48))
        if magic.then
        else start + bytes(range(48))
    )


def _skeleton(keys: list[str]) -> dict[str, object]:
    body: dict[str, object] = {}
    for key in keys:
        parent, _, child = key.partition(".")
        if child:
            inner = body.setdefault(parent, {})
            if isinstance(inner, dict):
                inner[child] = None
        else:
            body.setdefault(parent, None)
    return body


def _with_luhn(draw: random.Random) -> str:
    digits = "4" + "".join(draw.choice("0123456789") for _ in range(14))
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 if place % 2 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return digits + str(-total % 10)


def _with_spaces(draw: random.Random) -> str:
    card = _with_luhn(draw)
    return " ".join(card[start : start + 4] for start in range(0, 16, 4))


def _iban(draw: random.Random) -> str:
    body = "".join(draw.choice("0123456789") for _ in range(18))
    check = 98 - int(body + "131400") % 97
    return f"DE{check:02d}{body}"


_SHAPES: dict[str, Callable[[random.Random], str]] = {
    "uuid": lambda draw: str(uuid.UUID(int=draw.getrandbits(128), version=4)),
    "ulid": lambda draw: "01" + "".join(draw.choice(_CROCKFORD) for _ in range(24)),
    "ipv4": lambda draw: (
        f"{draw.randint(11, 99)}.{draw.randint(1, 250)}.{draw.randint(1, 250)}.{draw.randint(1, 250)}"
    ),
    "ipv6": lambda draw: "2a01:" + ":".join(f"{draw.randint(4096, 65535):x}" for _ in range(7)),
    "card": _with_luhn,
    "card-spaced": _with_spaces,
    "iban": _iban,
    "reference": lambda draw: Redactor("demo", draw.randbytes(32), "examples").redact(
        "workspace", draw.randbytes(8).hex()
    ),
}
