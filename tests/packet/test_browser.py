"""The page in a real browser: opened from disk with the network blocked, in both colour schemes and on paper."""

import re
from decimal import Decimal
from pathlib import Path

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


AXE = Path(__file__).parents[1] / "node" / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """
<script>{source}</script><script>
document.querySelectorAll("details").forEach((one) => {{ one.open = true; }});
const rules = {{ "color-contrast": {{ enabled: true }} }};
axe.run(document, {{ rules, resultTypes: ["violations"] }}).then((found) => {{
  const said = found.violations.map((one) => one.id + " " + one.nodes[0].target.join(" "));
  document.getElementById("axe-says").textContent = said.length ? said.join("; ") : "nothing to mend";
}});
</script></body>"""


@pytest.mark.parametrize("flags", [(), ("--force-dark-mode", "--blink-settings=preferredColorScheme=0")])
def test_axe_finds_nothing_to_mend(chromium, page, tmp_path, flags):
    """On a copy of the page that may run the checker's script, with every table unfolded."""
    if not AXE.is_file():
        pytest.skip("needs the npm package axe-core: run npm ci in tests/node")
    html = page.read_text(encoding="utf-8")
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    script = RUN_AXE.format(source=AXE.read_text(encoding="utf-8").replace("</script>", "<\\/script>"))
    copy = tmp_path / "checked.html"
    html = html.replace("</footer>", '<pre id="axe-says">not run</pre></footer>')
    copy.write_text(html.replace("</body>", script), encoding="utf-8")
    shown = chromium(copy, *flags, "--virtual-time-budget=20000", "--dump-dom").stdout
    said = re.search(r'<pre id="axe-says">(.*?)</pre>', shown, re.DOTALL)
    assert said is not None
    assert said[1] == "nothing to mend"
