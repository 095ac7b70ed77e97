"""Charts as inline SVG: the same figures, the same bytes; no script, no font, no colour that the page's theme cannot change.

Drawn here and not by a chart library because the privacy scanner reads what is drawn, both colour schemes must
work without a script, and a page stays some kilobytes (a library's page is five to six hundred times as large).

What lies across is measured in per cent and what stands up in pixels: a chart takes the width that it is given, on a
phone, in a column or on paper, and its text keeps its size.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from saascore.contract.quantities import SCALE, from_nanos, to_nanos
from saascore.packet.document import Bar, Chart, Figure, Segment, Series
from saascore.packet.markup import tag

_CHARACTER = 7.2  # mean width of a character at the charts' 13 pixels
_NARROWEST = 270  # pixels that a chart has on the narrowest phone
_ROW = 44
_LINE = 34
_TALL = 150


def draw(chart: Chart, name: str) -> Element:
    """Draw a chart as an image of HTML and SVG.

    Args:
        chart: What to draw.
        name: An id that is unique on the page; the title has it already, the description gets its own from it.
    """
    drawn = {"bars": _bars, "columns": _columns, "timeline": _timeline}[chart.kind](chart)
    return tag(
        "div",
        tag("p", chart.summary, id=f"{name}-says", class_="hidden"),
        tag(
            "div",
            *drawn,
            class_=f"chart {chart.kind}",
            role="img",
            aria_labelledby=f"{name}-title",
            aria_describedby=f"{name}-says",
        ),
    )


def nanos(figure: Figure) -> int:
    """Return a figure times 10⁹; a negative one is drawn as nothing and stands in the table."""
    return max(to_nanos(str(figure.value)), 0)


def grouped(value: int | str) -> str:
    """Write a number with its thousands apart, for people: ``1234567.5`` as ``1,234,567.5``."""
    whole, dot, fraction = str(value).partition(".")
    return f"{int(whole):,}{dot}{fraction}" if whole != "-0" else f"-0{dot}{fraction}"


def dot_radius(value: int, most: int) -> float:
    """Return the radius of a timeline's dot in pixels: its area grows with what it counts."""
    return 3 + 5 * math.sqrt(value / max(most, 1))


def largest_dot(chart: Chart) -> int:
    """Return the largest figure of a timeline, times 10⁹."""
    return max((nanos(segment.figure) for bar in chart.bars for segment in bar.segments), default=0)


def _bars(chart: Chart) -> Iterator[Element]:
    """Lying bars to one scale, each below its label and its sum."""
    most = max(map(_total, chart.bars), default=0) or 1
    marks = (
        mark for place, bar in enumerate(chart.bars) for mark in _bar(chart, bar, top=place * _ROW, most=most)
    )
    yield _svg(len(chart.bars) * _ROW, *marks)


def _bar(chart: Chart, bar: Bar, *, top: int, most: int) -> Iterator[Element]:
    yield from _named(bar, y=top + 14)
    yield tag("rect", x=0, y=top + 20, width="100%", height=14, class_="track")
    x = 0.0
    for segment in bar.segments:
        if nanos(segment.figure):
            width = max(100 * nanos(segment.figure) / most, 0.4)
            yield _rect(chart, bar.label, segment, x=x, y=top + 20, width=width, height=14)
            x += width


def _columns(chart: Chart) -> Iterator[Element]:
    """Standing columns along time, stacked by series, beside an axis of fixed width."""
    step, lines = _scale(chart.bars)
    names = [_tick(step * line) for line in range(lines + 1)]
    left = 10 + max(map(_width, names))
    heights = [8 + _TALL - _TALL * line / lines for line in range(lines + 1)]
    yield tag(
        "svg",
        *(
            tag("text", name, x=_number(left - 8), y=_number(y + 4), class_="tick", text_anchor="end")
            for name, y in zip(names, heights, strict=True)
        ),
        class_="scale",
        width=_number(left),
        height=_TALL + 32,
    )
    rules = (
        tag("line", x1=0, x2="100%", y1=_number(y), y2=_number(y), class_="rule" if line else "axis")
        for line, y in enumerate(heights)
    )
    yield _svg(
        _TALL + 32,
        *rules,
        *_stacks(chart, bottom=8 + _TALL, scale=_TALL / (step * lines)),
        *_marks([bar.mark for bar in chart.bars], y=_TALL + 26),
    )


