"""Bad input: an error with an id, what was expected and the cure; no traceback, no value, and all good records kept."""

import json
import re
import sqlite3

import pytest

from saascore.ledger import create_ledger

NOW = "2026-11-20T18:00:00Z"
SUBMIT = ("usage", "submit", "--product", "image-studio", "--now", NOW)
SECRET = "wsp_syn" + "5h1nyt0k3nqq8z7w"

ROW = {
    "id": "job_synbadinput0001",
    "event": "job.image.completed",
    "workspace_id": SECRET,
    "user_id": "usr_synbadinput0001",
    "plan": "Studio Free",
    "quantity": "1",
    "finished_at": "2026-11-20T10:00:00Z",
    "model": "canvas-fast",
    "format": "square",
    "prompt": "a quiet harbour under two moons, in chalk",
    "execution_id": "exec-syn-badinput0001",
}


def refused(answer, code, exit_code):
    """The answer is the error of the catalogue, whole, on standard error alone."""
    assert answer.code == exit_code, answer
    assert re.match(rf"{code} .+\n  expected: .+\n  cure:     .+\n", answer.err), answer.err
    assert answer.out == ""
    assert SECRET not in answer.err


BAD_ROWS = {
    "not-json": ('{"id": "job-9", "workspace_id": "' + SECRET, "INP-001", None),
    "not-an-object": (f'["{SECRET}"]', "INP-003", None),
    "naive-time": ({"finished_at": "2026-11-20T10:00:00"}, "CON-002", "occurred_at"),
    "float": ({"quantity": 1.5}, "CON-003", "quantity"),
    "other-digits": ({"quantity": "\u0661\u0662"}, "CON-003", "quantity"),
    "unmapped-event": ({"event": "job.audio.completed"}, "USG-001", "event_type"),
    "unmapped-plan": ({"plan": SECRET}, "USG-002", "plan_key"),
    "no-workspace": ({"workspace_id": None}, "USG-003", "subject_label"),
    "empty-id": ({"id": ""}, "KEY-004", "idempotency_key"),
    "no-id": ({"id": None}, "KEY-004", "idempotency_key"),
    "raw-id": ({"model": SECRET}, "CON-001", "dimensions"),
    "raw-id-as-label": ({"model": f"tune-{SECRET[4:]}"}, "CON-001", "dimensions"),
    "address": ({"model": "ann@example.test"}, "CON-001", "dimensions"),
    "number-as-label": ({"model": 7}, "CON-001", "dimensions"),
    "object-as-label": ({"model": {"a": "b"}}, "CON-001", "dimensions"),
    "missing-field": ({"finished_at": ...}, "ADP-101", None),
}


@pytest.fixture(scope="module")
def submitted(tmp_path_factory, make_shell):
    """Hand every bad row in, each between good ones, and return the outcomes by name with all that was written."""
    shell = make_shell(tmp_path_factory.mktemp("bad-rows"))
    lines = [json.dumps(ROW)]
    for name, (bad, _, _) in BAD_ROWS.items():
        row = ROW | {"id": f"job-{name}"} | (bad if isinstance(bad, dict) else {})
        kept = {key: value for key, value in row.items() if value is not ...}
        lines += [
            bad if isinstance(bad, str) else json.dumps(kept),
            json.dumps(ROW | {"id": f"job-after-{name}"}),
        ]
    shell("ledger", "init")
    answer = shell(*SUBMIT, "--outcomes", "outcomes.ndjson", "-", stdin="\n".join(lines))
    text = (shell.folder / "outcomes.ndjson").read_text(encoding="utf-8")
    outcomes = [json.loads(line) for line in text.splitlines()]
    ledger = (shell.folder / "saascore.db").read_bytes().decode("utf-8", "replace")
    return outcomes, answer.out + answer.err + text + ledger


@pytest.mark.parametrize("name", BAD_ROWS)
def test_a_bad_row_is_rejected_by_code_and_field(submitted, name):
    outcome = submitted[0][1 + 2 * list(BAD_ROWS).index(name)]
    _, code, field = BAD_ROWS[name]
    assert (outcome["outcome"], outcome["codes"][0]) == ("rejected", code)
    assert [path.partition(".")[0] for path in outcome.get("fields", [])] == ([field] if field else [])


def test_every_good_row_before_and_after_a_bad_one_is_kept(submitted):
    outcomes = submitted[0]
    assert [outcome["record"] for outcome in outcomes] == list(range(1, len(outcomes) + 1))
    assert {outcome["outcome"] for outcome in outcomes[::2]} == {"accepted"}


def test_no_value_of_a_bad_row_is_shown_or_kept(submitted):
    assert SECRET not in submitted[1]
    assert SECRET[4:] not in submitted[1]
    assert "ann@example.test" not in submitted[1]


def test_an_adapter_s_failure_names_the_adapter(submitted):
    outcome = submitted[0][1 + 2 * list(BAD_ROWS).index("missing-field")]
    assert (outcome["origin"]["adapter"], outcome["hook"]) == ("image-studio", "map-usage-record")


