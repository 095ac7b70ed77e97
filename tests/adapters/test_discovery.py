"""Discovery is data: every entry point has one status, and none takes the others down."""

import json
import os
import subprocess
import sys

import pytest

from saascore.adapters import Broken, Disabled, Loaded, discover
from saascore.errors import SaascoreError

IMPORTED = "import pathlib; pathlib.Path('imported').write_text('yes')\n"


def status(registry, adapter_id):
    (found,) = [status for status in registry.statuses if status.id == adapter_id]
    return found


def test_an_installed_adapter_is_loaded_with_its_distribution(install):
    install("alpha")
    found = status(discover(), "alpha")
    assert isinstance(found, Loaded)
    assert (found.origin.distribution, found.origin.version) == ("made-alpha", "1.2.3")
    assert found.hooks == {"map_plan_label"}
    assert discover().product("alpha").map_plan_label("Pro") == "pro"


def test_one_that_cannot_be_imported_is_broken_and_the_others_load(install):
    install("alpha")
    install("gone", "import saascore_missing_dependency\n")
    install("loud", "raise RuntimeError('a secret message')\n")
    install("exits", "raise SystemExit(0)\n")
    install("torn", "def broken(:\n")
    install("away", target="made_nowhere")
    registry = discover()
    assert isinstance(status(registry, "alpha"), Loaded)
    reasons = {name: status(registry, name).reason for name in ("gone", "loud", "exits", "torn", "away")}
    assert reasons == {
        "gone": "ADP-007 there is no module saascore_missing_dependency",
        "loud": "ADP-007 RuntimeError at made_loud.py:1 while importing it",
        "exits": "ADP-007 SystemExit at made_exits.py:1 while importing it",
        "torn": "ADP-007 SyntaxError at made_torn.py:1 while importing it",
        "away": "ADP-007 there is no module made_nowhere",
    }
    assert all(status(registry, name).stage == "import" for name in reasons)


@pytest.mark.parametrize(
    ("how", "setting"),
    [
        ("flag", "--disable"),
        ("environment", "SAASCORE_DISABLE_ADAPTERS"),
        ("pyproject", "pyproject.toml [tool.saascore] disable-adapters"),
    ],
)
def test_a_disabled_adapter_is_not_imported(install, tmp_path, how, setting):
    install("quiet", IMPORTED)
    environment, flags = {}, {}
    if how == "flag":
        flags = {"disable": ["quiet"]}
    elif how == "environment":
        environment = {"SAASCORE_DISABLE_ADAPTERS": "other, quiet"}
    else:
        (tmp_path / "pyproject.toml").write_text(
            '[tool.saascore]\ndisable-adapters = ["quiet"]\n', encoding="utf-8"
        )
    found = status(discover(environment=environment, **flags), "quiet")
    assert isinstance(found, Disabled)
    assert found.setting == setting
    assert not (tmp_path / "imported").exists()


def test_the_nearest_table_counts_in_the_folder_or_above_it(install, tmp_path):
    install("alpha")
    install("beta")
    inner = tmp_path / "product" / "src"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.saascore]\ndisable-adapters = ["alpha", "beta"]\n', encoding="utf-8"
    )
    assert not {"alpha", "beta"} & set(discover(folder=inner).ids("product"))
    (inner.parent / "pyproject.toml").write_text("[project]\nname = 'saascore-made'\n", encoding="utf-8")
    assert not {"alpha", "beta"} & set(discover(folder=inner).ids("product"))
    (inner / "pyproject.toml").write_text('[tool.saascore]\ndisable-adapters = ["beta"]\n', encoding="utf-8")
    assert {"alpha", "beta"} & set(discover(folder=inner).ids("product")) == {"alpha"}


def test_where_some_are_enabled_the_others_are_disabled(install, tmp_path):
    install("alpha")
    install("quiet", IMPORTED)
    registry = discover(environment={"SAASCORE_ENABLE_ADAPTERS": "alpha"})
    assert isinstance(status(registry, "alpha"), Loaded)
    assert status(registry, "quiet").setting == "SAASCORE_ENABLE_ADAPTERS, which does not name it"
    assert not (tmp_path / "imported").exists()


def test_a_flag_is_stronger_than_the_environment_and_that_than_pyproject(install, tmp_path):
    install("alpha")
    install("beta")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.saascore]\ndisable-adapters = ["alpha", "beta"]\n', encoding="utf-8"
    )
    registry = discover(environment={"SAASCORE_ENABLE_ADAPTERS": "alpha,beta"}, disable=["beta"])
    assert isinstance(status(registry, "alpha"), Loaded)
    assert isinstance(status(registry, "beta"), Disabled)


