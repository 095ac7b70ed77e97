"""Every webhook gets exactly one outcome, and what it leaves open is resolved by what comes later."""

import pytest

from saascore.contract.billing import OperatorAudit
from saascore.entitlements.journal import standing
from saascore.entitlements.operator import Operator, unlinked, unresolved_prices
from saascore.errors import SaascoreError
from saascore.ledger import Measure

OPERATOR = OperatorAudit(operator="op:alex", approval="op:ticket-7", reason="goodwill")


def operator(shop, at="2026-04-01T00:00:00.000000Z"):
    return Operator("toy", "live", shop.intake().keys_of_events, OPERATOR, at)


def say(shop, fact):
    intake = shop.intake()
    (outcome,) = intake.commit([(1, intake.handed(fact))])
    return outcome


def test_each_record_has_one_outcome_in_input_order(shop, body):
    bodies = [
        body(),
        body(),
        {"type": "tax.updated"},
        {"type": "new.type"},
        {"id": "no-envelope-0001"},
        {"type": "broken", "id": "secret-00000001"},
        body(event_id="event-000000002", at="03-02", seats=2),
        {"body": body(event_id="event-000000003", at="03-03"), "received_at": "2026-03-03T00:00:01Z"},
        {"body": "{", "headers": {}},
        {"body": [], "headers": {}},
        {"body": body(), "received_at": "2026-03-03"},
        body(event_id="event-000000004", at="03-04") | {"at": "2026-03-04"},
        body(event_id="event-000000005", about=None),
    ]
    outcomes = shop.submit(*bodies)
    assert [outcome.record for outcome in outcomes] == list(range(1, len(bodies) + 1))
    assert [(outcome.outcome, *outcome.codes) for outcome in outcomes] == [
        ("accepted",),
        ("duplicate",),
        ("skipped", "no-entitlement"),
        ("skipped", "unmapped", "unknown-type"),
        ("rejected", "ENT-001", "no-envelope"),
        ("rejected", "ADP-101"),
        ("accepted",),
        ("accepted",),
        ("rejected", "INP-001"),
        ("rejected", "INP-003"),
        ("rejected", "CON-002"),
        ("rejected", "CON-002"),
        ("rejected", "CON-001"),
    ]
    assert shop.decide("03-05").plan_key == "pro"


def test_chunks_change_nothing(make_shop, tmp_path, body):
    bodies = [body(event_id=f"event-{n:09}", at=f"03-{n:02}", seats=n) for n in range(1, 12)]
    told = []
    for size in (1, 3, 100):
        shop = make_shop(f"sqlite:///{tmp_path}/{size}.db")
        assert shop.kinds(*bodies, chunk=size) == ["accepted"] * 11
        told.append(shop.decide("03-20").canonical())
    assert len(set(told)) == 1


def test_counters_tell_what_arrived(shop, body):
    shop.submit(
        body(),
        body(),
        {"type": "new.type"},
        {"type": "invoice.brand-new", "at": "x"},
        {"type": "tax.updated"},
    )
    counts = {(m.measure, m.word): n for m, n in shop.ledger.arrivals().items() if m.flow == "billing"}
    assert counts["outcome", "accepted"] == 1
    assert counts["outcome", "duplicate"] == 1
    assert counts["unmapped", "unknown"] == 1
    assert counts["ignored", "no-entitlement"] == 1
    assert shop.ledger.arrivals()[Measure("billing", "toy", "live", "lag", "over-7d")] == 1


def test_same_event_read_otherwise_is_a_duplicate_and_is_counted(shop, body):
    (first,) = shop.submit(body())
    (again,) = shop.submit(body(service="paused"))
    assert (again.outcome, again.position) == ("duplicate", first.position)
    receipt = shop.ledger.receipt(first.position)
    assert (receipt.deliveries, receipt.differing) == (2, 1)
    assert shop.decide().outcome == "granted"


