"""The page in a real browser: opened from disk with the network blocked, for eyes, ears, keyboards, phones and paper."""

import re
from decimal import Decimal

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = ["empty", "one", "usual", "most", "longest"]
LIGHT, DARK = {"prefers_color_scheme": "light"}, {"prefers_color_scheme": "dark"}
CONTRAST = {**DARK, "forced_colors": "active"}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_it_opens_from_disk_without_a_request_or_a_complaint(browser, pages, size, scheme):
    browser.open(pages[size], **scheme)
    assert browser.requests() == [pages[size].as_uri()]
    assert browser.faults() == []


@pytest.mark.parametrize("size", SIZES)
def test_every_figure_that_it_shows_is_the_one_of_the_json(browser, pages, cases, said_by_json, size):
    browser.open(pages[size])
    figures = browser.run(
        """[...document.querySelectorAll("[data-at]")].map((one) =>
            [one.dataset.at, one.dataset.count, one instanceof HTMLElement ? one.textContent : one.textContent.split(", ")[0]])"""
    )
    said = said_by_json(cases[size])
    assert len(figures) >= 15
    for at, value, text in figures:
        assert Decimal(value) == said(at), at
        assert text.replace(",", "") == value


AXE_SAYS = """
document.querySelectorAll("details").forEach((one) => { one.open = true; });
axe.run(document, { resultTypes: ["violations"] }).then((found) =>
  found.violations.map((one) => one.id + " " + one.nodes[0].target.join(" ")))"""


@pytest.mark.parametrize("size", ["empty", "one", "longest"])
@pytest.mark.parametrize(
    "shown", [{}, DARK, CONTRAST, {"width": 320}], ids=["light", "dark", "forced colours", "phone"]
)
def test_axe_finds_nothing_to_mend_with_every_table_unfolded(browser, pages, axe, size, shown):
    browser.open(pages[size], **shown)
    browser.run(f"{axe}; 0")
    assert browser.run(AXE_SAYS) == []


def test_axe_would_find_what_is_wrong(browser, axe, tmp_path):
    page = tmp_path / "wrong.html"
    page.write_text("<!DOCTYPE html><html><body><img src='data:,'><p style='color:#ccc'>faint</p>")
    browser.open(page)
    browser.run(f"{axe}; 0")
    found = " ".join(browser.run(AXE_SAYS))
    assert all(rule in found for rule in ("color-contrast", "document-title", "image-alt"))


OVERLAPS = """
[...document.querySelectorAll(".chart svg")].flatMap((svg) => {
  const texts = [...svg.querySelectorAll("text")].map((one) => [one.textContent, one.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0);
  return texts.flatMap(([name, a], at) => texts.slice(at + 1)
    .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
    .map(([other]) => name + " / " + other));
})"""
OUTSIDE = """
[...document.querySelectorAll(".chart text")].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width > 0 && (box.left < 0 || box.right > document.documentElement.clientWidth);
}).map((one) => one.textContent)"""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("width", [320, 420, 768, 1200])
def test_it_fits_any_width_and_no_text_of_a_chart_lies_on_another(browser, pages, size, width):
    """320 pixels are what WCAG 1.4.10 asks for."""
    browser.open(pages[size], width=width)
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.run(OVERLAPS) == []
    assert browser.run(OUTSIDE) == []


def test_dark_is_dark_and_light_is_light(browser, pages):
    ground = "getComputedStyle(document.body).backgroundColor"
    shades = []
    for scheme in (LIGHT, DARK):
        browser.open(pages["usual"], **scheme)
        shades.append([int(part) for part in re.findall(r"\d+", browser.run(ground))])
    assert min(shades[0]) > 230
    assert max(shades[1]) < 40


@pytest.mark.parametrize("scheme", [LIGHT, DARK, CONTRAST], ids=["light", "dark", "forced colours"])
def test_the_legend_has_the_colours_of_the_chart(browser, pages, scheme):
    browser.open(pages["usual"], **scheme)
    pairs = browser.run(
        """[...document.querySelectorAll("figure")].flatMap((figure) =>
          [...figure.querySelectorAll(".legend rect")].map((key) => {
            const part = figure.querySelector(`.plot [class="${key.getAttribute("class")}"]`);
            return part && [getComputedStyle(key).fill, getComputedStyle(part).fill];
          }))"""
    )
    assert len(pairs) > 20
    assert all(pair and pair[0] == pair[1] and pair[0].startswith("rgb") for pair in pairs)
    assert len({key for key, _ in pairs}) > 10


def test_the_keyboard_reaches_the_report_and_opens_a_table(browser, pages):
    browser.open(pages["usual"])
    browser.press("Tab", code=9)
    assert browser.run("document.activeElement.textContent") == "Skip to the report"
    assert browser.run("document.activeElement.getBoundingClientRect().left") >= 0
    browser.press("Enter", code=13)
    assert browser.run("document.activeElement.id") == "report"
    for _ in range(20):
        browser.press("Tab", code=9)
        if browser.run("document.activeElement.tagName") == "SUMMARY":
            break
    assert browser.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    browser.press("Enter", code=13)
    assert browser.run("document.activeElement.parentElement.open") is True
    browser.press("Tab", code=9)
    assert browser.run("document.activeElement.className") == "scroll"


def test_a_screen_reader_is_told_what_every_chart_and_table_is(browser, pages):
    browser.open(pages["usual"])
    nodes = [node for node in browser.ask("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]

    def said(node, what):
        return node.get(what, {}).get("value", "")

    images = [node for node in nodes if said(node, "role") == "image"]
    assert len(images) > 8
    assert all(said(node, "name") and said(node, "description") for node in images)
    tables = [node for node in nodes if said(node, "role") == "table"]
    assert tables
    assert all(said(node, "name") for node in tables)
    assert {"banner", "main", "navigation", "contentinfo"} <= {said(node, "role") for node in nodes}
    assert len([node for node in nodes if said(node, "role") == "region"]) == 8


PRINTED = """
[...document.querySelectorAll("details")].map((one) =>
  [one.className, one.querySelector("table").checkVisibility({ contentVisibilityAuto: true })])"""


def test_paper_has_short_tables_unfolded_and_names_the_long_ones(browser, pages):
    browser.open(pages["usual"], media="print")
    shown = browser.run(PRINTED)
    assert {name for name, _ in shown} == {"", "long"}
    assert all(seen is (name == "") for name, seen in shown)
    assert browser.run("getComputedStyle(document.querySelector('nav')).display") == "none"
    said = "getComputedStyle(document.querySelector('.long > summary'), '::after').content"
    assert "not printed" in browser.run(said)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_it_prints_on_few_pages_and_light(browser, pages, size, scheme):
    browser.open(pages[size], **scheme)
    paper = browser.paper()
    assert paper.startswith(b"%PDF")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= (60 if size == "longest" else 24)
    browser.open(pages[size], media="print", **scheme)
    assert browser.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert browser.run("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"


def test_a_picture_of_it_has_the_colours_of_its_charts(browser, pages):
    browser.open(pages["usual"])
    picture = browser.picture()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000
