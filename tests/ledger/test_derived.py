"""Whoever changes what summaries read, and no fact, is found by comparing with the facts."""

import pytest

from saascore.contract.usage import Correction
from saascore.contract.window import Window
from saascore.ledger.derived import first_underived
from saascore.usage.correct import reverse
from saascore.usage.preview import Audit, preview
from saascore.usage.runs import apply, revert

NOW = "2026-03-10T12:00:00.000000Z"
DERIVED = ("usage", "corrections", "shapes", "subjects")


def unprotected(ledger):
    for table in DERIVED:
        if ledger.driver.dialect == "sqlite":
            ledger.driver.run(f"DROP TRIGGER {table}_no_update")
            ledger.driver.run(f"DROP TRIGGER {table}_no_delete")
        else:
            ledger.driver.run(f"DROP TRIGGER {table}_append_only ON {table}")
    return ledger.driver.run


TABLES = {
    "a quantity": ("UPDATE usage SET whole = 7 WHERE position = 2", 2),
    "a time": ("UPDATE usage SET occurred_at = '2026-03-01T00:00:00.000000Z' WHERE position = 3", 3),
    "a subject": ("UPDATE subjects SET label = 'somebody' WHERE subject = 1", 1),
    "a shape": ("UPDATE shapes SET label = '[]' WHERE shape = 1", 1),
    "an event id": (
        "UPDATE usage SET event = (SELECT event FROM usage WHERE position = 1) WHERE position = 2",
        2,
    ),
    "a run": ("UPDATE usage SET run = 1 WHERE position = 2", 2),
    "a row less": ("DELETE FROM usage WHERE position = 2", 2),
    "a row of nothing": ("UPDATE usage SET position = 99 WHERE position = 4", 4),
    "a correction less": ("DELETE FROM corrections", 4),
    "a correction of another": ("UPDATE corrections SET replaces = 1", 4),
}


@pytest.mark.parametrize("what", TABLES)
def test_tables_that_do_not_say_what_the_facts_say_are_found(stored_desk, what):
    desk = stored_desk
    desk.submit(*(desk.row(name, ws=name, quantity="1.5", sequence=3) for name in "abc"))
    reverse(
        desk.ledger, desk.ledger.fact(1).json()["event_id"], Correction(reason="x", operator="op:a"), now=NOW
    )
    assert first_underived(desk.ledger) is None
    statement, position = TABLES[what]
    unprotected(desk.ledger)(statement)
    assert first_underived(desk.ledger) == position


def test_runs_that_do_not_say_what_the_facts_say_are_found(desk):
    desk.adapter.rows = [
        desk.row(name, at="2026-02-05T00:00:00.000000Z", basis="occurrence") for name in "abc"
    ]
    february = Window.parse({"from": "2026-02-01T00:00:00Z", "to": "2026-03-01T00:00:00Z"})
    audit = Audit("op:ops", "op:finance", "launch")
    shown = preview(desk.ledger, desk.product, desk.keys, february, audit)
    done = apply(desk.ledger, desk.product, desk.keys, shown, now=NOW)
    assert first_underived(desk.ledger) is None
    desk.ledger.driver.run("UPDATE runs SET reverted_position = 2")
    assert first_underived(desk.ledger) == 4
    desk.ledger.driver.run("UPDATE runs SET reverted_position = NULL")
    revert(desk.ledger, done.run_id, audit, now=NOW)
    assert first_underived(desk.ledger) is None
    desk.ledger.driver.run("UPDATE runs SET applied_position = 1")
    assert first_underived(desk.ledger) == 1
