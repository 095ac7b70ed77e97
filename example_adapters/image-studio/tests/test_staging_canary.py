"""Staging canary: shadow the product's own counts for a while, and let the ledger answer only when both agree."""

from saascore.contract.window import Window
from saascore.usage.mapping import UsageMapper

PERIOD = Window.parse({"from": "2026-10-21T00:00:00Z", "to": "2026-11-21T00:00:00Z"})


def counted(studio):
    """The product's own numbers, from its job table."""
    return {
        (aggregate.event_type, aggregate.plan_key, aggregate.unit): (aggregate.count, aggregate.sum)
        for aggregate in studio.read_aggregates(PERIOD)
    }


def test_a_shadow_run_agrees_with_the_job_table_group_by_group(rows, submit, totals, studio):
    submit(rows)
    assert totals(PERIOD) == counted(studio)


def test_what_the_queue_lost_shows_in_the_groups_and_a_backfill_closes_it(rows, submit, totals, studio, keys):
    submit(rows[:-5])
    shadow = totals(PERIOD)
    assert shadow != counted(studio)
    mapper = UsageMapper(
        studio, keys=keys.redactor(studio.id), resolved_at="2026-11-20T18:00:00Z", backfill=True
    )
    outcomes = submit((row.record for row in studio.read_source_rows(PERIOD)), prepare=mapper)
    assert outcomes["accepted"] == 5 - sum("failed" in row["event"] for row in rows[-5:])
    assert totals(PERIOD) == counted(studio)
