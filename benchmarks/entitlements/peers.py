"""Decisions a second beside two policy engines, on one equivalent question, in one run.

The question: may this workspace use a capability at an instant? Five sources of a plan (an operator's grant, a contract, a
subscription, a promotion, a trial), each with a window of time of its own and two capabilities: ten policies for the
engines. All three are asked the same questions, instants and capabilities in turn, and have to agree on every one.

    .venv/bench-saascore/bin/python benchmarks/entitlements/peers.py

``judge`` answers what the engines answer, with outcome, reason and plan. ``decide`` is the whole answer, made from the
words of the question: limit, everything that was considered, the next change, evidence and digest as well. ``decide, first
of a spell`` remembers nothing of earlier questions.

Goals, for ``judge``: at least 10 times the decisions a second of casbin, and 5 times those of cedarpy with policies parsed
once. Slices of CPU time are interleaved, so that a busy machine slows all of them alike.
"""

from __future__ import annotations

import logging
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

import casbin
import cedarpy
from figures import Figure, at_least, tell

from saascore.contract.billing import BillingFact
from saascore.contract.decision import DecisionRequest
from saascore.contract.plans import Capability, CapabilitySnapshot, EntitlementRules
from saascore.entitlements.decide import decide
from saascore.entitlements.facts import identified
from saascore.entitlements.judge import judge
from saascore.entitlements.sources import Sources
from saascore.privacy.references import Redactor

KEY = b"benchmark-key-of-32-bytes-or-more"
BEGIN = datetime.fromisoformat("2026-03-01T00:00:00+00:00")
#: Source kind: the days of its window, with a hole after the last.
WINDOWS = {
    "manual_override": (40, 60),
    "contract": (20, 50),
    "billing": (0, 30),
    "promo": (10, 80),
    "trial": (0, 14),
}
CAPABILITIES = ["image.generate", "video.render"]
NEVER = "audio.mix"
AUDIT = {"operator": "op:alex", "approval": "op:ticket-7", "reason": "goodwill"}
SLICES = 25
GOALS = {"casbin": 10, "cedarpy": 5}

CASBIN_MODEL = """
[request_definition]
r = sub, act, at
[policy_definition]
p = priority, sub, act, since, until, eft
[policy_effect]
e = priority(p.eft) || deny
[matchers]
m = r.sub == p.sub && r.act == p.act && r.at >= p.since && r.at < p.until
"""


class Question(NamedTuple):
    """An instant, as text and as seconds, and a capability."""

    at: str
    seconds: int
    capability: str


def moment(days: float) -> datetime:
    return BEGIN + timedelta(days=days)


def text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def questions() -> list[Question]:
    """Return a question for every eleven hours of a hundred days."""
    asked = []
    for number in range(218):
        at = moment(number * 11 / 24)
        capability = [*CAPABILITIES, NEVER][number % 3]
        asked.append(Question(text(at), int(at.timestamp()), capability))
    return asked


def facts(provider: Redactor, workspace: str) -> list[BillingFact]:
    made = []
    for number, (kind, (first, last)) in enumerate(WINDOWS.items()):
        since, until = text(moment(first)), text(moment(last))
        said: dict[str, object] = {
            "snapshot": {
                "service": "active",
                "collection": "current",
                "plan_key": "pro",
                "period": {"from": since, "to": until},
                "scheduled": ({"kind": "cancel", "effective_at": until},),
            }
        }
        if kind != "billing":
            grant = {
                "kind": "grant",
                "source_kind": kind,
                "plan_key": "pro",
                "effective_from": since,
                "effective_until": until,
            }
            said = {"audit": AUDIT, "signals": (grant,)}
        made.append(
            identified(
                {
                    "source": "bench",
                    "mode": "live",
                    "about": provider.redact("subscription" if kind == "billing" else "grant", number),
                    "workspace": workspace,
                    "occurred_at": since,
                    "provider_event_type": "bench",
                    "idempotency_key": provider.redact("key", number),
                    **said,
                }
            )
        )
    return made


