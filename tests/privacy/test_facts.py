"""Whatever an adapter hands in: what becomes a fact passes the scanner, and nothing raw becomes a fact."""

from __future__ import annotations

import random
import string
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saascore.contract.billing import BillingFact
from saascore.contract.usage import UsageEvent
from saascore.drafts import BillingDraft, ItemDraft, ProviderEvent, ScheduledDraft, SnapshotDraft, UsageDraft
from saascore.entitlements.facts import FactMaker, Namespaces, Refused
from saascore.errors import SaascoreError
from saascore.privacy.facts import Fits, fit, unfit
from saascore.privacy.references import ReferenceKeys
from saascore.privacy.scanner import Scanner
from saascore.usage.envelopes import EnvelopeReader
from saascore.usage.mapping import UsageMapper
from saascore.usage.verdict import Refusal

KEYS = ReferenceKeys({"k1": b"a key for these tests, 32 bytes."})
NOW = "2026-03-10T12:00:00Z"
WORDS = ("image.rendered", "pro", "eu-west-1", "flux-1.1-pro", "team-annual", "v2")


class Careless:
    """A product that gives back as its label whatever it is asked for."""

    id = "image-studio"
    map_event_name = map_plan_label = staticmethod(lambda name: name)

    @staticmethod
    def map_usage_record(record):
        return record["draft"]

    @staticmethod
    def reference_workspace(claims, redactor):
        return redactor.redact("workspace", *claims.values())


def raw_values(seed):
    """Ids, tokens and keys as they are, and dressed as labels."""
    draw = random.Random(seed)

    def drawn(length, alphabet=string.ascii_lowercase + string.digits):
        return "".join(draw.choice(alphabet) for _ in range(length - 3)) + "7x3"

    return [
        drawn(24),
        drawn(24, string.ascii_letters),
        "cus_" + drawn(14),
        "sub-" + drawn(14),
        "sk_" + "live_" + drawn(24),
        "whsec." + drawn(32),
        "user-" + str(draw.randrange(10**7, 10**9)),
        str(draw.randrange(10**8, 10**12)),
        str(uuid.UUID(int=draw.getrandbits(128), version=4)),
        "a" + drawn(31, "0123456789abcdef"),
        f"uploads/{drawn(10)}/cat.png",
        f"{drawn(9)}@mail.{drawn(7)}.com",
        f"https://files.example.com/{drawn(12)}?token={drawn(20)}",
        "ghp" + "_" + drawn(36),
    ]


def usage(**fields):
    draft = {
        "event_name": "image.rendered",
        "key": ("row-1",),
        "quantity": 1,
        "unit": "image",
        "occurred_at": NOW,
        "claims": {"workspace": "w-1"},
        "plan": "pro",
    }
    return UsageDraft(**{**draft, **fields})


USAGE_FIELDS = {
    "event name": lambda raw: usage(event_name=raw),
    "plan": lambda raw: usage(plan=raw),
    "plan revision": lambda raw: usage(plan_revision=raw),
    "unit": lambda raw: usage(unit=raw),
    "subject": lambda raw: usage(subject=raw),
    "dimension": lambda raw: usage(dimensions={"model": raw}),
    "name of a dimension": lambda raw: usage(dimensions={raw: "fine"}),
    "dimension of a raw name": lambda raw: usage(dimensions={"customer_id": raw}),
    "key": lambda raw: usage(key=(raw,)),
    "claims": lambda raw: usage(claims={"workspace": raw}),
    "quantity": lambda raw: usage(quantity=raw),
    "time": lambda raw: usage(occurred_at=raw),
}


def mapped(draft):
    mapper = UsageMapper(Careless(), keys=KEYS.redactor("image-studio"), resolved_at=NOW)
    return mapper({"draft": draft})


@settings(max_examples=8, deadline=None)
@given(st.integers(min_value=0))
@pytest.mark.parametrize("field", USAGE_FIELDS)
def test_nothing_raw_becomes_a_usage_event(field, seed):
    for raw in raw_values(seed):
        answer = mapped(USAGE_FIELDS[field](raw))
        if isinstance(answer, Refusal):
            assert raw not in repr(answer)
        else:
            assert field in {"key", "claims", "quantity"}
            assert raw not in answer.body or raw.isdigit()
            assert not Scanner("event").scan_text(answer.body)


def billing(**fields):
    draft = {
        "provider_event_type": "customer.subscription.updated",
        "occurred_at": NOW,
        "event_id": "evt-1",
        "about": ("subscription", "s-1"),
        "customer": "c-1",
        "claims": {"workspace": "w-1"},
        "snapshot": snapshot(),
    }
    return BillingDraft(**{**draft, **fields})


def snapshot(plan="pro", **fields):
    items = (ItemDraft((plan,), 1),)
    return SnapshotDraft(service="active", collection="current", items=items, **fields)


BILLING_FIELDS = {
    "event type": lambda raw: billing(provider_event_type=raw),
    "plan": lambda raw: billing(snapshot=snapshot(raw)),
    "scheduled plan": lambda raw: billing(
        snapshot=snapshot(scheduled=(ScheduledDraft("plan_change", NOW, ItemDraft((raw,))),))
    ),
    "event id": lambda raw: billing(event_id=raw),
    "what it is about": lambda raw: billing(about=("subscription", raw)),
    "customer": lambda raw: billing(customer=raw),
    "claims": lambda raw: billing(claims={"workspace": raw}),
    "time": lambda raw: billing(occurred_at=raw),
}


