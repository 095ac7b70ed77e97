"""The report says what the JSON says, in HTML, SVG and Markdown, and nothing else."""

import json
import re
from decimal import Decimal

import pytest

from saascore.contract.summary import UsageSummary
from saascore.packet.charts import grouped
from saascore.packet.document import (
    Bar,
    Block,
    Chart,
    Document,
    Figure,
    Note,
    Section,
    Segment,
    Table,
    Tile,
)
from saascore.packet.markdown import escaped, render_markdown
from saascore.packet.page import render_page
from saascore.packet.sections import document

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


def test_columns_of_a_chart_hold_every_group_of_their_event_type_once(make_summaries):
    made = document(make_summaries(2000))
    usage = next(section for section in made.sections if section.name == "usage")
    charts = usage.parts[0].charts
    assert len(charts) == 6
    for chart in charts:
        places = [p for bar in chart.bars for s in bar.segments for p in s.figure.at.split("; ")]
        assert len(places) == len(set(places)) > 100
        assert len(chart.series) <= 8


def test_a_summary_without_anything_is_a_readable_page(empty_summaries):
    made = document(empty_summaries)
    html, text = render_page(made), render_markdown(made)
    assert "No event counts in this window." in html
    assert "<svg" not in html
    assert "Outcomes by source: none." in text


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
    assert all(a.get("role") == "img" and a.get("aria-labelledby") for name, a in page.tags if name == "svg")
    assert all("scope" in a for name, a in page.tags if name == "th")
    levels = [int(name[1]) for name, _ in page.tags if re.fullmatch("h[1-6]", name)]
    assert levels[0] == 1
    assert set(levels[1:]) == {2}
    assert all(a.get("tabindex") == "0" for _, a in page.tags if a.get("class") == "scroll")


def _hostile(text):
    figure = Figure(1, f"ops {text}")
    chart = Chart("columns", text, text, (text,), (Bar(text, (Segment(text, figure),)),))
    bars = Chart("bars", text, text, (text,), (Bar(text, (Segment(text, figure),)),), meaning=True)
    grid = Chart("grid", text, text, (text,), (Bar(text, (Segment(text, figure),)),))
    section = Section(
        text,
        text,
        text,
        (Block(Table(text, (text, text), ((text, figure),)), (chart, bars, grid)), Note(text)),
        (Tile(text, figure),),
    )
    return Document(text, text, ((text, text),), text, (section,))


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


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_contract_refuses_such_labels(make_summaries, attack):
    value = make_summaries(1).usage.to_json()
    value["groups"][0]["plan_key"] = attack
    with pytest.raises(Exception, match="CON-001") as caught:
        UsageSummary.parse_json(json.dumps(value))
    assert attack not in str(caught.value)


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
