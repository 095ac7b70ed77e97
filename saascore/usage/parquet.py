"""Usage events as Parquet: typed columns for analytics, and each fact itself, so that nothing is lost on the way.

Quantities are exact decimals and times are UTC microseconds. A row group holds what one page of the ledger gave, so
memory does not grow with the ledger.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from saascore.contract.usage import UsageEvent
from saascore.errors import SaascoreError
from saascore.ledger.facts import StoredFact
from saascore.ledger.reader import Reader
from saascore.usage.as_of import seen_until

#: Events a row group.
ROW_GROUP = 50_000
_TEXTS = (
    "event_id", "event_type", "subject_label", "plan_key", "unit", "idempotency_key", "source", "entry_type",
    "corrects",
)  # fmt: skip


def export_parquet(reader: Reader, out: Path, *, after: int = 0, as_of: int | None = None) -> int:
    """Write usage events, in order of position, to a Parquet file.

    Columns: ``position``; the fields of a usage event as text, but ``quantity`` as decimal(21, 9), ``occurred_at`` as
    a timestamp in UTC, ``source_sequence`` as a number and ``dimensions`` as a map; and ``fact``, its canonical JSON.

    Args:
        reader: The ledger.
        out: The file; what was there is replaced once the new one is whole.
        after: Only later positions.
        as_of: Only up to this position; the head by default.

    Returns:
        How many events were written.

    Raises:
        SaascoreError: ``USG-011`` where pyarrow is not installed, ``INP-002`` where the file cannot be written, ``ENT-006`` where
            ``as_of`` lies after the head.
    """
    if find_spec("pyarrow") is None:
        raise SaascoreError("USG-011")
    import pyarrow as pa  # noqa: PLC0415  an extra, loaded when used
    import pyarrow.parquet as pq  # noqa: PLC0415  an extra, loaded when used

    schema = _schema(pa)
    facts = reader.facts(schema=UsageEvent.schema_id(), after=after, as_of=seen_until(reader, as_of))
    part, written = out.with_name(out.name + ".part"), 0
    try:
        with pq.ParquetWriter(part, schema, compression="zstd") as writer:
            for page in _pages(facts):
                writer.write_table(pa.Table.from_pylist([_row(fact) for fact in page], schema=schema))
                written += len(page)
        part.replace(out)
    except OSError as error:
        raise SaascoreError("INP-002", where="--out", detail=type(error).__name__) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return written


def _schema(pa: Any) -> Any:
    label = pa.dictionary(pa.int32(), pa.string())
    labels = {"event_type", "plan_key", "unit", "source", "entry_type"}
    return pa.schema(
        [
            pa.field("position", pa.int64(), nullable=False),
            *(
                pa.field(name, label if name in labels else pa.string(), nullable=name == "corrects")
                for name in _TEXTS
            ),
            pa.field("quantity", pa.decimal128(21, 9), nullable=False),
            pa.field("occurred_at", pa.timestamp("us", tz="UTC"), nullable=False),
            pa.field("source_sequence", pa.int64()),
            pa.field("dimensions", pa.map_(pa.string(), pa.string())),
            pa.field("fact", pa.string(), nullable=False),
        ],
        metadata={"schema": UsageEvent.schema_id()},
    )


def _row(fact: StoredFact) -> dict[str, Any]:
    event = json.loads(fact.body)
    return {
        "position": fact.position,
        **{name: event.get(name) for name in _TEXTS},
        "quantity": Decimal(event["quantity"]),
        "occurred_at": datetime.fromisoformat(event["occurred_at"]),
        "source_sequence": event.get("source_sequence"),
        "dimensions": sorted(event.get("dimensions", {}).items()),
        "fact": fact.body,
    }


def _pages(facts: Iterator[StoredFact]) -> Iterator[list[StoredFact]]:
    while page := list(islice(facts, ROW_GROUP)):
        yield page
