"""Mapping in a pool of processes: ordered, with bounded memory, and a killed worker costs only time.

Answers travel as ``marshal`` of plain tuples: both sides are the same interpreter, and for tuples of text, bytes and
integers it takes a third of the time of ``pickle``, which would otherwise eat what the second process gains.
"""

from __future__ import annotations

import marshal
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from multiprocessing import get_context
from typing import Any

from saascore.adapters import discover
from saascore.contract.outcomes import AdapterOrigin
from saascore.engines.chunk import MapperPlan, Prepared, Row, map_chunk
from saascore.errors import SaascoreError
from saascore.ledger.usage_row import UsageRow
from saascore.usage.mapping import UsageMapper
from saascore.usage.verdict import Refusal

#: How often a pool is started again after a worker was killed, before the chunk itself is held to be at fault.
RESTARTS = 3
_mapper: UsageMapper | SaascoreError


def map_in_pool(
    plan: MapperPlan, chunks: Iterable[Sequence[Row]], *, workers: int | None = None
) -> Iterator[list[Prepared]]:
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
    origin = discover(enable=(plan.product,), paths=plan.adapters).product(plan.product).origin
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
            yield _received(answer, origin)


def _pool(plan: MapperPlan, workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start, initargs=(plan,))


def _submit(pool: ProcessPoolExecutor, chunk: Sequence[Row]) -> Future[bytes]:
    try:
        return pool.submit(_work, list(chunk))
    except BrokenProcessPool as broken:  # it broke between two results; the loop above starts another
        failed: Future[bytes] = Future()
        failed.set_exception(broken)
        return failed


def _start(plan: MapperPlan) -> None:
    global _mapper  # noqa: PLW0603  a worker process has one mapper for its whole life
    try:
        _mapper = plan.build()
    except SaascoreError as error:
        _mapper = error  # an exception here would only say that the pool is broken; each chunk says why


def _work(chunk: list[Row]) -> bytes:
    if isinstance(_mapper, SaascoreError):
        return marshal.dumps((_mapper.code, _mapper.where, _mapper.detail))
    return marshal.dumps([_sent(answer) for answer in map_chunk(chunk, _mapper)])


def _sent(answer: Prepared) -> tuple[Any, ...]:
    """A refusal's origin is always the one product: it stays behind, and only whether there is one travels."""
    if type(answer) is UsageRow:
        return tuple(answer)
    refusal = answer
    return ("refusal", *refusal[:4], refusal[4] is not None)


def _received(data: bytes, origin: AdapterOrigin) -> list[Prepared]:
    items = marshal.loads(data)  # noqa: S302  our own worker wrote it
    if type(items) is tuple:
        code, where, detail = items
        raise SaascoreError(code, where=where, detail=detail)
    return [
        Refusal._make((*item[1:5], origin if item[5] else None))
        if len(item) == _REFUSAL_SIZE
        else UsageRow._make(item)
        for item in items
    ]


_REFUSAL_SIZE = len(Refusal._fields) + 1
