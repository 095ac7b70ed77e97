"""The commands of ``saascore usage`` and ``saascore ledger``, run as a user runs them."""

import json
import os
import subprocess
import sys
from io import StringIO

import pyarrow.parquet as pq
import pytest

from saascore.cli.app import run as run_here

NOW = "2026-03-10T12:00:00Z"
ADAPTER = """
import json, os
from saascore.drafts import SourceRow, UsageDraft
from saascore.hookspecs import hookimpl

api = 1

@hookimpl
def map_event_name(event_name):
    return {"render": "image.rendered"}.get(event_name)

@hookimpl
def map_plan_label(plan):
    return {"Pro": "pro"}.get(plan)

@hookimpl
def reference_workspace(claims, redact):
    return redact("workspace", claims["ws"]) if "ws" in claims else None

@hookimpl
def map_usage_record(record):
    return UsageDraft(event_name=record["event"], key=(record["id"],), quantity=record["quantity"], unit="image",
                      occurred_at=record["at"], claims={"ws": record["ws"]}, plan="Pro",
                      plan_basis=record.get("basis", "submission"))

@hookimpl
def read_source_rows(window, after):
    with open(os.environ["ALPHA_ROWS"]) as stream:
        for line in stream:
            row = json.loads(line)
            if window.from_ <= row["at"] < window.to and (after is None or (row["at"], row["id"]) > after):
                yield SourceRow((row["at"], row["id"]), row)

@hookimpl
def read_aggregates(window):
    from saascore.contract.usage import UsageAggregate
    rows = [record for _, record in ((row.cursor, row.record) for row in read_source_rows(window, None))]
    if rows:
        yield UsageAggregate(source="alpha", event_type="image.rendered", plan_key="pro", unit="image", window=window,
                             count=len(rows), sum=str(1.5 * len(rows)))
"""


def row(id_, **more):
    return {
        "id": id_,
        "event": "render",
        "quantity": "1.5",
        "at": "2026-03-09T10:00:00.000000Z",
        "ws": "w1",
        **more,
    }


