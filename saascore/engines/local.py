"""Mapping in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from saascore.engines.chunk import MapperPlan, Prepared, Row, map_chunk


def map_locally(plan: MapperPlan, chunks: Iterable[Sequence[Row]]) -> Iterator[list[Prepared]]:
    """Yield the answers of each chunk, in order."""
    mapper = plan.build()
    for chunk in chunks:
        yield map_chunk(chunk, mapper)
