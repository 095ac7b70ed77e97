"""From what was picked of rows to usage rows: the part of mapping that is the same for every adapter."""

from __future__ import annotations

from binascii import crc32
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple

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


class Written(NamedTuple):
    """What became of a chunk, column by column: a tenth of the size and work of rows, on the way between processes.

    Attributes:
        source: Who says it.
        keys: Storage keys of idempotency keys, and of event ids.
        bodies: Canonical JSON.
        shapes: Shapes.
        subjects: Subjects.
        occurred_at: Instants.
        amounts: Quantities with their parts.
        sequences: The source's own numbers.
        refusals: What was refused, by its place among all answers.
    """

    source: PublicLabel
    keys: Sequence[bytes]
    bodies: Sequence[str]
    shapes: Sequence[str]
    subjects: Sequence[str]
    occurred_at: Sequence[str]
    amounts: Sequence[Amount]
    sequences: Sequence[int | None]
    refusals: Mapping[int, Refusal]

    def answers(self) -> list[Mapped]:
        """Return a usage row or a refusal for every row, in order."""
        made: Iterable[UsageRow] = map(
            UsageRow._make,
            zip(
                repeat(self.source),
                self.keys,
                self.keys,
                self.bodies,
                self.shapes,
                self.subjects,
                self.occurred_at,
                [amount[1] for amount in self.amounts],
                [amount[2] for amount in self.amounts],
                self.sequences,
                repeat("usage"),
                repeat(None),
            ),
        )
        if not self.refusals:
            return list(made)
        rows, count = iter(made), len(self.keys) + len(self.refusals)
        return [self.refusals[place] if place in self.refusals else next(rows) for place in range(count)]


class Writer:
    """Writes facts of one source: keys are hashed and spelled for many rows at once.

    Args:
        source: Who says them.
        keys: Makes idempotency keys and event ids.
    """

    def __init__(self, source: PublicLabel, keys: Redactor) -> None:
        self._source = source
        self._keys = keys
        self._stems = [crc32(f"ref:{kind}:{keys.key_id}:".encode()) for kind in ("event", "key")]

    def write(self, picked: Sequence[Picked], refusals: Mapping[int, Refusal]) -> Written:
        """Write a fact for everything that was picked; what was refused goes along, by its place among all."""
        if not picked:
            return Written(self._source, (), (), (), (), (), (), (), refusals)
        templates, framed, occurred_at, _, amounts, sequences, subjects = zip(*picked, strict=True)
        bodies = self._keys.bodies("key", framed)
        letters = base32_all(bodies)
        spelled = letters.encode("ascii")
        (event_stem, key_stem), check, end, texts = self._stems, check_characters, 0, []
        for (pieces, _), _, at, resolved_at, (quantity, _, _), sequence, subject in picked:
            start, end = end, end + 24
            word, digits = spelled[start:end], letters[start:end]
            event, key = check[crc32(word, event_stem) & 1023], check[crc32(word, key_stem) & 1023]
            number = "" if sequence is None else f',"source_sequence":{sequence}'
            a, b, c, d, e, f, g, h = pieces
            texts.append(
                f"{a}{digits}{event}{b}{digits}{key}{c}{at}{d}{resolved_at}{e}{quantity}{f}{number}{g}{subject}{h}"
            )
        shapes = [template[1] for template in templates]
        return Written(
            self._source, bodies, texts, shapes, subjects, occurred_at, amounts, sequences, refusals
        )