def _stacks(chart: Chart, *, bottom: int, scale: float) -> Iterator[Element]:
    pitch = 100 / max(len(chart.bars), 1)
    width = min(pitch * 0.8, 10)
    for place, bar in enumerate(chart.bars):
        y = float(bottom)
        for segment in bar.segments:
            height = nanos(segment.figure) * scale
            if height:
                y -= height
                x = pitch * (place + 0.5) - width / 2
                yield _rect(chart, bar.label, segment, x=x, y=y, width=width, height=height)


def _timeline(chart: Chart) -> Iterator[Element]:
    """A line a bar, below its label and its sum, and a dot whose area is the figure where something took place."""
    most, pitch = largest_dot(chart), 100 / max(len(chart.places), 1)
    marks = (
        mark
        for place, bar in enumerate(chart.bars)
        for mark in _line(chart, bar, y=place * _LINE + 24, pitch=pitch, most=most)
    )
    end = len(chart.bars) * _LINE + 18
    yield _svg(end + 8, *marks, *_marks([place.mark for place in chart.places], y=end))


def _line(chart: Chart, bar: Bar, *, y: int, pitch: float, most: int) -> Iterator[Element]:
    yield from _named(bar, y=y - 10)
    yield tag("line", x1=0, x2="100%", y1=y, y2=y, class_="rule")
    for segment in bar.segments:
        yield tag(
            "circle",
            tag("title", _hover(segment, bar.label, chart.places[segment.place].label)),
            cx=_percent(pitch * (segment.place + 0.5)),
            cy=y,
            r=_number(dot_radius(nanos(segment.figure), most)),
            class_=_look(chart, segment),
            data_count=str(segment.figure.value),
            data_at=segment.figure.at,
        )


def _svg(height: int, *marks: Element) -> Element:
    return tag("svg", *marks, class_="plot", width="100%", height=height)


def _named(bar: Bar, *, y: int) -> Iterator[Element]:
    """Write a bar's sum (in bold, so wider) at the right and its label at the left, cut where both would meet."""
    total = _cut(grouped(from_nanos(_total(bar))), _NARROWEST - 40)
    yield tag("text", total, x="100%", y=y, class_="value", text_anchor="end")
    yield tag("text", _cut(bar.label, _NARROWEST - 1.25 * _width(total) - 14), x=0, y=y, class_="name")


def _marks(names: list[str], *, y: int) -> Iterator[Element]:
    """Write as many names below an axis as a wide chart has room for; every other one is spared on a phone."""
    pitch = 100 / max(len(names), 1)
    room = max(int(2 * _NARROWEST / (max(map(_width, names), default=1) + 16)), 1)
    every = -(-len(names) // room) or 1
    for place in range(0, len(names), every):
        x = pitch * (place + 0.5)
        anchor = "middle" if 3 < x < 97 else "start" if x < 50 else "end"
        yield tag(
            "text",
            names[place],
            x=_percent({"start": 0, "middle": x, "end": 100}[anchor]),
            y=y,
            class_="tick spare" if place // every % 2 else "tick",
            text_anchor=anchor,
        )


def _rect(
    chart: Chart, label: str, segment: Segment, *, x: float, y: float, width: float, height: float
) -> Element:
    return tag(
        "rect",
        tag("title", _hover(segment, segment.series, label)),
        x=_percent(x),
        y=_number(y),
        width=_percent(width),
        height=_number(height),
        class_=_look(chart, segment),
        data_count=str(segment.figure.value),
        data_at=segment.figure.at,
    )


def _look(chart: Chart, segment: Segment) -> str:
    return next((series.look for series in chart.series if series.name == segment.series), Series("").look)


def _hover(segment: Segment, *words: str) -> str:
    return ", ".join((grouped(segment.figure.value), *words))


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


def _tick(value: int) -> str:
    """Write a round number of 10⁻⁹ on an axis, shorter from a million on: ``2M``, ``500B``, ``2e15``."""
    digits = len(str(value // SCALE))
    if digits > 15:
        return f"{value // SCALE / 10 ** (digits - 1):g}e{digits - 1}"
    for zeros, letter in ((12, "T"), (9, "B"), (6, "M")):
        if digits > zeros:
            return f"{grouped(from_nanos(value // 10**zeros))}{letter}"
    return grouped(from_nanos(value))


def _width(text: str) -> float:
    return (len(text) + 0.35 * sum(map(str.isupper, text))) * _CHARACTER


def _cut(text: str, room: float) -> str:
    if _width(text) <= room:
        return text
    return next(cut for end in range(len(text), -1, -1) if _width(cut := f"{text[:end]}…") <= room or not end)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _percent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"
