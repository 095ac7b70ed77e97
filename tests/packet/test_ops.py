"""The operations and audit summaries are counts of what the ledger holds, and nothing else."""

import random
from collections import Counter
from pathlib import Path

import pytest

from saascore.adapters import discover
from saascore.cli.inputs import read_records
from saascore.contract.summary import SummarySpec
from saascore.contract.window import Window
from saascore.entitlements.fold import fold
from saascore.entitlements.intake import Intake
from saascore.entitlements.reading import Entitlements
from saascore.ledger import create_ledger
from saascore.packet.audit import audit_summary
from saascore.packet.ops import ops_summary
from saascore.packet.products import products
from saascore.privacy.references import ReferenceKeys
from saascore.usage.submit import Submission, mapper_for
from saascore.usage.summary import summarize

SAMPLES = Path(__file__).parents[2] / "fixtures" / "samples"
NOW = "2026-11-20T18:00:00.000000Z"
WINDOW = Window(from_="2026-10-21T00:00:00.000000Z", to="2026-11-21T00:00:00.000000Z")
KEYS = ReferenceKeys({"demo": b"d" * 32})
WEBHOOKS = [
    (provider, product, SAMPLES / f"{stem}{suffix}")
    for provider, stem in (
        ("stripe", "stripe-webhooks"),
        ("paddle", "paddle-webhooks"),
        ("lemonsqueezy", "lemonsqueezy-webhooks"),
        ("manual", "manual-actions"),
    )
    for product, suffix in (("image-studio", ".ndjson"), ("chat-desk", ".chat-desk.ndjson"))
]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def registry():
    found = discover()
    needed = {"image-studio", "chat-desk", "stripe", "paddle", "lemonsqueezy", "manual"}
    if missing := needed - {status.id for status in found.loaded()}:
        pytest.skip(f"needs the example adapters {', '.join(sorted(missing))}: run make")
    return found


def filled(registry, order):
    """Make a ledger of all sample inputs; ``order`` arranges each file's records and the files."""
    ledger = create_ledger("sqlite:///:memory:", reference_key="demo")
    for product in order(["image-studio", "chat-desk"]):
        records = order(list(read_records(str(SAMPLES / f"{product}-rows.ndjson"))))
        mapper = mapper_for(ledger, registry.product(product), KEYS, now=NOW)
        list(Submission(ledger, source=product, now=NOW).run(records, mapper))
    for provider, product, path in order(list(WEBHOOKS)):
        records = order(list(read_records(str(path))))
        adapters = registry.provider(provider), registry.product(product)
        list(Intake(ledger, *adapters, "live", KEYS, NOW).run(records))
    return ledger


def summed(ledger, window=WINDOW, mode="live"):
    usage = summarize(ledger, SummarySpec(window=window, grain="day"))
    return ops_summary(ledger, window=window, usage=usage, now=NOW, mode=mode)


@pytest.fixture(scope="module")
def ledger(registry):
    with filled(registry, list) as made:
        yield made


@pytest.fixture(scope="module")
def ops(ledger):
    return summed(ledger)


def test_every_record_handed_in_is_counted_once(ops):
    lines = sum(sum(1 for _ in read_records(str(path))) for _, _, path in WEBHOOKS)
    assert sum(intake.counts.total for intake in ops.billing_intake) == lines
    for intake in ops.usage_intake:
        path = SAMPLES / f"{intake.source}-rows.ndjson"
        assert intake.counts.total == sum(1 for _ in read_records(str(path)))
        assert sum(intake.lag.values()) == intake.counts.accepted


def test_decisions_are_those_the_product_gets(ops, ledger, registry):
    expected = Counter()
    for product in products(ledger, mode="live", as_of=ledger.head):
        asked = Entitlements(ledger, registry.product(product.name))
        for workspace in {fact.workspace for fact in product.facts if fact.workspace}:
            decision = asked.decide(workspace, NOW)
            expected[
                decision.outcome,
                decision.reason,
                decision.plan_key if decision.outcome == "granted" else None,
            ] += 1
    outcomes, reasons, plans = Counter(), Counter(), Counter()
    for (outcome, reason, plan), count in expected.items():
        outcomes[outcome] += count
        reasons[reason] += count
        plans[plan] += count
    assert ops.decisions == dict(outcomes)
    assert ops.decision_reasons == dict(reasons)
    assert ops.plans == {plan: count for plan, count in plans.items() if plan}
    assert sum(ops.decisions.values()) > 10


def test_lifecycle_counts_are_those_of_the_fold(ops, ledger):
    expected = Counter()
    for product in products(ledger, mode="live", as_of=ledger.head):
        for event in fold(product.facts, rank=product.rules.plan_rank, mode="live").events():
            if WINDOW.holds(event.occurred_at):
                expected[event.event_name] += 1
    assert ops.lifecycle == dict(expected)
    by_name = Counter()
    for point in ops.timeline:
        by_name[point.event_name] += point.count
    assert by_name == expected


def test_what_needs_an_eye_is_seen(ops):
    assert ops.held == 1
    assert ops.unresolved_plans >= 1
    assert sum(ops.unmapped_event_types.values()) == 1
    assert ops.demo_key


def test_arrival_changes_the_intake_alone(registry, ops):
    """Records of equal keys carry equal content in the samples, so their order tells nothing but itself."""
    draw = random.Random(7)

    def shuffled(items):
        draw.shuffle(items)
        return items

    with filled(registry, shuffled) as other:
        again = summed(other)
    told_by_arrival = {"usage_intake", "billing_intake", "as_of", "generated_at", "unmapped_event_types"}
    ours, theirs = ops.to_json(), again.to_json()
    assert {name for name in ours if ours[name] != theirs[name]} <= told_by_arrival


def test_nothing_of_a_subject_is_in_it(ops, ledger):
    audit = audit_summary(ledger, window=WINDOW, as_of=ledger.head)
    for summary in (ops, audit):
        assert b"ref:" not in summary.canonical()
        assert b"sha256:" not in summary.canonical()


def test_the_audit_counts_the_journal(ledger):
    rows = [row.body for row in ledger.journal()]
    audit = audit_summary(ledger, window=WINDOW, as_of=ledger.head)
    assert sum(audit.actor_kinds.values()) == len(rows)
    assert audit.superseded == sum('"supersedes":' in body for body in rows)
    assert audit.with_approval == sum('"approval":' in body for body in rows) > 0
    assert audit.with_approval + audit.without_approval == len(rows)
    assert sum(item.count for item in audit.operators) == audit.actor_kinds["operator"]


def test_modes_never_mix(ledger):
    other = summed(ledger, mode="test")
    assert (other.lifecycle, other.decisions, other.billing_intake) == ({}, {}, ())


def test_another_window_is_empty(ledger):
    other = summed(ledger, Window(from_="2025-01-01T00:00:00.000000Z", to="2025-02-01T00:00:00.000000Z"))
    assert (other.lifecycle, other.timeline, other.usage_intake, other.usage_events) == ({}, (), (), {})
    assert set(other.decision_reasons) <= {"no_source", "not_started", "default_plan", "plan_unresolved"}
