"""What all tests share."""

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

collect_ignore_glob = []

if sys.platform == "emscripten":  # the pure core's tests run there too: make test-worker

    def _no_process(*_args, **_kwargs):
        pytest.skip("Pyodide has no processes")

    subprocess.run = subprocess.Popen = os.fork = _no_process
    if find_spec("jsonschema") is None:
        collect_ignore_glob += ["**/test_schemas.py"]
    if find_spec("cloudevents") is None:
        collect_ignore_glob += ["**/test_cloudevents.py"]
    if find_spec("typer") is None:
        collect_ignore_glob += ["**/test_cli*.py"]
