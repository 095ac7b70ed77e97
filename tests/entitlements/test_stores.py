"""Both stores give the same facts, journal and decisions."""

import pytest

from saascore.entitlements.operator import unresolved_prices


def told(shop, body):
    """Hand in a story that uses every way of finding facts, and return what the ledger says then."""
    undo = {"type": "correction", "id": "event-undo", "at": "2026-05-01T00:00:00Z"}
    shop.submit(
        {**undo, "corrects": "event-000000003"},
        body(customer="customer-000001"),
        body(event_id="event-000000002", at="03-05", prices=["price-custom-0001"]),
        body(event_id="event-000000003", at="03-06", service="paused"),
        body(event_id="event-000000004", at="03-07", workspace=None, seats=4),
        body(event_id="event-000000005", service=None, about="grant-0000001", grant="starter"),
        body(),
    )
    rows = list(shop.desk.journal(shop.workspace()))
    return {
        "decisions": [shop.decide(at).canonical() for at in ("03-02", "03-06", "03-10")],
        "events": [event.canonical() for event in shop.desk.events(shop.workspace())],
        "journal": [row.canonical() for row in rows],
        "unresolved": unresolved_prices(shop.ledger),
        "workspaces": shop.desk.workspaces(),
        "arrivals": shop.ledger.arrivals(),
    }


@pytest.mark.postgres
def test_postgresql_says_what_sqlite_says(make_shop, tmp_path, body, postgresql_server):
    answers = []
    for url in (f"sqlite:///{tmp_path}/shop.db", postgresql_server()):
        shop = make_shop(url)
        answers.append(told(shop, body))
        shop.ledger.close()
    assert answers[0] == answers[1]
    assert len(answers[0]["workspaces"]) == 1
