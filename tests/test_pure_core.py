"""Importing the pure core asks for no entropy, clock, thread, socket, file or store: Workers freeze imports in a snapshot."""

import subprocess
import sys

PROBE = """
import builtins, importlib, os, pkgutil, random, secrets, socket, sys, threading, time, uuid
import pydantic, pluggy, importlib_metadata  # what they do at import is theirs
from pydantic import json_schema, dataclasses

asked = []
def spy(owner, name):
    real = getattr(owner, name)
    def asking(*args, **kwargs):
        frame = sys._getframe(1)
        while frame is not None:  # importlib itself reads files; only code of the package counts
            if frame.f_globals.get("__name__", "").startswith("saascore"):
                asked.append((frame.f_globals["__name__"], name))
                break
            if "importlib" in frame.f_code.co_filename:
                break
            frame = frame.f_back
        return real(*args, **kwargs)
    setattr(owner, name, asking)

for owner, names in {
    os: ["urandom", "open", "stat", "listdir", "scandir"],
    builtins: ["open"],
    time: ["time", "time_ns", "monotonic", "monotonic_ns", "perf_counter"],
    uuid: ["uuid4", "uuid1"],
    secrets: ["token_bytes", "token_hex"],
    random: ["random", "getrandbits"],
    socket: ["socket"],
}.items():
    for name in names:
        spy(owner, name)
started = threading.active_count()

import saascore
modules = ["saascore.drafts", "saascore.errors"]
for name in PURE:
    home = importlib.import_module("saascore." + name)
    modules.append(home.__name__)
    modules += [m.name for m in pkgutil.walk_packages(getattr(home, "__path__", ()), home.__name__ + ".")]
for name in modules:
    importlib.import_module(name)
assert threading.active_count() == started, "a thread was started"
assert len(modules) > 20, "too few modules: the probe looks at nothing"
exec(MORE, {"__name__": "saascore.planted"})
print(asked, sorted({"sqlite3", "multiprocessing", "typer", "psycopg", "cryptography"} & set(sys.modules)))
"""


#: Packages, and single modules of packages that also hold what needs a store: mapping, folds and the packet's bytes.
PURE = [
    "contract",
    "hookspecs",
    "privacy",
    "adapters",
    "usage.mapping",
    "usage.fold",
    "usage.windows",
    "usage.summary",
    "usage.effective",
    "usage.corrections",
    "usage.envelopes",
    "entitlements",
    "ledger.schema",
    "packet.build",
    "packet.publish",
]


def asked_for(planted=""):
    code = PROBE.replace("PURE", repr(PURE)).replace("MORE", repr(planted))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout.strip()


def test_importing_the_pure_core_asks_for_nothing():
    assert asked_for() == "[] []"


def test_the_probe_sees_a_module_that_asks():
    assert asked_for("import os; os.urandom(1)") == "[('saascore.planted', 'urandom')] []"


def test_the_probe_sees_a_module_that_loads_a_store():
    assert asked_for("import sqlite3") == "[] ['sqlite3']"
