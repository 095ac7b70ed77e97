"""A stateful model of the entitlement side: the ledger against the pure fold, whatever is handed in and how often.

Webhooks of both modes, late, again and in batches; grants, revocations, suspensions, corrections, links and mappings of
operators; a product that learns a price; time; and a store that fails. Over both stores.
"""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from saascore.contract.billing import BillingFact, OperatorAudit
from saascore.contract.decision import DecisionRequest
from saascore.contract.journal import PlanSourceWrite
from saascore.entitlements.decide import decide
from saascore.entitlements.fold import fold
from saascore.entitlements.journal import standing
from saascore.entitlements.operator import Operator, unresolved_prices
from saascore.entitlements.sources import Sources
from saascore.entitlements.timeline import END_OF_TIME, coarse, spans
from saascore.errors import SaascoreError

ASKED = ["03-01", "03-06", "04-02"]
WORKSPACES = ["workspace-000001", "workspace-000002"]
bodies = st.fixed_dictionaries(
    {
        "at": st.sampled_from(["03-01", "03-02", "03-05", "04-01"]),
        "event_id": st.sampled_from([f"event-{n:09}" for n in range(12)]),
        "about": st.sampled_from(["subscription-00001", "subscription-00002"]),
        "service": st.sampled_from(["pending", "trialing", "active", "paused", "ended"]),
        "collection": st.sampled_from(["current", "past_due"]),
        "prices": st.sampled_from([["price-pro-00000001"], ["price-starter-0001"], ["price-custom-0001"]]),
    },
    optional={
        "workspace": st.sampled_from([*WORKSPACES, None]),
        "customer": st.sampled_from(["customer-000001", "customer-000002"]),
    },
)


OPERATOR = OperatorAudit(operator="op:alex", approval="op:ticket-7", reason="goodwill")