@pytest.mark.parametrize(
    "text", ["[tool.saascore\n", '[tool.saascore]\ndisable-adapters = "alpha"\n', "tool = 'saascore'\n"]
)
def test_a_setting_that_cannot_be_read_is_refused(install, tmp_path, text):
    install("alpha")
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SaascoreError) as refused:
        discover()
    assert refused.value.code == "ADP-017"
    assert "alpha" not in str(refused.value)


def test_two_distributions_with_one_id_are_both_named_and_neither_is_imported(install, tmp_path):
    install("twice", IMPORTED, distribution="made-one")
    install("twice", IMPORTED, distribution="made-two")
    found = [status for status in discover().statuses if status.id == "twice"]
    assert [status.stage for status in found] == ["conflict", "conflict"]
    assert found[0].reason == "ADP-005 the id is claimed by made-one and made-two"
    assert "SAASCORE_DISABLE_ADAPTERS=<id>@<distribution>" in found[0].cure
    assert not (tmp_path / "imported").exists()


def test_disabling_one_of_two_distributions_chooses_the_other(install):
    install("twice", distribution="made-one")
    install("twice", distribution="made-two")
    registry = discover(environment={"SAASCORE_DISABLE_ADAPTERS": "twice@Made_Two"})
    assert registry.product("twice").origin.distribution == "made-one"


def test_strict_raises_everything_that_is_wrong_at_once(install):
    install("gone", "import saascore_missing_dependency\n")
    install("odd", "api = 7\n")
    with pytest.raises(ExceptionGroup) as refused:
        discover(strict=True, enable=["gone", "odd"])
    assert [error.where for error in refused.value.exceptions] == ["gone", "odd"]
    assert {error.code for error in refused.value.exceptions} == {"ADP-003"}


def test_a_file_is_an_adapter_without_packaging(install, tmp_path):
    file = install("alpha")
    (tmp_path / "my_studio.py").write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "named.py").write_text(
        file.read_text(encoding="utf-8") + "adapter_id = 'studio'\n", encoding="utf-8"
    )
    registry = discover(paths=["my_studio.py", str(tmp_path / "named.py"), "absent.py"], enable=["none"])
    assert registry.product("my-studio").map_plan_label("Pro") == "pro"
    assert registry.product("studio").origin.distribution is None
    found = status(registry, "absent")
    assert isinstance(found, Broken)
    assert (
        found.reason
        == "ADP-007 there is no module: name a .py file, a folder that has an __init__.py, or one with a pyproject.toml"
    )


def test_a_given_file_takes_the_place_of_the_installed_adapter(install, tmp_path):
    file = install("alpha")
    (tmp_path / "alpha.py").write_text(
        file.read_text(encoding="utf-8").replace('"pro"', '"gold"'), encoding="utf-8"
    )
    registry = discover(paths=["alpha.py"])
    assert registry.product("alpha").map_plan_label("Pro") == "gold"
    assert [status.setting for status in registry.statuses if isinstance(status, Disabled)] == [
        "--adapter, which gives another adapter of this id"
    ]


def test_what_an_adapter_prints_when_it_is_imported_is_not_the_answer(install, capsys):
    install("loud", "print('hello')\napi = 1\n")
    discover(enable=["loud"])
    out, err = capsys.readouterr()
    assert (out, err) == ("", "hello\n")


def test_an_id_that_is_no_label_is_broken(install):
    install("Alpha!")
    assert status(discover(), "Alpha!").reason == "ADP-006 the id is not a public label"


def test_a_version_that_is_no_public_word_is_left_out_of_the_origin(install):
    install("alpha", version="1!2.0")
    assert discover().product("alpha").origin.version is None


@pytest.mark.parametrize("arguments", [["--help"], ["adapters", "--help"], ["adapters", "list", "--json"]])
def test_the_command_line_works_with_a_broken_adapter(install, tmp_path, arguments):
    install("gone", "import saascore_missing_dependency\n")
    install("hangs", "raise KeyError('values')\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run(
        [sys.executable, "-c", "from saascore.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    if "--json" in arguments:
        rows = {row["id"]: row for row in json.loads(done.stdout)["adapters"]}
        assert rows["gone"]["status"] == "broken"
        assert rows["gone"]["cure"]


@pytest.mark.parametrize("path", ["bad.py", "bad"])
def test_one_given_by_its_path_says_where_its_import_failed(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / (path if path.endswith(".py") else f"{path}/__init__.py")
    file.parent.mkdir(exist_ok=True)
    file.write_text("import json\nfrom json import nothing\n")
    broken = status(discover(paths=[path if path.endswith(".py") else f"./{path}"]), "bad")
    place = file.relative_to(tmp_path).as_posix()
    assert broken.reason == f"ADP-007 ImportError at {place}:2 while importing it"
