"""The report as one HTML page that needs nothing else: no script, no network, no font file."""

from __future__ import annotations

from importlib.resources import files
from itertools import count
from xml.etree.ElementTree import Element

from saascore.packet.charts import dot_radius, draw, grouped, largest_dot
from saascore.packet.document import (
    Block,
    Cell,
    Chart,
    Document,
    Figure,
    Part,
    Section,
    Table,
    Tile,
    Tiles,
    Words,
)
from saascore.packet.markup import tag, to_html

#: Nothing may be loaded; the style sheet inside the page is all there is.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
OPEN_ROWS = 12
#: Longer tables are not printed; they stand in the JSON.
PRINTED_ROWS = 60


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
    facts = [tag("div", tag("dt", name), " ", tag("dd", value)) for name, value in document.facts]
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
    return tag(
        "section",
        tag("h2", section.title, id=f"{section.name}-title"),
        tag("p", section.lead, class_="lead"),
        *(_part(part, next(names)) for part in section.parts),
        id=section.name,
        class_="side-by-side" if section.columns else None,
        aria_labelledby=f"{section.name}-title",
    )


def _part(part: Part, name: str) -> Element:
    if isinstance(part, Block):
        return _block(part, name)
    if isinstance(part, Tiles):
        return tag("ul", *map(_tile, part.tiles), class_="tiles")
    if isinstance(part, Words):
        return _words(part)
    return tag("p", part.text, class_="note")


def _tile(tile: Tile) -> Element:
    return tag(
        "li", tag("strong", _figure(tile.figure)), " ", tag("span", tile.label), class_=f"tile {tile.tone}"
    )


def _words(part: Words) -> Element:
    if not part.words:
        return _none(part.caption)
    words = (tag("li", word) for word in part.words)
    return tag(
        "div", tag("p", part.caption, class_="caption"), tag("ul", *words, class_="words"), class_="block"
    )


def _block(block: Block, name: str) -> Element:
    charts = [_chart(chart, f"{name}-{number}") for number, chart in enumerate(block.charts, start=1)]
    return tag(
        "div",
        tag("div", *charts, class_="charts") if charts else None,
        _table(block.table, name, folded=bool(charts)),
        class_="block",
    )


def _chart(chart: Chart, name: str) -> Element:
    return tag(
        "figure",
        tag(
            "figcaption",
            tag("strong", chart.title, id=f"{name}-title"),
            " ",  # else both are one word to a scanner and to who copies them
            tag("span", chart.unit, class_="unit") if chart.unit else None,
        ),
        _legend(chart),
        draw(chart, name),
    )


def _legend(chart: Chart) -> Element | None:
    keys = [tag("li", _key(series.look), series.name) for series in chart.series if len(chart.series) > 1]
    if chart.kind == "timeline":
        most = largest_dot(chart) // 10**9
        sizes = sorted({1, most})
        keys += [tag("li", _dot(dot_radius(size, most)), grouped(size)) for size in sizes if len(sizes) > 1]
    return tag("ul", *keys, class_="legend") if keys else None


def _key(look: str) -> Element:
    box = tag("rect", width=11, height=11, class_=look)
    return tag("svg", box, width=11, height=11, aria_hidden="true")


def _dot(radius: float) -> Element:
    circle = tag("circle", cx=8, cy=8, r=f"{radius:.1f}", class_="s0")
    return tag("svg", circle, width=16, height=16, aria_hidden="true")


def _none(caption: str) -> Element:
    return tag("p", tag("span", caption, class_="caption"), ": none.", class_="none")


def _table(table: Table, name: str, *, folded: bool) -> Element:
    if not table.rows:
        return _none(table.caption)
    rows = len(table.rows)
    caption = f"{table.caption} ({rows:,})" if rows > OPEN_ROWS else table.caption
    grid = tag(
        "table",
        tag("caption", caption, class_="hidden" if folded else None, id=f"{name}-caption"),
        tag("thead", tag("tr", *(_heading(table, place) for place in range(len(table.columns))))),
        tag("tbody", *map(_row, table.rows)),
        class_="tally" if len(table.columns) == 2 or isinstance(table.rows[0][0], Figure) else None,
    )
    scroll = tag("div", grid, class_="scroll", tabindex="0", role="group", aria_labelledby=f"{name}-caption")
    if not folded and rows <= OPEN_ROWS:
        return scroll
    summary = tag("summary", f"Table: {caption}")
    return tag("details", summary, scroll, class_="long" if rows > PRINTED_ROWS else None)


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
