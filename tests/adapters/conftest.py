"""Makes installed distributions of a few lines, so that discovery finds real metadata."""

import textwrap

import pytest

GOOD = """
from saascore.hookspecs import hookimpl
api = 1
@hookimpl
def map_plan_label(plan):
    return {"Pro": "pro"}.get(plan)
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Return a function that installs one distribution with one adapter into a folder of the path."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SAASCORE_ENABLE_ADAPTERS", raising=False)
    monkeypatch.delenv("SAASCORE_DISABLE_ADAPTERS", raising=False)

    def make(adapter_id, source=GOOD, *, distribution=None, target=None, version="1.2.3"):
        distribution = distribution or f"made-{adapter_id.strip('!').lower()}"
        module = distribution.replace("-", "_")
        (site / f"{module}.py").write_text(textwrap.dedent(source), encoding="utf-8")
        info = site / f"{module}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n", encoding="utf-8"
        )
        (info / "entry_points.txt").write_text(
            f"[saascore.adapters]\n{adapter_id} = {target or module}\n", encoding="utf-8"
        )
        return site / f"{module}.py"

    return make
