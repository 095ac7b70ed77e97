"""A check runs against an adapter's samples, and waivers are data that can go stale."""

import json
import os

import pytest

from saascore.adapters import discover
from saascore.errors import SaascoreError
from saascore.testing.catalogue import catalogue, checks_for, find_check, run_suite, subject_of
from saascore.testing.check import Check, NotApplicable, run_check


class Nothing:
    environment: dict[str, str] = {}  # noqa: RUF012  a stand-in


def made(*lines, missing=False):
    def run(_subject):
        if missing:
            raise NotApplicable("no such hook")
        yield from lines

    return Check("USE-999", "product", (), "a rule", "a reason", "a cure", run)


@pytest.mark.parametrize(
    ("check", "waivers", "status", "clean"),
    [
        (made(), {}, "passed", True),
        (made("row 1"), {}, "failed", False),
        (made(missing=True), {}, "not-applicable", True),
        (made("row 1"), {"USE-999": "known"}, "waived", True),
        (made(), {"USE-999": "known"}, "stale-waiver", False),
        (made(missing=True), {"USE-999": "known"}, "stale-waiver", False),
    ],
)
def test_a_result_follows_from_problems_and_waivers(check, waivers, status, clean):
    result = run_check(check, Nothing(), waivers)
    assert (result.status, result.clean) == (status, clean)


def test_a_failed_result_says_why_and_how_to_mend_it():
    text = str(run_check(made("row 1: wrong"), Nothing(), {}))
    assert text == "USE-999 a rule: failed\n  - row 1: wrong\n  why: a reason\n  fix: a cure"


def test_only_the_first_problems_are_shown():
    assert run_check(made(*"12345"), Nothing(), {}).lines == tuple("12345")
    assert run_check(made(*"123456"), Nothing(), {}).lines == (*"12345", "and more like these")


def test_every_check_says_why_and_how_to_mend_it():
    for check in catalogue().values():
        assert check.title
        assert check.why.endswith(".")
        assert check.fix.endswith(".")
        assert check.hooks


def test_check_ids_are_unique_and_ordered_by_topic():
    from saascore.testing.catalogue import MODULES

    ids = [value.id for module in MODULES for value in vars(module).values() if isinstance(value, Check)]
    assert len(ids) == len(set(ids))
    assert list(catalogue()) == ids


def test_each_kind_has_its_own_checks_and_the_common_ones():
    product, provider = ({check.id for check in checks_for(kind)} for kind in ("product", "provider"))
    assert {"USE-001", "PRV-001"} <= product
    assert {"BIL-001", "PRV-001"} <= provider
    assert not {"BIL-001"} & product


def test_an_unknown_check_is_refused_with_what_was_meant():
    with pytest.raises(SaascoreError) as refused:
        find_check("pln-01")
    assert (refused.value.code, refused.value.detail) == ("ADP-201", "did you mean PLN-001?")


def test_a_sound_adapter_without_packaging_passes(studio):
    subject = subject_of(discover(paths=[str(studio / "studio.py")], enable=["none"]), "studio", "product")
    results = {result.check.id: result.status for result in run_suite(subject)}
    assert set(results.values()) == {"passed", "not-applicable"}
    assert results["USE-003"] == "passed"
    assert results["USE-010"] == "not-applicable"


def test_the_environment_of_the_samples_is_set_while_checks_run(studio, monkeypatch):
    monkeypatch.delenv("STUDIO_ROWS", raising=False)
    expected = json.loads((studio / "samples" / "expected.json").read_text(encoding="utf-8"))
    expected["environment"] = {"STUDIO_ROWS": "{samples}/rows.ndjson"}
    (studio / "samples" / "expected.json").write_text(json.dumps(expected), encoding="utf-8")
    subject = subject_of(discover(paths=[str(studio / "studio.py")], enable=["none"]), "studio", "product")
    seen = []
    check = Check(
        "USE-999", "product", (), "", "", "", lambda _: iter([seen.append(os.environ["STUDIO_ROWS"])])
    )
    run_check(check, subject, {})
    assert seen == [str((studio / "samples").resolve() / "rows.ndjson")]
    assert "STUDIO_ROWS" not in os.environ
