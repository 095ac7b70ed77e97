"""The suite in pytest: one line to adopt, nothing imported at collection, results that read well."""

import os
import re
import subprocess
import sys

import pytest

TESTS = """
from saascore.testing import ProductAdapterContract


class TestSound(ProductAdapterContract):
    adapter = "sound"


class TestBroken(ProductAdapterContract):
    adapter = "broken"


class TestWaived(ProductAdapterContract):
    adapter = "broken"
    waive = {"USE-003": "rows are counted one by one"}


class TestStale(ProductAdapterContract):
    adapter = "sound"
    waive = {"USE-003": "no longer", "USE-777": "", "PLN-001": " "}


class TestTorn(ProductAdapterContract):
    adapter = "torn"
"""


def install(folder, adapter_id, source):
    """Lay an adapter out as an installed distribution, with its samples."""
    package = folder / "site" / f"{adapter_id}_adapter"
    (package / "samples").mkdir(parents=True)
    (package / "__init__.py").write_text(source, encoding="utf-8")
    for sample in (folder / "samples").iterdir():
        (package / "samples" / sample.name).write_bytes(sample.read_bytes())
    info = folder / "site" / f"{adapter_id}_adapter-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {adapter_id}-adapter\nVersion: 1.0\n", encoding="utf-8"
    )
    (info / "entry_points.txt").write_text(
        f"[saascore.adapters]\n{adapter_id} = {adapter_id}_adapter\n", encoding="utf-8"
    )


def run_pytest(folder, *arguments):
    (folder / "test_adapters.py").write_text(TESTS, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "site"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def output(studio_factory):
    folder, source = studio_factory()
    install(folder, "sound", source)
    install(folder, "broken", source.replace('record["n"]', "1"))
    install(folder, "torn", source.replace("def map_plan_label(plan)", "def map_plan_label(label)"))
    return run_pytest(folder)


def results(output, name, kind):
    return set(re.findall(rf"(?m)^{kind} \S*::{name}::test_\w+(?:\[([A-Z]+-\d+)\])?", output))


def test_a_sound_adapter_is_green_and_what_does_not_apply_is_named(output):
    assert not results(output, "TestSound", "FAILED")
    assert {"USE-001", "PLN-002", "PRV-001"} <= results(output, "TestSound", "PASSED")
    assert "USE-010 does not apply: the adapter does not implement read_source_rows" in output


def test_a_broken_rule_is_reported_with_why_and_fix_and_no_traceback(output):
    assert results(output, "TestBroken", "FAILED") == {"USE-003"}
    assert "image.made on pro in image: the rows add up to 2 in place of 5" in output
    assert "why: A wrong unit" in output
    assert "fix: Compare samples/expected.json" in output
    assert "Traceback" not in output
    assert "def test_conforms" not in output
    assert "studio-alpha-7" not in output


def test_a_waiver_lets_a_check_fail_and_is_shown(output):
    assert not results(output, "TestWaived", "FAILED")
    assert results(output, "TestWaived", "XFAIL") == {"USE-003"}
    assert "USE-003 is waived: rows are counted one by one" in output


def test_a_stale_waiver_and_one_without_a_reason_fail(output):
    assert results(output, "TestStale", "FAILED") == {"USE-003", "PLN-001", ""}
    assert "take the waiver out" in output
    assert "no check, or no reason: USE-777, PLN-001" in output


def test_an_adapter_that_cannot_be_loaded_says_why_once_and_fails_every_check(output):
    assert results(output, "TestTorn", "PASSED") == {""}  # the waivers
    assert {"", "USE-001", "PRV-005"} <= results(output, "TestTorn", "FAILED")
    assert output.count("did you mean plan?") == 2  # its failure, and its line in the summary
    assert "USE-001 could not be run: the adapter does not load" in output


def test_nothing_of_the_adapter_is_imported_at_collection(studio_factory):
    folder, source = studio_factory()
    for adapter_id in ("sound", "broken", "torn"):
        install(folder, adapter_id, source + "\nimport pathlib; pathlib.Path('imported').touch()\n")
    assert "test_conforms[USE-001]" in run_pytest(folder, "--collect-only", "-q")
    assert not (folder / "imported").exists()
