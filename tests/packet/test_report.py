"""The report says what the JSON says, in HTML, SVG and Markdown, and nothing else."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from saascore.contract.summary import SummarySpec, UsageSummary
from saascore.contract.window import Window
from saascore.packet.axis import Axis
from saascore.packet.charts import grouped
from saascore.packet.document import (
    Bar,
    Block,
    Chart,
    Document,
    Figure,
    Note,
    Place,
    Section,
    Segment,
    Series,
    Table,
    Tile,
    Tiles,
    Words,
)
from saascore.packet.markdown import escaped, render_markdown
from saascore.packet.page import render_page
from saascore.packet.sections import document

WINDOW = {"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "]]><svg onload=alert(1)>",
    "</style></title><b>x",
    "[x](javascript:alert(1))",
    "| a | b |\n| --- | --- |",
    "`code` *bold* __x__ #title !img ~~s~~ &lt; $m$ @who",
    "{{ 7*7 }} ${7*7} %s {0}",
)


@pytest.mark.parametrize("groups", [0, 1, 40, 2000])
def test_every_figure_of_the_page_is_the_one_of_the_json(read, said_by_json, make_summaries, groups):
    summaries = make_summaries(groups)
    figures = read(render_page(document(summaries))).figures
    said = said_by_json(summaries)
    assert len(figures) > 60 + groups
    for at, value, text in figures:
        assert Decimal(value) == said(at), at
        assert text is None or text.replace(",", "") == value


def test_every_group_stands_in_the_table(read, make_summaries):
    places = {at for at, _, _ in read(render_page(document(make_summaries(2000)))).figures}
    assert {
        f"usage groups {index} totals {name}" for index in range(2000) for name in ("count", "sum")
    } <= places


def usage_charts(summaries):
    made = document(summaries)
    usage = next(section for section in made.sections if section.name == "usage")
    return usage.parts[0].charts


def groups_of(chart):
    """Return the places of the groups that a chart's parts are made of."""
    figures = [segment.figure for bar in chart.bars for segment in bar.segments]
    return [place for figure in figures for place in re.split(r"(?<!,) ", figure.at)[2].split(", ")]


def test_charts_of_usage_hold_every_group_of_their_event_type_once(make_summaries):
    summaries = make_summaries(2000)
    every, *by_type = usage_charts(summaries)
    assert sorted(map(int, groups_of(every))) == list(range(2000))
    assert len(by_type) == 8
    for chart in by_type:
        own = [i for i, group in enumerate(summaries.usage.groups) if group.event_type == chart.title]
        assert sorted(map(int, groups_of(chart))) == own
        assert len(chart.series) <= 8
        assert len(chart.bars) == 31


def test_usage_in_one_window_is_bars_by_plan(make_summaries):
    spec = {"window": WINDOW, "grain": "none"}
    groups = tuple(
        {"event_type": "image.made", "plan_key": plan, "unit": "image", "window": WINDOW,
         "totals": {"count": 1, "sum": str(number), "subjects": 1}}
        for number, plan in enumerate(("free", "pro"), start=3)
    )  # fmt: skip
    usage = UsageSummary.parse({"spec": spec, "as_of": 12, "groups": groups})
    (chart,) = usage_charts(replace(make_summaries(1), usage=usage))
    assert chart.kind == "bars"
    assert [(bar.label, bar.segments[0].figure.value) for bar in chart.bars] == [("free", "3"), ("pro", "4")]


@pytest.mark.parametrize(
    ("window", "grain", "count", "first", "second"),
    [
        (("2026-03-01", "2026-04-01"), "day", 31, "2026-03-01 1 Mar", "2026-03-02 2 Mar"),
        (("2026-03-01", "2026-04-01"), "week", 6, "2026-03-01 1 Mar", "2026-03-02 to 2026-03-08 2 Mar"),
        (("2025-12-01", "2026-04-01"), "month", 4, "2025-12 Dec 2025", "2026-01 Jan 2026"),
        (("2026-03-01", "2026-03-02"), "hour", 24, "2026-03-01 1 Mar 00:00", "2026-03-01 01:00 1 Mar 01:00"),
        (("2026-03-01", "2026-06-01"), "day", 46, "2026-03-01 to 2026-03-02 1 Mar", None),
        (("2026-03-01", "2026-04-01"), "none", 1, "2026-03 Mar 2026", None),
    ],
)
def test_an_axis_names_every_window_of_its_spec(window, grain, count, first, second):
    spec = SummarySpec(window=Window.of(*(f"{day}T00:00:00.000000Z" for day in window)), grain=grain)
    axis = Axis(spec)
    named = [f"{place.label} {place.mark}" for place in axis.places]
    assert len(named) == count
    assert first == named[0]
    assert second in (None, *named[1:2])
    assert axis.at(spec.window.from_) == 0
    assert axis.at(f"{window[1]}T00:00:00.000000Z") == count - 1