@pytest.fixture
def cli(tmp_path, monkeypatch, capsys):
    """Run a command in this process (fast); gives exit code, standard output and standard error."""
    (tmp_path / "alpha.py").write_text(ADAPTER)
    old = [row(f"old{n}", at=f"2026-02-0{n + 1}T00:00:00.000000Z", basis="occurrence") for n in range(5)]
    (tmp_path / "old.ndjson").write_text("\n".join(map(json.dumps, old)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAASCORE_REFERENCE_KEYS", "k1:" + "5a" * 32 + ",k2:" + "a5" * 32)
    monkeypatch.setenv("ALPHA_ROWS", str(tmp_path / "old.ndjson"))
    monkeypatch.delenv("SAASCORE_LEDGER", raising=False)

    def run(*args):
        code = run_here([str(arg) for arg in args])
        out, err = capsys.readouterr()
        return code, out, err

    run.path = tmp_path
    run.rows = lambda *rows: (tmp_path / "rows.ndjson").write_text("\n".join(map(json.dumps, rows)))
    return run


def answer(cli, *args):
    code, out, err = cli(*args, "--json")
    assert code == 0, err
    return json.loads(out)


def submit(cli, *more):
    return cli(
        "usage", "submit", "--product", "alpha", "--adapter", "alpha.py", "--now", NOW, "rows.ndjson", *more
    )


def test_rows_go_in_and_a_summary_comes_out(cli):
    assert cli("ledger", "init")[0] == 0
    cli.rows(row("a"), row("a"), row("b", event="other"))
    with (cli.path / "rows.ndjson").open("a") as stream:
        stream.write("\n{not json\n")
    code, out, _ = submit(cli, "--outcomes", "outcomes.ndjson", "--json")
    assert code == 0
    assert json.loads(out)["counts"] == {
        "accepted": 1, "conflict": 0, "duplicate": 1, "held": 0, "rejected": 2, "skipped": 0, "unprocessed": 0,
    }  # fmt: skip
    outcomes = [json.loads(line) for line in (cli.path / "outcomes.ndjson").read_text().splitlines()]
    assert [(o["record"], o["outcome"], o["codes"]) for o in outcomes] == [
        (1, "accepted", []),
        (2, "duplicate", []),
        (3, "rejected", ["USG-001"]),
        (4, "rejected", ["INP-001"]),
    ]
    assert submit(cli, "--strict")[0] == 1
    asked = ("usage", "summary", "--from", "2026-03-01", "--to", "2026-04-01")
    told = answer(cli, *asked, "--by", "event_type,plan,day")
    assert [(g["event_type"], g["window"]["from"], g["totals"]["sum"]) for g in told["groups"]] == [
        ("image.rendered", "2026-03-09T00:00:00.000000Z", "1.5")
    ]
    code, out, err = cli(*asked)
    assert code == 0
    assert "image.rendered" in out
    assert "alpha" in err
    assert cli(*asked, "--csv")[1].splitlines()[1].startswith("group,image.rendered,pro,image,2026-03-01")
    assert answer(cli, *asked, "--as-of", "0")["groups"] == []
    assert answer(cli, *asked, "--public")["suppressed"] == []
    berlin = answer(cli, *asked, "--zone", "Europe/Berlin", "--by", "day")
    assert berlin["groups"][0]["window"]["from"] == "2026-03-08T23:00:00.000000Z"


def test_a_backfill_from_preview_to_revert(cli):
    cli("ledger", "init")
    audit = ("--operator", "op:ops", "--approval", "op:cto", "--reason", "launch")
    common = ("--product", "alpha", "--adapter", "alpha.py")
    window = ("--from", "2026-02-01", "--to", "2026-03-01")
    code, _, err = cli("usage", "backfill", "preview", *common, *window, *audit, "--engine", "abacus")
    assert (code, err[:7]) == (2, "INP-004")
    shown = answer(cli, "usage", "backfill", "preview", *common, *window, *audit, "--out", "preview.json")
    assert (shown["outcomes"]["accepted"], shown["delta"][0]["sum"]) == (5, "7.5")
    assert cli("usage", "backfill", "preview", *common, *window, *audit)[0] == 0
    done = answer(cli, "usage", "backfill", "apply", *common, "preview.json")
    assert done["outcomes"]["accepted"] == 5
    listed = answer(cli, "usage", "backfill", "list")["runs"]
    assert [(run["run"], run["state"]) for run in listed] == [(done["run_id"], "applied")]
    assert answer(cli, "usage", "replay", "list")["runs"] == []
    assert answer(cli, "usage", "backfill", "revert", done["run_id"], *audit)["run_id"] == done["run_id"]
    code, _, err = cli("usage", "backfill", "resume", done["run_id"], *common)
    assert (code, err[:7]) == (1, "USG-007")
    assert cli("usage", "backfill", "cancel", done["run_id"])[0] == 1
    replayed = answer(cli, "usage", "replay", "preview", *common, *window, *audit)
    assert replayed["run"]["kind"] == "replay"
    code, _, err = cli(
        "usage", "backfill", "preview", *common, "--from", "2026-01-01", "--to", "2026-03-01", *audit
    )
    assert (code, err[:7]) == (2, "USG-008")


def test_corrections_held_events_and_reconcile(cli):
    cli("ledger", "init")
    cli.rows(row("a"), row("b"), row("c", at="2025-01-01T00:00:00Z"))
    submit(cli)
    facts = [json.loads(line) for line in cli("usage", "export")[1].splitlines()]
    ids = [fact["fact"]["event_id"] for fact in facts]
    audit = ("--operator", "op:ops", "--reason", "test")
    assert answer(cli, "usage", "reverse", ids[0], *audit)["outcomes"][0]["outcome"] == "accepted"
    assert len(answer(cli, "usage", "amend", ids[1], *audit, "--quantity", "2")["outcomes"]) == 2
    assert cli("usage", "amend", ids[1], *audit, "--quantity", "3")[0] == 1
    adjusted = answer(
        cli, "usage", "adjust", "march", "--source", "alpha", "--event-type", "image.rendered", "--subject",
        "all-workspaces", "--plan", "pro", "--quantity=-1", "--unit", "image", "--occurred-at",
        "2026-03-01T00:00:00Z", *audit, "--approval", "op:cto",
    )  # fmt: skip
    assert adjusted["outcomes"][0]["outcome"] == "accepted"
    (held,) = answer(cli, "usage", "held", "list")["held"]
    assert (held["number"], held["reason"]) == (1, "too-old")
    assert answer(cli, "usage", "held", "release", "--all")["outcomes"][0]["outcome"] == "accepted"
    assert cli("usage", "held", "release", "1")[2].startswith("LED-007")
    aggregate = {
        "source": "alpha", "event_type": "image.rendered", "plan_key": "pro", "unit": "image", "count": 1,
        "sum": "2", "window": {"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"},
    }  # fmt: skip
    (cli.path / "counts.json").write_text(json.dumps([aggregate]))
    assert answer(cli, "usage", "reconcile", "--aggregates", "counts.json", "--source", "alpha")["clean"]
    (cli.path / "counts.json").write_text(json.dumps([{**aggregate, "count": 2}]))
    assert cli("usage", "reconcile", "--aggregates", "counts.json", "--source", "alpha")[0] == 1
    assert cli("usage", "export", "--format", "cloudevents")[1].count('"specversion":"1.0"') == 7
    code, _, err = cli("usage", "reverse", "w1", *audit)
    assert (code, "w1" in err) == (2, False)


def test_reconcile_asks_the_adapter_itself(cli):
    cli("ledger", "init")
    february = ("--product", "alpha", "--adapter", "alpha.py", "--from", "2026-02-01", "--to", "2026-03-01")
    code, out, _ = cli("usage", "reconcile", *february, "--json")
    (group,) = json.loads(out)["groups"]
    assert (code, group["status"], group["product_count"]) == (1, "missing-in-ledger", 5)
    cli(
        "usage",
        "submit",
        "--product",
        "alpha",
        "--adapter",
        "alpha.py",
        "--now",
        "2026-02-10T00:00:00Z",
        "old.ndjson",
    )
    assert answer(cli, "usage", "reconcile", *february)["clean"]
    for wrong in (february[:4], ("--aggregates", "x.json"), (*february, "--source", "alpha"), ()):
        code, _, err = cli("usage", "reconcile", *wrong)
        assert (code, err[:7]) == (2, "INP-004")


def test_export_writes_files_and_parquet(cli):
    cli("ledger", "init")
    cli.rows(row("a"), row("b"))
    submit(cli)
    assert cli("usage", "export", "--format", "parquet", "--out", "usage.parquet") == (0, "", "")
    assert pq.read_table(cli.path / "usage.parquet")["position"].to_pylist() == [1, 2]
    assert cli("usage", "export", "--out", "facts.ndjson") == (0, "", "")
    assert (cli.path / "facts.ndjson").read_text() == cli("usage", "export")[1]
    for wrong in (("--format", "parquet"), ("--format", "csv")):
        code, _, err = cli("usage", "export", *wrong)
        assert (code, err[:7]) == (2, "INP-004")
    code, _, err = cli("usage", "export", "--out", "none/facts.ndjson")
    assert (code, err[:7]) == (2, "INP-002")


def test_seal_prove_and_verify(cli):
    cli("ledger", "init")
    cli.rows(row("a"), row("b"))
    submit(cli)
    code, verifier, _ = cli("ledger", "keygen", "ops-team", "--out", "signer.key")
    assert code == 0
    assert (cli.path / "signer.key").stat().st_mode & 0o777 == 0o600
    assert cli("ledger", "keygen", "ops-team", "--out", "signer.key")[0] == 2, "a key is never overwritten"
    assert answer(cli, "ledger", "seal", "--signing-key", "signer.key", "--now", NOW)["size"] == 2
    (cli.path / "checkpoint.txt").write_text(cli("ledger", "checkpoint")[1])
    event_id = json.loads(cli("usage", "export")[1].splitlines()[1])["fact"]["event_id"]
    code, proof, _ = cli("ledger", "prove", event_id)
    (cli.path / "proof.json").write_text(proof)
    assert answer(cli, "ledger", "verify-proof", "proof.json", "--verifier-key", verifier.strip())["signed"]
    (cli.path / "proof.json").write_text(proof.replace('"quantity": "1.5"', '"quantity": "1.6"'))
    assert cli("ledger", "verify-proof", "proof.json", "--verifier-key", verifier.strip())[2].startswith(
        "LED-009"
    )
    against = ("--checkpoint", "checkpoint.txt", "--verifier-key", verifier.strip())
    assert answer(cli, "ledger", "verify", *against)["fault"] is None
    import sqlite3

    raw = sqlite3.connect(cli.path / "saascore.db")
    assert answer(cli, "ledger", "verify", "--tables")["fault"] is None
    raw.execute("DROP TRIGGER usage_no_update")
    raw.execute("UPDATE usage SET whole = 1000 WHERE position = 2")
    raw.commit()
    assert cli("ledger", "verify")[0] == 0
    code, _, err = cli("ledger", "verify", "--tables")
    assert (code, "derived at position 2" in err) == (1, True)
    raw.execute("DROP TRIGGER facts_no_update")
    raw.execute("UPDATE facts SET body = replace(body, '1.5', '9.5') WHERE position = 2")
    raw.commit()
    raw.close()
    code, out, _ = cli("ledger", "verify", *against, "--json")
    assert (code, json.loads(out)["fault"]) == (1, {"change": "edited", "position": 2})
    code, _, err = cli("ledger", "verify", *against)
    assert (code, err) == (1, "LED-006 edited at position 2\n")


def test_rotating_the_key_of_subjects(cli):
    cli("ledger", "init")
    cli.rows(row("a"))
    submit(cli)
    cli.rows({"ws": "w1"})
    done = answer(
        cli,
        "ledger",
        "rekey",
        "rows.ndjson",
        "--product",
        "alpha",
        "--adapter",
        "alpha.py",
        "--to",
        "k2",
        "--finish",
    )
    assert done["aliases"] == 1
    assert answer(cli, "ledger", "info")["subject_key"] == "k2"


@pytest.mark.parametrize(
    ("args", "code", "error"),
    [
        (("usage", "summary", "--from", "2026-03-01", "--to", "2026-04-01"), 4, "LED-001"),
        (("ledger", "info", "--ledger", "sqlite:///none/none.db"), 4, "LED-001"),
        (("ledger", "init", "--ledger", "sqlite:////proc/none/x.db"), 4, "LED-001"),
        (("ledger", "init", "--ledger", "ftp://x"), 2, "LED-004"),
        (("ledger", "init", "--key-id", "k9"), 2, "KEY-003"),
        (("ledger", "schema", "--dialect", "oracle"), 2, "INP-004"),
        (("usage", "submit", "rows.ndjson"), 2, "INP-004"),
        (("usage", "summary", "--from", "yesterday", "--to", "2026-04-01"), 2, "INP-004"),
        (("usage", "held", "release"), 2, "INP-004"),
    ],
)
def test_what_cannot_be_done_says_why_and_how(cli, args, code, error):
    found, out, err = cli(*args)
    assert (found, out, err[:7]) == (code, "", error)
    assert "cure:" in err


def test_a_missing_adapter_key_file_or_future_ledger_is_an_error_with_a_cure(cli, monkeypatch):
    cli("ledger", "init")
    cli.rows(row("a"))
    assert cli("usage", "submit", "--product", "nobody", "rows.ndjson")[0] == 3
    code, _, err = cli("usage", "submit", "--product", "alpha", "--adapter", "alpha.py", "absent.ndjson")
    assert (code, err[:7]) == (2, "INP-002")
    monkeypatch.delenv("SAASCORE_REFERENCE_KEYS")
    code, _, err = submit(cli)
    assert (code, err[:7]) == (2, "KEY-003")
    assert "(k1): no key is set" in err
    assert "secrets.token_hex" not in err  # a new key would count everything again
    assert cli("ledger", "init", "--ledger", "sqlite:///new.db")[2][:7] == "KEY-001"
    import sqlite3

    raw = sqlite3.connect(cli.path / "saascore.db")
    raw.execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
    raw.commit()
    raw.close()
    code, _, err = cli("ledger", "info")
    assert (code, err[:7]) == (4, "LED-002")


def test_a_dimension_that_no_usage_has_is_noted_with_what_was_meant(cli):
    stored_event(cli)
    asked = ("usage", "summary", "--from", "2026-03-01", "--to", "2026-04-01", "--by")
    assert "did you mean plan?" in cli(*asked, "plans")[2]
    assert "--by" not in cli(*asked, "plan")[2]


def test_who_runs_a_backfill_is_refused_by_the_option_s_name(cli):
    cli("ledger", "init")
    code, _, err = cli(
        "usage", "backfill", "preview", "--product", "alpha", "--adapter", "alpha.py", "--from", "2026-02-01",
        "--to", "2026-03-01", "--operator", "bob", "--approval", "op:b", "--reason", "gap",
    )  # fmt: skip
    assert (code, err[:7]) == (2, "INP-004")
    assert "--operator" in err


def test_after_rejects_and_conflicts_it_is_said_where_to_look(cli):
    cli("ledger", "init")
    cli.rows(row("a"))
    code, out, err = submit(cli)
    assert "--outcomes" not in err
    cli.rows(row("a", quantity="9"), row("b", event="nope"))
    code, out, err = submit(cli)
    assert code == 0
    assert "the same key with other content" in out
    assert "--outcomes FILE" in err
    assert "saascore adapters trace" in err


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--plan", "Studio", "for example pro"),
        ("--plan", "prro", "did you mean pro?"),
        ("--event-type", "Image Rendered", "for example image.generated"),
        ("--event-type", "image.rendred", "did you mean image.rendered?"),
        ("--quantity", "lots", "for example 1.5"),
        ("--occurred-at", "yesterday", "RFC 3339"),
        ("--subject", "w1", "never a raw id"),
        ("--subject", "ref:workspace:k1:w1", "never a raw id"),
        ("--dimension", "Engine=Fast", "for example engine=fast"),
        ("--operator", "bob", "for example op:support"),
        ("--approval", "ann", "for example op:finance"),
        ("--reason", "it was wrong", "for example wrong-count"),
    ],
)
def test_every_option_of_an_amend_is_refused_by_its_name_and_the_form_expected(cli, option, value, told):
    event = stored_event(cli)
    given = {"--operator": "op:ops", "--reason": "slip", option: value}
    words = [word for pair in given.items() for word in pair]
    code, _, err = cli("usage", "amend", event, "--quantity", "2", *words)
    assert (code, err[:7]) == (2, "INP-004")
    assert option in err
    assert told in err
    assert len(cli("usage", "export")[1].splitlines()) == 1


