"""Reading records: NDJSON or one JSON array, as a stream whose memory does not grow with the file."""

from __future__ import annotations

import json
import sys
from codecs import getincrementaldecoder
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import IO, Any, NamedTuple, NoReturn

from saascore.errors import SaascoreError, os_reason
from saascore.usage.rows import Chunk, Row, parse_line, rows_of
from saascore.usage.verdict import Refusal

_BLOCK = 1 << 20
_ITEMS = 4096
_SPACE = b" \t\r\n"
_MARK = b"\xef\xbb\xbf"
_KEEP = "surrogateescape"  # a record that is not UTF-8 must not take the others with it


class Record(NamedTuple):
    """One record of the input: its number (from 1), and its object or the id of what is wrong with it."""

    number: int
    value: Mapping[str, Any] | None
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
    rows = (row for chunk in read_rows(path) for row in rows_of(chunk))
    for number, row in enumerate(rows, start=1):
        value = parse_line(row) if isinstance(row, bytes) else row
        if isinstance(value, Refusal):
            yield Record(number, None, value.codes[0])
        else:
            yield Record(number, value)


def read_rows(path: str) -> Iterator[Chunk]:
    """Yield the rows of a file or of standard input as :func:`read_records` numbers them, unparsed: whole lines, a block at a time.

    An array's objects are parsed; an item that is none is its text.

    Raises:
        SaascoreError: ``INP-002`` where the file cannot be read.
    """
    with _open(path) as stream:
        first = b""
        while not first and (data := stream.read(_BLOCK)):
            first = data.lstrip(_SPACE).removeprefix(_MARK).lstrip(_SPACE)
        if not first.startswith(b"["):
            yield from _lines(first, stream)
            return
        items = _array(first[1:], stream)
        while some := tuple(islice(items, _ITEMS)):
            yield some


@contextmanager
def _open(path: str) -> Iterator[IO[bytes]]:
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = open(path, "rb")  # noqa: SIM115, PTH123  closed below; opening alone may fail here
    except OSError as error:
        raise SaascoreError("INP-002", detail=os_reason(error)) from None
    with stream:
        yield stream


def _lines(first: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    """Yield blocks that end where a line ends."""
    begun: list[bytes] = []
    data = first
    while data:
        end = data.rfind(b"\n") + 1
        if end:
            yield b"".join((*begun, data[:end]))
            begun.clear()
        begun.append(data[end:])
        data = stream.read(_BLOCK)
    yield b"".join(begun)


def _array(first: bytes, stream: IO[bytes]) -> Iterator[Row]:
    decoder = getincrementaldecoder("utf-8")(_KEEP)
    buffer, ended = decoder.decode(first), False
    value, end = None, 0
    while True:
        buffer = buffer.lstrip(" \t\r\n,")
        if buffer.startswith("]"):
            return
        try:
            value, end = _decoder.raw_decode(buffer)
            complete = ended or end < len(buffer)
        except (ValueError, RecursionError):
            complete = False
        if complete:
            text, buffer = buffer[:end], buffer[end:]
            yield value if type(value) is dict and _is_utf8(text) else text.encode(errors=_KEEP)
            continue
        if ended:
            yield buffer.encode(errors=_KEEP)
            return
        more = stream.read(max(_BLOCK, len(buffer)))  # doubling keeps a large record linear
        ended = not more
        buffer += decoder.decode(more, final=ended)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
