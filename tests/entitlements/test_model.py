"""A stateful model of the entitlement side: the ledger against the pure fold, whatever is handed in and how often."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from saascore.contract.billing import BillingFact
from saascore.contract.decision import DecisionRequest
from saascore.contract.journal import PlanSourceWrite
from saascore.entitlements.decide import decide
from saascore.entitlements.fold import fold
from saascore.entitlements.journal import standing
from saascore.entitlements.sources import Sources
from saascore.entitlements.timeline import END_OF_TIME, coarse, spans

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


@pytest.fixture(scope="module")
def machine(  # noqa: C901  the rules of one machine
    make_shop, make_product, body, day, tmp_path_factory
):
    class Machine(RuleBasedStateMachine):
        @initialize()
        def open(self):
            path = tmp_path_factory.mktemp("model") / "shop.db"
            self.shop = make_shop(f"sqlite:///{path}")
            self.sent = []

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

        @invariant()
        def journal_stands_for_the_timeline(self):
            facts = self.facts()
            written = [PlanSourceWrite.model_validate_json(row.body) for row in self.shop.ledger.journal()]
            lives = fold(facts, rank=("free", "starter", "pro")).lives
            assert {row.about for row in standing(written)} <= {life.thing.about for life in lives}
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

    return Machine


def test_model(machine):
    run_state_machine_as_test(
        machine, settings=settings(max_examples=15, stateful_step_count=12, deadline=None)
    )