def test_a_label_that_the_ledger_has_not_is_taken_where_it_is_meant(cli):
    words = ("usage", "amend", stored_event(cli), "--operator", "op:ops", "--reason", "slip")
    assert cli(*words, "--plan", "studio")[2][:7] == "INP-004"
    assert cli(*words, "--plan", "studio", "--occurred-at", "2026-03-09", "--new")[0] == 0
    stored = [json.loads(line)["fact"] for line in cli("usage", "export")[1].splitlines()]
    assert (stored[-1]["plan_key"], stored[-1]["occurred_at"]) == ("studio", "2026-03-09T00:00:00.000000Z")


@pytest.mark.parametrize("option", ["--source", "--unit", "--subject", "--plan", "--event-type"])
def test_an_adjustment_names_what_the_ledger_knows(cli, option):
    stored_event(cli)
    given = {
        "--source": "alpha", "--event-type": "image.rendered", "--subject": "all-workspaces", "--plan": "pro",
        "--quantity": "1", "--unit": "image", "--occurred-at": "2026-03-01", "--operator": "op:ops",
        "--approval": "op:cto", "--reason": "slip",
    }  # fmt: skip
    words = [word for pair in {**given, option: "elsewhere"}.items() for word in pair]
    code, _, err = cli("usage", "adjust", "march", *words)
    assert (code, err[:7]) == (2, "INP-004")
    assert option in err
    assert (cli("usage", "adjust", "march", *words, "--new")[0] == 0) == (option != "--subject")


