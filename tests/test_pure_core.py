"""Importing the pure core asks for no entropy, clock, thread, socket, file or store: Workers freeze imports in a snapshot."""

import subprocess
import sys

import pytest

PROBE = """
import datetime, importlib, os, pkgutil, random, secrets, socket, sys, threading, time, uuid
import pydantic, pluggy, importlib_metadata  # what they do at import is theirs
from pydantic import json_schema, dataclasses

asked = []
def note(what):
    frame = sys._getframe(2)
    while frame is not None:  # importlib itself reads files; only code of the package counts
        if frame.f_globals.get("__name__", "").startswith("saascore"):
            asked.append((frame.f_globals["__name__"], what))
            break
        if "importlib" in frame.f_code.co_filename:
            break
        frame = frame.f_back
def spy(owner, name):
    real = getattr(owner, name)
    def asking(*args, **kwargs):
        note(name)
        return real(*args, **kwargs)
    setattr(owner, name, asking)
class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        note("now")
        return super().now(tz)
datetime.datetime = Clock

# what the interpreter itself tells of: files, folders, sockets and processes, by whatever function
TOLD = ("open", "os.listdir", "os.scandir", "os.mkdir", "os.remove", "os.putenv", "socket.", "subprocess.",
        "sqlite3.", "tempfile.", "shutil.")
sys.addaudithook(lambda event, _: note(event) if event.startswith(TOLD) else None)
# and what it does not tell of: entropy, the clock, threads, and looking at files

for owner, names in {
    os: ["urandom", "stat"],
    threading.Thread: ["start"],
    time: ["time", "time_ns", "monotonic", "monotonic_ns", "perf_counter"],
    uuid: ["uuid4", "uuid1"],
    secrets: ["token_bytes", "token_hex"],
    random: ["random", "getrandbits", "Random", "SystemRandom"],
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


@pytest.mark.parametrize(
    ("planted", "asked"),
    [
        ("import os; os.urandom(1)", "urandom"),
        ("import uuid; uuid.uuid4()", "uuid4"),
        ("import random; random.Random()", "Random"),
        ("import time; time.time()", "time"),
        ("from datetime import datetime, UTC; datetime.now(UTC)", "now"),
        ("open('/dev/null')", "open"),
        ("from pathlib import Path; Path('/dev/null').read_bytes()", "open"),
        ("import os; os.listdir('.')", "os.listdir"),
        ("import socket; socket.socket()", "socket.__new__"),
        ("import threading; t = threading.Thread(target=int); t.start(); t.join()", "start'"),
    ],
)
def test_the_probe_sees_a_module_that_asks(planted, asked):
    assert f"('saascore.planted', '{asked}" in asked_for(planted)


def test_the_probe_sees_a_module_that_loads_a_store():
    assert asked_for("import sqlite3") == "[] ['sqlite3']"
