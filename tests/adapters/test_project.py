"""The folder of a distribution gives the adapters that its pyproject.toml names, installed or not."""

import sys
from pathlib import Path

import pytest

from saascore.adapters import discover

GOOD = "from saascore.hookspecs import hookimpl\napi = 1\n@hookimpl\ndef map_plan_label(plan):\n    return None\n"
GROUP = '[project.entry-points."saascore.adapters"]\n'


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a function that writes a distribution's folder, with a module of a name that is used once."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.delenv("SAASCORE_ENABLE_ADAPTERS", raising=False)
    monkeypatch.delenv("SAASCORE_DISABLE_ADAPTERS", raising=False)

    def make(module, points, *, under="src", head='[project]\nname = "made-notes"\nversion = "1.2"\n'):
        folder = tmp_path / "checkout"
        (folder / under / module).mkdir(parents=True)
        (folder / under / module / "__init__.py").write_text(
            f"from {module}.hooks import api, map_plan_label\n", encoding="utf-8"
        )
        (folder / under / module / "hooks.py").write_text(GOOD, encoding="utf-8")
        (folder / "pyproject.toml").write_text(f"{head}{points}", encoding="utf-8")
        return folder

    yield make
    for name in [name for name in sys.modules if name.startswith("made_project_")]:
        del sys.modules[name]


def rows(*paths):
    return [row for row in discover(paths=map(str, paths), enable=["-"]).rows() if row.status != "disabled"]


@pytest.mark.parametrize("under", ["src", "."])
def test_it_is_loaded_under_its_id_with_its_distribution_and_version(project, under):
    module = f"made_project_{'flat' if under == '.' else 'src'}"
    folder = project(module, f'{GROUP}notes = "{module}"\n', under=under)
    [row] = rows(folder)
    assert (row.id, row.status, row.distribution, row.version) == ("notes", "loaded", "made-notes", "1.2")


def test_every_adapter_of_the_distribution_is_given(project):
    folder = project(
        "made_project_two", f'{GROUP}notes = "made_project_two"\nbooks = "made_project_two.hooks"\n'
    )
    assert [(row.id, row.status) for row in rows(folder)] == [("books", "loaded"), ("notes", "loaded")]


def test_a_dot_is_the_working_directory(project, monkeypatch):
    monkeypatch.chdir(project("made_project_dot", f'{GROUP}notes = "made_project_dot"\n'))
    assert [row.id for row in rows(".")] == ["notes"]


def test_it_takes_the_place_of_an_installed_one(project, install):
    install("notes")
    folder = project("made_project_new", f'{GROUP}notes = "made_project_new"\n')
    found = [row for row in discover(paths=[str(folder)]).rows() if row.id == "notes"]
    assert {row.status: row.distribution for row in found} == {
        "loaded": "made-notes",
        "disabled": "made-notes",
    }
    assert discover(paths=[str(folder)]).product("notes").origin.version == "1.2"


@pytest.mark.parametrize(
    ("points", "head", "told"),
    [
        ("", "[project]\n", "its pyproject.toml names no adapter: [project.entry-points"),
        ('[project.entry-points]\n"saascore.adapters" = 3\n', "", "cannot be read as TOML"),
        ("", "name = [", "cannot be read as TOML"),
        (f'{GROUP}notes = "made_project_absent"\n', "", "there is no module made_project_absent in src"),
        (f'{GROUP}notes = "no module"\n', "", "there is no module of this name in src"),
    ],
    ids=["no adapter", "no table", "no TOML", "no such module", "no name of a module"],
)
def test_what_cannot_be_found_is_told_with_what_would_be(project, points, head, told):
    folder = project("made_project_bad", points, head=head)
    [row] = rows(folder)
    assert row.status == "broken"
    assert told in row.reason


def test_a_module_of_another_place_is_not_taken_for_it(project, monkeypatch):
    folder = project("made_project_twice", f'{GROUP}notes = "made_project_twice"\n')
    stranger = type(sys)("made_project_twice")
    stranger.__file__ = str(Path(folder.root) / "elsewhere" / "made_project_twice.py")
    monkeypatch.setitem(sys.modules, "made_project_twice", stranger)
    [row] = rows(folder)
    assert "another module made_project_twice is loaded already" in row.reason