def made(draft):
    spaces = Namespaces.of(
        KEYS, source="stripe", mode="live", product="image-studio", reference_key="k1", subject_key="k1"
    )
    try:
        return FactMaker(Careless(), spaces, ("pro",)).fact(draft, ProviderEvent({}))
    except Refused as refused:
        return refused


@settings(max_examples=8, deadline=None)
@given(st.integers(min_value=0))
@pytest.mark.parametrize("field", BILLING_FIELDS)
def test_nothing_raw_becomes_a_billing_fact(field, seed):
    for raw in raw_values(seed):
        fact = made(BILLING_FIELDS[field](raw))
        if isinstance(fact, Refused):
            assert raw not in repr(fact)
        else:
            assert field in {"event id", "what it is about", "customer", "claims"}
            assert raw not in fact.canonical().decode()
            assert not Scanner("event").scan_json(fact)


LABELS = st.sampled_from(WORDS) | st.from_regex(
    r"[a-z][a-z0-9]{0,9}([._-][a-z0-9]{1,9}){0,3}", fullmatch=True
)


@settings(max_examples=80, deadline=None)
@given(LABELS, LABELS, LABELS, st.dictionaries(LABELS, LABELS, max_size=3))
def test_every_usage_event_that_is_accepted_passes_as_a_fact_and_as_an_artifact(name, plan, unit, dimensions):
    answer = mapped(usage(event_name=name, plan=plan, unit=unit, dimensions=dimensions))
    if not isinstance(answer, Refusal):
        assert not Scanner("event").scan_text(answer.body)
        assert not Scanner("artifact").scan_json(UsageEvent.parse_json(answer.body))


@settings(max_examples=80, deadline=None)
@given(LABELS, LABELS, LABELS)
def test_every_billing_fact_that_is_accepted_passes_as_a_fact_and_as_an_artifact(name, plan, next_plan):
    change = ScheduledDraft("plan_change", NOW, ItemDraft((next_plan,)))
    draft = billing(provider_event_type=name, snapshot=snapshot(plan, scheduled=(change,)))
    fact = made(draft)
    if not isinstance(fact, Refused):
        assert not Scanner("event").scan_json(fact)
        assert not Scanner("artifact").scan_json(fact)


def event(**fields):
    answer = mapped(usage(dimensions={"model": "fine"}))
    return {**UsageEvent.parse_json(answer.body).to_json(), **fields}


def test_a_label_under_a_raw_name_is_refused_whichever_way_it_comes():
    answer = mapped(usage(dimensions={"customer_id": "jane"}))
    rules = ("CON-001", "privacy.raw-customer-id.key-name")
    assert (answer.codes, answer.fields) == (rules, ("dimensions",))
    ready = EnvelopeReader(reference_key="k1", subject_key="k1")(event(dimensions={"customer_id": "jane"}))
    assert (ready.codes, ready.fields) == (rules, ("dimensions",))
    fact = UsageEvent.parse(event(dimensions={"customer_id": "jane"}))
    assert unfit(fact) == (rules[1:], ("dimensions",))
    with pytest.raises(SaascoreError, match=r"CON-001.*dimensions: privacy\.raw-customer-id\.key-name"):
        fit(fact)


def test_words_that_passed_are_scanned_once(monkeypatch):
    good, bad = UsageEvent.parse(event()), UsageEvent.parse(event(dimensions={"user_id": "jane"}))
    scanned = []
    scan = Scanner.scan_json
    monkeypatch.setattr(Scanner, "scan_json", lambda self, value: scanned.append(1) or scan(self, value))
    fits = Fits(lambda fact: tuple(fact.dimensions.items()))
    assert [fits.unfit(fact) is None for fact in (good, good, bad, bad)] == [True, True, False, False]
    assert len(scanned) == 3


def test_numbers_of_a_fact_are_counts_and_its_tallies_are_names():
    events = Scanner("event")
    fact = event(source_sequence=4_000_000_017)
    assert not events.scan_json(fact)
    assert not events.scan_json(fact)
    assert BillingFact.schema_id() != UsageEvent.schema_id()


@given(sequence=st.integers(min_value=0, max_value=2**53 - 1) | st.just(9_007_199_254_740_990))
@settings(max_examples=300)
def test_the_number_of_a_row_is_a_count_however_it_looks_and_whatever_came_before(sequence):
    draft = UsageDraft(
        event_name="image.rendered",
        key=("row-1",),
        quantity="1",
        unit="image",
        occurred_at=NOW,
        claims={"workspace_id": "w-1"},
        plan="pro",
        source_sequence=sequence,
    )
    event = UsageEvent.parse_json(
        UsageMapper(Careless(), keys=KEYS.redactor("image-studio"), resolved_at=NOW)({"draft": draft}).body
    )
    assert Scanner("event").scan_json(event) == []  # a new scanner remembers nothing
