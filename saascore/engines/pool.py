"""Mapping in a pool of processes: ordered, with bounded memory, and a killed worker costs only time.

Lines are parsed by the workers, which are sent them as they stand in the file. Answers travel in columns, as ``marshal``
(both sides are the same interpreter).
"""

from __future__ import annotations

import gc
import marshal
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Literal

from saascore.adapters import ProductAdapter
from saascore.engines.chunk import MapperPlan, map_chunk
from saascore.errors import SaascoreError
from saascore.ledger.usage_row import UsageColumns
from saascore.usage.mapping import UsageMapper
from saascore.usage.memory import no_collection
from saascore.usage.picked import Answers
from saascore.usage.rows import Chunk
from saascore.usage.verdict import Refusal

#: How often a pool is started again after a worker was killed, before the chunk itself is held to be at fault.
RESTARTS = 3
#: Chunks on their way for each worker: enough that it has work while the driver commits what came before.
AHEAD = 4
_KEY_BYTES = 15
_Form = Literal["lines", "marshal", "pickle"]
_mapper: UsageMapper | SaascoreError


def map_in_pool(
    plan: MapperPlan, chunks: Iterable[Chunk], size: int = 0, *, workers: int | None = None
) -> Iterator[Answers]:
    """Yield the answers to all rows, in order of the input.

    What is ready is yielded at once, several chunks together where they are no more than ``size`` rows: a store that is
    slower than the workers gets large transactions, and one that is faster does not wait. At most ``AHEAD`` chunks a worker
    are in flight, so memory does not grow with the input. A chunk whose worker was killed is mapped again: mapping is
    pure, so nothing is counted twice.

    Args:
        plan: How a worker makes its mapper.
        chunks: Rows or lines.
        size: The most rows that are yielded together, where a chunk alone has not more.
        workers: Processes; as many as the machine has processors by default.

    Raises:
        SaascoreError: A worker cannot make its mapper (the id of what is wrong), or the same chunks killed it
            ``RESTARTS`` times (``ENG-002``).
    """
    product = plan.adapter()
    ready: list[Answers] = []
    rows = 0
    for answers, more in _answered(plan, chunks, workers or os.cpu_count() or 1, product):
        if ready and rows + len(answers) > size:
            yield _together(ready)
            ready, rows = [], 0
        ready.append(answers)
        rows += len(answers)
        if not more:
            yield _together(ready)
            ready, rows = [], 0
    if ready:
        yield _together(ready)


def _answered(
    plan: MapperPlan, chunks: Iterable[Chunk], workers: int, product: ProductAdapter
) -> Iterator[tuple[Answers, bool]]:
    """Yield the answers of each chunk, and whether those of the next are there already."""
    stream = iter(chunks)
    flying: deque[tuple[Chunk, Future[bytes]]] = deque()
    restarts = 0
    with ExitStack() as stack:
        pool = _pool(plan, workers, stack)
        while True:
            while len(flying) < AHEAD * workers and (chunk := next(stream, None)) is not None:
                flying.append((chunk, _submit(pool, chunk)))
            if not flying:
                return
            try:
                answer = flying[0][1].result()
            except BrokenProcessPool:
                restarts += 1
                if restarts > RESTARTS:
                    raise SaascoreError("ENG-002") from None
                pool = _pool(plan, workers, stack)
                flying = deque((chunk, _submit(pool, chunk)) for chunk, _ in flying)
                continue
            restarts = 0
            flying.popleft()
            yield _unpacked(answer, product), bool(flying) and flying[0][1].done()


def _together(ready: list[Answers]) -> Answers:
    with no_collection():
        return Answers.joined(ready)


def _pool(plan: MapperPlan, workers: int, stack: ExitStack) -> ProcessPoolExecutor:
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start, initargs=(plan,))
    stack.callback(pool.shutdown, cancel_futures=True)
    return pool


def _submit(pool: ProcessPoolExecutor, chunk: Chunk) -> Future[bytes]:
    try:
        with _uninterrupted():
            return pool.submit(_work, *_packed(chunk))
    except BrokenProcessPool as broken:  # it broke between two results; the loop above starts another
        failed: Future[bytes] = Future()
        failed.set_exception(broken)
        return failed


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Start processes that an interrupt from the keyboard does not reach: the driver, whom it does, ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _packed(chunk: Chunk) -> tuple[_Form, Chunk]:
    if isinstance(chunk, bytes):
        return "lines", chunk
    try:
        return "marshal", marshal.dumps(list(chunk))
    except ValueError:  # a row holds what only pickle can carry, such as a date
        return "pickle", list(chunk)


def _start(plan: MapperPlan) -> None:
    global _mapper  # noqa: PLW0603  a worker process has one mapper for its whole life
    Thread(target=_end_with_driver, daemon=True).start()
    try:
        _mapper = plan.build()
        gc.freeze()  # what was imported stays to the end, when looking for cycles in it costs a quarter of a start
    except SaascoreError as error:
        _mapper = error  # an exception here would only say that the pool is broken; each chunk says why


def _end_with_driver() -> None:
    """End a worker whose driver was killed: it would wait for work for ever, with the reference keys in its memory."""
    if (driver := parent_process()) is not None:
        driver.join()
        os._exit(1)


def _work(form: _Form, chunk: Chunk) -> bytes:
    if isinstance(_mapper, SaascoreError):
        return marshal.dumps((_mapper.code, _mapper.where, _mapper.detail))
    if form == "marshal" and isinstance(chunk, bytes):
        chunk = marshal.loads(chunk)  # noqa: S302  our own driver wrote it
    answers = map_chunk(chunk, _mapper)
    rows = answers.rows
    refusals = [(place, *told[:4], told.origin is not None) for place, told in answers.refusals.items()]
    return marshal.dumps([b"".join(rows.keys), "\n".join(rows.bodies), *rows[4:10], refusals])


def _unpacked(data: bytes, product: ProductAdapter) -> Answers:
    packed = marshal.loads(data)  # noqa: S302  our own worker wrote it
    if type(packed) is tuple:
        code, where, detail = packed
        raise SaascoreError(code, where=where, detail=detail)
    joined, bodies, *columns, refused = packed
    refusals = {
        place: Refusal._make((*told, product.origin if has_origin else None))
        for place, *told, has_origin in refused
    }
    if not joined:
        return Answers(product.id, refusals=refusals)
    keys = [joined[at : at + _KEY_BYTES] for at in range(0, len(joined), _KEY_BYTES)]
    count = len(keys)
    rows = UsageColumns._make(
        ([product.id] * count, keys, keys, bodies.split("\n"), *columns, ["usage"] * count, [None] * count)
    )
    return Answers(product.id, rows, refusals)
