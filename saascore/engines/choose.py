"""Engines by name, as the command line knows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, get_args

from saascore.engines.chunk import MapperPlan
from saascore.engines.pool import map_in_pool
from saascore.errors import SaascoreError
from saascore.usage.mapping import Engine, UsageMapper, map_here
from saascore.usage.picked import Answers
from saascore.usage.rows import Chunk

EngineName = Literal["local", "pool", "spark"]
ENGINES: tuple[str, ...] = get_args(EngineName)


def engine_named(name: str, adapters: Sequence[str] = ()) -> Engine:
    """Return an engine: ``local`` (this process), ``pool`` (a process for each processor) or ``spark``.

    Args:
        name: One of ``ENGINES``.
        adapters: Modules or files that are adapters too; workers load them as well.

    Raises:
        SaascoreError: ``INP-004`` where there is no such engine, ``ENG-003`` where it is not available here.
    """
    if name == "local":
        return map_here
    if name == "pool":
        return lambda mapper, chunks, size: map_in_pool(MapperPlan.of(mapper, adapters), chunks, size)
    if name != "spark":
        raise SaascoreError("INP-004", where="--engine", detail=f"one of {', '.join(ENGINES)}")
    from saascore.engines.spark import local_session, map_with_spark  # noqa: PLC0415  an extra

    session = local_session()

    def on_spark(mapper: UsageMapper, chunks: Iterable[Chunk], size: int) -> Iterator[Answers]:
        return map_with_spark(MapperPlan.of(mapper, adapters), chunks, size, session=session)

    return on_spark
