"""The ledger against a plain dictionary: whatever is done in whatever order, in both stores, the counts agree."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from saascore.contract.usage import Correction
from saascore.contract.window import Window
from saascore.errors import SaascoreError
from saascore.ledger import create_ledger
from saascore.ledger.keys import event_id_of
from saascore.ledger.sealing import seal
from saascore.ledger.verify import verify
from saascore.usage.correct import amend, reverse
from saascore.usage.held import list_held, release_held
from saascore.usage.preview import Audit, preview
from saascore.usage.runs import apply, revert

IDS = st.sampled_from("abcdef")
QUANTITIES = st.sampled_from(["1", "2.5", "0.000000001"])
WHY = Correction(reason="test", operator="op:a")
AUDIT = Audit("op:ops", "op:finance", "model")
WINDOW = Window.parse({"from": "2026-03-01T00:00:00Z", "to": "2026-03-10T00:00:00Z"})
AT = "2026-03-05T00:00:00.000000Z"
LATER = "2026-06-01T00:00:00.000000Z"  # then AT is outside the acceptance window


class LedgerModel(RuleBasedStateMachine):
    """``stored`` maps an id to its quantity, ``origins`` to who says it; no origin: the key is free."""

    make_url = None
    desk_class = None

    def __init__(self):
        super().__init__()
        self.ledger = create_ledger(type(self).make_url(), reference_key="k1")
        self.desk = type(self).desk_class(self.ledger)
        self.stored, self.origins, self.shelf = {}, {}, {}
        self.reversed, self.replaced = {}, {}  # by id: the quantity taken back, the quantity put in its place
        self.runs = set()
        self.head, self.past = 0, []

    def teardown(self):
        self.ledger.close()

    def row(self, name, quantity):
        return self.desk.row(name, quantity=quantity, at=AT)

    def owned(self, name):
        return bool(self.origins.get(name))

    def settle(self, name, quantity, origin):
        """What the model expects of an event that is let in."""
        if self.owned(name):
            if self.stored[name] != quantity:
                return "conflict"
            self.origins[name].add(origin)
            return "duplicate"
        self.stored[name], self.origins[name] = quantity, {origin}
        return "accepted"

    def event_id(self, name):
        return event_id_of(self.desk.keys.redactor("alpha").redact("key", name))

    @rule(rows=st.lists(st.tuples(IDS, QUANTITIES), min_size=1, max_size=4))
    def submit(self, rows):
        expected = [self.settle(name, quantity, "live") for name, quantity in rows]
        assert self.desk.kinds(*(self.row(*item) for item in rows)) == expected

    @rule(name=IDS, quantity=QUANTITIES)
    def submit_late(self, name, quantity):
        if self.owned(name):
            expected = self.settle(name, quantity, "live")
        elif name in self.shelf:
            expected = "held" if self.shelf[name] == quantity else "conflict"
        else:
            self.shelf[name], expected = quantity, "held"
        assert self.desk.kinds(self.row(name, quantity), now=LATER) == [expected]

    @precondition(lambda self: self.shelf)
    @rule(data=st.data())
    def release(self, data):
        held = {item.number: item for item in list_held(self.ledger)}
        number = data.draw(st.sampled_from(sorted(held)))
        (name,) = (n for n in self.shelf if self.event_id(n) in held[number].body)
        expected = self.settle(name, self.shelf.pop(name), "live")
        assert [v.outcome for v in release_held(self.ledger, [number], now=LATER)] == [expected]

    @rule(name=IDS)
    def take_back(self, name):
        if not self.owned(name):
            with pytest.raises(SaascoreError, match="LED-007"):
                reverse(self.ledger, self.event_id(name), WHY, now=LATER)
            return
        if name not in self.reversed:
            self.reversed[name], expected = self.stored[name], "accepted"
        else:
            expected = "duplicate" if self.reversed[name] == self.stored[name] else "conflict"
        assert reverse(self.ledger, self.event_id(name), WHY, now=LATER).outcome == expected

    @rule(name=IDS, quantity=QUANTITIES)
    def replace(self, name, quantity):
        if not self.owned(name):
            return
        clash = name in self.reversed and self.reversed[name] != self.stored[name]
        if clash or self.replaced.get(name, quantity) != quantity:
            with pytest.raises(SaascoreError, match="USG-004"):
                amend(self.ledger, self.event_id(name), WHY, {"quantity": quantity}, now=LATER)
            return
        amend(self.ledger, self.event_id(name), WHY, {"quantity": quantity}, now=LATER)
        self.reversed[name], self.replaced[name] = self.stored[name], quantity

    @rule(rows=st.dictionaries(IDS, QUANTITIES, min_size=1, max_size=4))
    def backfill(self, rows):
        self.desk.adapter.rows = [
            {**self.row(name, quantity), "basis": "occurrence"} for name, quantity in rows.items()
        ]
        audit = AUDIT._replace(reason=f"run-{'ab'[len(self.runs) % 2]}{len(self.past)}")
        shown = preview(self.ledger, self.desk.product, self.desk.keys, WINDOW, audit)
        done = apply(self.ledger, self.desk.product, self.desk.keys, shown, now=LATER)
        if done.run_id in self.runs:
            return  # the same preview again
        self.runs.add(done.run_id)
        expected = [self.settle(name, quantity, done.run_id) for name, quantity in rows.items()]
        assert done.outcomes == shown.outcomes
        assert done.outcomes.accepted == expected.count("accepted")
        assert done.outcomes.conflict == expected.count("conflict")

    @precondition(lambda self: self.runs)
    @rule(data=st.data())
    def undo(self, data):
        run_id = data.draw(st.sampled_from(sorted(self.runs)))
        self.runs.remove(run_id)
        for origins in self.origins.values():
            origins.discard(run_id)
        revert(self.ledger, run_id, AUDIT, now=LATER)

    @rule()
    def seal(self):
        seal(self.ledger, now=LATER)

    @invariant()
    def counts_agree(self):
        counted = [
            self.stored[name] for name in self.stored if self.owned(name) and name not in self.reversed
        ]
        counted += [self.replaced[name] for name in self.replaced if self.owned(name)]
        total = sum(map(Decimal, counted), Decimal())
        groups = self.desk.summary(grain="month").groups
        told = (groups[0].totals.count, Decimal(groups[0].totals.sum)) if groups else (0, Decimal())
        assert told == (len(counted), total)
        self.past.append((self.ledger.head, self.desk.summary(as_of=self.ledger.head).canonical()))

    @invariant()
    def positions_have_no_gaps_and_the_past_stays(self):
        head = self.ledger.head
        assert head >= self.head
        self.head = head
        assert [fact.position for fact in self.ledger.facts()] == list(range(1, head + 1))
        position, summary = self.past[len(self.past) // 2]
        assert self.desk.summary(as_of=position).canonical() == summary
        assert verify(self.ledger).fault is None


def run_model(make, desk, examples, steps):
    class Model(LedgerModel):
        make_url = staticmethod(make)
        desk_class = desk

    run_state_machine_as_test(
        Model,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
def test_sqlite_agrees_with_a_dictionary(desk_of):
    run_model(lambda: "sqlite:///:memory:", desk_of, 25, 20)


@pytest.mark.slow
@pytest.mark.postgres
def test_postgresql_agrees_with_a_dictionary(desk_of, postgresql_server):
    run_model(postgresql_server, desk_of, 6, 12)
