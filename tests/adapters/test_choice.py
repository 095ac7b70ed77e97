"""Every command chooses its adapters in one way: by option, environment variable or pyproject.toml."""

import io
import secrets
import sys

import pytest
import typer

from saascore.adapters import discover
from saascore.cli.app import app, run
from saascore.errors import SaascoreError
from saascore.privacy.references import Redactor

IMPORTED = "import pathlib; pathlib.Path('imported').write_text('yes')\napi = 1\n"
WINDOW = ("--from", "2026-11-01T00:00:00Z", "--to", "2026-12-01T00:00:00Z")
AUDIT = ("--operator", "op:test", "--approval", "op:test", "--reason", "test")
REFERENCE = Redactor("k1", bytes(32), "quiet").redact("workspace", "w-1")
WORKSPACE = ("--workspace", REFERENCE)
#: Commands that look up a run of the ledger before they look for adapters.
OF_A_RUN = {f"usage {kind} {verb}" for kind in ("backfill", "replay") for verb in ("apply", "resume")}
#: One call of every other command that looks for adapters.
COMMANDS = {
    "adapters list": (),
    "adapters check": ("quiet",),
    "adapters trace": ("quiet", "rows.ndjson"),
    "usage submit": ("--product", "quiet", "rows.ndjson"),
    "usage backfill preview": ("--product", "quiet", *WINDOW, *AUDIT),
    "usage replay preview": ("--product", "quiet", *WINDOW, *AUDIT),
    "usage reconcile": ("--product", "quiet", *WINDOW),
    "billing submit": ("--provider", "quiet", "--product", "quiet", "--mode", "live", "rows.ndjson"),
    "billing link": ("--provider", "quiet", "--product", "quiet", "--about", REFERENCE, *WORKSPACE, *AUDIT),
    "billing map-price": (
        *("--provider", "quiet", "--product", "quiet"),
        *("--price", REFERENCE, "--plan", "pro", *AUDIT),
    ),
    "billing correct": ("--provider", "quiet", "--product", "quiet", "--position", "1", *AUDIT),
    "entitlements decide": ("--product", "quiet", *WORKSPACE),
    "entitlements explain": ("--product", "quiet", *WORKSPACE),
    "entitlements history": ("--product", "quiet", *WORKSPACE),
    "entitlements reference": ("--product", "quiet"),
    "ledger rekey": ("--product", "quiet", "--to", "k2", "rows.ndjson"),
    "fixtures check": ("absent.json",),
    "packet build": ("--out", "packet"),
}


def commands(command, path=()):
    if hasattr(command, "list_commands"):
        for name in command.list_commands(None):
            yield from commands(command.get_command(None, name), (*path, name))
    else:
        yield " ".join(path), {option for param in command.params for option in param.opts}


@pytest.fixture
def work(install, tmp_path, monkeypatch):
    """A folder with a ledger, a file of records, and an installed adapter that tells when it is imported."""
    install("quiet", IMPORTED)
    monkeypatch.delitem(sys.modules, "made_quiet", raising=False)  # of the test before
    keys = (f"{key_id}:{secrets.token_hex(32)}" for key_id in ("k1", "k2"))
    monkeypatch.setenv("SAASCORE_REFERENCE_KEYS", ",".join(keys))
    monkeypatch.delenv("SAASCORE_STRICT_ADAPTERS", raising=False)
    (tmp_path / "rows.ndjson").write_text('{"id": "row-1"}\n', encoding="utf-8")
    assert run(["ledger", "init", "--key-id", "k1"]) == 0
    return tmp_path


def test_every_command_that_takes_a_file_as_an_adapter_takes_every_choice():
    found = dict(commands(typer.main.get_command(app)))
    choosing = {name for name, options in found.items() if "--adapter" in options or "--enable" in options}
    assert choosing == set(COMMANDS) | OF_A_RUN
    assert all({"--enable", "--disable", "--strict-adapters"} <= found[name] for name in choosing)


