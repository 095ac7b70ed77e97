"""Staging canary: the desk's own counters beside the ledger, group by group, before the ledger answers."""

from collections import defaultdict

from saascore.contract.usage import UsageAggregate
from saascore.contract.window import Window
from saascore.usage.reconcile import reconcile

PERIOD = Window.of("2026-10-21T00:00:00Z", "2026-11-21T00:00:00Z")
TYPES = {
    "desk.reply.sent": "message.sent",
    "desk.answer.drafted": "answer.drafted",
    "desk.seat.enabled": "seat.assigned",
}


def counters(rows):
    """What the desk counts for itself, in words that the contract has for ready counts."""
    amounts = defaultdict(list)
    for row in rows:
        if event_type := TYPES.get(row["entry"]["kind"]):
            plan = row["team"]["tier"].split()[1].strip(",").lower()
            amounts[event_type, plan, row["usage"]["measure"]].append(row["usage"]["amount"])
    return [
        UsageAggregate(
            source="chat-desk",
            event_type=event_type,
            plan_key=plan,
            unit=unit,
            window=PERIOD,
            count=len(group),
            sum=str(sum(group)),
        )
        for (event_type, plan, unit), group in amounts.items()
    ]


def test_a_shadow_run_agrees_with_the_counters(rows, submit, ledger):
    submit(rows)
    assert reconcile(ledger, counters(rows), source="chat-desk").clean


def test_a_lost_entry_shows_in_its_group_and_in_no_other(rows, submit, ledger):
    submit(rows)
    missing = rows[0] | {"entry": rows[0]["entry"] | {"uid": "ENTRY-SYN-LOSTLOSTLOST"}}
    compared = reconcile(ledger, counters([*rows, missing]), source="chat-desk")
    [odd] = [group for group in compared.groups if group.status != "equal"]
    assert (odd.event_type, odd.plan_key, odd.product_count - odd.ledger_count) == (
        "seat.assigned",
        "solo",
        1,
    )
