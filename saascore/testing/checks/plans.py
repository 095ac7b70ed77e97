"""PLN: plan labels, capabilities and entitlement rules of a product."""

from __future__ import annotations

from saascore.adapters import Failure
from saascore.testing.check import Problems, check
from saascore.testing.subject import ProductSubject, attempt, describe

UNKNOWN_PLANS = ("no such plan", "", "UNKNOWN", "price_without_a_plan", "default", "0")


@check(
    "PLN-001",
    ("map_plan_label",),
    why="Usage on an unmapped plan is rejected, and a subscription to it stays unresolved.",
    fix="Add the name, price or product id to the adapter's table.",
)
def plans_map(subject: ProductSubject) -> Problems:
    """Every expected plan, price and product id has its label."""
    hook = subject.hook("map_plan_label")
    for number, (plan, wanted) in enumerate(subject.expected.plans.items(), start=1):
        answers = [attempt(hook, plan) for _ in range(2)]
        if isinstance(answers[0], Failure):
            yield f"expected plan {number}: {describe(answers[0])}"
        elif answers[0] != wanted:
            yield f"expected plan {number}: it is not mapped to {wanted}"
        elif answers[0] != answers[1]:
            yield f"expected plan {number}: the second answer differs from the first"


@check(
    "PLN-002",
    ("map_plan_label",),
    why="A price that nobody mapped would hand out a plan that nobody bought, or take one away.",
    fix="Answer None for everything that is not in the table.",
)
def unknown_plans_are_unmapped(subject: ProductSubject) -> Problems:
    """An unknown plan or price is unmapped, never a default."""
    hook = subject.hook("map_plan_label")
    near = [f"{plan}-unknown" for plan in subject.expected.plans]
    for plan in (*UNKNOWN_PLANS, *near):
        if plan in subject.expected.plans:
            continue
        answer = attempt(hook, plan)
        if isinstance(answer, Failure):
            yield f"an unknown plan: {describe(answer)}"
        elif answer is not None:
            yield f"an unknown plan is mapped to {answer}"


@check(
    "PLN-003",
    ("describe_plan",),
    why="A plan snapshot binds the capabilities by digest: a description that changes by itself breaks past answers.",
    fix="Answer a CapabilitySnapshot with the asked plan_key, from constants or configuration.",
)
def plans_are_described(subject: ProductSubject) -> Problems:
    """Every plan is described, always alike."""
    subject.hook("describe_plan")
    for plan in sorted(set(subject.expected.plans.values())):
        answers = [attempt(subject.adapter.describe_plan, plan) for _ in range(2)]
        if isinstance(answers[0], Failure):
            yield f"{plan}: {describe(answers[0])}"
        elif answers[0] != answers[1]:
            yield f"{plan}: the second description differs from the first"


@check(
    "PLN-004",
    ("entitlement_rules",),
    why="Without a rank core cannot tell an upgrade from a downgrade, nor which of two sources is the higher one.",
    fix="List every plan label in plan_rank from lowest to highest, and build the rules from constants.",
)
def rules_rank_every_plan(subject: ProductSubject) -> Problems:
    """The rules rank every plan, and are always the same."""
    hook = subject.hook("entitlement_rules")
    rules, again = attempt(hook), attempt(hook)
    if isinstance(rules, Failure):
        yield describe(rules)
        return
    if rules != again:
        yield "the second answer differs from the first"
    for plan in sorted(set(subject.expected.plans.values())):
        if rules.rank(plan) is None:
            yield f"{plan} has no place in plan_rank"
    if rules.default_plan is not None and rules.rank(rules.default_plan) is None:
        yield "default_plan has no place in plan_rank"
