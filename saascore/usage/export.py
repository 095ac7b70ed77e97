"""Facts out of the ledger: as they are, or as CloudEvents."""

from __future__ import annotations

import json
from collections.abc import Iterator

from saascore.contract.canonical import canonical_bytes
from saascore.contract.cloudevents import to_cloudevent
from saascore.contract.usage import UsageEvent
from saascore.ledger.facts import StoredFact
from saascore.ledger.reader import Reader
from saascore.usage.as_of import seen_until


def export_facts(reader: Reader, *, after: int = 0, as_of: int | None = None) -> Iterator[str]:
    """Return every fact as a line of JSON: its position, source, schema, and the fact itself in canonical form.

    The next export goes on ``after`` the last position of this one.

    Raises:
        SaascoreError: ``ENT-006`` where ``as_of`` lies after the head; before the first line.
    """
    return map(_line, reader.facts(after=after, as_of=seen_until(reader, as_of)))


def export_cloudevents(reader: Reader, *, after: int = 0, as_of: int | None = None) -> Iterator[str]:
    """Return usage events as CloudEvents in structured JSON, a line each; raises as :func:`export_facts` does."""
    until = seen_until(reader, as_of)
    return map(_cloudevent, reader.facts(schema=UsageEvent.schema_id(), after=after, as_of=until))


def _line(fact: StoredFact) -> str:
    head = json.dumps({"position": fact.position, "schema": fact.schema, "source": fact.source})
    return f'{head[:-1]}, "fact": {fact.body}}}'


def _cloudevent(fact: StoredFact) -> str:
    return canonical_bytes(to_cloudevent(UsageEvent.parse_json(fact.body))).decode()