def stored_event(cli):
    cli("ledger", "init")
    cli.rows(row("a"))
    submit(cli)
    (line,) = cli("usage", "export")[1].splitlines()
    return json.loads(line)["fact"]["event_id"]


def test_another_key_under_the_id_of_the_ledger_s_is_refused_before_anything_counts(cli, monkeypatch):
    cli("ledger", "init")
    cli.rows(row("a"))
    assert submit(cli)[0] == 0
    asked = ("--product", "alpha", "--adapter", "alpha.py")
    window = ("--from", "2026-02-01", "--to", "2026-03-01")
    audit = ("--operator", "op:a", "--approval", "op:b", "--reason", "gap", "--out", "shown.json")
    monkeypatch.setenv("SAASCORE_REFERENCE_KEYS", "k1:" + "b6" * 32)
    monkeypatch.setattr("sys.stdin", StringIO("{}"))
    for refused in (
        submit(cli),
        cli("usage", "backfill", "preview", *window, *asked, *audit),
        cli("ledger", "rekey", *asked, "--to", "k1", "rows.ndjson"),
        cli("entitlements", "reference", *asked),
    ):
        assert (refused[0], refused[2][:7]) == (2, "KEY-005")
        assert "b6b6" not in refused[2]
    monkeypatch.setenv("SAASCORE_REFERENCE_KEYS", "k1:" + "5a" * 32)
    assert "duplicate" in submit(cli)[1]


