"""The report as one HTML page that needs nothing else: no script, no network, no font file."""

from __future__ import annotations

from importlib.resources import files
from itertools import count
from xml.etree.ElementTree import Element

from saascore.packet.charts import draw, grouped, series_class
from saascore.packet.document import Block, Cell, Chart, Document, Figure, Note, Section, Table, Tile
from saascore.packet.markup import tag, to_html

#: Nothing may be loaded; the style sheet inside the page is all there is.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
OPEN_ROWS = 12


def render_page(document: Document) -> str:
    """Write the report as a self-contained HTML page; the same document gives the same bytes."""
    style = files("saascore.packet").joinpath("page.css").read_text(encoding="utf-8")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name_="color-scheme", content="light dark"),
        tag("title", f"{document.title}: {document.subtitle}"),
        tag("style", style),
    )
    body = tag(
        "body",
        tag("a", "Skip to the report", class_="skip", href="#report"),
        _header(document),
        tag("main", *map(_section, document.sections), id="report", tabindex="-1"),
        tag(
            "footer",
            tag("p", "Made by saascore from the JSON files beside this page. Counts and labels only."),
        ),
    )
    return "<!DOCTYPE html>\n" + to_html(tag("html", head, body, lang="en")) + "\n"


def _header(document: Document) -> Element:
    facts = [tag("div", tag("dt", name), tag("dd", value)) for name, value in document.facts]
    links = [tag("li", tag("a", section.title, href=f"#{section.name}")) for section in document.sections]
    return tag(
        "header",
        tag("h1", document.title),
        tag("p", document.subtitle, class_="subtitle"),
        tag("p", document.warning, class_="warning", role="note") if document.warning else None,
        tag("dl", *facts, class_="facts"),
        tag("nav", tag("ul", *links), aria_label="Sections"),
    )


def _section(section: Section) -> Element:
    names = (f"{section.name}-{number}" for number in count(1))
    parts = [_note(part) if isinstance(part, Note) else _block(part, next(names)) for part in section.parts]
    return tag(
        "section",
        tag("h2", section.title, id=f"{section.name}-title"),
        tag("p", section.lead, class_="lead"),
        tag("ul", *map(_tile, section.tiles), class_="tiles") if section.tiles else None,
        *parts,
        id=section.name,
        aria_labelledby=f"{section.name}-title",
    )


def _tile(tile: Tile) -> Element:
    return tag("li", tag("strong", _figure(tile.figure)), tag("span", tile.label), class_=f"tile {tile.tone}")


def _note(note: Note) -> Element:
    return tag("p", note.text, class_="note")


def _block(block: Block, name: str) -> Element:
    charts = [_chart(chart, f"{name}-{number}") for number, chart in enumerate(block.charts, start=1)]
    return tag("div", *charts, _table(block.table, name, folded=bool(charts)), class_="block")


def _chart(chart: Chart, name: str) -> Element:
    legend = [
        tag("li", tag("span", class_=f"swatch {series_class(chart, index)}"), series)
        for index, series in enumerate(chart.series)
    ]
    return tag(
        "figure",
        tag("figcaption", chart.title),
        tag("ul", *legend, class_="legend") if chart.kind != "grid" and len(legend) > 1 else None,
        tag("div", draw(chart, name), class_="scroll", tabindex="0", role="group", aria_label=chart.title),
    )


def _table(table: Table, name: str, *, folded: bool) -> Element:
    caption = f"{table.caption} ({len(table.rows)})" if len(table.rows) > 1 else table.caption
    if not table.rows:
        return tag("p", tag("span", table.caption, class_="caption"), ": none.", class_="none")
    grid = tag(
        "table",
        tag("caption", caption, class_="hidden" if folded else None, id=f"{name}-caption"),
        tag("thead", tag("tr", *(_heading(table, place) for place in range(len(table.columns))))),
        tag("tbody", *map(_row, table.rows)),
        class_="tally" if len(table.columns) == 2 else None,
    )
    scroll = tag("div", grid, class_="scroll", tabindex="0", role="group", aria_labelledby=f"{name}-caption")
    if not folded and len(table.rows) <= OPEN_ROWS:
        return scroll
    return tag("details", tag("summary", f"Table: {caption}"), scroll)


def _heading(table: Table, place: int) -> Element:
    numeric = any(isinstance(row[place], Figure) for row in table.rows)
    return tag("th", table.columns[place], scope="col", class_="number" if numeric else None)


def _row(row: tuple[Cell, ...]) -> Element:
    """Write a row; its first text names it."""
    name = next((place for place, cell in enumerate(row) if isinstance(cell, str)), None)
    return tag("tr", *(_cell(cell, names=place == name) for place, cell in enumerate(row)))


def _cell(cell: Cell, *, names: bool) -> Element:
    if isinstance(cell, Figure):
        return tag("td", _figure(cell), class_="number")
    return tag("th", cell, scope="row") if names else tag("td", cell)


def _figure(figure: Figure) -> Element:
    return tag("span", grouped(figure.value), data_count=str(figure.value), data_at=figure.at)
