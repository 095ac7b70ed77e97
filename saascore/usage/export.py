"""Facts out of the ledger: as they are, or as CloudEvents."""

from __future__ import annotations

import json
from collections.abc import Iterator

from saascore.contract.canonical import canonical_bytes
from saascore.contract.cloudevents import to_cloudevent
from saascore.contract.usage import UsageEvent
from saascore.ledger.reader import Reader


def export_facts(reader: Reader, *, after: int = 0, as_of: int | None = None) -> Iterator[str]:
    """Yield every fact as a line of JSON: its position, source, schema, and the fact itself in canonical form.

    The next export goes on ``after`` the last position of this one.
    """
    for fact in reader.facts(after=after, as_of=as_of):
        head = json.dumps({"position": fact.position, "schema": fact.schema, "source": fact.source})
        yield f'{head[:-1]}, "fact": {fact.body}}}'


def export_cloudevents(reader: Reader, *, after: int = 0, as_of: int | None = None) -> Iterator[str]:
    """Yield usage events as CloudEvents in structured JSON, a line each."""
    for fact in reader.facts(schema=UsageEvent.schema_id(), after=after, as_of=as_of):
        yield canonical_bytes(to_cloudevent(UsageEvent.parse_json(fact.body))).decode()
