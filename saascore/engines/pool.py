"""Mapping in a pool of processes: ordered, with bounded memory, and a killed worker costs only time.

Lines are parsed by the workers. Answers travel in columns, as ``marshal`` (both sides are the same interpreter), and
become rows when they are read: rows one by one would eat half of what the second process gains.
"""

from __future__ import annotations

import marshal
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from functools import cached_property
from multiprocessing import get_context
from typing import overload

from saascore.adapters import ProductAdapter, discover
from saascore.engines.chunk import MapperPlan, Row, write_chunk
from saascore.errors import SaascoreError
from saascore.usage.mapping import UsageMapper
from saascore.usage.memory import no_collection
from saascore.usage.picked import Mapped, Written
from saascore.usage.verdict import Refusal

#: How often a pool is started again after a worker was killed, before the chunk itself is held to be at fault.
RESTARTS = 3
_KEY_BYTES = 15
_mapper: UsageMapper | SaascoreError


def map_in_pool(
    plan: MapperPlan, chunks: Iterable[Sequence[Row]], *, workers: int | None = None
) -> Iterator[Sequence[Mapped]]:
    """Yield the answers of each chunk, in order of the input.

    At most two chunks a worker are in flight, so memory does not grow with the input. A chunk whose worker was
    killed is mapped again: mapping is pure, so nothing is counted twice.

    Args:
        plan: How a worker makes its mapper.
        chunks: Rows or lines.
        workers: Processes; as many as the machine has processors by default.

    Raises:
        SaascoreError: A worker cannot make its mapper (the id of what is wrong), or the same chunks killed it
            ``RESTARTS`` times (``ENG-002``).
    """
    product = discover(enable=(plan.product,), paths=plan.adapters).product(plan.product)
    count = workers or os.cpu_count() or 1
    stream = iter(chunks)
    flying: deque[tuple[Sequence[Row], Future[bytes]]] = deque()
    restarts = 0
    with ExitStack() as stack:
        pool = stack.enter_context(_pool(plan, count))
        while True:
            while len(flying) < 2 * count and (chunk := next(stream, None)) is not None:
                flying.append((chunk, _submit(pool, chunk)))
            if not flying:
                return
            try:
                answer = flying[0][1].result()
            except BrokenProcessPool:
                restarts += 1
                if restarts > RESTARTS:
                    raise SaascoreError("ENG-002") from None
                pool = stack.enter_context(_pool(plan, count))
                flying = deque((chunk, _submit(pool, chunk)) for chunk, _ in flying)
                continue
            restarts = 0
            flying.popleft()
            yield _Answers(answer, product)


def _pool(plan: MapperPlan, workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start, initargs=(plan,))


def _submit(pool: ProcessPoolExecutor, chunk: Sequence[Row]) -> Future[bytes]:
    try:
        return pool.submit(_work, _packed(chunk))
    except BrokenProcessPool as broken:  # it broke between two results; the loop above starts another
        failed: Future[bytes] = Future()
        failed.set_exception(broken)
        return failed


def _packed(chunk: Sequence[Row]) -> bytes | list[Row]:
    try:
        return marshal.dumps(list(chunk))
    except ValueError:  # a row holds what only pickle can carry, such as a date
        return list(chunk)


def _start(plan: MapperPlan) -> None:
    global _mapper  # noqa: PLW0603  a worker process has one mapper for its whole life
    try:
        _mapper = plan.build()
    except SaascoreError as error:
        _mapper = error  # an exception here would only say that the pool is broken; each chunk says why


def _work(chunk: bytes | list[Row]) -> bytes:
    if isinstance(_mapper, SaascoreError):
        return marshal.dumps((_mapper.code, _mapper.where, _mapper.detail))
    rows = marshal.loads(chunk) if isinstance(chunk, bytes) else chunk  # noqa: S302  our own driver wrote it
    written = write_chunk(rows, _mapper)
    refusals = [(place, *told[:4], told.origin is not None) for place, told in written.refusals.items()]
    return marshal.dumps(
        [
            b"".join(written.keys),
            "\n".join(written.bodies),
            *written[3:8],
            refusals,
        ]
    )


class _Answers(Sequence[Mapped]):
    """The answers of a chunk, which become rows when they are first read."""

    def __init__(self, data: bytes, product: ProductAdapter) -> None:
        columns = marshal.loads(data)  # noqa: S302  our own worker wrote it
        if type(columns) is tuple:
            code, where, detail = columns
            raise SaascoreError(code, where=where, detail=detail)
        self._product = product
        self._columns = columns
        self._length = len(columns[2]) + len(columns[-1])

    @cached_property
    def _rows(self) -> list[Mapped]:
        joined, bodies, *others, refused = self._columns
        self._columns.clear()  # rows take their place
        keys = [joined[at : at + _KEY_BYTES] for at in range(0, len(joined), _KEY_BYTES)]
        origin = self._product.origin
        refusals = {
            place: Refusal._make((*told, origin if has_origin else None))
            for place, *told, has_origin in refused
        }
        columns = (self._product.id, keys, bodies.split("\n"), *others, refusals)
        with no_collection():
            return Written._make(columns).answers()

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Mapped: ...
    @overload
    def __getitem__(self, index: slice) -> list[Mapped]: ...
    def __getitem__(self, index: int | slice) -> Mapped | list[Mapped]:
        return self._rows[index]

    def __iter__(self) -> Iterator[Mapped]:
        return iter(self._rows)
