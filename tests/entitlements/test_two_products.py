"""Two products, one provider account, one ledger: an event is one fact, whichever of them hands it in first."""

from types import SimpleNamespace

import pytest

from saascore.adapters import Registry
from saascore.contract.instants import parse_instant
from saascore.entitlements.intake import Intake
from saascore.entitlements.reading import Entitlements
from saascore.hookspecs import hookimpl
from saascore.privacy.references import ReferenceKeys
from saascore.usage.rekey import rekey


@pytest.fixture
def kiosk(shop, make_product):
    """A second product beside the shop: its own claim, its own prices, its own plan names."""

    class Kiosk(make_product):
        @hookimpl
        def reference_workspace(self, claims, redact):
            return redact("workspace", claims["kiosk_id"]) if "kiosk_id" in claims else None

    provider = shop.registry.provider("toy")
    product = Registry.of({"kiosk": Kiosk({"price-kiosk-00001": "stand"}, plan_rank=["stand"])}).product(
        "kiosk"
    )

    class Desk:
        entitlements = Entitlements(shop.ledger, product)

        def submit(self, *bodies):
            records = [SimpleNamespace(number=n, value=one, problem=None) for n, one in enumerate(bodies, 1)]
            return list(Intake(shop.ledger, provider, product, "live", shop.keys, shop.now).run(records))

        def decide(self, raw="workspace-000001"):
            reference = shop.keys.redactor("kiosk").redact("workspace", raw)
            return self.entitlements.decide(reference, parse_instant("2026-03-10T00:00:00Z"))

    return Desk()


@pytest.fixture
def claimed(shop, body, monkeypatch):
    """Write a webhook whose metadata names the workspace under the product's own claim."""
    provider = shop.registry.provider("toy")
    normalize = provider.normalize_billing_event

    def with_claims(event):
        answer = normalize(event)
        answer.drafts[0].claims = event.body["claims"]
        return answer

    monkeypatch.setattr(provider, "normalize_billing_event", with_claims)

    def write(claims, price, event_id="event-000000001"):
        given = body(event_id=event_id, about=f"subscription-of-{price}", workspace=None, prices=[price])
        return {**given, "claims": claims}

    return write


@pytest.mark.parametrize("first", ["shop", "kiosk"])
def test_events_of_each_product_reach_it_though_both_get_all(first, shop, kiosk, claimed):
    bodies = [
        claimed({"workspace_id": "workspace-000001"}, "price-pro-00000001"),
        claimed({"kiosk_id": "workspace-000001"}, "price-kiosk-00001", "event-000000002"),
    ]
    order = [kiosk.submit, shop.submit] if first == "kiosk" else [shop.submit, kiosk.submit]
    outcomes = [[one.outcome for one in submit(*bodies)] for submit in order]
    assert outcomes == [["accepted", "accepted"], ["duplicate", "duplicate"]]
    assert (shop.decide().outcome, shop.decide().plan_key) == ("granted", "pro")
    assert (kiosk.decide().outcome, kiosk.decide().plan_key) == ("granted", "stand")


def test_event_that_both_claim_stays_with_the_first_and_the_second_is_told(shop, kiosk, claimed):
    both = claimed({"workspace_id": "workspace-000001", "kiosk_id": "workspace-000001"}, "price-pro-00000001")
    assert [(one.outcome, one.codes) for one in shop.submit(both)] == [("accepted", ())]
    assert [(one.outcome, one.codes) for one in kiosk.submit(both)] == [("duplicate", ("workspace-differs",))]
    assert shop.decide().outcome == "granted"
    assert kiosk.decide().reason == "no_source"
    told = {(m.measure, m.word): count for m, count in shop.ledger.arrivals().items()}
    assert told["reason", "workspace-differs"] == 1


def test_same_workspace_under_a_new_key_does_not_differ(shop, body):
    shop.submit(body())
    shop.keys = ReferenceKeys({"k1": shop.keys["k1"], "k2": b"n" * 32})
    claims = [{"workspace_id": "workspace-000001"}]
    rekey(shop.ledger, product=shop.product, keys=shop.keys, claims=claims, to="k2", finish=True)
    assert [(one.outcome, one.codes) for one in shop.submit(body())] == [("duplicate", ())]