def test_another_event_under_the_same_id_is_a_conflict(shop, body):
    shop.submit(body())
    (outcome,) = shop.submit(body(about="subscription-00002"))
    assert (outcome.outcome, outcome.fields) == ("conflict", ("about",))


def test_operator_action_with_other_content_is_a_conflict(shop, body):
    grant = body(service=None, about="grant-0000001", grant="pro")
    assert shop.kinds(grant, grant, {**grant, "grant": "starter"}) == ["accepted", "duplicate", "conflict"]


def test_unknown_plan_of_an_operator_is_rejected(shop, body):
    (outcome,) = shop.submit(body(service=None, about="grant-0000001", grant="Gold (yearly)"))
    assert (outcome.outcome, outcome.codes) == ("rejected", ("ENT-002",))
    assert shop.kinds(body(service=None, about="grant-0000001", grant="starter")) == ["accepted"]


def test_highest_item_in_rank_is_the_plan_and_others_are_add_ons(make_shop, make_product, tmp_path, body):
    names = {"p-pro": "pro", "p-start": "starter", "p-extra": "extra"}
    for turn, prices in enumerate((["p-extra", "p-pro", "p-start"], ["p-start", "p-pro", "p-extra"])):
        shop = make_shop(f"sqlite:///{tmp_path}/{turn}.db", make_product(names))
        shop.submit(body(prices=prices))
        (span,) = shop.desk.timeline(shop.workspace())
        assert (span.state.plan_key, span.state.addons) == ("pro", ("extra", "starter"))


def test_add_on_beside_an_unknown_price_does_not_become_the_plan(make_shop, make_product, tmp_path, body):
    shop = make_shop(f"sqlite:///{tmp_path}/shop.db", make_product({"p-extra": "extra"}))
    shop.submit(body(prices=["p-extra", "p-unknown"]))
    assert shop.decide().reason == "plan_unresolved"


def test_unknown_price_is_resolved_by_an_operator(shop, body):
    shop.submit(body(prices=["price-custom-0001"]))
    assert shop.decide().reason == "plan_unresolved"
    ((price, facts),) = unresolved_prices(shop.ledger)
    assert facts == 1
    assert say(shop, operator(shop).map_price(price, "pro")).outcome == "accepted"
    assert (shop.decide().outcome, shop.decide().plan_key) == ("granted", "pro")
    assert unresolved_prices(shop.ledger) == []
    assert [row.plan_key for row in shop.desk.journal(shop.workspace())] == [None, "pro"]


def test_unknown_price_is_resolved_when_the_same_webhook_comes_again(shop, body, make_product):
    shop.submit(body(prices=["price-custom-0001"]))
    shop.equip(make_product({"price-custom-0001": "pro"}))
    assert shop.kinds(body(prices=["price-custom-0001"])) == ["duplicate"]
    assert shop.decide().plan_key == "pro"


def test_price_learned_from_one_workspace_resolves_another(shop, body, make_product):
    shop.submit(body(prices=["price-custom-0001"]))
    shop.equip(make_product({"price-custom-0001": "pro"}))
    shop.submit(
        body(
            event_id="event-000000009",
            about="subscription-00009",
            workspace="workspace-000009",
            prices=["price-custom-0001"],
        )
    )
    assert shop.decide().plan_key == "pro"
    assert [row.plan_key for row in shop.desk.journal(shop.workspace())] == [None, "pro"]


def test_workspace_is_resolved_when_the_same_webhook_comes_again(shop, body):
    shop.submit(body(workspace=None))
    assert shop.decide().reason == "no_source"
    assert shop.kinds(body()) == ["duplicate"]
    assert shop.decide().outcome == "granted"


def test_workspace_is_resolved_by_a_later_link_of_the_customer(shop, body):
    shop.submit(body(workspace=None, customer="customer-000001"))
    shop.submit(
        body(
            event_id="event-000000002",
            type="customer.created",
            about=None,
            customer="customer-000001",
            link=True,
            service=None,
            at="05-01",
        )
    )
    assert shop.decide("03-02").outcome == "granted"
    assert [row.workspace for row in shop.desk.journal(shop.workspace())] == [shop.workspace()]


