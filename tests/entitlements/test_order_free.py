"""Any permutation of the same facts, with any duplicates, gives the same bytes."""

from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saascore.contract.canonical import digest
from saascore.contract.decision import Decision, DecisionRequest
from saascore.contract.lifecycle import LifecycleEvent
from saascore.entitlements.decide import DECISION_DOMAIN, decide
from saascore.entitlements.fold import fold
from saascore.entitlements.sources import Sources
from saascore.entitlements.timeline import spans

DAYS = ["03-01", "03-02", "03-02T00:00:01", "03-05", "03-09", "04-01", "04-02", "04-20"]
ASKED = ["02-28", "03-01", "03-02", "03-06", "04-01", "04-03", "05-01"]
PLANS = ["starter", "pro", "studio"]

snapshots = st.fixed_dictionaries(
    {
        "at": st.sampled_from(DAYS),
        "about": st.sampled_from(["s1", "s2"]),
        "service": st.sampled_from(["none", "pending", "trialing", "active", "active", "paused", "ended"]),
        "collection": st.sampled_from(
            ["current", "past_due", "unpaid", "collection_paused", "disputed", "not_applicable"]
        ),
    },
    optional={
        "plan": st.sampled_from(PLANS),
        "unread": st.sampled_from(["custom", "price-2"]),
        "quantity": st.integers(1, 3),
        "period": st.sampled_from([("03-01", "04-01"), ("04-01", "05-01")]),
        "trial_ends_at": st.sampled_from(["03-05", "04-01"]),
        "ended_at": st.sampled_from(DAYS),
        "workspace": st.sampled_from(["w1", "w2"]),
        "customer": st.just("c1"),
        "specificity": st.integers(0, 2),
        "addons": st.sampled_from([[], ["extra"]]),
        "scheduled": st.lists(
            st.sampled_from(
                [
                    {"kind": "cancel", "effective_at": "04-01"},
                    {"kind": "cancel"},
                    {"kind": "pause", "effective_at": "03-09"},
                    {"kind": "resume", "effective_at": "04-02"},
                    {"kind": "plan_change", "effective_at": "03-09", "plan": "starter"},
                    {"kind": "quantity_change", "effective_at": "04-01", "quantity": 9},
                ]
            ),
            max_size=3,
            unique_by=lambda item: item["kind"],
        ),
    },
)
signals = st.fixed_dictionaries(
    {
        "at": st.sampled_from(DAYS),
        "about": st.sampled_from(["s1", "s2", None]),
        "customer": st.just("c1"),
        "given": st.sampled_from(
            [
                {"signal": "paid", "occasion": "renewal"},
                {"signal": "payment_failed"},
                {"signal": "payment_failed", "final": True},
                {"signal": "refunded", "extent": "full", "stage": "final"},
                {"signal": "dispute", "stage": "opened"},
                {"signal": "dispute", "stage": "won"},
                {"signal": "dispute", "stage": "lost"},
                {"signal": "revoke", "effective_at": "04-02"},
            ]
        ),
    }
)
others = st.sampled_from(
    ["grant", "longer grant", "purchase", "suspend", "link", "mapping", "operator mapping"]
)


def write(tell, item):
    if isinstance(item, str):
        return written(tell, item)
    if "given" in item:
        return tell.signal(item["at"], item["about"], customer=item["customer"], **item["given"])
    return tell.snapshot(item["at"], **{name: value for name, value in item.items() if name != "at"})


def written(tell, word):
    if word == "grant":
        return tell.grant("03-02", effective_until="04-02")
    if word == "longer grant":
        return tell.grant("03-09", plan="pro", effective_until="04-20")
    if word == "purchase":
        return tell.signal(
            "03-05",
            "p1",
            kind="purchase",
            signal="purchase",
            plan_key="starter",
            effective_from="03-05",
            lifetime=True,
        )
    if word == "suspend":
        return tell.signal("03-05", None, workspace="w1", signal="suspend", effective_at="03-05")
    if word == "link":
        return tell.fact("04-02", "s2", signals=[{"kind": "link", "workspace": tell.workspace()}])
    audit = {"audit": {"operator": "op:alex", "approval": "op:t-1", "reason": "mapped"}}
    plan = {"kind": "plan_mapping", "plan_ref": tell.price("custom"), "plan_key": "pro"}
    return tell.fact("04-20", signals=[plan], **(audit if word == "operator mapping" else {}))


def everything(tell, facts, rules, day):
    """Return the bytes of events, spans and decisions."""
    folded = fold(facts, rank=rules.plan_rank)
    told = [event.canonical() for event in folded.events()]
    told += [repr(span).encode() for life in folded.lives for span in spans(life)]
    sources = Sources.of(facts, rules, workspace=tell.workspace(), mode="live")
    for at in ASKED:
        request = DecisionRequest(product="image-studio", workspace=tell.workspace(), at=day(at), as_of=1)
        told.append(decide(sources, request).canonical())
    return told


