"""Whatever order the sample inputs come in, and however often: the same summaries, timelines, states and decisions."""

import json
import re
from typing import NamedTuple

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from saascore.adapters import discover
from saascore.contract.summary import SummarySpec
from saascore.entitlements.intake import Intake
from saascore.entitlements.reading import Entitlements
from saascore.ledger import create_ledger
from saascore.privacy.references import ReferenceKeys
from saascore.usage.mapping import UsageMapper
from saascore.usage.submit import Submission
from saascore.usage.summary import summarize

NOW = "2026-11-20T18:00:00Z"
PERIOD = {"from": "2026-10-01T00:00:00Z", "to": "2026-12-01T00:00:00Z"}
SPECS = [
    SummarySpec.parse({"window": PERIOD, "grain": "day"}),
    SummarySpec.parse({"window": PERIOD, "grain": "none", "by_plan": False}),
    SummarySpec.parse({"window": PERIOD, "grain": "month", "dimensions": ("model",), "max_groups": 3}),
]
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # a seed has no smaller seed
KEYS = ReferenceKeys({"k1": bytes(range(32))})
PRODUCTS = {"image-studio": "", "chat-desk": ".chat-desk"}
PROVIDERS = {
    "stripe": "stripe-webhooks",
    "paddle": "paddle-webhooks",
    "lemonsqueezy": "lemonsqueezy-webhooks",
    "manual": "manual-actions",
}
INSTANTS = (
    "2026-09-10T00:00:00Z",
    "2026-10-31T00:00:00Z",
    NOW,
    "2026-12-24T00:00:00Z",
    "2027-03-01T00:00:00Z",
)


class Record(NamedTuple):
    number: int
    value: dict | None
    problem: str | None = None


def decoded(line):
    try:
        value = json.loads(line)
    except ValueError:
        return Record(0, None, "INP-001")
    return Record(0, value) if isinstance(value, dict) else Record(0, None, "INP-003")


def arrivals(count):
    """A permutation of so many places, some of them twice: by a seed, since shrinking a thousand places helps nobody."""
    return st.randoms(use_true_random=False).map(lambda random: shuffled(random, count))


def shuffled(random, count):
    places = [*range(count), *random.choices(range(count), k=random.randrange(count // 4))]
    random.shuffle(places)
    return places


def usage_answers(folder, deliveries):
    """Hand deliveries of all products to a new ledger, and answer every summary's bytes."""
    folder.mkdir()
    with create_ledger(f"sqlite:///{folder}/ledger.db", reference_key="k1", created_at=NOW) as ledger:
        for name, records in deliveries.items():
            product = discover(enable=[name]).product(name)
            mapper = UsageMapper(product, keys=KEYS.redactor(name), resolved_at=NOW)
            list(Submission(ledger, source=name, now=NOW).run(records, mapper, chunk=40))
        return [
            summarize(ledger, spec, public=public).canonical() for spec in SPECS for public in (False, True)
        ]


def billing_answers(folder, deliveries, subjects):
    """Hand webhooks of all providers to a new ledger, one by one, and answer what is known of every workspace."""
    folder.mkdir()
    answers = {}
    with create_ledger(f"sqlite:///{folder}/ledger.db", reference_key="k1", created_at=NOW) as ledger:
        for name, webhooks in deliveries.items():
            registry = discover(enable=[name, *PROVIDERS])
            product = registry.product(name)
            intakes = {
                provider: Intake(ledger, registry.provider(provider), product, "live", KEYS, NOW)
                for provider in PROVIDERS
            }
            for number, (provider, body) in enumerate(webhooks, start=1):
                intakes[provider].commit([(number, intakes[provider].prepare(body))])
        for name in deliveries:
            product = discover(enable=[name]).product(name)
            known = Entitlements(ledger, product)
            for claims in subjects[name]:
                workspace = product.reference_workspace(claims, KEYS.redactor(name))
                assert workspace is not None
                answers[name, *claims.values()] = (
                    [known.decide(workspace, at).canonical() for at in INSTANTS],
                    [event.canonical() for event in known.events(workspace)],
                    [repr(span) for span in known.timeline(workspace)],
                )
    return answers


@pytest.fixture(scope="module")
def rows(samples):
    return {
        name: [
            decoded(line)
            for line in (samples / f"{name}-rows.ndjson").read_text(encoding="utf-8").splitlines()
        ]
        for name in PRODUCTS
    }


@pytest.fixture(scope="module")
def usage_told(rows, tmp_path_factory):
    return usage_answers(tmp_path_factory.mktemp("told") / "usage", rows)


@settings(max_examples=12, deadline=None, phases=PHASES)
@given(data=st.data())
def test_usage_summaries_do_not_depend_on_arrival(rows, usage_told, tmp_path_factory, data):
    again = {
        name: [items[place] for place in data.draw(arrivals(len(items)))] for name, items in rows.items()
    }
    assert usage_answers(tmp_path_factory.mktemp("order") / "usage", again) == usage_told


@pytest.fixture(scope="module")
def webhooks(samples):
    return {
        name: [
            (provider, json.loads(line))
            for provider, file in PROVIDERS.items()
            for line in (samples / f"{file}{suffix}.ndjson").read_text(encoding="utf-8").splitlines()
        ]
        for name, suffix in PRODUCTS.items()
    }


@pytest.fixture(scope="module")
def subjects(samples):
    """The claims of every workspace of the story."""
    table = (samples / "README.md").read_text(encoding="utf-8")
    return {
        "image-studio": [{"workspace_id": found} for found in re.findall(r"`(wsp_\w+)`", table)],
        "chat-desk": [{"team_id": found} for found in re.findall(r"`(TEAM-[\w-]+)`", table)],
    }


@pytest.fixture(scope="module")
def billing_told(webhooks, subjects, tmp_path_factory):
    told = billing_answers(tmp_path_factory.mktemp("told") / "billing", webhooks, subjects)
    assert len(told) == 13
    assert sum(bool(events) for _, events, _ in told.values()) == 13
    return told


@settings(max_examples=8, deadline=None, phases=PHASES)
@given(data=st.data())
def test_timelines_states_and_decisions_do_not_depend_on_arrival(
    webhooks, subjects, billing_told, tmp_path_factory, data
):
    again = {
        name: [items[place] for place in data.draw(arrivals(len(items)))] for name, items in webhooks.items()
    }
    assert billing_answers(tmp_path_factory.mktemp("order") / "billing", again, subjects) == billing_told
