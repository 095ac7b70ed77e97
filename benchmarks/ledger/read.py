"""Seal, verify and summarise, against the time it took to append the same facts.

python benchmarks/ledger/read.py [--events 1000000]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from figures import Figure, at_most, tell
from workload import KEYS, NOW, Workload, product

from saascore.contract.summary import SummarySpec
from saascore.ledger import Ledger, create_ledger
from saascore.ledger.sealing import seal
from saascore.ledger.verify import verify
from saascore.usage.submit import Submission, mapper_for
from saascore.usage.summary import summarize

HOUR = {"from": "2026-03-15T00:00:00Z", "to": "2026-03-15T01:00:00Z"}
MARCH = {"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--events", type=int, default=1_000_000)
    events = options.parse_args().events
    with tempfile.TemporaryDirectory(prefix="saascore-bench-") as folder:
        ledger = create_ledger(f"sqlite:///{folder}/ledger.db", reference_key="bench")
        prepare = mapper_for(ledger, product(), KEYS, now=NOW)
        submission, work = Submission(ledger, source="bench", now=NOW), Workload(total=events)
        append = 0.0
        for _ in range(0, events, 100_000):
            records = work.take(100_000)
            append += cpu(lambda records=records: list(submission.run(records, prepare)))
        read(ledger, append)


def read(ledger: Ledger, append: float) -> None:
    """Time what reads a ledger whole, and compare with the processor seconds that writing it took."""
    facts = ledger.head
    spec = SummarySpec.parse({"window": MARCH, "grain": "day"})
    works: dict[str, Callable[[], object]] = {
        "append": lambda: None,
        "seal": lambda: seal(ledger, now=NOW),
        "verify": lambda: verify(ledger),
        "summary by type, plan and day": lambda: summarize(ledger, spec),
        "summary of one hour": lambda: summarize(ledger, SummarySpec.parse({"window": HOUR})),
    }
    for name, work in works.items():
        seconds = append if name == "append" else cpu(work)
        rate = facts / seconds
        print(f"{name:>30}: {rate:>9,.0f} facts/s CPU, {seconds / append:.3f} of append", flush=True)
        if name == "seal":
            tell(at_most(f"sealing {facts:,} facts, in proportion to appending them", seconds / append, 0.2))
        if name == "verify":
            tell(Figure(f"verifying {facts:,} facts", f"{rate:,.0f}/s", "150,000/s", rate >= 150_000))


if __name__ == "__main__":
    main()
