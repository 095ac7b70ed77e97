"""Staging canary: the desk's own counters beside the ledger, group by group, before the ledger answers."""

from collections import defaultdict

from saascore.contract.usage import UsageAggregate
from saascore.contract.window import Window

PERIOD = Window.parse({"from": "2026-10-21T00:00:00Z", "to": "2026-11-21T00:00:00Z"})
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


def test_a_shadow_run_agrees_with_the_counters(rows, submit, totals):
    submit(rows)
    own = {(a.event_type, a.plan_key, a.unit): (a.count, a.sum) for a in counters(rows)}
    assert totals(PERIOD) == own


def test_a_lost_entry_shows_in_its_group_and_in_no_other(rows, submit, totals):
    submit(rows)
    missing = rows[0] | {"entry": rows[0]["entry"] | {"uid": "ENTRY-SYN-LOSTLOSTLOST"}}
    own = {(a.event_type, a.plan_key, a.unit): (a.count, a.sum) for a in counters([*rows, missing])}
    differing = {group for group, total in totals(PERIOD).items() if own[group] != total}
    assert differing == {("seat.assigned", "solo", "seat")}