@pytest.fixture
def rules(make_rules):
    return make_rules(grace={"payment": 3, "cancellation": 2, "dispute": 1}, default_plan="free")


@given(items=st.lists(st.one_of(snapshots, signals, others), max_size=7), data=st.data())
@settings(max_examples=150, deadline=None)
def test_arrival_changes_nothing(items, data, teller, day, make_rules):
    tell, rules = teller(), make_rules(grace={"payment": 3, "cancellation": 2, "dispute": 1})
    facts = [write(tell, item) for item in items]
    again = data.draw(st.lists(st.sampled_from(facts), max_size=4)) if facts else []
    shuffled = data.draw(st.permutations(facts + again))
    assert everything(tell, shuffled, rules, day) == everything(tell, facts, rules, day)


@given(items=st.lists(st.one_of(snapshots, signals, others), max_size=7))
@settings(max_examples=100, deadline=None)
def test_what_is_derived_fits_the_contract(items, teller, day, make_rules):
    tell, rules = teller(), make_rules(default_plan="free")
    facts = [write(tell, item) for item in items]
    for event in fold(facts, rank=rules.plan_rank).events():
        assert LifecycleEvent.parse_json(event.canonical()) == event
    sources = Sources.of(facts, rules, workspace=tell.workspace(), mode="live")
    for at in ASKED:
        request = DecisionRequest(product="image-studio", workspace=tell.workspace(), at=day(at), as_of=1)
        decision = decide(sources, request)
        assert Decision.parse_json(decision.canonical()) == decision
        if decision.next_change is not None:
            assert_first_change(sources, decision, request)


INSTANTS = [
    "2026-02-01",
    "2026-03-01",
    "2026-03-04T09:30:00",
    "2026-03-06",
    "2026-04-02",
    "2026-04-03",
    "2026-08-01",
]
questions = st.tuples(
    st.sampled_from(INSTANTS), st.sampled_from([None, "render", "export"]), st.integers(0, 9)
)


@given(
    items=st.lists(st.one_of(snapshots, signals, others), max_size=7),
    asked=st.lists(questions, min_size=2, max_size=12),
)
@settings(max_examples=100, deadline=None)
def test_what_was_asked_before_changes_no_answer(items, asked, teller, make_rules):
    tell = teller()
    pro = {"plan_key": "pro", "capabilities": {"render": {"limit": "9", "unit": "image"}}}
    rules = make_rules(grace={"payment": 3, "dispute": 1}, staleness_days=2, capabilities={"pro": pro})
    facts = [write(tell, item) for item in items]
    workspace = tell.workspace()
    warm = Sources.of(facts, rules, workspace=workspace, mode="live")
    for day, capability, as_of in asked:
        at = day if "T" in day else f"{day}T00:00:00"
        request = DecisionRequest(
            product="image-studio", workspace=workspace, at=f"{at}Z", as_of=as_of, capability=capability
        )
        decision = decide(warm, request)
        fresh = decide(Sources.of(facts, rules, workspace=workspace, mode="live"), request)
        assert decision == fresh
        encoded = decision.to_json()
        assert encoded.pop("decision_digest") == digest(DECISION_DOMAIN, encoded)
        assert encoded == {name: item for name, item in fresh.to_json().items() if name in encoded}


def assert_first_change(sources, decision, request):
    """Between now and the next change nothing changes; at it something does."""

    def at(instant):
        found = decide(sources, request.model_copy(update={"at": instant}))
        return (found.outcome, found.plan_key, found.quantity)

    now = (decision.outcome, decision.plan_key, decision.quantity)
    assert at(decision.next_change.at) != now
    between = [point for point in sources.starts if request.at < point < decision.next_change.at]
    assert all(at(point) == now for point in between)


@given(items=st.lists(st.one_of(snapshots, signals, others), max_size=7))
@settings(max_examples=100, deadline=None)
def test_spans_cover_time_once(items, teller):
    tell = teller()
    for life in fold([write(tell, item) for item in items]).lives:
        every = spans(life)
        assert all(one.end == other.start for one, other in pairwise(every))
        assert all(
            span.start < span.end and span.since <= span.start and span.end <= span.until for span in every
        )
        assert not every or every[-1].end == "~"


def test_every_permutation_of_a_story_with_a_duplicate_ends_in_one_state(tell, rules, day):
    facts = [
        tell.snapshot("03-01", "trialing", plan="starter", trial_ends_at="03-05", workspace="w1"),
        tell.snapshot("03-05", plan="starter", period=("03-05", "04-05")),
        tell.snapshot("03-09", plan="pro", period=("03-05", "04-05")),
        tell.signal("04-01", signal="payment_failed"),
        tell.snapshot("04-01", plan="pro", collection="past_due"),
        tell.snapshot("04-01", "ended", plan="pro", ended_at="04-01"),
    ]
    expected = everything(tell, facts, rules, day)
    for order in permutations(facts):
        assert everything(tell, [*order, order[0]], rules, day) == expected
