"""The report before it is HTML or Markdown: sections, tiles, tables and charts, made of labels and figures.

Every figure says where in the published JSON it stands, so that a reader (and a test) can check the page against
the data it was made from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Tone = Literal["plain", "good", "watch", "bad"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as the JSON holds it.

    Attributes:
        value: A count, or an exact decimal as text.
        at: Where it stands: ``ops``, ``audit``, ``usage`` or ``evidence``, then the keys and places that lead to it,
            apart by spaces; a ``*`` stands for every member. Several places, apart by semicolons, mean their sum.
    """

    value: int | str
    at: str


Cell = str | Figure | None


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure that a reader should see first."""

    label: str
    figure: Figure
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a caption; the first text of a row names it.

    A tally has its count first: read the other way round, a label beside its count is a field and its value, and a
    plan called ``team`` with 4,000 workspaces would be a team's number to every privacy scanner, ours too.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: which series, how much."""

    series: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar (or one column) and its parts."""

    label: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of a table's figures.

    ``bars`` lie beside their labels; ``columns`` stand along time; ``grid`` has a row a bar and a column a series,
    with a mark as large as the figure. ``meaning`` says that a series' name has a colour of its own (an outcome,
    a delay); else its place in ``palette`` gives it one, so that a plan looks the same in every chart.
    """

    kind: Literal["bars", "columns", "grid"]
    title: str
    summary: str
    series: tuple[str, ...]
    bars: tuple[Bar, ...]
    palette: tuple[str, ...] = ()
    meaning: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """Charts and the table that holds their figures."""

    table: Table
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    name: str
    title: str
    lead: str
    parts: tuple[Block | Note, ...] = ()
    tiles: tuple[Tile, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    warning: str | None
    sections: tuple[Section, ...] = field(default=())


def short(instant: str) -> str:
    """Return a canonical instant without its seconds where they are zero, for people to read."""
    day, clock = instant[:10], instant[11:19]
    if clock == "00:00:00":
        return day
    return f"{day} {clock[:5] if clock.endswith(':00') else clock}"
