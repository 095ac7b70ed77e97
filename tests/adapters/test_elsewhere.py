"""An adapter that is found again in another process is the one that was chosen in this one."""

from saascore.adapters import discover
from saascore.engines import MapperPlan
from saascore.privacy.references import ReferenceKeys
from saascore.usage.mapping import UsageMapper


def plan_of(product, paths=()):
    keys = ReferenceKeys({"demo": b"Z" * 32}).redactor(product.id)
    return MapperPlan.of(UsageMapper(product, keys=keys, resolved_at="2026-03-01T00:00:00Z"), paths)


def test_a_worker_takes_the_distribution_that_was_chosen(install):
    install("studio", distribution="first-studio")
    install("studio", distribution="second-studio")
    for distribution in ("first-studio", "second-studio"):
        product = discover(enable=(f"studio@{distribution}",)).product("studio")
        assert plan_of(product).adapter().origin == product.origin


def test_a_worker_takes_the_adapter_that_was_given_by_path(install, tmp_path, monkeypatch):
    monkeypatch.setenv("SAASCORE_STRICT_ADAPTERS", "1")
    installed = install("studio", distribution="first-studio")
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "my-studio"\nversion = "2"\n[project.entry-points."saascore.adapters"]\nstudio = "mine"\n'
    )
    (folder / "mine.py").write_text(installed.read_text())
    product = discover(paths=(str(folder),)).product("studio")
    assert product.origin.distribution == "my-studio"
    assert plan_of(product, (str(folder),)).adapter().origin == product.origin
