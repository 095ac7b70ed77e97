"""How many webhooks a second each provider adapter normalises, on one core.

    python benchmarks/normalising.py [rounds]

Goal: 30,000 a second on typical payloads, which are those of ``fixtures/samples``. CPU time, the best of the rounds, for

* the adapter's function alone;
* the same behind the boundary, with the type of every field of every draft checked;
* the whole way from a parsed payload to a validated fact, with every id redacted, price and workspace named by a product
  adapter, and the fact's id, for those payloads that give one and what becomes of the others;
* the same from the text of the payload, by ``json.loads``.

No event is handed in twice, so nothing is known of one by its id. The samples tell stories: some webhooks about one
subscription and customer come close together, as they do in life, and those references are remembered.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from time import process_time
from typing import Any

from figures import Figure, tell

from saascore.adapters import Registry
from saascore.drafts import ProviderEvent
from saascore.entitlements.intake import Intake
from saascore.ledger import create_ledger
from saascore.privacy.references import ReferenceKeys

SAMPLES = Path(__file__).parents[1] / "fixtures" / "samples"
PROVIDERS = ("stripe", "paddle", "lemonsqueezy", "manual")
PRODUCT = "saascore_image_studio.adapter"
NOW = "2026-11-20T12:00:00.000000Z"
GOALS = {"normalised, behind the boundary": 30_000, "on to a validated, redacted fact": 30_000}
CALLS = 4_000
#: Names of what is sold, which many payloads share.
SHARED = ("price_", "pri_", "prod_", "pro_")
#: Ids that are numbers, but for those of what is sold, which begin with 9; and ids of events.
NUMBER = re.compile(r"[1-8][0-9]{6}").fullmatch
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch


def texts(provider: str, turn: int) -> list[str]:
    """Return the sample payloads as often as it takes, each time with ids that were never seen before."""
    bodies = [
        json.loads(line)
        for path in sorted(SAMPLES.glob(f"{provider}-*.ndjson"))
        if "chat-desk" not in path.name
        for line in path.read_text().splitlines()
    ]
    turns = range(turn * CALLS, turn * CALLS + CALLS // len(bodies))
    return [json.dumps(renamed(body, f"{number:05}")) for number in turns for body in bodies]


def renamed(value: Any, ending: str) -> Any:
    """Return JSON values with every synthetic id in them turned into another one, equal ids into equal ones."""
    if isinstance(value, dict):
        return {key: renamed(item, ending) for key, item in value.items()}
    if isinstance(value, list):
        return [renamed(item, ending) for item in value]
    if isinstance(value, str) and (NUMBER(value) or UUID(value)):
        return value + ending if NUMBER(value) else value[: -len(ending)] + ending
    if isinstance(value, str) and len(value) > 12 and "SYN" in value.upper() and not value.startswith(SHARED):
        return value[: -len(ending)] + ending
    if type(value) is int and NUMBER(str(value)):
        return int(f"{value}{ending}")
    return value


def rate(function: Callable[[Any], object], given: Sequence[Any]) -> float:
    start = process_time()
    for one in given:
        function(one)
    return len(given) / (process_time() - start)


def main(rounds: int) -> int:
    modules = {name: import_module(f"saascore_{name}") for name in PROVIDERS}
    registry = Registry.of({**modules, "image-studio": import_module(PRODUCT)})
    product = registry.product("image-studio")
    ledger = create_ledger("sqlite:///:memory:", reference_key="k1")
    keys = ReferenceKeys({"k1": bytes(range(32))})
    best: dict[tuple[str, str], float] = {}
    for name, module in modules.items():
        facade = registry.provider(name)
        intake = Intake(ledger, facade, product, "live", keys, NOW)
        for turn in range(rounds):
            given = texts(name, turn)
            payloads = [json.loads(text) for text in given]
            events = [ProviderEvent(payload) for payload in payloads]
            stages: dict[str, tuple[Callable[[Any], object], Sequence[Any]]] = {
                "the adapter alone": (module.normalize_billing_event, events),
                "normalised, behind the boundary": (facade.normalize_billing_event, events),
                "on to a validated, redacted fact": (intake.prepare, payloads),
                "the same, from text": (lambda text, intake=intake: intake.prepare(json.loads(text)), given),
            }
            for stage, (function, told) in stages.items():
                best[stage, name] = max(best.get((stage, name), 0.0), rate(function, told))
    for stage in stages:
        rates = {name: best[stage, name] for name in modules}
        value = ", ".join(f"{name} {found:,.0f}" for name, found in rates.items())
        goal = GOALS.get(stage)
        tell(
            Figure(f"{stage}, webhooks a second", value, f"at least {goal:,}", min(rates.values()) >= goal)
            if goal
            else Figure(f"{stage}, webhooks a second", value)
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 7))
