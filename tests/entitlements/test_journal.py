"""The audited journal: what was believed when, by whom, on which facts."""

from saascore.entitlements.journal import standing


def rows(shop):
    return list(shop.desk.journal(shop.workspace()))


def said(row):
    return (
        row.plan_key,
        row.state,
        row.effective_from[5:10],
        row.effective_until and row.effective_until[5:10],
    )


def test_first_fact_writes_one_open_row_with_its_audit(shop, body):
    shop.submit(body())
    (row,) = rows(shop)
    fact = next(shop.ledger.facts(schema="saascore/billing-fact/1")).json()
    assert said(row) == ("pro", "active", "03-01", None)
    assert (row.source_kind, row.cause, row.supersedes) == ("billing", "subscription.activated", None)
    audit = row.audit
    assert (audit.actor_kind, audit.adapter, audit.recorded_at) == ("adapter", "toy", shop.now)
    assert audit.facts == (fact["fact_id"],)
    assert audit.rules_digest == shop.decide().rules_digest
    assert row.capabilities_digest is not None


def test_renewal_writes_nothing(shop, body):
    shop.submit(body(period=["2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"]))
    shop.submit(
        body(event_id="event-000000002", at="04-01", period=["2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"])
    )
    assert len(rows(shop)) == 1


def test_change_closes_the_row_before_and_opens_another(shop, body):
    shop.submit(body(prices=["price-starter-0001"]))
    shop.submit(body(event_id="event-000000002", at="03-05"))
    opened, closed, new = rows(shop)
    assert said(opened) == ("starter", "active", "03-01", None)
    assert (said(closed), closed.supersedes) == (("starter", "active", "03-01", "03-05"), opened.write_id)
    assert (said(new), new.supersedes, new.cause) == (("pro", "active", "03-05", None), None, "plan.changed")
    assert new.audit.previous_state_digest is not None


def test_late_fact_is_a_correction_of_what_was_believed(shop, body):
    shop.submit(body(prices=["price-starter-0001"]))
    shop.submit(body(event_id="event-000000003", at="03-09"))
    shop.submit(body(event_id="event-000000002", at="03-05", service="paused"))
    now = standing(rows(shop))
    assert [said(row) for row in now] == [
        ("starter", "active", "03-01", "03-05"),
        ("pro", "paused", "03-05", "03-09"),
        ("pro", "active", "03-09", None),
    ]
    assert now[0].supersedes is not None


def test_correction_takes_a_row_back(shop, body):
    grant = body(event_id="event-000000002", service=None, about="grant-0000001", grant="starter")
    shop.submit(grant)
    shop.submit(
        {"type": "correction", "id": "event-3", "at": "2026-04-01T00:00:00Z", "corrects": grant["id"]}
    )
    issued, taken_back = rows(shop)
    assert (taken_back.supersedes, taken_back.effective_until) == (issued.write_id, issued.effective_from)
    assert standing([issued, taken_back]) == []


def test_operators_row_names_operator_and_approval(shop, body):
    shop.submit(body(service=None, about="grant-0000001", grant="starter"))
    (row,) = rows(shop)
    audit = row.audit
    assert (audit.actor_kind, audit.operator, audit.approval, audit.reason) == (
        "operator",
        "op:alex",
        "op:ticket-7",
        "goodwill",
    )
    assert (row.lifetime, row.source_kind) == (True, "manual_override")


def test_duplicates_write_nothing(shop, body):
    shop.submit(body(), body())
    shop.submit(body())
    assert len(rows(shop)) == 1


def suspended(shop, body, number, at, **fields):
    return {
        "type": "suspension",
        "id": f"event-00000s{number}",
        "at": f"2026-{at}T00:00:00Z",
        "workspace": "workspace-000001",
        **fields,
    }


def test_suspension_and_its_end_are_rows_of_the_workspace(shop, body):
    shop.submit(suspended(shop, body, 1, "03-05", suspend=True))
    shop.submit(suspended(shop, body, 2, "03-07", suspend=False))
    rows = standing(list(shop.desk.journal(shop.workspace())))
    assert [(row.about, *said(row)) for row in rows] == [(None, None, "paused", "03-05", "03-07")]
    assert rows[0].audit.operator == "op:alex"


def test_corrected_suspension_leaves_the_journal(shop, body):
    shop.submit(suspended(shop, body, 1, "03-05", suspend=True))
    shop.submit(
        {"type": "correction", "id": "event-3", "at": "2026-04-01T00:00:00Z", "corrects": "event-00000s1"}
    )
    assert standing(list(shop.desk.journal(shop.workspace()))) == []
    assert shop.decide("03-06").reason == "no_source"
