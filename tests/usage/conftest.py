"""A small product and helpers that the tests of the usage flow share."""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest

from saascore.adapters import Registry
from saascore.contract.summary import SummarySpec
from saascore.drafts import Skip, SourceRow, UsageDraft
from saascore.hookspecs import hookimpl
from saascore.ledger import create_ledger
from saascore.ledger.pinned import check_keys
from saascore.privacy.references import ReferenceKeys
from saascore.usage.submit import Submission, mapper_for
from saascore.usage.summary import summarize

NOW = "2026-03-10T12:00:00.000000Z"


class Alpha:
    """A product that counts renders; its source of old rows is a list."""

    api = 1

    def __init__(self, rows=()):
        self.rows = list(rows)

    @hookimpl
    def map_event_name(self, event_name: str) -> str | None:
        return {"render": "image.rendered", "upscale": "image.upscaled"}.get(event_name)

    @hookimpl
    def map_plan_label(self, plan: str) -> str | None:
        return {"Pro": "pro", "Free": "free"}.get(plan)

    @hookimpl
    def reference_workspace(self, claims, redact):
        return redact("workspace", claims["ws"]) if "ws" in claims else None

    @hookimpl
    def map_usage_record(self, record):
        if record.get("state") == "failed":
            return Skip("job-failed")
        return UsageDraft(
            event_name=record["event"],
            key=(record["id"],),
            quantity=record["quantity"],
            unit="image",
            occurred_at=record["at"],
            claims={"ws": record["ws"]} if "ws" in record else {},
            plan=record["plan"],
            plan_basis=record.get("basis", "submission"),
            dimensions=record.get("dimensions", {}),
            source_sequence=record.get("sequence"),
        )

    @hookimpl
    def read_source_rows(self, window, after):
        for row in sorted(self.rows, key=lambda row: (row["at"], row["id"])):
            cursor = (row["at"], row["id"])
            if window.from_ <= row["at"] < window.to and (after is None or cursor > after):
                yield SourceRow(cursor, row)


class Numbered(NamedTuple):
    number: int
    value: dict | None
    problem: str | None = None


class Desk:
    """A ledger, its keys and the product, with the calls that tests make of them."""

    now = NOW
    window = {"from": "2026-02-01T00:00:00Z", "to": "2026-05-01T00:00:00Z"}  # noqa: RUF012

    def __init__(self, ledger):
        self.ledger = ledger
        self.keys = ReferenceKeys({"k1": hashlib.sha256(b"a test's key").digest()})
        self.adapter = Alpha()
        self.product = Registry.of({"alpha": self.adapter}).product("alpha")

    def mapper(self, **more):
        return mapper_for(self.ledger, self.product, self.keys, **{"now": self.now, **more})

    def submission(self, now=None):
        return Submission(self.ledger, source="alpha", now=now or self.now)

    @staticmethod
    def records(*rows):
        return [Numbered(number, row) for number, row in enumerate(rows, start=1)]

    def submit(self, *rows, now=None, prepare=None, chunk=1000):
        return list(self.submission(now).run(self.records(*rows), prepare or self.mapper(), chunk=chunk))

    def kinds(self, *rows, **more):
        return [verdict.outcome for verdict in self.submit(*rows, **more)]

    def summary(self, *, as_of=None, public=False, minimum=5, **spec):
        asked = SummarySpec.parse({"window": self.window, **spec})
        return summarize(self.ledger, asked, as_of=as_of, public=public, minimum=minimum)

    def totals(self, **spec):
        return {
            (group.event_type, group.plan_key): (group.totals.count, group.totals.sum)
            for group in self.summary(**spec).groups
        }

    @staticmethod
    def row(id_="r1", **more):
        return {
            "id": id_,
            "event": "render",
            "plan": "Pro",
            "quantity": "1.5",
            "at": "2026-03-10T11:00:00Z",
            "ws": "w1",
            **more,
        }


@pytest.fixture
def desk():
    with create_ledger("sqlite:///:memory:", reference_key="k1", created_at=NOW) as ledger:
        made = Desk(ledger)
        check_keys(ledger, made.keys)  # as saascore ledger init does
        yield made


@pytest.fixture
def stored_desk(store_url):
    """A desk over a ledger that other processes and threads can open too, in each store."""
    with create_ledger(store_url, reference_key="k1", created_at=NOW) as ledger:
        made = Desk(ledger)
        made.url = store_url
        yield made


@pytest.fixture(scope="session")
def desk_of():
    return Desk


@pytest.fixture(scope="session")
def postgresql_server():
    """A real PostgreSQL on loopback; gives a function that makes a database and returns its address."""
    found = shutil.which("initdb") or next(Path("/usr/lib/postgresql").glob("*/bin/initdb"), None)
    if found is None:
        pytest.skip("no PostgreSQL server program here: apt-get install postgresql")
    bin_ = Path(found).parent
    home = Path(tempfile.mkdtemp(prefix="saascore-pg-"))
    who = {}
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(home, "postgres", "postgres")
        who = {"user": "postgres", "group": "postgres", "extra_groups": []}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = home / "data"

    def run(program, *args):
        subprocess.run(
            [bin_ / program, *args],
            check=True,
            cwd=home,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            **who,
        )

    run("initdb", "-D", data, "-U", "saascore", "--auth=trust", "--no-sync", "--locale=C.UTF-8")
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {home} -c fsync=off -c max_connections=60"
    run("pg_ctl", "-D", data, "-l", home / "log", "-w", "-o", options, "start")
    psycopg = pytest.importorskip("psycopg")
    numbers, server = itertools.count(), f"postgresql://saascore@127.0.0.1:{port}"

    def make():
        name = f"ledger{next(numbers)}"
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"{server}/{name}"

    try:
        yield make
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request, tmp_path):
    """The address of a place for a ledger, in each store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    return request.getfixturevalue("postgresql_server")()
