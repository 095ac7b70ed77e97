"""What turns facts into answers needs no store, no adapter and no clock."""

import subprocess
import sys

import pytest

PURE = ["fold", "timeline", "sources", "judge", "decide", "journal"]


@pytest.mark.parametrize("module", PURE)
def test_importing_it_loads_neither_store_nor_adapters(module):
    code = (
        f"import sys, saascore.entitlements.{module};"
        "print(sorted({'sqlite3', 'pluggy', 'saascore.ledger', 'saascore.adapters'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
