"""The suite in pytest: one line to adopt, nothing imported at collection, results that read well."""

import os
import subprocess
import sys
import textwrap

import pytest


def install(folder, source):
    """Lay the adapter out as an installed distribution beside its samples."""
    site = folder / "site"
    (site / "studio_adapter").mkdir(parents=True)
    (site / "studio_adapter" / "__init__.py").write_text(source, encoding="utf-8")
    (folder / "samples").rename(site / "studio_adapter" / "samples")
    info = site / "studio_adapter-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: studio-adapter\nVersion: 1.0\n", encoding="utf-8"
    )
    (info / "entry_points.txt").write_text("[saascore.adapters]\nstudio = studio_adapter\n", encoding="utf-8")
    return site


def run_pytest(folder, *arguments, waive="{}"):
    (folder / "test_studio.py").write_text(
        textwrap.dedent(
            f"""
            from saascore.testing import ProductAdapterContract

            class TestStudio(ProductAdapterContract):
                adapter = "studio"
                waive = {waive}
            """
        ),
        encoding="utf-8",
    )
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(folder / "site")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-ra", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def source(studio):
    return (studio / "studio.py").read_text(encoding="utf-8")


def test_a_sound_adapter_is_green_and_what_does_not_apply_is_named(studio, source):
    install(studio, source)
    code, output = run_pytest(studio)
    assert code == 0, output
    assert "failed" not in output
    assert "USE-010 does not apply: the adapter does not implement read_source_rows" in output


def test_a_broken_rule_is_reported_with_why_and_fix_and_no_traceback(studio, source):
    install(studio, source.replace('record["n"]', "1"))
    code, output = run_pytest(studio)
    assert code == 1
    assert "test_conforms[USE-003]" in output
    assert "image.made on pro in image: the sum differs from 5 by 3" in output
    assert "why: A wrong unit" in output
    assert "fix: Compare samples/expected.json" in output
    assert "Traceback" not in output
    assert "def test_conforms" not in output
    assert "studio-alpha-7" not in output


def test_a_waiver_lets_a_check_fail_and_is_shown(studio, source):
    install(studio, source.replace('record["n"]', "1"))
    code, output = run_pytest(studio, waive='{"USE-003": "rows are counted one by one"}')
    assert code == 0, output
    assert "USE-003 is waived: rows are counted one by one" in output


def test_a_stale_waiver_and_one_without_a_reason_fail(studio, source):
    install(studio, source)
    code, output = run_pytest(studio, waive='{"USE-003": "no longer", "USE-777": "", "PLN-001": " "}')
    assert code == 1
    assert "take the waiver out" in output
    assert "no check, or no reason: USE-777, PLN-001" in output


def test_nothing_of_the_adapter_is_imported_at_collection(studio, source):
    install(studio, source + "\nimport pathlib; pathlib.Path('imported').touch()\n")
    code, output = run_pytest(studio, "--collect-only", "-q")
    assert code == 0
    assert "test_conforms[USE-001]" in output
    assert not (studio / "imported").exists()


def test_an_adapter_that_cannot_be_loaded_fails_with_its_reason(studio, source):
    install(studio, source.replace("def map_plan_label(plan)", "def map_plan_label(label)"))
    code, output = run_pytest(studio, "-k", "USE-001")
    assert code == 1
    assert "did you mean plan?" in output
