"""After the reference key was rotated, a workspace is one workspace under its old and its new reference."""

import pytest

from saascore.contract.instants import parse_instant
from saascore.privacy.references import ReferenceKeys
from saascore.usage.rekey import rekey

NEW = b"n" * 32
CLAIMS = {"workspace_id": "workspace-000001"}


@pytest.fixture
def rotated(shop, body):
    shop.submit(body())
    before = shop.decide()
    old = shop.workspace()
    shop.keys = ReferenceKeys({"k1": shop.keys["k1"], "k2": NEW})
    rekey(shop.ledger, product=shop.product, keys=shop.keys, claims=[CLAIMS], to="k2", finish=True)
    new = shop.keys.redactor("shop", key_id="k2").redact("workspace", CLAIMS["workspace_id"])
    return shop, old, new, before


def test_both_references_are_one_workspace(rotated, body):
    shop, old, new, _ = rotated
    shop.submit(body(event_id="event-000000002", at="03-05", prices=["price-starter-0001"]))
    at = parse_instant("2026-03-10T00:00:00Z")
    assert shop.desk.decide(new, at).canonical() == shop.desk.decide(old, at).canonical()
    assert shop.desk.decide(new, at).plan_key == "starter"
    assert [event.event_name for event in shop.desk.events(new)] == ["subscription.activated", "plan.changed"]


def test_subscription_keeps_its_reference_so_that_its_life_goes_on(rotated, body):
    shop, _, new, _ = rotated
    (outcome,) = shop.submit(body(event_id="event-000000002", at="03-05", service="ended"))
    assert outcome.outcome == "accepted"
    assert shop.desk.decide(new, parse_instant("2026-03-10T00:00:00Z")).outcome == "denied"
    assert shop.kinds(body()) == ["duplicate"]
    assert [row.state for row in shop.desk.journal(new)][:1] == ["active"]


def test_past_decision_is_unchanged_by_the_rotation(rotated):
    shop, old, _, before = rotated
    again = shop.desk.decide(old, before.request.at, as_of=before.request.as_of)
    assert again.canonical() == before.canonical()
