"""Reading event envelopes: saascore beside the CloudEvents SDK, both from the same structured JSON.

    python benchmarks/pipelines/envelopes.py [--events 20000] [--rounds 3]

The SDK parses the envelope, and a strict pydantic model validates its data; saascore parses and validates both, checks
references and their key ids, scans labels, and makes a usage row. Whole processes that take turns; CPU time of reading
alone, after the first event, at which both build what they validate with. Goal: at least as fast as the SDK.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from environments import python_of
from facts import KEY, PATTERNS, row_of
from figures import Figure, at_least, median_and_spread, tell


def events(count: int) -> list[dict[str, Any]]:
    """Return usage events as CloudEvents, made by saascore."""
    from saascore.adapters import discover
    from saascore.contract.cloudevents import to_cloudevent
    from saascore.contract.usage import UsageEvent
    from saascore.privacy.references import ReferenceKeys
    from saascore.usage.mapping import UsageMapper

    product = discover(enable=("pipelines",), paths=(str(Path(__file__).with_name("adapter.py")),)).product(
        "pipelines"
    )
    keys = ReferenceKeys({"demo": KEY}).redactor("pipelines")
    mapper = UsageMapper(product, keys=keys, resolved_at="2026-03-31T00:00:00Z")
    return [
        to_cloudevent(UsageEvent.parse_json(answer.body))  # type: ignore[union-attr]
        for answer in mapper.map(map(row_of, range(count)))
    ]


def by_saascore() -> Callable[[bytes], object]:
    from saascore.usage.envelopes import EnvelopeReader
    from saascore.usage.verdict import Refusal

    read = EnvelopeReader(reference_key="demo", subject_key="demo")

    def one(line: bytes) -> object:
        answer = read(json.loads(line))
        if isinstance(answer, Refusal):
            raise SystemExit(f"saascore refuses its own event: {answer.codes} {answer.fields}")
        return answer

    return one


def by_sdk() -> Callable[[bytes], object]:
    from cloudevents.core.formats.json import JSONFormat
    from cloudevents.core.v1.event import CloudEvent
    from pydantic import BaseModel, ConfigDict, Field, create_model

    words = {
        name: (str, Field(pattern=PATTERNS[name]))
        for name in ("event_type", "plan_key", "quantity", "unit", "occurred_at")
    }

    class Snapshot(BaseModel):
        model_config = ConfigDict(extra="forbid", strict=True)
        plan_key: str = Field(pattern=PATTERNS["plan_key"])
        basis: str
        resolved_at: str = Field(pattern=PATTERNS["occurred_at"])

    reference = (str, Field(pattern=r"^ref:[a-z-]+:[a-z0-9-]+:[a-z2-7]{26}$"))
    data = create_model(  # type: ignore[call-overload]
        "Data",
        __config__=ConfigDict(extra="forbid", strict=True),
        **words,
        schema_=(str, Field(alias="schema")),
        source=(str, Field(pattern=PATTERNS["unit"])),
        entry_type=(str, ...),
        event_id=reference,
        idempotency_key=reference,
        subject_label=reference,
        plan_snapshot=(Snapshot, ...),
        dimensions=(dict[str, str], ...),
    )
    form, validate = JSONFormat(), data.model_validate

    def one(line: bytes) -> object:
        return validate(form.read(CloudEvent, line).get_data())

    return one


READERS = {"saascore": by_saascore, "cloudevents": by_sdk}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--events", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.one:
        read, lines = READERS[asked.one[0]](), Path(asked.one[1]).read_bytes().splitlines()
        read(lines[0])
        start = time.process_time()
        for line in lines:
            read(line)
        print((time.process_time() - start) / len(lines) * 1e6)
        return 0
    with tempfile.TemporaryDirectory(prefix="saascore-bench-") as folder:
        path = Path(folder) / "events.ndjson"
        path.write_text("".join(json.dumps(event) + "\n" for event in events(asked.events)))
        taken: dict[str, list[float]] = {name: [] for name in READERS}
        for _ in range(asked.rounds):
            for name, values in taken.items():
                command = [python_of(name), __file__, "--one", name, path]
                values.append(
                    float(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
                )
    own, sdk = (statistics.median(taken[name]) for name in ("saascore", "cloudevents"))
    tell(
        Figure("an envelope read by saascore", f"{median_and_spread(taken['saascore'])} us CPU"),
        Figure(
            "an envelope read by the CloudEvents SDK and pydantic",
            f"{median_and_spread(taken['cloudevents'])} us CPU",
        ),
        at_least("saascore beside the SDK", sdk / own, 1),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
