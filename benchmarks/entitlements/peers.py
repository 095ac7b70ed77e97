"""Decisions a second beside two policy engines, on one equivalent question, in one run.

The question: may this workspace use a capability at an instant? Five sources of a plan (a subscription, a contract, an
operator's grant, a promotion, a trial) with windows of time, two capabilities each: ten policies for the engines.

    python -m venv /tmp/peers && /tmp/peers/bin/pip install -e . casbin cedarpy
    /tmp/peers/bin/python benchmarks/entitlements/peers.py

Goals: at least 10 times the decisions a second of casbin, and 5 times those of cedarpy with policies parsed once. Slices
of CPU time are interleaved, so that a busy machine slows all of them alike.
"""

from __future__ import annotations

import json
import logging
import statistics
import time
from collections.abc import Callable

import casbin
import cedarpy

from saascore.contract.billing import BillingFact
from saascore.contract.decision import DecisionRequest
from saascore.contract.plans import Capability, CapabilitySnapshot, EntitlementRules
from saascore.entitlements.decide import decide
from saascore.entitlements.facts import identified
from saascore.entitlements.judge import judge
from saascore.entitlements.sources import Sources
from saascore.privacy.references import Redactor

KEY = b"benchmark-key-of-32-bytes-or-more"
AT = "2026-03-22T00:00:00.000000Z"
SINCE, UNTIL = "2026-03-01T00:00:00.000000Z", "2026-06-01T00:00:00.000000Z"
KINDS = ["manual_override", "contract", "billing", "promo", "trial"]
CAPABILITIES = ["image.generate", "video.render"]
AUDIT = {"operator": "op:alex", "approval": "op:ticket-7", "reason": "goodwill"}
SLICES, CALLS = 25, 200

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


def facts(provider: Redactor, workspace: str) -> list[BillingFact]:
    made = []
    for number, kind in enumerate(KINDS):
        about = provider.redact("subscription" if kind == "billing" else "grant", number)
        said: dict[str, object] = {
            "snapshot": {
                "service": "active",
                "collection": "current",
                "plan_key": "pro",
                "period": {"from": SINCE, "to": UNTIL},
            }
        }
        if kind != "billing":
            grant = {
                "kind": "grant",
                "source_kind": kind,
                "plan_key": "pro",
                "effective_from": SINCE,
                "effective_until": UNTIL,
            }
            said = {"audit": AUDIT, "signals": (grant,)}
        made.append(
            identified(
                {
                    "source": "bench",
                    "mode": "live",
                    "about": about,
                    "workspace": workspace,
                    "occurred_at": SINCE,
                    "provider_event_type": "bench",
                    "idempotency_key": provider.redact("key", number),
                    **said,
                }
            )
        )
    return made


def ours() -> tuple[Callable[[], object], Callable[[], object]]:
    provider = Redactor("k1", KEY, "bench/live")
    workspace = Redactor("k1", KEY, "bench").redact("workspace", 1)
    described = CapabilitySnapshot(plan_key="pro", capabilities={name: Capability() for name in CAPABILITIES})
    rules = EntitlementRules(version="bench", plan_rank=("pro",), capabilities={"pro": described})
    sources = Sources.of(facts(provider, workspace), rules, workspace=workspace, mode="live")
    request = DecisionRequest(
        product="bench", workspace=workspace, at=AT, as_of=5, capability=CAPABILITIES[0]
    )

    def light() -> bool:
        found = judge(sources, AT)
        return found.granted and CAPABILITIES[0] in rules.capabilities[found.plan_key or ""].capabilities

    assert light()
    assert decide(sources, request).outcome == "granted"
    return light, lambda: decide(sources, request)


def casbin_peer() -> Callable[[], object]:
    logging.disable(logging.INFO)
    model = casbin.Enforcer.new_model(text=CASBIN_MODEL)
    enforcer = casbin.Enforcer(model)
    for priority, _ in enumerate(KINDS, 1):
        for name in CAPABILITIES:
            enforcer.add_policy(str(priority), "w1", name, SINCE, UNTIL, "allow")
    assert enforcer.enforce("w1", CAPABILITIES[0], AT)
    assert not enforcer.enforce("w2", CAPABILITIES[0], AT)
    return lambda: enforcer.enforce("w1", CAPABILITIES[0], AT)


def cedar_peer() -> Callable[[], object]:
    policies = "\n".join(
        f'permit(principal == Workspace::"w1", action == Action::"{name}", resource)'
        f' when {{ context.source == "{kind}" || (context.at >= {since} && context.at < {until}) }};'
        for kind in KINDS
        for name in CAPABILITIES
        for since, until in ((1772323200, 1780272000),)
    )
    policy_set = cedarpy.PolicySet.from_str(policies)
    entities = cedarpy.Entities.from_json_str("[]")
    request = {
        "principal": 'Workspace::"w1"',
        "action": f'Action::"{CAPABILITIES[0]}"',
        "resource": 'Product::"bench"',
        "context": {"at": 1774137600, "source": "none"},
    }
    assert cedarpy.is_authorized(request, policy_set, entities).allowed
    return lambda: cedarpy.is_authorized(request, policy_set, entities)


def measure(questions: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median CPU microseconds of a call, over interleaved slices."""
    taken: dict[str, list[float]] = {name: [] for name in questions}
    for _ in range(SLICES):
        for name, ask in questions.items():
            begun = time.process_time()
            for _ in range(CALLS):
                ask()
            taken[name].append((time.process_time() - begun) / CALLS * 1e6)
    return {name: statistics.median(values) for name, values in taken.items()}


def main() -> int:
    light, whole = ours()
    told = measure(
        {
            "saascore judge": light,
            "saascore decide (whole answer, digest)": whole,
            "casbin": casbin_peer(),
            "cedarpy (policies parsed once)": cedar_peer(),
        }
    )
    base = told["saascore judge"]
    ratios = {name: round(value / base, 1) for name, value in told.items()}
    print(
        json.dumps(
            {"microseconds": {n: round(v, 1) for n, v in told.items()}, "times_judge": ratios}, indent=2
        )
    )
    return 0 if ratios["casbin"] >= 10 and ratios["cedarpy (policies parsed once)"] >= 5 else 1


if __name__ == "__main__":
    raise SystemExit(main())
