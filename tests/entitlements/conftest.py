"""A teller of billing stories: short words in, billing facts out."""

import json
from collections.abc import Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import SimpleNamespace

import pytest

from saascore.adapters import Registry
from saascore.contract.billing import BillingFact, Suspend
from saascore.contract.decision import DecisionRequest
from saascore.contract.plans import Capability, CapabilitySnapshot, EntitlementRules
from saascore.contract.words import Reference
from saascore.drafts import (
    AuditDraft,
    BillingDraft,
    Context,
    CorrectionDraft,
    Disposition,
    GrantDraft,
    Ignored,
    ItemDraft,
    LinkDraft,
    Mapped,
    Normalized,
    ProviderEvent,
    RawId,
    SnapshotDraft,
    Unmapped,
)
from saascore.entitlements.decide import decide
from saascore.entitlements.fold import fold
from saascore.entitlements.intake import Intake
from saascore.entitlements.reading import Entitlements
from saascore.entitlements.sources import Sources
from saascore.hookspecs import hookimpl
from saascore.hookspecs.identity import Redact
from saascore.ledger import create_ledger, open_ledger
from saascore.privacy.references import Redactor, ReferenceKeys

_spec = spec_from_file_location("usage_conftest", Path(__file__).parents[1] / "usage" / "conftest.py")
_shared = module_from_spec(_spec)
_spec.loader.exec_module(_shared)
postgresql_server = _shared.postgresql_server
KEY = b"k" * 32
AUDIT = {"operator": "op:alex", "approval": "op:ticket-7", "reason": "goodwill"}
PRICES = {"starter": "price-1", "pro": "price-2", "studio": "price-3"}
RANK = ("free", "starter", "pro", "studio")


def instant(text):
    """Return ``03-01`` or ``03-01T10:00`` of 2026 as a canonical instant."""
    day, _, clock = text.partition("T")
    clock = clock or "00:00"
    clock = clock if clock.count(":") == 2 else clock + ":00"
    return f"2026-{day}T{clock}.000000Z"


class Teller:
    """Writes facts of one source and mode. Days are written ``03-01`` or ``03-01T10:00``, all in 2026."""

    def __init__(self, source="stripe", mode="live"):
        self.source, self.mode = source, mode
        self.provider = Redactor("k1", KEY, f"{source}/{mode}")
        self.product = Redactor("k1", KEY, "image-studio")
        self.told = 0

    def ref(self, kind, raw):
        return (self.product if kind == "workspace" else self.provider).redact(kind, raw)

    def workspace(self, raw="w1"):
        return self.ref("workspace", raw)

    def price(self, plan):
        return self.ref("price", PRICES.get(plan, plan))

    def fact(self, at, about=None, *, kind="subscription", event_id=None, **fields):
        self.told += 1
        encoded = {
            "schema": "saascore/billing-fact/1",
            "source": self.source,
            "mode": self.mode,
            "occurred_at": instant(at),
            "provider_event_type": fields.pop("type", "test.event"),
            "specificity": fields.pop("specificity", 0),
            "idempotency_key": self.ref("key", event_id or f"event-{self.told}"),
            "signals": list(fields.pop("signals", ())),
        }
        if about is not None:
            encoded["about"] = self.ref(kind, about)
        for name in ("workspace", "customer"):
            if (raw := fields.pop(name, None)) is not None:
                encoded[name] = self.ref(name, raw)
        encoded |= fields
        encoded["fact_id"] = BillingFact.identify(encoded)
        return BillingFact.model_validate_json(json.dumps(encoded))

    def snapshot(self, at, service="active", about="s1", **fields):
        """One snapshot. ``plan`` writes price and plan, ``unread`` a price that nobody mapped."""
        outer = ("workspace", "customer", "specificity", "type", "event_id", "signals")
        given = {name: fields.pop(name) for name in outer if name in fields}
        collection = "current" if service in {"active", "trialing"} else "not_applicable"
        snapshot = {"service": service, "collection": fields.pop("collection", collection)}
        if plan := fields.pop("plan", None):
            snapshot |= {"plan_key": plan, "plan_ref": self.price(plan)}
        if unread := fields.pop("unread", None):
            snapshot["plan_ref"] = self.price(unread)
        if period := fields.pop("period", None):
            snapshot["period"] = {"from": instant(period[0]), "to": instant(period[1])}
        scheduled = [dict(item) for item in fields.pop("scheduled", ())]
        for item in scheduled:
            if "effective_at" in item:
                item["effective_at"] = instant(item["effective_at"])
            if "plan" in item:
                plan = item.pop("plan")
                item |= {"plan_key": plan, "plan_ref": self.price(plan)}
        for name in ("trial_ends_at", "ended_at"):
            if name in fields:
                snapshot[name] = instant(fields.pop(name))
        snapshot |= {"scheduled": scheduled, **fields}
        return self.fact(at, about, snapshot=snapshot, **given)

    def signal(self, at, about="s1", *, kind="subscription", **signal):
        outer = ("workspace", "customer", "specificity", "type", "event_id")
        given = {name: signal.pop(name) for name in outer if name in signal}
        name = signal.pop("signal")
        for field in ("effective_at", "effective_from", "effective_until", "ends_at", "next_attempt_at"):
            if field in signal:
                signal[field] = instant(signal[field])
        if name in {"grant", "revoke", "suspend", "correction"} or signal.pop("by_operator", False):
            given["audit"] = AUDIT
        return self.fact(at, about, kind=kind, signals=[{"kind": name, **signal}], **given)

    def grant(self, at, plan="studio", about="g1", source_kind="manual_override", **fields):
        fields.setdefault("workspace", "w1")
        fields.setdefault("effective_from", at)
        if "effective_until" not in fields:
            fields.setdefault("lifetime", True)
        return self.signal(
            at,
            about,
            kind=fields.pop("kind", "grant"),
            signal="grant",
            source_kind=source_kind,
            plan_key=plan,
            **fields,
        )