@pytest.mark.parametrize("how", ["nothing", "option", "environment", "pyproject"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_disabled_adapter_is_not_even_imported(work, monkeypatch, how, command):
    options = []
    if how == "option":
        options = ["--disable", "quiet"]
    elif how == "environment":
        monkeypatch.setenv("SAASCORE_DISABLE_ADAPTERS", "quiet")
    elif how == "pyproject":
        (work / "pyproject.toml").write_text(
            '[tool.saascore]\ndisable-adapters = ["quiet"]\n', encoding="utf-8"
        )
    monkeypatch.setattr("sys.stdin", io.StringIO("{}"))
    run([*command.split(), *COMMANDS[command], *options])
    assert (work / "imported").exists() is (how == "nothing")


@pytest.mark.parametrize("how", ["option", "environment", "pyproject"])
def test_strict_mode_names_everything_that_is_wrong_and_does_nothing(install, work, monkeypatch, capsys, how):
    install("gone", "import saascore_missing_dependency\n")
    install("odd", "api = 7\n")
    options = ["--strict-adapters"] if how == "option" else []
    if how == "environment":
        monkeypatch.setenv("SAASCORE_STRICT_ADAPTERS", "1")
    elif how == "pyproject":
        (work / "pyproject.toml").write_text("[tool.saascore]\nstrict-adapters = true\n", encoding="utf-8")
    code = run(["packet", "build", "--out", "packet", "--disable", "quite", *options])
    err = capsys.readouterr().err
    assert code == 3
    assert (
        "ADP-003 The adapter is broken (gone): ADP-007 there is no module saascore_missing_dependency" in err
    )
    assert "ADP-003 The adapter is broken (odd): ADP-008" in err
    assert (
        "ADP-018 A setting names an adapter that is not there (--disable): quite; did you mean quiet?" in err
    )
    assert not (work / "packet").exists()


def test_without_strict_mode_a_broken_adapter_stops_nothing(install, work):
    install("gone", "import saascore_missing_dependency\n")
    assert run(["packet", "build", "--out", "packet"]) == 0


def test_an_option_is_stronger_than_strict_mode_of_the_environment(install, work, monkeypatch):
    install("gone", "import saascore_missing_dependency\n")
    monkeypatch.setenv("SAASCORE_STRICT_ADAPTERS", "1")
    assert run(["packet", "build", "--out", "packet"]) == 3
    assert run(["packet", "build", "--out", "packet", "--disable", "gone", "--disable", "quiet"]) == 0


def test_list_shows_in_strict_mode_what_strict_mode_stops_at(install, work, monkeypatch, capsys):
    install("gone", "import saascore_missing_dependency\n")
    monkeypatch.setenv("SAASCORE_STRICT_ADAPTERS", "1")
    assert run(["adapters", "list"]) == 3
    assert "gone is broken: ADP-007" in capsys.readouterr().out


def test_what_nothing_answers_to_is_listed_with_what_was_meant(install, capsys):
    install("alpha")
    assert run(["adapters", "list", "--disable", "alhpa", "--enable", "alpha"]) == 0
    assert "--disable names alhpa; did you mean alpha?: no such adapter" in capsys.readouterr().err
    assert run(["adapters", "list", "--disable", "alhpa", "--json", "--strict"]) == 3


def test_a_name_that_is_no_id_is_not_repeated(install):
    install("alpha")
    secret = "cus_8f7a2b9c1d2e4f"
    found = discover(disable=[secret, f"alpha@{secret}"]).strangers
    assert len(found) == 2
    assert secret not in "".join(map(str, found))


@pytest.mark.parametrize(("variable", "text"), [("yes", ""), ("", '"yes"')])
def test_a_strict_mode_that_is_neither_on_nor_off_is_refused(install, tmp_path, variable, text):
    install("alpha")
    if text:
        (tmp_path / "pyproject.toml").write_text(
            f"[tool.saascore]\nstrict-adapters = {text}\n", encoding="utf-8"
        )
    with pytest.raises(SaascoreError) as refused:
        discover(environment={"SAASCORE_STRICT_ADAPTERS": variable})
    assert refused.value.code == "ADP-017"


GIVEN = """
from saascore.drafts import Skip
from saascore.hookspecs import hookimpl
api = 1
@hookimpl
def map_usage_record(record):
    return Skip("not-finished")
@hookimpl
def map_event_name(event_name):
    return None
@hookimpl
def map_plan_label(plan):
    return None
@hookimpl
def reference_workspace(claims, redact):
    return None
"""


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            ("--product", "quiet", "rows.ndjson"),
            "--adapter gives mine, which is not used: only quiet was asked",
        ),
        (("--product", "mine", "rows.ndjson"), None),
        (("--envelopes", "rows.ndjson"), "--adapter is not used: nothing here asks an adapter"),
    ],
    ids=["another one was meant", "it was meant", "nobody maps"],
)
def test_an_adapter_that_is_given_and_not_used_is_named(install, work, capsys, asked, told):
    install("calm")  # installed and not asked for: nothing is said of it
    (work / "mine.py").write_text(GIVEN, encoding="utf-8")
    (work / "site" / "made_quiet.py").write_text(GIVEN, encoding="utf-8")
    assert run(["usage", "submit", "--adapter", "mine.py", *asked]) == 0
    err = capsys.readouterr().err
    assert (told in err) if told else ("--adapter" not in err)


def test_a_list_uses_every_adapter_that_is_given(work, capsys):
    (work / "mine.py").write_text(GIVEN, encoding="utf-8")
    assert run(["adapters", "list", "--adapter", "mine.py"]) == 0
    assert "not used" not in capsys.readouterr().err
