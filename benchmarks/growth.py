"""Whether a million rows more cost what the first did: map and validate, and the store's own growth apart.

    python benchmarks/growth.py [--rows 100000 1000000] [--store 100000 1000000]

``make bench-growth`` goes to ten million. Rows are made as they are needed, in the same process, and the time to make them
is measured alone and taken off. Every size is a process of its own. Goals: at ten million at most 300 MB, and at most 1.3
times the time a row of one million.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "pipelines"))

from facts import KEY, row_of
from figures import Figure, at_most, tell

CHUNK = 10_000
NOW = "2026-03-31T00:00:00Z"


def lines(count: int) -> Iterator[list[bytes]]:
    numbers = iter(range(count))
    while chunk := [json.dumps(row_of(number)).encode() for number in islice(numbers, CHUNK)]:
        yield chunk


def mapped(count: int) -> dict[str, float]:
    """Map and validate; nothing is kept."""
    from saascore.adapters import discover
    from saascore.engines import map_chunk
    from saascore.privacy.references import ReferenceKeys
    from saascore.usage.mapping import UsageMapper

    adapter = str(Path(__file__).parent / "pipelines" / "adapter.py")
    product = discover(enable=("pipelines",), paths=(adapter,)).product("pipelines")
    mapper = UsageMapper(product, keys=ReferenceKeys({"demo": KEY}).redactor("pipelines"), resolved_at=NOW)
    taken, facts = 0.0, 0
    for chunk in lines(count):
        start = time.process_time()
        facts += sum(not hasattr(answer, "outcome") for answer in map_chunk(chunk, mapper))
        taken += time.process_time() - start
    if facts != count:
        raise SystemExit(f"{facts} facts of {count} rows")
    return {"us": taken / count * 1e6, "mb": peak()}


def stored(count: int) -> dict[str, float]:
    """Submit into a SQLite ledger; the time of mapping is in it."""
    sys.path.insert(0, str(Path(__file__).parent / "ledger"))
    from workload import KEYS, Workload, product
    from workload import NOW as END

    from saascore.ledger import create_ledger
    from saascore.usage.submit import Submission, mapper_for

    with tempfile.TemporaryDirectory(prefix="saascore-bench-") as folder:
        ledger = create_ledger(f"sqlite:///{folder}/ledger.db", reference_key="bench")
        prepare = mapper_for(ledger, product(), KEYS, now=END)
        submission, work, taken = Submission(ledger, source="bench", now=END), Workload(total=count), 0.0
        for _ in range(0, count, 50_000):
            records = work.take(50_000)
            start = time.process_time()
            for _ in submission.run(records, prepare):
                pass
            taken += time.process_time() - start
        size = (Path(folder) / "ledger.db").stat().st_size / ledger.head
    return {"us": taken / count * 1e6, "mb": peak(), "bytes": size}


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(kind: str, count: int) -> dict[str, float]:
    """Run one size in a process of its own."""
    command = [sys.executable, __file__, "--one", kind, str(count)]
    found: dict[str, float] = json.loads(
        subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    )
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rows", type=int, nargs="*", default=[100_000, 1_000_000])
    options.add_argument("--store", type=int, nargs="*", default=[100_000, 500_000])
    options.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.one:
        print(json.dumps({"mapped": mapped, "stored": stored}[asked.one[0]](int(asked.one[1]))))
        return 0
    sizes = {count: apart("mapped", count) for count in asked.rows}
    for count, found in sizes.items():
        tell(
            Figure(
                f"map and validate {count:,} rows", f"{found['us']:.2f} us CPU a row, {found['mb']:.0f} MB"
            )
        )
    last = max(sizes)
    base = 1_000_000 if 1_000_000 in sizes and last > 1_000_000 else min(sizes)
    tell(
        at_most(f"time a row at {last:,} beside {base:,}", sizes[last]["us"] / sizes[base]["us"], 1.3),
        at_most(f"memory at {last:,} rows", sizes[last]["mb"], 300, " MB"),
    )
    for count in asked.store:
        found = apart("stored", count)
        tell(
            Figure(
                f"submit {count:,} rows to SQLite",
                f"{found['us']:.1f} us CPU a row, {found['bytes']:.0f} bytes a fact, {found['mb']:.0f} MB",
            )
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