def test_what_belongs_to_nobody_is_listed_until_something_links_it(shop, body):
    shop.submit(
        body(workspace=None, customer="customer-000001"),
        body(event_id="event-000000002", about="subscription-00002", workspace=None),
        body(event_id="event-000000003", at="03-02", about="subscription-00002", workspace=None, seats=2),
        body(event_id="event-000000004", about="subscription-00003"),
    )
    assert sorted(thing.facts for thing in unlinked(shop.ledger)) == [1, 2]
    link = {"type": "customer.created", "about": None, "link": True, "service": None}
    shop.submit(body(event_id="event-000000005", customer="customer-000001", **link))
    (left,) = unlinked(shop.ledger)
    assert left.facts == 2
    say(shop, operator(shop).link(left.about, shop.workspace()))
    assert unlinked(shop.ledger) == []


def test_operator_link_overrides_what_webhooks_claim(shop, body):
    shop.submit(body())
    about = shop.desk.timeline(shop.workspace())[0].thing.about
    say(shop, operator(shop).link(about, shop.workspace("workspace-000002")))
    shop.submit(body(event_id="event-000000002", at="04-02", seats=3))
    assert shop.decide("03-10").outcome == "granted"
    assert shop.decide("04-03").outcome == "denied"
    assert shop.decide("04-03", "workspace-000002").outcome == "granted"


@pytest.mark.parametrize("first", ["target", "correction"])
def test_correction_counts_whether_it_comes_before_or_after_its_target(first, shop, body):
    wrong = body(event_id="event-000000002", at="03-05", service="ended", ended_at="2026-03-05T00:00:00Z")
    undo = {
        "type": "correction",
        "id": "event-000000003",
        "at": "2026-03-06T00:00:00Z",
        "corrects": "event-000000002",
    }
    shop.submit(body())
    for one in (wrong, undo) if first == "target" else (undo, wrong):
        assert shop.kinds(one) == ["accepted"]
    assert shop.decide("03-10").outcome == "granted"


def test_correction_may_name_another_provider(shop, body):
    shop.submit(body(), body(event_id="event-000000002", at="03-05", service="paused"), provider="other")
    assert shop.decide("03-10").reason == "paused"
    undo = {
        "type": "correction",
        "id": "event-000000003",
        "at": "2026-03-06T00:00:00Z",
        "corrects": "event-000000002",
        "corrects_source": "other",
    }
    shop.submit(undo)
    assert shop.decide("03-10").outcome == "granted"
    assert [row.state for row in standing(list(shop.desk.journal(shop.workspace())))] == ["active"]


def test_operator_correction_by_fact(shop, body):
    shop.submit(body())
    (bad,) = shop.submit(body(event_id="event-000000002", at="03-05", service="paused"))
    target = shop.intake().ready(shop.ledger.fact(bad.position).json()).fact
    say(shop, operator(shop).correct(target))
    assert shop.decide("03-10").outcome == "granted"


def test_test_mode_never_touches_live_state(shop, body):
    shop.submit(body())
    shop.submit(body(service="ended"), mode="test")
    assert shop.decide().outcome == "granted"
    assert shop.test_desk.decide(shop.workspace(), "2026-03-10T00:00:00.000000Z").outcome == "denied"


def test_mode_must_be_one_of_two(shop):
    with pytest.raises(SaascoreError, match="ENT-005"):
        shop.intake("sandbox")


def test_ready_made_facts_pass_the_same_checks(shop, make_shop, tmp_path, body):
    shop.submit(body())
    fact = shop.ledger.facts(schema="saascore/billing-fact/1")
    encoded = [stored.json() for stored in fact]
    other = make_shop(f"sqlite:///{tmp_path}/other.db")
    assert other.kinds(*encoded, envelopes=True) == ["accepted", "accepted"]
    assert other.kinds(*encoded, envelopes=True) == ["duplicate", "duplicate"]
    assert other.decide().plan_key == "pro"
    forged = {**encoded[0], "occurred_at": "2026-03-02T00:00:00.000000Z"}
    assert other.submit(forged, envelopes=True)[0].codes == ("ENT-004",)
    assert other.submit({**encoded[0], "email": "x"}, envelopes=True)[0].codes == ("CON-001",)
    assert other.submit(encoded[0], envelopes=True, mode="test")[0].codes == ("ENT-004",)