def test_a_rotation_to_a_key_that_is_not_configured_names_the_option(cli, monkeypatch):
    cli("ledger", "init")
    code, _, err = cli("ledger", "rekey", "--product", "alpha", "--adapter", "alpha.py", "--to", "k9", "-")
    assert (code, err[:7]) == (2, "KEY-003")
    assert "--to" in err


@pytest.mark.parametrize("dialect", ["sqlite", "d1"])
def test_the_printed_schema_is_a_ledger(cli, dialect):
    import sqlite3

    code, out, _ = cli("ledger", "schema", "--dialect", dialect)
    assert code == 0
    assert "?" not in out
    assert max(map(len, out.split(";\n"))) < 100_000
    raw = sqlite3.connect(":memory:")
    raw.executescript(out)
    tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    raw.close()
    assert {"facts", "keys", "usage", "journal"} <= tables


def test_the_installed_command_reads_standard_input_and_keeps_the_streams_apart(cli):
    cli("ledger", "init")
    done = subprocess.run(
        [sys.executable, "-c", "from saascore.cli import main; main()", "usage", "submit", "--product", "alpha", "--adapter", "alpha.py",
         "--now", NOW, "--json", "-"],
        input=json.dumps([row("a"), row("b")]).encode(), capture_output=True, check=False, cwd=cli.path,
        env=dict(os.environ),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["total"] == 2
