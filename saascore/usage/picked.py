"""From what was picked of rows to usage rows: the part of mapping that is the same for every adapter."""

from __future__ import annotations

from binascii import crc32
from collections.abc import Sequence
from functools import lru_cache

from saascore.contract.quantities import parse_quantity
from saascore.contract.words import PublicLabel, base32_all, check_characters
from saascore.ledger.usage_row import UsageRow, split_quantity
from saascore.privacy.references import Redactor
from saascore.usage.template import Template
from saascore.usage.verdict import Refusal

#: A quantity in canonical form, its whole units and its nanos.
Amount = tuple[str, int, int]
#: Template, framed key, occurred_at, resolved_at, amount, sequence, subject. A plain tuple: there is one for every row.
Picked = tuple[Template, bytes, str, str, Amount, int | None, str]
Mapped = UsageRow | Refusal


def amount(quantity: object) -> Amount:
    """Return a quantity with its parts.

    Raises:
        ValueError: It is no exact decimal.
    """
    return _amount(quantity if type(quantity) is str else parse_quantity(quantity))


@lru_cache(maxsize=65_536)
def _amount(text: str) -> Amount:
    canonical = parse_quantity(text)
    return (canonical, *split_quantity(canonical))


class RowWriter:
    """Writes usage rows of one source: keys are hashed and spelled for many rows at once.

    Args:
        source: Who says them.
        keys: Makes idempotency keys and event ids.
    """

    def __init__(self, source: PublicLabel, keys: Redactor) -> None:
        self._source = source
        self._keys = keys
        self._key_stem = crc32(f"ref:key:{keys.key_id}:".encode())
        self._event_stem = crc32(f"ref:event:{keys.key_id}:".encode())

    def write(self, picks: Sequence[Picked | Refusal]) -> list[Mapped]:
        """Return a usage row for everything that was picked, and refusals as they are, in order."""
        bodies = self._keys.bodies("key", [pick[1] for pick in picks if type(pick) is not Refusal])
        letters = base32_all(bodies)
        data = letters.encode("ascii")
        source, key_stem, event_stem, check = self._source, self._key_stem, self._event_stem, check_characters
        answers: list[Mapped] = []
        number = 0
        for pick in picks:
            if type(pick) is Refusal:
                answers.append(pick)
                continue
            (pieces, shape), _, occurred_at, resolved_at, (quantity, whole, nanos), sequence, subject = pick
            body = bodies[number]
            number += 1
            start, end = 24 * number - 24, 24 * number
            digits, spelled = letters[start:end], data[start:end]
            event_check, key_check = (
                check[crc32(spelled, event_stem) & 1023],
                check[crc32(spelled, key_stem) & 1023],
            )
            a, b, c, d, e, f, g, h = pieces
            counted = "" if sequence is None else f',"source_sequence":{sequence}'
            answers.append(
                UsageRow(
                    source,
                    body,
                    body,
                    f"{a}{digits}{event_check}{b}{digits}{key_check}{c}{occurred_at}{d}{resolved_at}{e}{quantity}{f}{counted}{g}{subject}{h}",
                    shape,
                    subject,
                    occurred_at,
                    whole,
                    nanos,
                    sequence,
                )
            )
        return answers