def test_a_timeline_holds_every_point_once(make_summaries):
    ops = make_summaries().ops
    section = next(section for section in document(make_summaries()).sections if section.name == "lifecycle")
    (chart,) = section.parts[0].charts
    shown = {
        (bar.label, chart.places[segment.place].label, segment.figure.value)
        for bar in chart.bars
        for segment in bar.segments
    }
    assert shown == {(p.event_name, p.window.from_[:10], p.count) for p in ops.timeline}


def test_a_summary_without_anything_is_a_readable_page(empty_summaries):
    made = document(empty_summaries)
    html, text = render_page(made), render_markdown(made)
    assert "No event counts in this window." in html
    assert "<svg" not in html
    assert "Nothing was handed in in this window." in text
    assert html.count("<table>") == text.count("| ---") == 0


def test_the_same_summaries_give_the_same_bytes(make_summaries):
    one, two = document(make_summaries(40)), document(make_summaries(40))
    assert render_page(one) == render_page(two)
    assert render_markdown(one) == render_markdown(two)


def test_the_page_asks_for_nothing_and_runs_nothing(read, make_summaries):
    html = render_page(document(make_summaries(40)))
    names = {name for name, _ in read(html).tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "image", "use"}
    assert not re.search(r"(?:url\(|@import|src=|https?:)", html)
    assert not [name for _, attributes in read(html).tags for name in attributes if name.startswith("on")]


def test_the_page_can_be_heard(read, make_summaries):
    page = read(render_page(document(make_summaries(40))))
    assert len(page.ids) == len(set(page.ids))
    assert set(page.references) <= set(page.ids)
    assert [name for name, _ in page.tags].count("main") == 1
    drawn = [a for _, a in page.tags if a.get("role") == "img"]
    assert len(drawn) == [name for name, _ in page.tags].count("figure") > 8
    assert all(a.get("aria-labelledby") and a.get("aria-describedby") for a in drawn)
    assert all("scope" in a for name, a in page.tags if name == "th")
    levels = [int(name[1]) for name, _ in page.tags if re.fullmatch("h[1-6]", name)]
    assert levels[0] == 1
    assert set(levels[1:]) == {2}
    assert all(a.get("tabindex") == "0" for _, a in page.tags if a.get("class") == "scroll")


def _hostile(text):
    figure = Figure(1, f"ops {text}")
    bars, series = (Bar(text, (Segment(text, figure),), text),), (Series(text, text), Series(text))
    charts = tuple(
        Chart(kind, text, text, series, bars, text, (Place(text, text),))
        for kind in ("columns", "bars", "timeline")
    )
    parts = (
        Block(Table(text, (text, text), ((text, figure),)), charts),
        Note(text),
        Words(text, (text,)),
        Tiles((Tile(text, figure),)),
    )
    return Document(text, text, ((text, text),), text, (Section(text, text, text, parts),))


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_becomes_markup_in_html(read, attack):
    """The grammar of labels refuses these already; the page would hold them as text all the same."""
    plain = [name for name, _ in read(render_page(_hostile("plain"))).tags]
    hostile = read(render_page(_hostile(attack)))
    assert [name for name, _ in hostile.tags] == plain
    assert not [name for _, attributes in hostile.tags for name in attributes if name.startswith("on")]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_becomes_markup_in_markdown(attack):
    lines = render_markdown(_hostile(attack)).splitlines()
    assert len(lines) == len(render_markdown(_hostile("plain")).splitlines())
    assert not re.search(r"(?<!\\)[<\[`*_|&$@~]", escaped(attack))


def test_the_longest_labels_are_cut_in_charts_and_whole_in_tables(make_summaries):
    longest = "alpha-beta-gamma-delta-alpha-beta-gamma-delta-alpha-beta-gamma-d"
    html = render_page(document(make_summaries(1, plans={longest: 3})))
    assert f'<th scope="row">{longest}</th>' in html
    assert "…" in html


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        ("-1234.50", "-1,234.50"),
        ("-0.5", "-0.5"),
        ("0.000000001", "0.000000001"),
    ],
)
def test_numbers_are_written_for_people(value, text):
    assert grouped(value) == text
