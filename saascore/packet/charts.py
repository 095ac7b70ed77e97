"""Charts as inline SVG: the same figures, the same bytes; no script, no font, no colour that the page's theme cannot change.

Drawn here and not by a chart library because the privacy scanner reads what is drawn, both colour schemes must
work without a script, and a page stays some kilobytes (a library's page is five to six hundred times as large).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from xml.etree.ElementTree import Element

from saascore.contract.quantities import SCALE, from_nanos, to_nanos
from saascore.packet.document import Bar, Chart, Figure, Segment
from saascore.packet.markup import tag

WIDTH = 720
COLORS = 8
_CHARACTER = 6.6  # mean width of a character at the charts' 12 pixels


def draw(chart: Chart, name: str) -> Element:
    """Draw a chart as an ``svg`` element.

    Args:
        chart: What to draw.
        name: An id that is unique on the page; title and description get theirs from it.
    """
    height, marks = {"bars": _bars, "columns": _columns, "grid": _grid}[chart.kind](chart)
    return tag(
        "svg",
        tag("title", chart.title, id=f"{name}-title"),
        tag("desc", chart.summary, id=f"{name}-desc"),
        *marks,
        class_=f"chart {chart.kind}",
        viewBox=f"0 0 {WIDTH} {height}",
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-desc",
    )


def series_class(chart: Chart, index: int) -> str:
    """Return the class that colours a series: by its meaning where it has one, else by its place."""
    name = chart.series[index]
    if chart.meaning:
        return f"is-{name}"
    return f"s{(chart.palette or chart.series).index(name) % COLORS}"


def nanos(figure: Figure) -> int:
    """Return a figure times 10⁹; a negative one is drawn as nothing and stands in the table."""
    return max(to_nanos(str(figure.value)), 0)


def grouped(value: int | str) -> str:
    """Write a number with its thousands apart, for people: ``1234567.5`` as ``1,234,567.5``."""
    whole, dot, fraction = str(value).partition(".")
    return f"{int(whole):,}{dot}{fraction}" if whole != "-0" else f"-0{dot}{fraction}"


def _bars(chart: Chart) -> tuple[int, Iterator[Element]]:
    """Lying bars, one below the other, to one scale."""
    left = min(220, 16 + max((_width(bar.label) for bar in chart.bars), default=0))
    most = max((_total(bar) for bar in chart.bars), default=0) or 1
    room = WIDTH - left - 16 - max(_width(_said(bar)) for bar in chart.bars)
    row = 30
    return len(chart.bars) * row + 8, chain.from_iterable(
        _bar(chart, bar, top=4 + place * row, left=left, scale=room / most)
        for place, bar in enumerate(chart.bars)
    )


def _bar(chart: Chart, bar: Bar, *, top: int, left: float, scale: float) -> Iterator[Element]:
    yield tag(
        "text", _cut(bar.label, left - 12), x=_number(left - 8), y=top + 15, class_="name", text_anchor="end"
    )
    x = float(left)
    for segment in bar.segments:
        width = nanos(segment.figure) * scale
        if not width:
            continue
        yield _mark(chart, bar, segment, x=x, y=top, width=max(width, 1.5), height=20)
        x += max(width, 1.5)
    yield tag("text", _said(bar), x=_number(x + 8), y=top + 15, class_="value")


def _columns(chart: Chart) -> tuple[int, Iterator[Element]]:
    """Standing columns along time, stacked by series."""
    step, lines = _scale(chart.bars)
    left = 14 + max(_width(grouped(from_nanos(step * line))) for line in range(lines + 1))
    top, tall = 10, 150
    return top + tall + 30, chain(
        _rules(step, lines, left=left, top=top, tall=tall),
        _stacks(chart, left=left, bottom=top + tall, scale=tall / (step * lines)),
        _days(chart, left=left, y=top + tall + 18),
    )


def _rules(step: int, lines: int, *, left: float, top: int, tall: int) -> Iterator[Element]:
    for line in range(lines + 1):
        y = _number(top + tall - tall * line / lines)
        yield tag("line", x1=_number(left), x2=WIDTH - 4, y1=y, y2=y, class_="axis" if line == 0 else "rule")
        yield tag(
            "text",
            grouped(from_nanos(step * line)),
            x=_number(left - 8),
            y=_number(float(y) + 4),
            class_="tick",
            text_anchor="end",
        )


def _stacks(chart: Chart, *, left: float, bottom: int, scale: float) -> Iterator[Element]:
    pitch = (WIDTH - 4 - left) / max(len(chart.bars), 1)
    width = min(pitch * 0.78, 48)
    for place, bar in enumerate(chart.bars):
        x, y = left + pitch * (place + 0.5) - width / 2, float(bottom)
        for segment in bar.segments:
            height = nanos(segment.figure) * scale
            if height:
                y -= height
                yield _mark(chart, bar, segment, x=x, y=y, width=width, height=height)


def _days(chart: Chart, *, left: float, y: int) -> Iterator[Element]:
    pitch = (WIDTH - 4 - left) / max(len(chart.bars), 1)
    names = [bar.label[5:16] if len(bar.label) <= 19 else bar.label[5:10] for bar in chart.bars]
    every = max(1, -int(-max(map(_width, names), default=1) * 1.5 // pitch))
    for place in range(0, len(names), every):
        half = _width(names[place]) / 2
        middle = min(left + pitch * (place + 0.5), WIDTH - half)
        yield tag("text", names[place], x=_number(middle), y=y, class_="tick", text_anchor="middle")


def _grid(chart: Chart) -> tuple[int, Iterator[Element]]:
    """A row a bar, a column a series, and a mark whose area is the figure."""
    left = 16 + max((_width(bar.label) for bar in chart.bars), default=0)
    most = max((nanos(s.figure) for bar in chart.bars for s in bar.segments), default=0) or 1
    pitch = (WIDTH - 4 - left) / max(len(chart.series), 1)
    return len(chart.bars) * 22 + 30, chain(
        chain.from_iterable(
            _spots(bar, chart, y=14 + place * 22, left=left, pitch=pitch, most=most)
            for place, bar in enumerate(chart.bars)
        ),
        _days(_by_series(chart), left=left, y=len(chart.bars) * 22 + 20),
    )


def _spots(bar: Bar, chart: Chart, *, y: int, left: float, pitch: float, most: int) -> Iterator[Element]:
    yield tag("text", bar.label, x=_number(left - 8), y=y + 4, class_="name", text_anchor="end")
    yield tag("line", x1=_number(left), x2=WIDTH - 4, y1=y, y2=y, class_="rule")
    columns = {name: place for place, name in enumerate(chart.series)}
    for segment in bar.segments:
        radius = 2.5 + 6 * (nanos(segment.figure) / most) ** 0.5
        middle = left + pitch * (columns[segment.series] + 0.5)
        yield tag(
            "circle",
            tag("title", _hover(bar, segment)),
            cx=_number(middle),
            cy=y,
            r=_number(radius),
            class_="s0",
            data_count=str(segment.figure.value),
            data_at=segment.figure.at,
        )


def _by_series(chart: Chart) -> Chart:
    return Chart("columns", "", "", (), tuple(Bar(name, ()) for name in chart.series))


def _mark(
    chart: Chart, bar: Bar, segment: Segment, *, x: float, y: float, width: float, height: float
) -> Element:
    return tag(
        "rect",
        tag("title", _hover(bar, segment)),
        x=_number(x),
        y=_number(y),
        width=_number(width),
        height=_number(height),
        class_=series_class(chart, chart.series.index(segment.series)),
        data_count=str(segment.figure.value),
        data_at=segment.figure.at,
    )


def _hover(bar: Bar, segment: Segment) -> str:
    return f"{grouped(segment.figure.value)}, {segment.series}, {bar.label}"


def _said(bar: Bar) -> str:
    return grouped(from_nanos(_total(bar)))


def _total(bar: Bar) -> int:
    return sum(nanos(segment.figure) for segment in bar.segments)


def _scale(bars: tuple[Bar, ...]) -> tuple[int, int]:
    """Return a round step (1, 2 or 5 times a power of ten; whole where all figures are) and how many reach the top."""
    most = max(map(_total, bars), default=0) or 1
    whole = all("." not in str(segment.figure.value) for bar in bars for segment in bar.segments)
    base = 10 ** max(len(str(most)) - 2, 0)
    step = next(base * factor for factor in (1, 2, 5, 10, 20, 50) if base * factor * 5 >= most)
    step = max(step, SCALE) if whole else step
    return step, -(-most // step)


def _width(text: str) -> float:
    return len(text) * _CHARACTER


def _cut(text: str, room: float) -> str:
    return text if _width(text) <= room else text[: int(room / _CHARACTER) - 1] + "…"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
