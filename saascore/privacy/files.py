"""Files and bytes: opening, decoding, expanding, with a clear answer where that cannot be done."""

from __future__ import annotations

import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from saascore.privacy import layers
from saascore.privacy.rule import Magic

STREAMED = 4 << 20
WHOLE = 64 << 20
MAX_LINE = 16 << 20
MAX_EXPANDED = 64 << 20
MAX_MEMBERS = 10_000


class UnreadableError(Exception):
    """The file cannot be opened or is no regular file."""


class UnscannableError(Exception):
    """The bytes cannot be looked into; ``reason`` is the last part of the rule's id."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class State(NamedTuple):
    """What tells whether a file changed while it was read."""

    size: int
    changed: int
    inode: int


class Line(NamedTuple):
    """One line of a stream, or why it has none."""

    text: str
    size: int
    problem: str = ""


def walk(path: Path, name: str | None) -> Iterator[tuple[Path, str]]:
    """Yield every file below a path with the name to show, folders in order; links to folders are not entered."""
    shown = name if name is not None else path.as_posix()
    if not path.is_dir():
        yield path, shown
        return
    for folder, folders, names in os.walk(path, followlinks=False):
        folders.sort()
        here = Path(folder)
        linked = [entry for entry in folders if (here / entry).is_symlink()]
        for entry in sorted([*names, *linked]):
            file = here / entry
            yield file, f"{shown}/{file.relative_to(path).as_posix()}"


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading.

    Raises:
        UnreadableError: It is none, or may not be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError):
        raise UnreadableError from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnreadableError
    return os.fdopen(descriptor, "rb")


def state(stream: BinaryIO) -> State:
    """Return what tells whether an open file changed."""
    facts = os.fstat(stream.fileno())
    return State(facts.st_size, facts.st_mtime_ns, facts.st_ino)


def is_line_text(head: bytes) -> bool:
    """Whether a file's first bytes are text of several lines, and not one document spread over them."""
    if b"\0" in head or head[:2] in {b"\x1f\x8b", b"PK", b"\xff\xfe", b"\xfe\xff"}:
        return False
    first, newline, _ = head.partition(b"\n")
    if not newline:
        return False
    start = first.strip()
    return not (start[:1] in {b"{", b"["} and len(start) < 3) and not start.startswith(b"<")


def text_lines(stream: BinaryIO) -> Iterator[Line]:
    """Yield the lines of a stream; no line is held that is longer than the limit."""
    while True:
        raw = stream.readline(MAX_LINE + 1)
        if not raw:
            return
        if len(raw) > MAX_LINE:
            size = len(raw)
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(MAX_LINE)
                size += len(raw)
            yield Line("", size, "limit")
            continue
        try:
            yield Line(raw.decode("utf-8"), len(raw), "binary" if b"\0" in raw else "")
        except UnicodeDecodeError:
            yield Line("", len(raw), "encoding")


def rejoined(head: bytes, rest: BinaryIO) -> BinaryIO:
    """Return a stream of what was read already and what is left."""
    return io.BufferedReader(_Rejoined(head, rest), buffer_size=1 << 20)


class _Rejoined(io.RawIOBase):
    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._head[: len(buffer)] or self._rest.read(len(buffer))
        self._head = self._head[len(data) :]
        buffer[: len(data)] = data
        return len(data)


def starts(data: bytes, magic: Magic) -> bool:
    """Whether bytes begin as a media file does."""
    return data.startswith(magic.start) and (
        not magic.then or data[magic.offset : magic.offset + len(magic.then)] == magic.then
    )


def text_of(data: bytes) -> str | None:
    """Decode UTF-8, or UTF-16 and UTF-32 with a byte order mark; ``None`` where it is neither."""
    for mark, encoding in (
        (b"\xff\xfe\0\0", "utf-32"),
        (b"\0\0\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"", "utf-8-sig"),
    ):
        if data.startswith(mark):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                return None
            return None if "\0" in text else text
    return None  # pragma: no cover  the last encoding takes any start


def kind_of(data: bytes) -> str:
    """Say why bytes are no text: a binary file, or text in an encoding that cannot be told."""
    odd = sum(byte < 9 or 13 < byte < 32 for byte in data[:4096])
    return "binary" if odd else "encoding"


def gunzip(data: bytes) -> bytes:
    """Expand gzip data.

    Raises:
        UnscannableError: It is damaged, or expands too far.
    """
    try:
        return layers.inflate(data, MAX_EXPANDED)
    except layers.TooLargeError:
        raise UnscannableError("limit") from None
    except layers.DamagedError:
        raise UnscannableError("damaged") from None


def unpack(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the members of a zip or tar archive.

    Raises:
        UnscannableError: It is damaged or encrypted, or expands too far.
    """
    left = min(MAX_EXPANDED, max(len(data) * layers.MAX_RATIO, 1 << 16))
    try:
        if data[:2] != b"PK":
            yield from _tar_members(data, left)
            return
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from _members(archive, left)
    except UnscannableError:
        raise
    except Exception:  # noqa: BLE001  zipfile lets struct.error, zlib.error, RuntimeError and others through
        raise UnscannableError("damaged") from None


def _members(archive: zipfile.ZipFile, left: int) -> Iterator[tuple[str, bytes]]:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise UnscannableError("limit")
    for member in members:
        if member.is_dir():
            continue
        with archive.open(member) as stream:
            inner = stream.read(left + 1)
        left -= len(inner)
        if left < 0:
            raise UnscannableError("limit")
        yield member.filename, inner


def _tar_members(data: bytes, left: int) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for count, member in enumerate(archive):
            stream = archive.extractfile(member) if member.isreg() else None
            if stream is None:
                continue
            inner = stream.read(left + 1)
            left -= len(inner)
            if left < 0 or count > MAX_MEMBERS:
                raise UnscannableError("limit")
            yield member.name, inner