@pytest.fixture
def tell():
    return Teller()


@pytest.fixture(scope="session")
def teller():
    """The class, for stories of several sources."""
    return Teller


@pytest.fixture(scope="session")
def day():
    return instant


@pytest.fixture(scope="session")
def make_rules():
    def make(**fields):
        fields = {"version": "v1", "plan_rank": list(RANK), **fields}
        return EntitlementRules.model_validate_json(json.dumps(fields))

    return make


@pytest.fixture(scope="session")
def names():
    """Return the names of what happened, in order."""

    def name(facts):
        return [event.event_name for event in fold(facts, rank=RANK).events()]

    return name


@pytest.fixture
def ask(tell, make_rules):
    """Decide for workspace ``w1`` at a day."""

    def decided(facts, at, *, rules=None, mode="live", capability=None, workspace="w1"):
        chosen = rules or make_rules()
        reference = tell.workspace(workspace)
        sources = Sources.of(facts, chosen, workspace=reference, mode=mode)
        request = DecisionRequest(
            product="image-studio",
            workspace=reference,
            mode=mode,
            capability=capability,
            at=instant(at),
            as_of=1,
        )
        return decide(sources, request)

    return decided


def toy_signals(body):
    signals = []
    if body.get("link"):
        signals.append(LinkDraft())
    if "corrects" in body:
        signals.append(CorrectionDraft(body["corrects"], source=body.get("corrects_source")))
    if "suspend" in body:
        signals.append(Suspend(effective_at=body["at"], lifted=not body["suspend"]))
    if "grant" in body:
        signals.append(GrantDraft("manual_override", body["grant"], body["at"], lifetime=True))
    return signals


