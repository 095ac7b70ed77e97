"""Runs a page as a reader would: writes the files it names, types its commands, looks for the output it shows."""

import os
import re
import secrets
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

_spec = spec_from_file_location("usage_conftest", Path(__file__).parents[1] / "usage" / "conftest.py")
_shared = module_from_spec(_spec)
_spec.loader.exec_module(_shared)
postgresql_server = _shared.postgresql_server

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
UV = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
FENCE = re.compile(r"(?ms)^(?P<before>[^\n]*)\n\n?```(?P<language>\w*)\n(?P<text>.*?)^```$")
FILE = re.compile(r"`(?P<name>[\w./-]+\.\w+)`[^`]*:$")


@dataclass
class Block:
    """A fenced block of a page: its language and text, and the file it is to be written to."""

    language: str
    text: str
    file: str | None


def blocks(page: Path) -> list[Block]:
    found = []
    for match in FENCE.finditer(page.read_text(encoding="utf-8")):
        named = FILE.search(match["before"])
        found.append(Block(match["language"], match["text"], named["name"] if named else None))
    return found


@pytest.fixture(scope="session")
def workshop(tmp_path_factory):
    """Programs as after ``pip install saascore[cli] pytest``, in an environment of its own that sees this one's packages."""
    if UV is None:
        pytest.skip("uv is not installed")
    home = tmp_path_factory.mktemp("workshop")
    venv = home / "venv"
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, str(venv)], check=True)
    python = venv / "bin" / "python"
    [site] = (venv / "lib").glob("python*/site-packages")
    # The path configuration files of the outer environment make its editable packages visible too.
    (site / "outer.pth").write_text(
        f"import site; site.addsitedir({sysconfig.get_paths()['purelib']!r})\n", encoding="utf-8"
    )
    programs = {
        "saascore": f'exec {python} -c "from saascore.cli import main; main()" "$@"',
        "pytest": f'exec {python} -m pytest -p no:cacheprovider "$@"',
        # saascore itself is there already: the outer environment's.
        "pip": f'case "$*" in *saascore*) exit 0;; esac; shift; exec {UV} pip install --quiet --no-deps --python {python} "$@"',
    }
    for name, line in programs.items():
        program = venv / "bin" / name
        program.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        program.chmod(0o755)
    return venv / "bin"


@pytest.fixture
def read_along(workshop, tmp_path):
    """Return a function that does everything a page says, in an empty folder."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SAASCORE_")},
        "PATH": f"{workshop}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "COLUMNS": "140",
        "NO_COLOR": "1",
        "SAASCORE_REFERENCE_KEYS": "k1:" + secrets.token_hex(32),
    }

    def command(line: str, folder: Path) -> tuple[str, Path]:
        exports = tmp_path / ".exports"  # what a line exports, the next one has, as in one terminal
        exports.touch()
        script = f"set -e\n. {exports}\ncd {folder}\n{line}\npwd > {tmp_path}/.where\nexport -p > {exports}"
        done = subprocess.run(
            ["bash", "-c", script], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr, Path((tmp_path / ".where").read_text(encoding="utf-8").strip())

    def follow(page: Path) -> int:
        if "SAASCORE_REFERENCE_KEYS_FILE=" in page.read_text(encoding="utf-8"):
            del environment["SAASCORE_REFERENCE_KEYS"]  # the page makes its own
        folder, steps, names = tmp_path, 0, {"__name__": "page"}
        for block in blocks(page):
            steps += 1
            if block.file:
                target = folder / block.file
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(block.text, encoding="utf-8")
            elif block.language == "console":
                for part in re.split(r"(?m)^\$ ", block.text)[1:]:
                    line, _, shown = part.partition("\n")
                    output, folder = command(line, folder)
                    seen = " ".join(output.split())
                    for expected in filter(None, map(str.strip, shown.splitlines())):
                        assert " ".join(expected.split()) in seen, f"{line}\nshows no: {expected}\n{output}"
            elif block.language == "python":
                run_python(block.text, names)
            else:
                assert block.language in {"text", "json", "toml"}, block.language
        return steps

    return follow


def run_python(text: str, names: dict[str, object]) -> None:
    """Run a block with the names that the page has made so far."""
    import doctest

    if text.startswith(">>>"):
        runner = doctest.DocTestRunner()
        example = doctest.DocTestParser().get_doctest(text, dict(names), "page", None, 0)
        assert runner.run(example).failed == 0
    else:
        exec(compile(text, "page", "exec"), names)


@pytest.fixture
def page_blocks():
    return blocks


@pytest.fixture(name="run_python")
def run_python_fixture():
    return run_python
