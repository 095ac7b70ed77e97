"""A fact made the short way is the fact that the whole model makes, to the byte, and refuses what the model refuses."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saascore.adapters import AdapterFailure
from saascore.contract.billing import Dispute, Paid, PaymentFailed, TrialEnding
from saascore.contract.model import encode_fact
from saascore.drafts import (
    AuditDraft,
    BillingDraft,
    CorrectionDraft,
    GrantDraft,
    ItemDraft,
    LinkDraft,
    ProviderEvent,
    PurchaseDraft,
    ScheduledDraft,
    SnapshotDraft,
)
from saascore.entitlements.facts import FactMaker, Namespaces, Refused
from saascore.privacy.facts import Unfit
from saascore.privacy.references import ReferenceKeys

KEYS = ReferenceKeys({"k1": b"k" * 32})
EVENT = ProviderEvent({})


def mostly(right, wrong):
    """Draw a wrong value one time in about twelve."""
    return st.sampled_from([*right * (12 * len(wrong) // len(right)), *wrong])


instants = mostly(
    [
        "2026-03-01T00:00:00Z",
        "2026-03-01T02:00:00.5+02:00",
        "2026-03-31T00:00:00.000001Z",
        "2026-04-01T00:00:00Z",
    ],
    ["2026-02-30T00:00:00Z", "2026-03-01", ""],
)
quantities = mostly([None, 0, 3], [2**53, -1])
prices = st.sampled_from(["price-pro-00000001", "price-starter-0001", "price-custom-0001"])
items = st.builds(ItemDraft, st.tuples(prices), quantities)
changes = st.builds(
    ScheduledDraft,
    st.sampled_from(["cancel", "pause", "plan_change", "quantity_change"]),
    st.none() | instants,
    st.none() | items,
    quantities,
)
snapshots = st.builds(
    SnapshotDraft,
    st.sampled_from(["none", "active", "ended"]),
    st.sampled_from(["current", "not_applicable"]),
    items=st.lists(items, max_size=3),
    scheduled=st.lists(changes, max_size=2),
    period=st.none() | st.tuples(instants, instants),
    trial_ends_at=st.none() | instants,
    ended_at=st.none() | instants,
    end_reason=st.sampled_from([None, "replaced"]),
)
signals = st.one_of(
    st.sampled_from(
        [
            Paid(occasion="renewal"),
            PaymentFailed(attempt=2, next_attempt_at="2026-03-05T00:00:00Z"),
            Dispute(stage="opened"),
            TrialEnding(),
            CorrectionDraft("event-000000007", "other"),
            LinkDraft(),
            LinkDraft({"workspace_id": "workspace-000002"}),
        ]
    ),
    st.builds(PurchaseDraft, items, instants, st.none(), st.just(value=True)),
    st.builds(PurchaseDraft, items, instants, st.none() | instants, st.booleans()),
    st.builds(
        GrantDraft,
        st.sampled_from(["promo", "trial"]),
        mostly(["pro"], ["gold"]),
        instants,
        st.none() | instants,
        st.booleans(),
        quantities,
    ),
)
audits = st.builds(
    AuditDraft,
    st.sampled_from(["op:alex", "alex"]),
    st.just("op:ticket-7"),
    st.sampled_from(["goodwill", "No!"]),
)
drafts = st.builds(
    BillingDraft,
    mostly(["subscription.changed", "invoice.paid"], ["not a type"]),
    st.sampled_from(["event-000000001", 7, None]),
    instants,
    about=mostly([("subscription", "subscription-00001"), ("grant", 5)], [None]),
    customer=mostly([None, "customer-000001"], [""]),
    claims=st.sampled_from([{}, {"workspace_id": "workspace-000001"}]),
    snapshot=st.none() | snapshots,
    signals=st.lists(signals, max_size=2),
    specificity=mostly([0, 2], [-1]),
    audit=st.none() | audits,
)


@pytest.fixture
def make_maker(shop):
    def make():
        spaces = Namespaces.of(
            KEYS, source="toy", mode="live", product="shop", reference_key="k1", subject_key="k1"
        )
        return FactMaker(shop.product, spaces, ("starter", "pro"))

    return make


def answer(maker, draft):
    try:
        return maker.made(draft, EVENT)
    except Refused as refused:
        return refused.codes, refused.fields


@pytest.fixture
def warm(make_maker):
    """A maker that knows every event type and audit of these tests, with no plan."""
    maker = make_maker()
    for kind in ("subscription.changed", "invoice.paid"):
        for audit in (None, AuditDraft("op:alex", "op:ticket-7", "goodwill")):
            maker.made(BillingDraft(kind, "event-000000009", "2026-03-01T00:00:00Z", audit=audit), EVENT)
    return maker


def test_short_way_and_whole_model_agree(make_maker, warm):
    met = SimpleNamespace(made=0, short=0, refused=0)

    @given(draft=drafts)
    @settings(max_examples=400, deadline=None)
    def agree(draft):
        short, whole = answer(warm, draft), answer(make_maker(), draft)
        assert short == whole
        if isinstance(short, tuple) and not hasattr(short, "body"):
            met.refused += 1
            return
        met.made += 1
        met.short += warm._short_way(draft, EVENT) == short
        assert short.body.encode() == encode_fact(short.fact)
        assert type(short.fact).parse_json(short.body) == short.fact

    agree()
    assert met.made == met.short > 20
    assert met.refused > 20


def test_short_way_is_taken(warm, monkeypatch):
    def never(_):
        raise AssertionError("the whole model was asked")

    monkeypatch.setattr("saascore.entitlements.facts.checked", never)
    draft = BillingDraft(
        "invoice.paid", "event-000000002", "2026-03-01T02:00:00+02:00", customer="customer-1"
    )
    assert warm.made(draft, EVENT).fact.occurred_at == "2026-03-01T00:00:00.000000Z"


@pytest.mark.parametrize("many", ["signals", "scheduled"])
def test_too_many_of_anything_is_refused_the_same(many, make_maker, warm):
    snapshot = SnapshotDraft(
        "active", "current", scheduled=[ScheduledDraft("pause")] * 9 * (many == "scheduled")
    )
    draft = BillingDraft(
        "invoice.paid",
        "event-000000004",
        "2026-03-01T00:00:00Z",
        about=("subscription", "subscription-00001"),
        snapshot=snapshot,
        signals=[Paid(occasion="other")] * 9 * (many == "signals"),
    )
    path = {"signals": "signals", "scheduled": "snapshot.scheduled"}[many]
    assert answer(warm, draft) == answer(make_maker(), draft) == (("CON-001",), (path,))


def of_price(price):
    snapshot = SnapshotDraft("active", "current", items=(ItemDraft((price,)),))
    about = ("subscription", "subscription-00001")
    return BillingDraft(
        "invoice.paid", "event-000000006", "2026-03-01T00:00:00Z", about=about, snapshot=snapshot
    )


def test_price_is_named_once_and_is_not_another_value_that_equals_it(make_maker, shop, monkeypatch):
    asked = []
    name = shop.product.map_plan_label
    monkeypatch.setattr(shop.product, "map_plan_label", lambda price: asked.append(price) or name(price))
    maker = make_maker()
    made = [maker.made(of_price(1), EVENT).body for _ in range(3)]
    assert len(set(made)) == len(asked) == 1
    with pytest.raises(AdapterFailure, match="ADP-102"):
        maker.made(of_price(True), EVENT)
    with pytest.raises(AdapterFailure, match="ADP-102"):
        maker.made(of_price(1.0), EVENT)


def test_reference_that_is_remembered_is_not_given_to_another_value_that_equals_its_id(make_maker):
    maker = make_maker()

    def of_customer(raw):
        return BillingDraft("invoice.paid", "event-000000006", "2026-03-01T00:00:00Z", customer=raw)

    assert maker.made(of_customer(1), EVENT) == maker.made(of_customer("1"), EVENT)
    assert answer(maker, of_customer(True)) == answer(maker, of_customer(1.0)) == (("KEY-004",), ())


def test_words_are_scanned_with_every_fact_until_they_have_passed(make_maker, monkeypatch):
    maker, scanned, finds = make_maker(), [], [Unfit(("privacy.some.rule",), ("provider_event_type",)), None]
    monkeypatch.setattr(
        "saascore.entitlements.facts.unfit", lambda fact: scanned.append(fact) or finds[len(scanned) > 1]
    )
    assert answer(maker, of_price("price-1")) == (("CON-001", "privacy.some.rule"), ("provider_event_type",))
    assert answer(maker, of_price("price-1")) == answer(maker, of_price("price-1"))
    assert len(scanned) == 2
    assert answer(maker, of_price("price-pro-00000001")).fact.snapshot.plan_key == "pro"
    assert len(scanned) == 3


RAW = "customer@example.test"


@pytest.mark.parametrize("known", [False, True], ids=["first of its type", "of a known type"])
@pytest.mark.parametrize(
    "signal",
    [
        Paid.model_construct(occasion=RAW),
        Paid.model_construct(occasion=[RAW]),
        PaymentFailed.model_construct(attempt=RAW, next_attempt_at={"at": RAW}),
    ],
    ids=["another text", "a list", "other types"],
)
def test_signal_that_was_made_without_validation_is_refused(signal, known, make_maker, warm):
    maker = warm if known else make_maker()
    draft = BillingDraft(
        "invoice.paid",
        "event-000000003",
        "2026-03-01T00:00:00Z",
        about=("subscription", "subscription-00001"),
        signals=(signal,),
    )
    with pytest.raises(Refused) as refused:
        maker.made(draft, EVENT)
    assert RAW not in str(refused.value)
    assert set(refused.value.codes) <= {"CON-001", "CON-002"}
