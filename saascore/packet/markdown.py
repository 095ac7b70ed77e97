"""The report as Markdown: the tables of the page, for a pull request or a release note."""

from __future__ import annotations

import re
from collections.abc import Iterator

from saascore.packet.charts import grouped
from saascore.packet.document import Block, Cell, Document, Figure, Part, Section, Table, Tiles, Words

#: Where GitHub makes a link of bare text.
_LINK = re.compile(r"(?i)(\b(?:https?|ftp|mailto|xmpp)(?=:)|\bwww(?=\.))(.)")
_SPECIAL = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]()<>#+!|~&$@"})


def render_markdown(document: Document) -> str:
    """Write the report as GitHub-flavoured Markdown; the same document gives the same bytes."""
    return "\n".join(_lines(document))


def _lines(document: Document) -> Iterator[str]:
    yield from (f"# {escaped(document.title)}", "", escaped(document.subtitle), "")
    if document.warning:
        yield from (f"> **{escaped(document.warning)}**", "")
    for name, value in document.facts:
        yield f"- {escaped(name)}: {escaped(value)}"
    for section in document.sections:
        yield from _section(section)
    yield ""


def _section(section: Section) -> Iterator[str]:
    yield from ("", f"## {escaped(section.title)}", "", escaped(section.lead))
    for part in section.parts:
        yield from _part(part)


def _part(part: Part) -> Iterator[str]:
    if isinstance(part, Block):
        yield from _table(part.table)
    elif isinstance(part, Tiles):
        yield ""
        yield from (f"- **{grouped(tile.figure.value)}** {escaped(tile.label)}" for tile in part.tiles)
    elif isinstance(part, Words):
        yield from ("", f"{escaped(part.caption)}: {escaped(', '.join(part.words) or 'none')}.")
    else:
        yield from ("", escaped(part.text))


def _table(table: Table) -> Iterator[str]:
    if not table.rows:
        yield from ("", f"{escaped(table.caption)}: none.")
        return
    numeric = [
        any(isinstance(row[place], Figure) for row in table.rows) for place in range(len(table.columns))
    ]
    yield from ("", f"### {escaped(table.caption)}", "")
    yield _row(table.columns)
    yield _rule(numeric)
    yield from map(_row, table.rows)


def _rule(numeric: list[bool]) -> str:
    return "|" + "|".join(" ---: " if right else " --- " for right in numeric) + "|"


def _row(cells: tuple[Cell, ...]) -> str:
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Figure):
        return grouped(cell.value)
    return escaped(cell or "")


def escaped(text: str) -> str:
    """Write text so that Markdown and the HTML inside it show it as it is, on one line."""
    return _LINK.sub(r"\1\\\2", " ".join(text.split()).translate(_SPECIAL))
