"""The tests of adapters are tested: each check is failed by a broken adapter, and by nothing unexpected."""

from pathlib import Path

from saascore.adapters import Registry
from saascore.testing.catalogue import catalogue, run_suite, subject_of

SAMPLES = Path(__file__).parent / "samples"


def results(kind, cls):
    registry = Registry.of({"mutant": cls()})
    assert not registry.broken(), registry.rows()
    return run_suite(subject_of(registry, "mutant", kind, SAMPLES / kind))


def test_a_mutant_fails_exactly_its_checks(mutant):
    kind, cls = mutant
    assert {result.check.id for result in results(kind, cls) if not result.clean} == cls.fails


def test_every_check_looks_at_the_sound_adapters(all_mutants):
    for kind, cls in all_mutants:
        if not cls.fails:
            assert [str(result) for result in results(kind, cls) if result.status != "passed"] == []


def test_every_check_is_failed_by_a_mutant(all_mutants):
    assert set(catalogue()) == set().union(*(cls.fails for _, cls in all_mutants))


def test_no_problem_line_holds_a_raw_value(mutant):
    kind, cls = mutant
    text = "".join(str(result) for result in results(kind, cls))
    for raw in (
        "studio-alpha-7",
        "studio-beta-8",
        "Subscription_0001",
        "Customer_0001",
        "JOB/2026/0006",
        "Event_0001",
    ):
        assert raw not in text