@pytest.fixture
def ledger(shell):
    create_ledger(f"sqlite:///{shell.folder}/saascore.db", reference_key="k1").close()
    return shell.folder / "saascore.db"


def test_strict_turns_a_rejected_row_into_exit_code_1(shell, ledger):
    shell(*SUBMIT, "--strict", "-", stdin="not json", expect=1)
    shell(*SUBMIT, "--strict", "-", stdin=json.dumps(ROW), expect=0)


def test_a_missing_adapter(shell, ledger):
    refused(shell("usage", "submit", "--product", "image-studo", "-", expect=3), "ADP-001", 3)


def test_a_broken_adapter(shell, install, ledger):
    install(shell, "broken", f"raise RuntimeError('{SECRET}')\n")
    refused(shell("usage", "submit", "--product", "broken", "-", expect=3), "ADP-003", 3)


def test_a_missing_reference_key(shell, ledger):
    del shell.environment["SAASCORE_REFERENCE_KEYS"]
    refused(shell(*SUBMIT, "-", stdin=json.dumps(ROW), expect=2), "KEY-003", 2)


def test_another_reference_key_under_the_ledger_s_id(shell):
    shell("ledger", "init")
    shell.environment["SAASCORE_REFERENCE_KEYS"] = "k1:" + "5a" * 32
    refused(shell(*SUBMIT, "-", stdin=json.dumps(ROW), expect=2), "KEY-005", 2)


def test_another_reference_key_than_the_ledger_s(shell, ledger):
    shell.environment["SAASCORE_REFERENCE_KEYS"] = "k2:" + "5a" * 32
    refused(shell(*SUBMIT, "-", stdin=json.dumps(ROW), expect=2), "KEY-003", 2)


def test_a_file_that_is_not_there(shell, ledger):
    refused(shell(*SUBMIT, f"{SECRET}.ndjson", expect=2), "INP-002", 2)


def test_an_option_that_does_not_exist(shell):
    refused(shell("usage", "submit", f"--{SECRET}", expect=2), "INP-004", 2)


def test_an_unwritable_ledger(shell):
    (shell.folder / "file").write_text("in the way")
    refused(shell("ledger", "init", "--ledger", "sqlite:///file/saascore.db", expect=4), "LED-001", 4)
    refused(shell(*SUBMIT, "--ledger", "sqlite:///file/saascore.db", "-", expect=4), "LED-001", 4)


def test_a_ledger_of_a_future_version(shell, ledger):
    with sqlite3.connect(ledger) as database:
        database.execute("UPDATE meta SET value = '9999' WHERE name = 'schema'")
    database.close()
    before = ledger.read_bytes()
    refused(shell(*SUBMIT, "-", stdin=json.dumps(ROW), expect=4), "LED-002", 4)
    assert ledger.read_bytes() == before


@pytest.mark.parametrize("word", ["image-studio", "saascore-chat-desk", "cus_" + "5h1nyT0k3nQq8Z"])
def test_a_fixture_that_names_a_vertical_product_or_a_raw_id(shell, root, word):
    name = "usage-event-ledger.core-fixture.json"
    fixture = json.loads((root / "fixtures" / name).read_text(encoding="utf-8"))
    fixture["description"] += f" As {word} has it."
    (shell.folder / name).write_text(json.dumps(fixture), encoding="utf-8")
    answer = shell("fixtures", "check", name, "--json", expect=1)
    assert "rules" in answer.out
    if word.startswith("cus_"):
        assert word not in answer.out + answer.err


def test_bad_webhooks_are_named_and_the_good_ones_around_them_kept(shell, ledger, samples):
    good = (samples / "stripe-webhooks.ndjson").read_text(encoding="utf-8").splitlines()
    email = "ann.leaky@example.test"
    bad = {
        f'{{"id": "evt_{SECRET}", "type": "invoi': ("rejected", "INP-001"),
        f'["{SECRET}"]': ("rejected", "INP-003"),
        json.dumps({"workspace_id": SECRET}): ("rejected", "ENT-001"),
        json.dumps({"id": SECRET, "object": "event", "type": "invoice.paid", "data": email}): (
            "rejected",
            "ENT-001",
        ),
        json.dumps(
            {"id": SECRET, "object": "event", "type": f"x.{SECRET}", "created": 1, "data": {"object": {}}}
        ): (
            "skipped",
            "unmapped",
        ),
    }
    lines = [good[0], *bad, good[2]]
    asked = ("--provider", "stripe", "--product", "image-studio", "--mode", "live", "--now", NOW)
    answer = shell("billing", "submit", *asked, "--outcomes", "outcomes.ndjson", "-", stdin="\n".join(lines))
    text = (shell.folder / "outcomes.ndjson").read_text(encoding="utf-8")
    first, *between, last = map(json.loads, text.splitlines())
    assert first["outcome"] == last["outcome"] == "accepted"
    assert [(outcome["outcome"], outcome["codes"][0]) for outcome in between] == list(bad.values())
    written = answer.out + answer.err + text + ledger.read_bytes().decode("utf-8", "replace")
    assert SECRET not in written
    assert email not in written
