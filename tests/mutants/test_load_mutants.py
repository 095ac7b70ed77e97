"""What is checked before the first call can fail, and fails for nothing else."""

from saascore.adapters import Registry
from saascore.errors import ERRORS


def test_each_broken_adapter_is_reported_with_exactly_its_errors(load_mutants):
    for cls in load_mutants:
        (status,) = Registry.of({"mutant": cls()}).statuses
        assert {problem.code for problem in getattr(status, "problems", ())} == cls.reports, cls.__name__


def test_every_error_of_the_inspection_is_reported_by_a_mutant(load_mutants):
    inspection = {code for code in ERRORS if "ADP-008" <= code <= "ADP-015"}
    assert set().union(*(cls.reports for cls in load_mutants)) == inspection
