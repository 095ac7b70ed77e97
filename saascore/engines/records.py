"""Records on their way to a submission, mapped by an engine while the ledger takes those before."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from saascore.usage.mapping import Engine, UsageMapper
from saascore.usage.picked import Mapped
from saascore.usage.submit import CHUNK, RecordLike
from saascore.usage.verdict import Refusal


class MappedRecord(NamedTuple):
    """A record that has its answer already; as a submission takes it, with ``prepare`` being :func:`as_mapped`."""

    number: int
    value: Mapped
    problem: None = None


def map_records(
    records: Iterable[RecordLike], mapper: UsageMapper, engine: Engine, *, size: int | None = None
) -> Iterator[MappedRecord]:
    """Yield records with their answers, in order.

    Args:
        records: As a reader gives them.
        mapper: What maps them.
        engine: Where.
        size: Records at a time. By default a pool with a worker for each processor is given as many ahead as one
            transaction takes, so that it works while the ledger commits.
    """
    size = size or max(1, CHUNK // (2 * (os.cpu_count() or 1)))
    stream, waiting = iter(records), deque[Sequence[RecordLike]]()

    def chunks() -> Iterator[list[Mapping[str, Any]]]:
        while chunk := list(islice(stream, size)):
            waiting.append(chunk)
            yield [record.value for record in chunk if record.value is not None]

    for mapped in engine(mapper, chunks()):
        answers = iter(mapped)
        for record in waiting.popleft():
            problem = Refusal("rejected", (record.problem or "INP-001",))
            yield MappedRecord(record.number, problem if record.value is None else next(answers))


def as_mapped(value: Any) -> Mapped:
    """Return what a :class:`MappedRecord` holds."""
    answer: Mapped = value
    return answer
