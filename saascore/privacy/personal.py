"""Personal data in free text: addresses and numbers that are personal wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from saascore.privacy import grammar, shapes
from saascore.privacy.regex import regex

_VERSION = regex(
    r"(?:(?:version|release|driver|build|ver)\b[ A-Za-z:=\"']{0,16}|v|==|>=|~=|/)$", re.IGNORECASE
)

Spotted = tuple[str, str, int]
"""A shape's name, what was found and where it starts."""


def spot(text: str) -> Iterator[Spotted]:
    """Yield e-mail addresses, card numbers, IP addresses, telephone and bank account numbers, local paths."""
    if "@" in text:
        yield from (
            ("email", m[0], m.start()) for m in shapes.EMAIL.finditer(text) if shapes.is_personal_email(m[0])
        )
    if len(text) > 8 and any(digit in text for digit in "0123456789"):
        yield from spot_cards(text)
        yield from _addresses(text)
        if "+" in text or "(" in text:
            yield from (("phone", m[0], m.start()) for m in shapes.PHONE.finditer(text))
        yield from (("iban", m[0], m.start()) for m in shapes.IBAN.finditer(text) if shapes.iban_holds(m[0]))
    if "/" in text or "\\" in text:
        yield from (("local-address", m[0], m.start()) for m in shapes.LOCAL_PATH.finditer(text))


def spot_cards(text: str) -> Iterator[Spotted]:
    """Yield payment card numbers."""
    for found in shapes.CARD.finditer(text):
        if shapes.luhn(found[0]) and not (len(found[0]) == 13 and grammar.EPOCH.fullmatch(found[0])):
            yield "card", found[0], found.start()


def _addresses(text: str) -> Iterator[Spotted]:
    if text.count(".") > 2:
        yield from (
            ("ip", m[0], m.start())
            for m in shapes.IPV4.finditer(text)
            if shapes.is_public_ip(m[0]) and not _VERSION.search(text, max(0, m.start() - 28), m.start())
        )
    if text.count(":") > 1:
        for found in shapes.IPV6.finditer(text):
            if found[0].count(":") > 3 and shapes.is_public_ip(found[0]):
                yield "ip", found[0], found.start()
