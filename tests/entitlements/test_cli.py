"""The commands as a user runs them: in a process of their own, on sample inputs, with nothing raw coming back."""

import json
import os
import secrets
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from types import SimpleNamespace

import pytest

from saascore.cli.app import run as run_command

SAMPLES = Path(__file__).parents[2] / "fixtures" / "samples"
NOW = "2026-11-20T18:00:00Z"
PROGRAM = str(Path(sys.executable).with_name("saascore"))
WORKSPACE = {"workspace_id": "wsp_synakrgbyskrf3e5nz7yj"}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run a command in this process; ``run.apart`` runs it in one of its own."""
    folder = tmp_path_factory.mktemp("cli")
    environment = {
        "SAASCORE_REFERENCE_KEYS": f"k1:{secrets.token_hex(32)}",
        "SAASCORE_LEDGER": f"sqlite:///{folder}/saascore.db",
    }

    def command(*args, stdin="", code=0):
        out, err = StringIO(), StringIO()
        source = TextIOWrapper(BytesIO(stdin.encode()), encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.setattr("sys.stdin", source)
            answer = run_command(list(args))
        return checked(SimpleNamespace(returncode=answer, stdout=out.getvalue(), stderr=err.getvalue()), code)

    def apart(*args, stdin="", code=0):
        done = subprocess.run(
            [PROGRAM, *args],
            input=stdin,
            capture_output=True,
            text=True,
            cwd=folder,
            env={**os.environ, **environment},
            check=False,
        )
        return checked(done, code)

    command.folder, command.apart = folder, apart
    command("ledger", "init")
    return command


def checked(done, code):
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def submit(run, provider, file, *more, **options):
    """Hand a file in, in a process of its own."""
    args = ("--provider", provider, "--product", "image-studio", "--mode", "live", "--now", NOW)
    return run.apart("billing", "submit", *args, "--json", *more, str(file), **options)


@pytest.fixture(scope="module")
def told(run):
    """Hand in the story, and return the counts a provider."""
    files = {"stripe": "stripe-webhooks", "manual": "manual-actions"}
    return {
        provider: json.loads(submit(run, provider, SAMPLES / f"{name}.ndjson").stdout)["counts"]
        for provider, name in files.items()
    }


@pytest.fixture(scope="module")
def workspace(run, told):
    made = run("entitlements", "reference", "--product", "image-studio", stdin=json.dumps(WORKSPACE))
    return made.stdout.strip()


def test_submit_counts_outcomes_and_the_same_again_is_duplicates(run, told):
    assert told["stripe"]["accepted"] > 30
    again = json.loads(submit(run, "stripe", SAMPLES / "stripe-webhooks.ndjson").stdout)["counts"]
    assert again["accepted"] == 0
    assert again["duplicate"] == told["stripe"]["accepted"] + told["stripe"]["duplicate"]


def test_strict_fails_where_a_record_is_rejected(run, told):
    submit(run, "manual", SAMPLES / "manual-actions.ndjson", "--strict", code=1)


def test_decide_explain_and_history(run, workspace):
    asked = ("--product", "image-studio", "--workspace", workspace, "--at", NOW)
    line = run("entitlements", "decide", *asked, "--capability", "image.generate").stdout
    assert line.startswith("granted · active_grant · plan studio · image.generate up to 5000 image")
    decision = json.loads(run("entitlements", "decide", *asked, "--json").stdout)
    assert [row["name"]["source"] for row in decision["considered"]] == ["manual", "stripe"]
    explained = run("entitlements", "explain", *asked).stdout
    assert "past_due" in explained
    assert decision["decision_digest"] in explained
    told = json.loads(
        run("entitlements", "history", "--product", "image-studio", "--workspace", workspace, "--json").stdout
    )
    assert "grant.issued" in {event["event_name"] for event in told["events"]}
    assert {row["plan_key"] for row in told["timeline"]} == {"starter", "studio"}
    assert all(row["audit"]["reason"] for row in told["journal"])


def test_raw_id_is_refused_as_a_workspace_and_not_repeated(run, told):
    raw = WORKSPACE["workspace_id"]
    done = run("entitlements", "decide", "--product", "image-studio", "--workspace", raw, code=2)
    assert raw not in done.stderr + done.stdout
    assert "INP-004" in done.stderr


def test_unresolved_price_is_listed_mapped_and_taken_back(run, told):
    (price,) = json.loads(run("billing", "unresolved", "--json").stdout)["prices"]
    who = ("--provider", "stripe", "--product", "image-studio", "--now", NOW)
    audit = ("--operator", "op:alex", "--approval", "op:ticket-7", "--reason", "custom-deal")
    assert "prices without a plan: 1" in submit(run, "stripe", SAMPLES / "stripe-webhooks.ndjson").stderr
    wanted = ("--price", price["price"], "--plan")
    assert "ENT-002" in run("billing", "map-price", *who, *audit, *wanted, "stduio", code=2).stderr
    run("billing", "map-price", *who, *audit, *wanted, "studio")
    assert json.loads(run("billing", "unresolved", "--json").stdout) == {"prices": [], "unlinked": []}
    assert "Without a workspace" in run("billing", "unresolved").stdout
    claims = {"workspace_id": "wsp_syn66ywrhrfawxzx1r83q"}
    made = run(
        "entitlements", "reference", "--product", "image-studio", stdin=json.dumps(claims)
    ).stdout.strip()
    asked = ("--product", "image-studio", "--workspace", made, "--at", NOW, "--json")
    assert json.loads(run("entitlements", "decide", *asked).stdout)["plan_key"] == "studio"


@pytest.mark.parametrize(
    ("args", "code", "error"),
    [
        (("--mode", "sandbox"), 2, "ENT-005"),
        (("--mode", "live", "--provider", "nobody"), 3, "ADP-001"),
        (("--mode", "live", "--now", "yesterday"), 2, "INP-004"),
        (("--mode", "live", "--ledger", "sqlite:///nowhere.db"), 4, "LED-001"),
    ],
)
def test_wrong_use_is_named(args, code, error, run):
    given = ("--provider", "stripe", "--product", "image-studio", *args, "-")
    done = run("billing", "submit", *given, code=code)
    assert error in done.stderr
    assert "cure:" in done.stderr


RIGHT = {
    "--price": "ref:price:k1:nk75jyfy33klitgvfua7hoddni",
    "--plan": "pro",
    "--operator": "op:alex",
    "--approval": "op:ticket-7",
    "--reason": "custom-deal",
}


@pytest.mark.parametrize(
    ("option", "typed", "expected"),
    [
        ("--price", "price_00SYNproMonthly00001", "saascore billing unresolved lists it"),
        ("--operator", "jordan", "op: and a public label, for example op:alex"),
        ("--approval", "Ticket 7", "for example op:ticket-7"),
        ("--reason", "Because He Said So", "a public label, for example goodwill"),
    ],
)
def test_option_that_is_no_word_of_the_contract_is_named(option, typed, expected, run):
    words = [item for pair in {**RIGHT, option: typed}.items() for item in pair]
    done = run("billing", "map-price", "--provider", "stripe", "--product", "image-studio", *words, code=2)
    assert done.stderr.startswith("INP-004")
    assert f"({option})" in done.stderr
    assert expected in done.stderr
    assert typed not in done.stderr


def test_what_a_subscription_is_linked_by_is_a_reference(run, workspace):
    words = [item for name in ("--operator", "--approval", "--reason") for item in (name, RIGHT[name])]
    who = ("--provider", "stripe", "--product", "image-studio", "--workspace", workspace, *words)
    done = run("billing", "link", *who, "--about", "sub_00SYN4BonDdow3XTpqnI1Imu", code=2)
    assert "(--about)" in done.stderr
    assert "sub_00SYN" not in done.stderr


def test_capability_is_a_label_and_one_that_no_plan_has_is_told(run, workspace):
    asked = ("entitlements", "decide", "--product", "image-studio", "--workspace", workspace, "--at", NOW)
    done = run(*asked, "--capability", "Image Generate", code=2)
    assert "(--capability)" in done.stderr
    assert "Image Generate" not in done.stderr
    assert "no plan of this product" in run(*asked, "--capability", "image.generat").stderr
    assert run(*asked, "--capability", "image.generate").stderr == ""


def test_workspace_that_nothing_is_known_of_is_told(run):
    stranger = run(
        "entitlements", "reference", "--product", "image-studio", stdin='{"workspace_id": "wsp_synstranger"}'
    ).stdout.strip()
    done = run("entitlements", "history", "--product", "image-studio", "--workspace", stranger)
    assert (done.stdout, done.stderr) == ("", "nothing is known of this workspace in this mode\n")


def test_events_of_another_provider_are_told_by_their_reason(run, told):
    given = ("--provider", "paddle", "--product", "image-studio", "--mode", "live", "--now", NOW)
    done = run("billing", "submit", *given, str(SAMPLES / "stripe-webhooks.ndjson"))
    assert "not an event of this provider" in done.stdout


def test_tables_for_a_pipe_fold_nothing(run, workspace):
    asked = ("entitlements", "history", "--product", "image-studio", "--workspace", workspace)
    shown = run(*asked).stdout
    events = json.loads(run(*asked, "--json").stdout)["events"]
    assert events
    assert all(event["event_name"] in shown for event in events)
    assert all(event["occurred_at"].replace(".000000Z", "Z") in shown for event in events)


def test_claims_that_name_no_workspace_are_refused(run, told):
    for claims in ("{", "[]", '{"other": "x"}', '{"workspace_id": 1.5}'):
        done = run("entitlements", "reference", "--product", "image-studio", stdin=claims, code=2)
        assert "ENT-007" in done.stderr


def test_no_raw_value_comes_back(run, told):
    outcomes = run.folder / "outcomes.ndjson"
    output = ""
    for provider, name in (("stripe", "stripe-webhooks"), ("manual", "manual-actions")):
        done = submit(run, provider, SAMPLES / f"{name}.ndjson", "--outcomes", str(outcomes))
        output += done.stdout + done.stderr + outcomes.read_text()
    kept = b"".join(path.read_bytes() for path in run.folder.iterdir() if path.is_file())
    raw = {
        value
        for name in ("stripe-webhooks", "manual-actions")
        for line in (SAMPLES / f"{name}.ndjson").read_text().splitlines()
        for value in strings(json.loads(line))
    }
    assert len(raw) > 100
    assert [len(value) for value in raw if value in output or value.encode() in kept] == []


def strings(value):
    """Yield the raw values of 12 characters or more: ids, addresses, URLs; not types, labels and times."""
    if isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str) and len(value) >= 12:
        public = value.replace(".", "").replace("_", "").replace("-", "").replace(":", "").replace(" ", "")
        if any(letter.isdigit() or letter.isupper() for letter in public) and not value.startswith("20"):
            yield value
