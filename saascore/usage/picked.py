"""From what was picked of rows to usage rows: the part of mapping that is the same for every adapter."""

from __future__ import annotations

from binascii import crc32
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import overload

from saascore.contract.quantities import parse_quantity
from saascore.contract.words import PublicLabel, base32_all, check_characters
from saascore.ledger.usage_row import Entry, UsageColumns, UsageRow, split_quantity
from saascore.privacy.references import Redactor
from saascore.usage.template import Template
from saascore.usage.verdict import Refusal

#: A quantity in canonical form, its whole units and its nanos.
Amount = tuple[str, int, int]
#: Template, framed key, occurred_at, resolved_at, amount, sequence, subject. A plain tuple: there is one for every row.
Picked = tuple[Template, bytes, str, str, Amount, int | None, str]
Mapped = UsageRow | Refusal
_NOTHING = UsageColumns()


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


class Answers(Sequence[Mapped]):
    """What became of a chunk of rows, in order: a usage row or a refusal for each, made when it is asked for.

    Kept column by column, which is a tenth of the size and work of rows on the way to the ledger or to another process.

    Args:
        source: Who says it.
        rows: The facts.
        refusals: What was refused, by its place among all answers.
    """

    def __init__(
        self,
        source: PublicLabel,
        rows: UsageColumns = _NOTHING,
        refusals: Mapping[int, Refusal] | None = None,
    ) -> None:
        self.source = source
        self.rows = rows
        self.refusals = refusals or {}

    @classmethod
    def joined(cls, chunks: Sequence[Answers]) -> Answers:
        """Return the answers of chunks of one source as those of one chunk."""
        if len(chunks) == 1:
            return chunks[0]
        refusals, before = dict[int, Refusal](), 0
        for chunk in chunks:
            refusals.update((before + place, refusal) for place, refusal in chunk.refusals.items())
            before += len(chunk)
        columns = zip(*(chunk.rows for chunk in chunks), strict=True)
        rows = UsageColumns._make(list(chain.from_iterable(parts)) for parts in columns)
        return cls(chunks[0].source, rows, refusals)

    def __len__(self) -> int:
        return len(self.rows.keys) + len(self.refusals)

    def __iter__(self) -> Iterator[Mapped]:
        rows = self.rows.rows()
        if not self.refusals:
            return rows
        return (self.refusals.get(place) or next(rows) for place in range(len(self)))

    @overload
    def __getitem__(self, index: int) -> Mapped: ...
    @overload
    def __getitem__(self, index: slice) -> list[Mapped]: ...
    def __getitem__(self, index: int | slice) -> Mapped | list[Mapped]:
        return list(self)[index]


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

    def write(self, picked: Sequence[Picked], refusals: Mapping[int, Refusal]) -> Answers:
        """Write a fact for everything that was picked; what was refused goes along, by its place among all."""
        if not picked:
            return Answers(self._source, refusals=refusals)
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
        count = len(picked)
        entries: list[Entry] = ["usage"] * count
        rows = UsageColumns(
            [self._source] * count,
            bodies,
            bodies,
            texts,
            [template[1] for template in templates],
            subjects,
            occurred_at,
            [amount[1] for amount in amounts],
            [amount[2] for amount in amounts],
            sequences,
            entries,
            [None] * count,
        )
        return Answers(self._source, rows, refusals)