@pytest.fixture(scope="module")
def make_machine(  # noqa: C901  the rules of one machine
    make_shop, make_product, body, day
):
    class Machine(RuleBasedStateMachine):
        address = staticmethod(lambda: "")

        @initialize()
        def open(self):
            self.shop = make_shop(self.address())
            self.sent, self.answered = [], []

        def send(self, *sent):
            outcomes = self.shop.submit(*sent)
            assert [outcome.record for outcome in outcomes] == list(range(1, len(sent) + 1))
            self.sent.extend(sent)

        @rule(given=bodies)
        def webhook(self, given):
            self.send(body(**given))

        @rule(given=st.lists(bodies, min_size=2, max_size=4))
        def batch(self, given):
            self.send(*(body(**one) for one in given))

        @rule(data=st.data())
        def replay(self, data):
            if self.sent:
                again = data.draw(st.sampled_from(self.sent))
                (outcome,) = self.shop.submit(again)
                assert outcome.outcome in {"duplicate", "conflict"}

        @rule(plan=st.sampled_from(["pro", "starter"]))
        def grant(self, plan):
            self.send(body("03-02", f"event-grant-{plan}", service=None, about="grant-0000001", grant=plan))

        @rule(given=bodies)
        def webhook_of_the_other_mode(self, given):
            (outcome,) = self.shop.submit(body(**given), mode="test")
            assert outcome.outcome in {"accepted", "duplicate", "conflict"}

        @rule(raw=st.sampled_from(WORKSPACES), at=st.sampled_from(["03-03", "03-20"]), suspend=st.booleans())
        def suspend(self, raw, at, suspend):
            event_id = f"event-suspend-{raw}-{at}-{suspend}"
            self.send(body(at, event_id, service=None, about=None, workspace=raw, suspend=suspend))

        @rule(
            about=st.sampled_from(["subscription-00001", "subscription-00002"]),
            raw=st.sampled_from(WORKSPACES),
            at=st.sampled_from(["03-04", "04-20"]),
        )
        def operator_links(self, about, raw, at):
            thing = self.shop.intake().keys_of_events.redact("subscription", about)
            self.say(self.operator(day(at)).link(thing, self.shop.workspace(raw)))

        @rule(plan=st.sampled_from(["pro", "starter"]))
        def operator_names_a_price(self, plan):
            for price, _ in unresolved_prices(self.shop.ledger):
                self.say(self.operator(day("05-01")).map_price(price, plan))

        @rule(later=st.sampled_from(["2026-06-01T00:00:00.000000Z", "2026-12-01T00:00:00.000000Z"]))
        def time_passes(self, later):
            self.shop.now = max(self.shop.now, later)

        @rule(given=st.lists(bodies, min_size=1, max_size=3))
        def store_fails(self, given):
            def fail(*_):
                raise SaascoreError("LED-005")

            head = self.shop.ledger.head
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("saascore.ledger.Writer.append_journal", fail)
                kinds = self.shop.kinds(*(body(**one) for one in given))
            assert set(kinds) == {"unprocessed"}
            assert self.shop.ledger.head == head

        def operator(self, at):
            return Operator("toy", "live", self.shop.intake().keys_of_events, OPERATOR, at)

        def say(self, fact):
            intake = self.shop.intake()
            (outcome,) = intake.commit([(1, intake.handed(fact))])
            assert outcome.outcome in {"accepted", "duplicate"}

        @rule(number=st.integers(0, 11))
        def take_back(self, number):
            undo = {"type": "correction", "id": f"event-undo-{number}", "at": "2026-05-01T00:00:00Z"}
            self.send({**undo, "corrects": f"event-{number:09}"})

        @rule()
        def name_the_price(self):
            names = {"price-pro-00000001": "pro", "price-starter-0001": "starter", "price-custom-0001": "pro"}
            self.shop.equip(make_product(names))

        @invariant()
        def ledger_decides_as_the_pure_fold_of_everything(self):
            facts = self.facts()
            for raw in WORKSPACES:
                workspace = self.shop.workspace(raw)
                for at in ASKED:
                    told = self.shop.decide(at, raw)
                    rules = self.shop.desk._known(None).rules
                    sources = Sources.of(facts, rules, workspace=workspace, mode="live")
                    request = DecisionRequest(
                        product="shop", workspace=workspace, at=day(at), as_of=told.request.as_of
                    )
                    assert told == decide(sources, request)
                    self.answered.append((at, raw, told))

        @rule(data=st.data())
        def what_was_answered_is_answered_again(self, data):
            if self.answered:
                at, raw, told = data.draw(st.sampled_from(self.answered))
                again = self.shop.decide(at, raw, as_of=told.request.as_of)
                assert again.canonical() == told.canonical()

        @invariant()
        def journal_stands_for_the_timeline(self):
            facts = self.facts()
            written = [PlanSourceWrite.model_validate_json(row.body) for row in self.shop.ledger.journal()]
            lives = fold(facts, rank=("free", "starter", "pro")).lives
            about = {row.about for row in standing(written)} - {None}
            assert about <= {life.thing.about for life in lives}
            for life in lives:
                own = standing([row for row in written if row.about == life.thing.about])
                assert [
                    (row.effective_from, row.effective_until, row.plan_key, row.state, row.workspace)
                    for row in own
                ] == [
                    (
                        span.start,
                        span.end if span.end < END_OF_TIME else None,
                        span.state.plan_key,
                        span.standing,
                        span.workspace,
                    )
                    for span in coarse(spans(life))
                ]

        def facts(self):
            stored = self.shop.ledger.facts(schema="saascore/billing-fact/1")
            return [BillingFact.model_validate_json(one.body) for one in stored]

        def teardown(self):
            if hasattr(self, "shop"):
                self.shop.ledger.close()

    return lambda address: type("MachineOfOneStore", (Machine,), {"address": staticmethod(address)})


def test_model_over_sqlite(make_machine, tmp_path_factory):
    machine = make_machine(lambda: f"sqlite:///{tmp_path_factory.mktemp('model')}/shop.db")
    run_state_machine_as_test(
        machine, settings=settings(max_examples=15, stateful_step_count=14, deadline=None)
    )


@pytest.mark.postgres
def test_model_over_postgresql(make_machine, postgresql_server):
    run_state_machine_as_test(
        make_machine(postgresql_server),
        settings=settings(max_examples=5, stateful_step_count=10, deadline=None),
    )