Ask = Callable[[Question], bool]


def ours() -> dict[str, Ask]:
    workspace = Redactor("k1", KEY, "bench").redact("workspace", 1)
    described = CapabilitySnapshot(plan_key="pro", capabilities={name: Capability() for name in CAPABILITIES})
    rules = EntitlementRules(version="bench", plan_rank=("pro",), capabilities={"pro": described})
    told = facts(Redactor("k1", KEY, "bench/live"), workspace)
    sources = Sources.of(told, rules, workspace=workspace, mode="live")

    def whole(asked: Question, of: Sources = sources) -> bool:
        request = DecisionRequest(
            product="bench", workspace=workspace, at=asked.at, as_of=5, capability=asked.capability
        )
        answer = decide(of, request)
        return answer.capability is not None and answer.capability.included

    def first(asked: Question) -> bool:
        return whole(asked, replace(sources, judged={}, answers={}))

    def choice(asked: Question) -> bool:
        found = judge(sources, asked.at)
        return found.granted and asked.capability in rules.capabilities[found.plan_key or ""].capabilities

    return {"decide": whole, "decide, first of a spell": first, "judge": choice}


def casbin_peer() -> Ask:
    logging.disable(logging.INFO)
    enforcer = casbin.Enforcer(casbin.Enforcer.new_model(text=CASBIN_MODEL))
    for priority, (first, last) in enumerate(WINDOWS.values(), 1):
        for name in CAPABILITIES:
            window = text(moment(first)), text(moment(last))
            enforcer.add_policy(str(priority), "w1", name, *window, "allow")
    return lambda asked: bool(enforcer.enforce("w1", asked.capability, asked.at))


def cedar_peer() -> Ask:
    policies = "\n".join(
        f'permit(principal == Workspace::"w1", action == Action::"{name}", resource) when'
        f" {{ context.at >= {int(moment(first).timestamp())} && context.at < {int(moment(last).timestamp())} }};"
        for first, last in WINDOWS.values()
        for name in CAPABILITIES
    )
    policy_set = cedarpy.PolicySet.from_str(policies)
    entities = cedarpy.Entities.from_json_str("[]")

    def ask(asked: Question) -> bool:
        request = {
            "principal": 'Workspace::"w1"',
            "action": f'Action::"{asked.capability}"',
            "resource": 'Product::"bench"',
            "context": {"at": asked.seconds},
        }
        return bool(cedarpy.is_authorized(request, policy_set, entities).allowed)

    return ask


def measure(peers: dict[str, Ask], asked: list[Question]) -> dict[str, float]:
    """Return the median CPU microseconds of a question, over interleaved slices."""
    taken: dict[str, list[float]] = {name: [] for name in peers}
    for _ in range(SLICES):
        for name, ask in peers.items():
            begun = time.process_time()
            for question in asked:
                ask(question)
            taken[name].append((time.process_time() - begun) / len(asked) * 1e6)
    return {name: statistics.median(values) for name, values in taken.items()}


def main() -> int:
    peers = {**ours(), "casbin": casbin_peer(), "cedarpy": cedar_peer()}
    asked = questions()
    answers = {name: [ask(question) for question in asked] for name, ask in peers.items()}
    expected = answers["casbin"]
    assert all(answer == expected for answer in answers.values()), "the same question, the same answer"
    assert 0 < sum(expected) < len(expected)
    told = measure(peers, asked)

    def beside(own: str) -> str:
        return ", ".join(f"{told[peer] / told[own]:.1f}" for peer in GOALS)

    tell(
        *(
            Figure(f"{name}, each of {len(asked)} questions", f"{value:.2f} us CPU")
            for name, value in told.items()
        ),
        *(
            at_least(f"judge, the yes or no, beside {peer}", told[peer] / told["judge"], goal)
            for peer, goal in GOALS.items()
        ),
        *(
            Figure(f"{own}, beside {', '.join(GOALS)}", beside(own))
            for own in ("decide", "decide, first of a spell")
        ),
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
