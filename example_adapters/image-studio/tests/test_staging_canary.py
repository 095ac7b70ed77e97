"""Staging canary: shadow the product's own counts for a while, and let the ledger answer only when both agree."""

from saascore.contract.window import Window
from saascore.usage.mapping import UsageMapper
from saascore.usage.reconcile import reconcile

PERIOD = Window.of("2026-10-21T00:00:00Z", "2026-11-21T00:00:00Z")


def test_a_shadow_run_agrees_with_the_job_table_group_by_group(rows, submit, ledger, studio):
    submit(rows)
    compared = reconcile(ledger, studio.read_aggregates(PERIOD), source=studio.id)
    assert compared.clean
    assert len(compared.groups) == 9


def test_what_the_queue_lost_shows_in_its_groups_and_a_backfill_closes_it(rows, submit, ledger, studio, keys):
    submit(rows[:-5])
    shadow = reconcile(ledger, studio.read_aggregates(PERIOD), source=studio.id)
    assert not shadow.clean
    assert {group.status for group in shadow.groups} <= {"equal", "differs", "missing-in-ledger"}

    mapper = UsageMapper(
        studio, keys=keys.redactor(studio.id), resolved_at="2026-11-20T18:00:00Z", backfill=True
    )
    outcomes = submit((row.record for row in studio.read_source_rows(PERIOD)), prepare=mapper)
    assert outcomes["accepted"] == 5 - sum("failed" in row["event"] for row in rows[-5:])
    assert reconcile(ledger, studio.read_aggregates(PERIOD), source=studio.id).clean


def test_an_event_that_the_product_does_not_know_of_shows_too(rows, submit, ledger, studio):
    submit([*rows, rows[0] | {"id": "job-beside-the-table", "event": "job.image.completed", "quantity": "9"}])
    compared = reconcile(ledger, studio.read_aggregates(PERIOD), source=studio.id)
    [odd] = [group for group in compared.groups if group.status != "equal"]
    assert (odd.ledger_count - odd.product_count, odd.difference) == (1, "-9")
