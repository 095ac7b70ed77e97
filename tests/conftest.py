"""What all tests share."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec

import pytest

#: What some tests need beside the pure core; a Python Worker has none of it.
NATIVE = ("cloudevents", "jsonschema", "markdown_it", "psycopg", "pyarrow", "rich", "typer", "yaml")

if sys.platform == "emscripten":  # the pure core's tests run there too: make test-worker

    def _no_process(*_args, **_kwargs):
        pytest.skip("Pyodide has no processes")

    subprocess.run = subprocess.Popen = os.fork = _no_process
    missing = "|".join(name for name in NATIVE if find_spec(name) is None)
    needs_missing = re.compile(rf"(?m)^(?:import|from) (?:{missing}|saascore\.cli)\b")

    def pytest_ignore_collect(collection_path, config):
        if collection_path.suffix == ".py" and collection_path.name.startswith("test_"):
            return bool(needs_missing.search(collection_path.read_text(encoding="utf-8"))) or None
        return None