class ToyProvider:
    """A provider whose body says everything outright."""

    api = 1

    @hookimpl
    def normalize_billing_event(self, event: ProviderEvent) -> Normalized:
        body = event.body
        if "type" not in body:
            return Unmapped("unknown", "no-envelope")
        if body["type"] == "new.type":
            return Unmapped("new.type", "unknown-type")
        if body["type"] == "tax.updated":
            return Ignored("tax.updated", "no-entitlement")
        if body["type"] == "broken":
            raise KeyError(body["id"])
        snapshot = None
        if "service" in body:
            items = [ItemDraft((price,), body.get("seats")) for price in body.get("prices", ())]
            period = tuple(body["period"]) if "period" in body else None
            collection = body.get("collection", "current")
            snapshot = SnapshotDraft(
                body["service"], collection, items, period=period, ended_at=body.get("ended_at")
            )
        kind = "grant" if "grant" in body else "subscription"
        operator = not body.keys().isdisjoint({"grant", "corrects", "suspend"})
        audit = AuditDraft("op:alex", "op:ticket-7", "goodwill") if operator else None
        draft = BillingDraft(
            provider_event_type=event.headers.get("x-type", body["type"]),
            event_id=body.get("id"),
            occurred_at=body["at"],
            about=(kind, body["about"]) if "about" in body else None,
            customer=body.get("customer"),
            claims={"workspace_id": body["workspace"]} if "workspace" in body else {},
            snapshot=snapshot,
            signals=toy_signals(body),
            audit=audit,
        )
        if body["type"] == "customer.created":
            return Context("customer.created", "identity", draft)
        return Mapped([draft])

    @hookimpl
    def list_billing_event_types(self) -> Mapping[str, Disposition]:
        return {"subscription.changed": "map", "tax.updated": "ignore", "customer.created": "context"}


class ToyProduct:
    """A product with three plans; ``names`` is what it can name."""

    api = 1

    def __init__(self, names=None, **rules):
        self.names = (
            {"price-starter-0001": "starter", "price-pro-00000001": "pro"} if names is None else names
        )
        self.rules = {"version": "v1", "plan_rank": ["free", "starter", "pro"], **rules}

    @hookimpl
    def map_plan_label(self, plan: str) -> str | None:
        return self.names.get(plan)

    @hookimpl
    def reference_workspace(self, claims: Mapping[str, RawId], redact: Redact) -> Reference | None:
        return redact("workspace", claims["workspace_id"]) if "workspace_id" in claims else None

    @hookimpl
    def entitlement_rules(self) -> EntitlementRules:
        return EntitlementRules.model_validate_json(json.dumps(self.rules))

    @hookimpl
    def describe_plan(self, plan: str) -> CapabilitySnapshot:
        return CapabilitySnapshot(
            plan_key=plan, capabilities={"render": Capability(limit="10", unit="image")}
        )


class Shop:
    """A ledger with a toy provider and a toy product."""

    now = "2026-06-01T00:00:00.000000Z"

    def __init__(self, url, product=None, create=True):
        self.keys = ReferenceKeys({"k1": KEY})
        self.ledger = create_ledger(url, reference_key="k1") if create else open_ledger(url)
        self.equip(product or ToyProduct())

    def equip(self, product):
        registry = Registry.of({"toy": ToyProvider(), "other": ToyProvider(), "shop": product})
        self.product, self.registry = registry.product("shop"), registry
        self.desk = Entitlements(self.ledger, self.product)
        self.test_desk = Entitlements(self.ledger, self.product, "test")

    def intake(self, mode="live", provider="toy"):
        return Intake(self.ledger, self.registry.provider(provider), self.product, mode, self.keys, self.now)

    def submit(self, *bodies, mode="live", provider="toy", **options):
        records = [SimpleNamespace(number=n, value=body, problem=None) for n, body in enumerate(bodies, 1)]
        return list(self.intake(mode, provider).run(records, **options))

    def kinds(self, *bodies, **options):
        return [outcome.outcome for outcome in self.submit(*bodies, **options)]

    def workspace(self, raw="workspace-000001"):
        return self.keys.redactor("shop").redact("workspace", raw)

    def decide(self, at="03-10", workspace="workspace-000001", **options):
        return self.desk.decide(self.workspace(workspace), instant(at), **options)


@pytest.fixture
def shop(tmp_path):
    opened = Shop(f"sqlite:///{tmp_path}/shop.db")
    yield opened
    opened.ledger.close()


@pytest.fixture(scope="session")
def make_shop():
    return Shop


@pytest.fixture(scope="session")
def make_product():
    return ToyProduct


@pytest.fixture(scope="session")
def body():
    """Write a toy webhook: an active subscription to pro, unless said otherwise."""

    def write(at="03-01", event_id="event-000000001", **fields):
        given = {
            "type": "subscription.changed",
            "id": event_id,
            "at": instant(at),
            "about": "subscription-00001",
            "workspace": "workspace-000001",
            "service": "active",
            "prices": ["price-pro-00000001"],
            **fields,
        }
        return {name: value for name, value in given.items() if value is not None}

    return write
