"""What is decoded without checks equals what the full model gives, for everything that is valid."""

import json

import pytest

from saascore.contract.billing import BillingFact
from saascore.contract.canonical import digest
from saascore.contract.trusted import builder, decoder
from saascore.contract.window import Window
from saascore.privacy.references import Redactor

REDACT = Redactor("k1", b"k" * 32, "stripe/live").redact
FACT = {
    "schema": "saascore/billing-fact/1",
    "fact_id": digest("saascore/test/1", {}),
    "source": "stripe",
    "mode": "live",
    "about": REDACT("subscription", 1),
    "occurred_at": "2026-03-01T00:00:00.000000Z",
    "provider_event_type": "customer.subscription.updated",
    "idempotency_key": REDACT("key", 1),
    "snapshot": {
        "service": "active",
        "collection": "current",
        "scheduled": [{"kind": "cancel", "effective_at": "2026-04-01T00:00:00.000000Z"}],
        "period": {"from": "2026-03-01T00:00:00.000000Z", "to": "2026-04-01T00:00:00.000000Z"},
    },
    "signals": [{"kind": "paid", "occasion": "renewal"}, {"kind": "dispute", "stage": "won"}],
}


def test_decoder_agrees_with_the_model():
    full = BillingFact.parse(FACT | {"signals": (), "snapshot": None})
    assert decoder(BillingFact)(full.canonical()) == full
    text = json.dumps(FACT)
    assert decoder(BillingFact)(text) == BillingFact.parse_json(text)
    assert decoder(BillingFact)(text).canonical() == BillingFact.parse_json(text).canonical()


def test_builder_agrees_with_the_model():
    value = {"from": "2026-03-01T00:00:00.000000Z", "to": "2026-04-01T00:00:00.000000Z"}
    assert builder(Window)(value) == Window.parse(value)


def test_structure_is_still_checked():
    for broken in ("{}", json.dumps({**FACT, "email": "x"}), json.dumps({**FACT, "mode": "sandbox"})):
        with pytest.raises(ValueError, match="BillingFact"):
            decoder(BillingFact)(broken)
