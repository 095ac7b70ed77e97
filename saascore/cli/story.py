"""What the demo does, step by step: the sample inputs of two products and four providers into a fresh ledger.

The cast is data: which example adapters, which files. Everything else is what any program with saascore would call.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from saascore.adapters import Registry, discover
from saascore.adapters.registry import kinds
from saascore.cli.inputs import read_records
from saascore.contract.decision import Decision
from saascore.contract.outcomes import Outcome
from saascore.contract.runs import RunApplied
from saascore.contract.window import Window
from saascore.entitlements.intake import Intake
from saascore.entitlements.reading import Entitlements
from saascore.errors import SaascoreError, os_reason
from saascore.ledger import Ledger, create_ledger
from saascore.packet.build import Packet
from saascore.packet.products import products
from saascore.packet.publish import producer, publish
from saascore.packet.shipped import shipped
from saascore.packet.verify import Verified, verify_packet
from saascore.privacy.references import ReferenceKeys
from saascore.usage.preview import Audit, preview
from saascore.usage.runs import apply
from saascore.usage.submit import Submission, mapper_for

#: The samples tell a story that ends here; the demo runs at this instant, so that every run has the same result.
NOW = "2026-11-20T18:00:00.000000Z"
LIVE = Window.parse({"from": "2026-10-21T00:00:00Z", "to": "2026-11-21T00:00:00Z"})
PAST = Window.parse({"from": "2026-09-20T00:00:00Z", "to": "2026-10-20T00:00:00Z"})
#: This key is public and protects nothing; every reference made with it says so by its key id.
DEMO_KEYS = {"demo": hashlib.sha256(b"the demo's key is public").digest()}

STUDIO, DESK = "image-studio", "chat-desk"
USAGE = {STUDIO: "image-studio-rows.ndjson", DESK: "chat-desk-rows.ndjson"}
BILLING = {
    "stripe": "stripe-webhooks",
    "paddle": "paddle-webhooks",
    "lemonsqueezy": "lemonsqueezy-webhooks",
    "manual": "manual-actions",
}
SUFFIX = {STUDIO: ".ndjson", DESK: ".chat-desk.ndjson"}
EXPORT, DEALS = "image-studio.sql", "image-studio-deals.json"
LEAK = "raw-id-in-dimension"


class Handed(NamedTuple):
    """What one source handed in: counts by outcome, and one outcome a record."""

    source: str
    product: str
    counts: Counter[str]
    outcomes: list[Outcome]


@dataclass(slots=True)
class Story:
    """The demo's run in a folder.

    Args:
        folder: Where ledger, outcomes and packet go; made where absent, and emptied of an earlier demo.

    Raises:
        SaascoreError: ``DEM-001`` without the example adapters, ``DEM-002`` without the samples, ``PKT-002`` where the
            folder holds something else.
    """

    folder: Path
    registry: Registry = field(default_factory=discover)
    keys: ReferenceKeys = field(default_factory=lambda: ReferenceKeys(DEMO_KEYS))

    def __post_init__(self) -> None:
        _demand_adapters(self.registry)
        for name in (*USAGE.values(), EXPORT, DEALS):
            sample(name)
        _prepare(self.folder)

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """Make the demo's ledger."""
        with create_ledger(
            f"sqlite:///{self.folder / 'ledger.db'}", reference_key="demo", created_at=NOW
        ) as made:
            yield made

    def submit_usage(self, ledger: Ledger, product: str) -> Handed:
        """Hand a product's rows in."""
        mapper = mapper_for(ledger, self.registry.product(product), self.keys, now=NOW)
        submission = Submission(ledger, source=product, now=NOW)
        outcomes = [
            verdict.public() for verdict in submission.run(read_records(str(sample(USAGE[product]))), mapper)
        ]
        return self._kept(Handed(product, product, Counter(o.outcome for o in outcomes), outcomes))

    def submit_billing(self, ledger: Ledger, provider: str, product: str) -> Handed:
        """Hand a provider's webhooks in."""
        intake = Intake(
            ledger, self.registry.provider(provider), self.registry.product(product), "live", self.keys, NOW
        )
        path = sample(BILLING[provider] + SUFFIX[product])
        outcomes = list(intake.run(read_records(str(path))))
        return self._kept(Handed(provider, product, Counter(o.outcome for o in outcomes), outcomes))

    def backfill(self, ledger: Ledger) -> RunApplied:
        """Read a D1 export's rows of an earlier month: preview, then apply what was previewed."""
        with TemporaryDirectory() as place:
            database = Path(place) / "image-studio.sqlite"
            with closing(sqlite3.connect(database)) as made:
                made.executescript(sample(EXPORT).read_text(encoding="utf-8"))
            with _environment("IMAGE_STUDIO_D1", str(database)):
                product = self.registry.product(STUDIO)
                shown = preview(ledger, product, self.keys, PAST, Audit("op:demo", "op:demo", "demo"))
                return apply(ledger, product, self.keys, shown, now=NOW)

    def decisions(self, ledger: Ledger, product: str) -> list[Decision]:
        """Decide for every workspace of a product that a provider or operator spoke of."""
        found = next((p for p in products(ledger, mode="live", as_of=ledger.head) if p.name == product), None)
        workspaces = {fact.workspace for fact in found.facts if fact.workspace} if found else set()
        entitlements = Entitlements(ledger, self.registry.product(product))
        return [entitlements.decide(workspace, NOW) for workspace in sorted(workspaces)]

    def agree_price(self, ledger: Ledger) -> Handed:
        """Hand the same webhooks in once more, now that the product knows the price it did not know."""
        with _environment("IMAGE_STUDIO_DEALS", str(sample(DEALS))):
            self.registry = discover()
            return self.submit_billing(ledger, "stripe", STUDIO)

    def prove_others(self) -> dict[str, Counter[str]]:
        """Prove every other adapter that is installed here on its own samples; how many checks had which result."""
        from saascore.testing.catalogue import run_suite, subject_of  # noqa: PLC0415  most demos have no others

        found: dict[str, Counter[str]] = {}
        for status in self.registry.loaded():
            if status.id not in {*USAGE, *BILLING}:
                counts = found.setdefault(status.id, Counter())
                for kind in sorted(kinds(status)):
                    try:
                        results = run_suite(subject_of(self.registry, status.id, kind))
                    except SaascoreError as refused:  # without samples, for instance
                        counts[refused.code] += 1
                    else:
                        counts.update(result.status for result in results)
        return found

    def publish(self, ledger: Ledger) -> tuple[Packet, Verified]:
        """Build the release packet of the last month, and verify it."""
        packet = publish(ledger, self.folder / "packet", window=LIVE, now=NOW, registry=self.registry)
        return packet, verify_packet(packet.folder, producer=producer())

    def tamper(self, packet: Packet) -> Verified:
        """Flip one bit of a copy of the packet and verify that."""
        with TemporaryDirectory() as place:
            copy = shutil.copytree(packet.folder, Path(place) / "packet")
            page = copy / "report.html"
            data = bytearray(page.read_bytes())
            data[len(data) // 2] ^= 1
            page.write_bytes(data)
            return verify_packet(copy, producer=producer())

    def _kept(self, handed: Handed) -> Handed:
        with (self.folder / "outcomes.ndjson").open("a", encoding="utf-8") as stream:
            for outcome in handed.outcomes:
                line = {"source": handed.source, "product": handed.product, **outcome.to_json()}
                stream.write(json.dumps(line, sort_keys=True) + "\n")
        return handed


def leak(handed: Handed) -> Outcome | None:
    """Return the outcome of the row that leaks, by the list of the samples' faults."""
    faults: dict[str, Any] = json.loads(sample("faults.json").read_text(encoding="utf-8"))
    lines = {int(line) for line, kind in faults.get(USAGE[handed.product], {}).items() if kind == LEAK}
    return next((outcome for outcome in handed.outcomes if outcome.record in lines), None)


def sample(name: str) -> Path:
    """Return the path of a sample file; ``DEM-002`` where it is not there."""
    path = shipped("samples", name)
    if path is None:
        raise SaascoreError("DEM-002", where=name)
    return path


def _demand_adapters(registry: Registry) -> None:
    loaded = {status.id for status in registry.loaded()}
    missing = sorted({*USAGE, *BILLING} - loaded)
    if missing:
        install = " ".join(f"-e example_adapters/{name}" for name in missing)
        raise SaascoreError("DEM-001", where=", ".join(missing), detail=f"pip install {install}")


_OURS = frozenset({"ledger.db", "ledger.db-wal", "ledger.db-shm", "outcomes.ndjson", "packet"})


def _prepare(folder: Path) -> None:
    """Make the folder, or empty it of an earlier demo; nothing else is ever removed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = {path.name for path in folder.iterdir()}
        if names - _OURS:
            raise SaascoreError("PKT-002", where="--out")
        for name in names - {"packet"}:
            (folder / name).unlink()
    except OSError as error:
        raise SaascoreError("PKT-001", where="--out", detail=os_reason(error)) from None


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Tell the example adapter where its source is, as a deployment would."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