def test_a_store_that_fails_leaves_records_unprocessed_and_keeps_nothing_of_them(shop, body, monkeypatch):
    shop.submit(body())

    def fail(*_):
        raise SaascoreError("LED-005")

    monkeypatch.setattr("saascore.ledger.Writer.append_journal", fail)
    head = shop.ledger.head
    later = body(event_id="event-000000002", at="03-05", service="ended")
    assert [(o.outcome, o.codes) for o in shop.submit(later, {"type": "tax.updated"})] == [
        ("unprocessed", ("LED-005",)),
        ("unprocessed", ("LED-005",)),
    ]
    assert shop.ledger.head == head
    monkeypatch.undo()
    assert shop.kinds(later) == ["accepted"]
    assert shop.decide("03-10").outcome == "denied"


def test_event_without_an_id_is_known_by_its_body(shop, body):
    assert shop.kinds(body(event_id=None), body(event_id=None), body(event_id=None, seats=2)) == [
        "accepted",
        "duplicate",
        "accepted",
    ]


def test_two_types_with_one_body_and_no_id_are_two_events(shop, body):
    """Some providers say the type in a header alone."""
    deliveries = [
        {"body": body(event_id=None), "headers": {"x-type": name}} for name in ("one", "two", "one")
    ]
    assert shop.kinds(*deliveries) == ["accepted", "accepted", "duplicate"]


def test_rules_are_recorded_and_a_past_decision_is_asked_by_the_rules_of_its_time(shop, body, make_product):
    shop.submit(body(), body(event_id="event-000000002", at="03-05", collection="past_due"))
    before = shop.decide("03-06")
    shop.equip(make_product(version="v2", grace={"payment": 30}))
    after = shop.decide("03-06")
    assert (before.outcome, after.outcome) == ("denied", "granted")
    assert shop.decide("03-06", as_of=before.request.as_of).canonical() == before.canonical()
    assert shop.decide("03-06", as_of=after.request.as_of).canonical() == after.canonical()


def test_position_after_the_head_is_refused(shop):
    with pytest.raises(SaascoreError, match="ENT-006"):
        shop.decide(as_of=99)


def test_capability_comes_from_the_products_description(shop, body):
    shop.submit(body())
    assert shop.decide(capability="render").capability.limit == "10"


def test_delivery_of_the_other_mode_is_skipped(shop, body):
    (outcome,) = shop.submit({"name": "sample", "body": body(), "mode": "test", "expect": "map"})
    assert (outcome.outcome, outcome.codes) == ("skipped", ("mode-mismatch",))


def test_same_webhook_after_ninety_days_is_a_duplicate(shop, body):
    assert shop.kinds(body()) == ["accepted"]
    shop.now = "2026-09-01T00:00:00.000000Z"
    assert shop.kinds(body()) == ["duplicate"]


def test_rules_are_recorded_by_the_first_decision_whatever_was_asked_before(shop):
    assert shop.desk.events(shop.workspace()) == ()
    assert shop.ledger.head == 1
    decision = shop.decide()
    assert shop.decide(as_of=decision.request.as_of).rules_digest == decision.rules_digest


@pytest.mark.parametrize("wrong", [{"capability": "Not A Label"}, {"at": "2026-03-10"}])
def test_question_that_does_not_fit_is_refused_without_its_value(wrong, shop):
    with pytest.raises(SaascoreError, match="CON-001") as refused:
        shop.desk.decide(shop.workspace(), **{"at": "2026-03-10T00:00:00Z", **wrong})
    assert next(iter(wrong.values())) not in str(refused.value)
