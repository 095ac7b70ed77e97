"""Reading records: NDJSON or one JSON array, as a stream whose memory does not grow with the file."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, NamedTuple, NoReturn

from pydantic_core import from_json

from saascore.errors import SaascoreError, os_reason

_CHUNK = 1 << 16
_SPACE = " \t\r\n"
_KEEP = "surrogateescape"  # a record that is not UTF-8 must not take the others with it


class Record(NamedTuple):
    """One record of the input: its number (from 1), and its object or the id of what is wrong with it."""

    number: int
    value: dict[str, Any] | None
    problem: str | None = None


def _no_constant(_: str) -> NoReturn:
    raise ValueError


_decoder = json.JSONDecoder(parse_constant=_no_constant)


def read_records(path: str) -> Iterator[Record]:
    """Yield the records of a file, or of standard input for ``-``.

    A line that is not JSON (or not UTF-8) gives a record with problem ``INP-001`` and the reading goes on; in a JSON array nothing
    after such a place can be trusted, so it ends there.

    Raises:
        SaascoreError: ``INP-002`` where the file cannot be read.
    """
    with _open(path) as stream:
        first = stream.read(1)
        while first and first in _SPACE + "\ufeff":
            first = stream.read(1)
        yield from _array(stream) if first == "[" else _lines(first, stream)


@contextmanager
def _open(path: str) -> Iterator[IO[str]]:
    if path == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors=_KEEP)  # type: ignore[union-attr]
        yield sys.stdin
        return
    try:
        stream = open(path, encoding="utf-8", errors=_KEEP)  # noqa: SIM115, PTH123  closed below; opening alone may fail here
    except OSError as error:
        raise SaascoreError("INP-002", detail=os_reason(error)) from None
    with stream:
        yield stream


def _lines(first: str, stream: IO[str]) -> Iterator[Record]:
    number = 0
    for line in stream:
        text, first = first + line, ""
        if text.isspace():
            continue
        number += 1
        try:
            value = from_json(text, allow_inf_nan=False, cache_strings="keys")
        except (ValueError, TypeError):  # a TypeError is text that is not UTF-8
            yield Record(number, None, "INP-001")
        else:
            yield _record(number, value)


def _array(stream: IO[str]) -> Iterator[Record]:
    buffer, number, ended = "", 0, False
    value, end = None, 0
    while True:
        buffer = buffer.lstrip(_SPACE + ",")
        if buffer.startswith("]"):
            return
        try:
            value, end = _decoder.raw_decode(buffer)
            complete = ended or end < len(buffer)
        except (ValueError, RecursionError):
            complete = False
        if complete:
            number += 1
            text, buffer = buffer[:end], buffer[end:]
            yield _record(number, value) if _is_utf8(text) else Record(number, None, "INP-001")
            continue
        if ended:
            yield Record(number + 1, None, "INP-001")
            return
        more = stream.read(max(_CHUNK, len(buffer)))  # doubling keeps a large record linear
        ended = not more
        buffer += more


def _record(number: int, value: Any) -> Record:
    return Record(number, value) if isinstance(value, dict) else Record(number, None, "INP-003")


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
