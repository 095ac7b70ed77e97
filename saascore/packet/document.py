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
            apart by spaces. A ``*`` stands for every member and ``1, 4`` for two of them; several members, or several
            places apart by semicolons, mean their sum. The blanks keep a long list from being one word to a scanner.
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
class Tiles:
    """Figures beside each other."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """What the parts of one colour are: a name for readers, and the class of the style sheet that colours them."""

    name: str
    look: str = "s0"


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: which series (by its name), how much, and on a timeline the place in time."""

    series: str
    figure: Figure
    place: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of time: its whole name, and the mark below an axis."""

    label: str
    mark: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, one column or one line of a timeline, and its parts; ``mark`` stands below a column."""

    label: str
    segments: tuple[Segment, ...]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of a table's figures.

    Attributes:
        kind: ``bars`` lie below their labels; ``columns`` stand along time; ``timeline`` has a line for each bar
            and on it dots, as large as their figures.
        title: What is drawn.
        summary: The same in words, for those who hear it.
        series: In the order of the legend.
        bars: What is drawn.
        unit: What a column's height counts.
        places: The places in time of a timeline, for readers.
    """

    kind: Literal["bars", "columns", "timeline"]
    title: str
    summary: str
    series: tuple[Series, ...]
    bars: tuple[Bar, ...]
    unit: str | None = None
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A list of labels under a caption."""

    caption: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Charts and the table that holds their figures."""

    table: Table
    charts: tuple[Chart, ...] = ()


Part = Block | Note | Words | Tiles


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; ``columns`` puts small parts beside each other where there is room."""

    name: str
    title: str
    lead: str
    parts: tuple[Part, ...] = ()
    columns: bool = False


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
