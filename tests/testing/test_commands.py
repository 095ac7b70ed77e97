"""``saascore adapters``: list, check, explain, new and trace."""

import json
import sys
from pathlib import Path
from re import findall

import pytest

from saascore.cli.app import run
from saascore.contract import labels


@pytest.fixture
def saascore(capsys, monkeypatch, studio):
    monkeypatch.chdir(studio)

    def call(*arguments):
        code = run(["adapters", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_list_shows_a_file_given_by_path(saascore):
    code, out, _ = saascore("list", "--adapter", "studio.py", "--enable", "none", "--json")
    (row,) = [row for row in json.loads(out)["adapters"] if row["status"] == "loaded"]
    assert code == 0
    assert (row["id"], row["kind"], row["api"], len(row["hooks"])) == ("studio", "product", 1, 4)


def test_list_shows_what_is_broken_with_its_cure(saascore, studio):
    (studio / "torn.py").write_text("import saascore_missing_dependency\n", encoding="utf-8")
    code, out, _ = saascore("list", "--adapter", "torn.py")
    assert code == 0
    assert "torn is broken: ADP-007 there is no module saascore_missing_dependency" in out
    assert "cure: Import the module" in out


def test_list_strict_is_for_continuous_integration(saascore, studio):
    (studio / "torn.py").write_text("api = 3\n", encoding="utf-8")
    assert saascore("list", "--adapter", "torn.py", "--strict")[0] == 3
    assert saascore("list", "--adapter", "studio.py", "--strict", "--json")[0] == 0


def test_check_runs_the_suite_on_a_file(saascore):
    code, out, err = saascore("check", "studio.py")
    assert code == 0
    assert "USE-003 The sample rows add up to the expected totals: passed" in out
    assert "clean" in err


def test_check_answers_1_where_a_rule_is_broken_and_a_waiver_lets_it_pass(saascore, studio):
    text = (studio / "studio.py").read_text(encoding="utf-8").replace('record["n"]', "1")
    (studio / "studio.py").write_text(text, encoding="utf-8")
    code, out, _ = saascore("check", "studio.py", "--json")
    failed = [result for result in json.loads(out)["results"] if result["status"] == "failed"]
    assert (code, [result["check"] for result in failed]) == (1, ["USE-003"])
    assert saascore("check", "studio.py", "--waive", "use-003=counted one by one")[0] == 0
    assert saascore("check", "studio.py", "--waive", "USE-003=")[0] == 2
    assert saascore("check", "studio.py", "--waive", "USE-998=why")[0] == 2


def test_check_of_a_broken_or_missing_adapter_answers_3(saascore, studio):
    (studio / "torn.py").write_text("api = 3\n", encoding="utf-8")
    for target in ("torn.py", "absent.py", "no-such-adapter", "."):
        code, out, err = saascore("check", target)
        assert code == 3
        assert out == ""
        assert err.startswith("ADP-00")


def test_check_without_samples_answers_3(saascore, studio):
    (studio / "samples" / "rows.ndjson").unlink()
    code, _, err = saascore("check", "studio.py")
    assert code == 3
    assert "there is no rows.json or rows.ndjson" in err


def test_explain_says_why_and_how_to_mend(saascore):
    code, out, _ = saascore("explain", "bil-004")
    assert code == 0
    assert "rule: An unknown event type is Unmapped" in out
    assert "fix:" in out


def test_explain_knows_errors_and_lists_checks(saascore):
    assert "error: There is no such hook" in saascore("explain", "ADP-010")[1]
    assert "BIL-004" in saascore("explain")[1]
    assert len(json.loads(saascore("explain", "--json")[1])["checks"]) > 30
    assert saascore("explain", "XYZ-1")[0] == 2


@pytest.mark.parametrize("kind", ["product", "provider"])
def test_new_writes_a_small_adapter_that_passes_at_once(saascore, studio, kind):
    code, out, _ = saascore("new", "first-try", "--kind", kind, "--json")
    assert code == 0
    assert 6 <= len(json.loads(out)["files"]) <= 8
    text = "".join(
        path.read_text(encoding="utf-8") for path in (studio / "first-try").rglob("*") if path.is_file()
    )
    assert "$" not in text
    assert "TODO" not in text
    assert saascore("check", "first-try/src/saascore_first_try")[0] == 0


def test_a_new_adapter_passes_from_its_folder_before_it_is_installed(saascore, studio, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])
    saascore("new", "folder-try", "--kind", "product")
    monkeypatch.chdir(studio / "folder-try")
    code, out, _ = saascore("check", ".", "--json")
    assert (code, json.loads(out)["adapter"]) == (0, "folder-try")
    file = studio / "folder-try" / "pyproject.toml"
    text = file.read_text(encoding="utf-8")
    line = 'folder-try = "saascore_folder_try"\n'
    file.write_text(text.replace(line, line + line.replace("try =", "too =")), encoding="utf-8")
    code, out, err = saascore("check", ".")
    assert (code, out) == (2, "")
    assert "several adapters: install it, and name one by its id" in err


@pytest.mark.parametrize(
    "arguments",
    [["Bad Name", "--kind", "product"], ["fine", "--kind", "other"], ["samples", "--kind", "product"]],
)
def test_new_refuses_names_kinds_and_folders_it_cannot_use(saascore, arguments):
    code, out, err = saascore("new", *arguments)
    assert (code, out) == (2, "")
    assert "Bad Name" not in err
    assert err.startswith("ADP-203") or "--kind" in err


@pytest.mark.parametrize("name", ["kilnyard", "pdfkit"])
def test_new_says_why_a_name_is_refused_and_the_way_out(saascore, name):
    code, _, err = saascore("new", name, "--kind", "product")
    assert (code, err[:7]) == (2, "ADP-203")
    assert "label-looks-random: write its words apart, as in pdf-kit" in err
    assert "write its words apart" in saascore("explain", "label-looks-random")[1]


@pytest.mark.parametrize("code", ["too-old", "extra_forbidden", "string_pattern_mismatch", "unmapped"])
def test_explain_knows_the_reasons_of_outcomes(saascore, code):
    assert saascore("explain", code)[1].startswith(f"id: {code}\nreason: ")


def test_explain_knows_every_reason_that_refuses_a_label(saascore):
    source = Path(labels.__file__).read_text(encoding="utf-8")
    rules = set(findall(r'"(label-[a-z-]+)"', source))
    assert "label-looks-random" in rules
    assert [rule for rule in rules if saascore("explain", rule)[0] != 0] == []


def test_trace_shows_each_step_and_no_raw_value(saascore):
    code, out, _ = saascore("trace", "studio.py", "samples/rows.ndjson", "--record", "2", "--json")
    steps = {step["step"]: step["answer"] for step in json.loads(out)["steps"]}
    assert code == 0
    assert steps["map_event_name"] == "image.made"
    assert steps["map_plan_label"] == "pro"
    assert steps["reference_workspace"].startswith("ref:workspace:demo-trace:")
    assert steps["key"] == "(<text of 5>)"
    assert steps["usage event"] == "made"
    assert "studio-beta-8" not in out
    assert "row-2" not in out


def test_trace_shows_where_a_record_fails(saascore, studio):
    (studio / "odd.json").write_text('{"state": "done", "id": "raw-row-id-4711"}', encoding="utf-8")
    code, out, err = saascore("trace", "studio.py", "odd.json", "--json")
    assert code == 1
    assert "ADP-101 KeyError at studio.py:" in out
    assert "raw-row-id-4711" not in out + err


def test_trace_shows_what_the_contract_refuses(saascore, studio):
    odd = '{"state": "done", "id": "row-9", "n": 1.5, "at": "2026-03-01T10:00:00", "w": "studio-beta-8"}'
    (studio / "odd.json").write_text(odd, encoding="utf-8")
    code, out, _ = saascore("trace", "studio.py", "odd.json", "--json")
    answers = [step["answer"] for step in json.loads(out)["steps"] if not step["sound"]]
    assert code == 1
    assert "occurred_at: not RFC 3339 with an offset" in answers
    assert answers[-1] == "rejected CON-002 occurred_at"


def test_trace_of_a_record_that_is_not_there_or_not_json(saascore, studio):
    (studio / "odd.ndjson").write_text("{secret\n", encoding="utf-8")
    assert saascore("trace", "studio.py", "odd.ndjson")[0] == 2
    assert saascore("trace", "studio.py", "samples/rows.ndjson", "--record", "99")[0] == 2
    assert saascore("trace", "studio.py", "absent.ndjson")[0] == 2


def test_trace_of_a_webhook(saascore):
    saascore("new", "payer", "--kind", "provider")
    code, out, _ = saascore(
        "trace", "payer/src/saascore_payer", "payer/src/saascore_payer/samples/events.ndjson", "--json"
    )
    steps = {step["step"]: step["answer"] for step in json.loads(out)["steps"]}
    assert code == 0
    assert steps["normalize_billing_event"] == "Mapped"
    assert steps["provider_event_type"] == "subscription.started"
    assert steps["draft 1 snapshot.service"] == "trialing"
    assert "subscription-1" not in out
