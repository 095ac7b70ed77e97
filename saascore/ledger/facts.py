"""What is appended to a ledger and what is read from it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, Self

from saascore.contract.model import MAX_FACT_BYTES, Contract, encode_fact

Taken = Literal["key", "event"]


class NewFact(NamedTuple):
    """A fact on its way in.

    Attributes:
        schema: Its schema id, for example ``saascore/billing-fact/1``.
        source: Who says it: an adapter id. With the schema's family it is the scope of ``key``.
        key: What makes it the same fact when it comes again: an idempotency key, or a digest.
        body: Its canonical JSON.
        topics: What it can be read by: opaque words, for example the references it names.
    """

    schema: str
    source: str
    key: str
    body: str
    topics: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        model: Contract,
        *,
        source: str,
        key: str | None = None,
        topics: Iterable[str] = (),
        body: str | None = None,
    ) -> Self:
        """Encode a model, where ``body`` is not its canonical JSON; without a key its content digest is the key.

        Raises:
            SaascoreError: ``CON-004`` where it is too large.
        """
        if body is None or len(body) > MAX_FACT_BYTES:
            body = encode_fact(model).decode()
        return cls(model.schema_id(), source, key or model.content_digest(), body, tuple(topics))


class StoredFact(NamedTuple):
    """A fact as the ledger holds it: its gapless position, schema id, source and canonical JSON."""

    position: int
    schema: str
    source: str
    body: str

    def json(self) -> dict[str, Any]:
        """Return the fact as JSON values."""
        value: dict[str, Any] = json.loads(self.body)
        return value


class JournalRow(NamedTuple):
    """A row of the journal: its number, the head of the facts it was written at, and its canonical JSON."""

    number: int
    position: int
    body: str


class Placed(NamedTuple):
    """Where a handed-in fact stands: ``new`` if it was appended, else the position of the fact with its key.

    ``by`` says what was taken: the idempotency ``key``, or the ``event`` id under another key.
    """

    position: int
    new: bool
    by: Taken = "key"


class Appended(NamedTuple):
    """Where many handed-in facts stand: the position of each, in order, and which were not new, by their index."""

    positions: list[int]
    taken: dict[int, Taken]


def family(schema: str) -> str:
    """Return a schema's name without namespace and version: the scope of keys outlives versions."""
    return schema.split("/")[1]
