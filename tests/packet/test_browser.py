"""The page in a real browser: opened from disk with the network blocked, in both colour schemes and on paper."""

from decimal import Decimal

import pytest

from saascore.packet.page import render_page
from saascore.packet.sections import document

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FAULTS = ("CONSOLE", "Refused to", "ERR_", "net::")


@pytest.fixture(scope="module")
def summaries(make_summaries):
    return make_summaries(300)


@pytest.fixture(scope="module")
def page(summaries, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(render_page(document(summaries)), encoding="utf-8")
    return path


def test_every_figure_in_the_browser_is_the_one_of_the_json(chromium, page, summaries, read, said_by_json):
    shown = chromium(page, "--dump-dom")
    figures, said = read(shown.stdout).figures, said_by_json(summaries)
    assert len(figures) > 360
    for at, value, text in figures:
        assert Decimal(value) == said(at), at
        assert text is None or text.replace(",", "") == value
    assert not [line for line in shown.stderr.splitlines() if any(fault in line for fault in FAULTS)]


@pytest.mark.parametrize("flags", [(), ("--force-dark-mode", "--blink-settings=preferredColorScheme=0")])
def test_the_page_can_be_drawn(chromium, page, tmp_path, flags):
    picture = tmp_path / "page.png"
    chromium(page, *flags, "--hide-scrollbars", "--window-size=900,2400", f"--screenshot={picture}")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 40_000


def test_the_page_can_be_printed_with_its_tables(chromium, page, tmp_path):
    paper = tmp_path / "page.pdf"
    chromium(page, "--no-pdf-header-footer", f"--print-to-pdf={paper}")
    assert paper.read_bytes().startswith(b"%PDF")
    assert paper.stat().st_size > 60_000
