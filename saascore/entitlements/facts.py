"""From a draft to a billing fact: redact every id, name every plan, validate, and identify.

The raw side ends here. Provider ids are redacted in the namespace of provider and mode, workspaces in the product's.
A price that the product does not name stays a reference; it never becomes the default plan.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from saascore.adapters import ProductAdapter
from saascore.contract.billing import BillingFact
from saascore.contract.instants import parse_instant
from saascore.contract.model import problems
from saascore.contract.words import Mode
from saascore.drafts import (
    BillingDraft,
    CorrectionDraft,
    GrantDraft,
    ItemDraft,
    LinkDraft,
    ProviderEvent,
    PurchaseDraft,
    ScheduledDraft,
    SnapshotDraft,
)
from saascore.entitlements.made import SCHEMA, Encoded, Made, checked, signal_words, stated, trusted
from saascore.errors import SaascoreError
from saascore.privacy.facts import unfit
from saascore.privacy.references import Redactor, ReferenceKeys

At = Callable[[Any], Any]
#: Combinations of words that a maker remembers as valid, and of prices and references that it remembers.
REMEMBERED = 4096
#: A mapping that an adapter knows has no date: it says the same of every fact.
TIMELESS = "2000-01-01T00:00:00.000000Z"
MAPPING_TYPE = "saascore.plan-mapping"
LINK_TYPE = "saascore.link"


class Refused(Exception):  # noqa: N818  it carries what an outcome says
    """A draft gives no fact: the codes and fields of its outcome, and no value."""

    def __init__(self, codes: tuple[str, ...], fields: tuple[str, ...] = ()) -> None:
        super().__init__(codes, fields)
        self.codes = codes
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Namespaces:
    """The keyed functions of one (provider, mode, product): for all that the provider names, and for workspaces."""

    keys: ReferenceKeys
    source: str
    mode: Mode
    product: str
    provider: Redactor
    workspace: Redactor

    @classmethod
    def of(
        cls,
        keys: ReferenceKeys,
        *,
        source: str,
        mode: Mode,
        product: str,
        reference_key: str,
        subject_key: str,
    ) -> Namespaces:
        """Make the redactors with the key ids that a ledger is pinned to.

        What a provider names stays with the pinned key for ever; a rotation renames workspaces alone, since only the
        product can stream its ids again.
        """
        space = f"{source}/{mode}"
        return cls(
            keys,
            source,
            mode,
            product,
            keys.redactor(space, key_id=reference_key),
            keys.redactor(product, key_id=subject_key),
        )

    def event_key(self, event_id: str | int, source: str | None = None) -> str:
        """Return the idempotency key of a provider's event, or of another source's in the same mode."""
        if source is None or source == self.source:
            return self.provider.redact("key", event_id)
        return self.keys.redactor(f"{source}/{self.mode}", key_id=self.provider.key_id).redact(
            "key", event_id
        )


class FactMaker:
    """Makes facts of the drafts of one provider for one product.

    Args:
        product: Names plans and workspaces.
        spaces: The keyed functions.
        rank: The product's plans from lowest to highest: of several items the highest is the plan.
    """

    def __init__(self, product: ProductAdapter, spaces: Namespaces, rank: Sequence[str]) -> None:
        self.product = product
        self.spaces = spaces
        self.rank = {plan: place for place, plan in enumerate(rank)}
        self._passed: set[Hashable] = set()
        self._named = lru_cache(maxsize=REMEMBERED, typed=True)(self._name)
        # a subscription's webhooks come close together, and its reference takes longer to make than to remember
        self._reference = lru_cache(maxsize=REMEMBERED, typed=True)(spaces.provider.redact)

    def fact(self, draft: BillingDraft, event: ProviderEvent) -> BillingFact:
        """Return the fact that a draft gives; as :meth:`made`."""
        return self.made(draft, event).fact

    def made(self, draft: BillingDraft, event: ProviderEvent) -> Made:
        """Return the fact that a draft gives, with its canonical JSON.

        The first fact with some words passes the whole model and the scanner, and so does whatever the short way refuses:
        the model knows every field that is wrong.

        Raises:
            Refused: The draft breaks a rule of the contract, or a rule of the scanner found something.
            AdapterFailure: The product adapter gave no usable answer.
        """
        try:
            made = self._short_way(draft, event)
            if made is None:
                encoded = self._encoded(draft, event, _as_it_is)
                made = checked(encoded)
                self._scan(made.fact, encoded)
        except ValidationError as error:
            raise_from = refused(error)
        except SaascoreError as error:
            if error.code != "KEY-004":
                raise
            raise_from = Refused((error.code,))
        else:
            return made
        raise raise_from

    def _short_way(self, draft: BillingDraft, event: ProviderEvent) -> Made | None:
        try:
            encoded = self._encoded(draft, event, parse_instant)
            return trusted(encoded) if _free_words(encoded) in self._passed else None
        except ValueError:
            return None

    def scanned(self, fact: BillingFact) -> BillingFact:
        """Return a ready-made fact of this source whose words may be kept and published.

        Raises:
            Refused: A rule of the scanner found something.
        """
        self._scan(fact, fact.to_json())
        return fact

    def _scan(self, fact: BillingFact, encoded: Encoded) -> None:
        """Scan a fact with words that were not scanned before."""
        words = _free_words(encoded)
        if words in self._passed:
            return
        if problem := unfit(fact):
            raise Refused(("CON-001", *problem.rules), problem.fields)
        if len(self._passed) >= REMEMBERED:
            self._passed.clear()
        self._passed.add(words)

    def mapping(self, plan_ref: str, plan_key: str) -> BillingFact:
        """Return the fact that a price means a plan, the same whenever and from whatever event it is learned."""
        signal = {"kind": "plan_mapping", "plan_ref": plan_ref, "plan_key": plan_key}
        return identified(
            {
                "source": self.spaces.source,
                "mode": self.spaces.mode,
                "occurred_at": TIMELESS,
                "provider_event_type": MAPPING_TYPE,
                "idempotency_key": self.spaces.provider.redact("key", "plan-mapping", plan_ref, plan_key),
                "signals": (signal,),
            }
        )

    def link(self, stored: BillingFact, workspace: str) -> BillingFact:
        """Return the fact that what a stored fact is about belongs to a workspace, as its event now says."""
        parts = ("link", stored.idempotency_key, workspace)
        return identified(
            {
                "source": stored.source,
                "mode": stored.mode,
                "about": stored.about,
                "customer": stored.customer,
                "occurred_at": stored.occurred_at,
                "provider_event_type": LINK_TYPE,
                "idempotency_key": self.spaces.provider.redact("key", *parts),
                "signals": ({"kind": "link", "workspace": workspace},),
            }
        )

    def _encoded(self, draft: BillingDraft, event: ProviderEvent, at: At) -> Encoded:
        """Write a draft in the contract's words, keys in canonical order; ``at`` writes an instant.

        Raises:
            ValueError: ``at`` cannot read an instant.
        """
        spaces, audit = self.spaces, draft.audit
        operator = audit and {
            "approval": audit.approval,
            "operator": audit.operator,
            "reason": audit.reason,
        }
        return stated(
            {
                "about": self._reference(*draft.about) if draft.about else None,
                "audit": operator,
                "customer": None if draft.customer is None else self._reference("customer", draft.customer),
                "idempotency_key": self._key(draft, event),
                "mode": spaces.mode,
                "occurred_at": at(draft.occurred_at),
                "provider_event_type": draft.provider_event_type,
                "schema": SCHEMA,
                "signals": tuple(self._signals(draft, at)),
                "snapshot": self._snapshot(draft.snapshot, at) if draft.snapshot else None,
                "source": spaces.source,
                "specificity": draft.specificity,
                "workspace": self._workspace(draft.claims),
            }
        )

    def _key(self, draft: BillingDraft, event: ProviderEvent) -> str:
        if draft.event_id is not None:
            return self.spaces.event_key(draft.event_id)
        body = json.dumps(event.body, sort_keys=True, separators=(",", ":"), default=str)
        # some providers say the type in a header alone, and two types of one instant can then have one body
        parts = ("body", draft.provider_event_type, sha256(body.encode()).hexdigest())
        return self.spaces.provider.redact("key", *parts)

    def _workspace(self, claims: Mapping[str, str | int]) -> str | None:
        return self.product.reference_workspace(claims, self.spaces.workspace) if claims else None

    def _snapshot(self, draft: SnapshotDraft, at: At) -> Encoded:
        plan_key, plan_ref, quantity, addons = self._items(draft.items)
        return stated(
            {
                "addons": addons,
                "collection": draft.collection,
                "end_reason": draft.end_reason,
                "ended_at": None if draft.ended_at is None else at(draft.ended_at),
                "period": {"from": at(draft.period[0]), "to": at(draft.period[1])} if draft.period else None,
                "plan_key": plan_key,
                "plan_ref": plan_ref,
                "quantity": quantity,
                "scheduled": tuple([self._scheduled(item, at) for item in draft.scheduled]),
                "service": draft.service,
                "trial_ends_at": None if draft.trial_ends_at is None else at(draft.trial_ends_at),
            }
        )

    def _items(
        self, items: Sequence[ItemDraft]
    ) -> tuple[str | None, str | None, int | None, tuple[str, ...] | None]:
        """Pick the plan among the items: the highest in rank, whatever their order; the other plans are add-ons.

        Where no item is in the rank but a price is not named, that price may be the plan: it stays open.
        """
        if not items:
            return None, None, None, None
        named = [(*self._named(*item.candidates), item.quantity) for item in items]
        if len(named) == 1:
            return *named[0], ()
        known = sorted(
            (row for row in named if row[0] is not None),
            key=lambda row: (-self.rank.get(row[0] or "", -1), row[0] or "", row[1]),
        )
        open_ = sorted((row for row in named if row[0] is None), key=lambda row: row[1])
        if known and (known[0][0] in self.rank or not open_):
            (plan, ref, quantity), rest = known[0], known[1:]
        else:
            (plan, ref, quantity), rest = open_[0], known
        return plan, ref, quantity, tuple(sorted({row[0] for row in rest if row[0] and row[0] != plan}))

    def _name(self, *candidates: str | int) -> tuple[str | None, str]:
        """Return the plan of an item, if the product knows one, and the reference of its price."""
        labels = map(self.product.map_plan_label, candidates)
        plan = next((label for label in labels if label is not None), None)
        if not candidates:
            raise Refused(("CON-001",), ("snapshot.items",))
        return plan, self.spaces.provider.redact("price", candidates[0])

    def _scheduled(self, draft: ScheduledDraft, at: At) -> Encoded:
        item = draft.item
        plan_key, plan_ref = self._named(*item.candidates) if item else (None, None)
        return stated(
            {
                "effective_at": None if draft.effective_at is None else at(draft.effective_at),
                "kind": draft.kind,
                "plan_key": plan_key,
                "plan_ref": plan_ref,
                "quantity": draft.quantity if draft.quantity is not None else item.quantity if item else None,
            }
        )

    def _signals(self, draft: BillingDraft, at: At) -> Iterator[Encoded]:
        for signal in draft.signals:
            if isinstance(signal, PurchaseDraft):
                yield self._purchase(signal, at)
            elif isinstance(signal, GrantDraft):
                yield self._grant(signal, at)
            elif isinstance(signal, CorrectionDraft):
                corrects = self.spaces.event_key(signal.corrects_event_id, signal.source)
                yield {"corrects": corrects, "kind": "correction"}
            elif isinstance(signal, LinkDraft):
                workspace = self._workspace(draft.claims if signal.claims is None else signal.claims)
                if workspace is not None:
                    yield {"kind": "link", "workspace": workspace}
            else:
                yield signal_words(signal)

    def _purchase(self, draft: PurchaseDraft, at: At) -> Encoded:
        plan_key, plan_ref = self._named(*draft.item.candidates)
        return stated(
            {
                "effective_from": at(draft.effective_from),
                "effective_until": None if draft.effective_until is None else at(draft.effective_until),
                "kind": "purchase",
                "lifetime": draft.lifetime,
                "plan_key": plan_key,
                "plan_ref": plan_ref,
                "quantity": draft.item.quantity,
            }
        )

    def _grant(self, draft: GrantDraft, at: At) -> Encoded:
        """An operator names a plan by the product's name or by its label; one that nobody knows is refused."""
        plan = self.product.map_plan_label(draft.plan)
        if plan is None and draft.plan in self.rank:
            plan = draft.plan
        if plan is None:
            raise Refused(("ENT-002",), ("signals.plan_key",))
        return stated(
            {
                "effective_from": at(draft.effective_from),
                "effective_until": None if draft.effective_until is None else at(draft.effective_until),
                "kind": "grant",
                "lifetime": draft.lifetime,
                "plan_key": plan,
                "quantity": draft.quantity,
                "source_kind": draft.source_kind,
            }
        )


def _free_words(encoded: Encoded) -> Hashable:
    """Return what varies from fact to fact of one source and is no reference, number, instant or word of a closed list."""
    snapshot, audit = encoded.get("snapshot"), encoded.get("audit")
    return (
        encoded["provider_event_type"],
        snapshot
        and (
            snapshot.get("plan_key"),
            tuple(snapshot.get("addons", ())),
            tuple([change.get("plan_key") for change in snapshot["scheduled"]]),
        ),
        *[signal.get("plan_key") for signal in encoded["signals"]],
        audit and (audit["operator"], audit["approval"], audit["reason"]),
    )


def identified(encoded: Encoded) -> BillingFact:
    """Validate an encoded fact and give it its id, the digest of everything else.

    Raises:
        ValidationError: It does not fit the contract.
    """
    return checked(encoded).fact


def refused(error: ValidationError) -> Refused:
    """Turn what a model found into codes and field names, without a value."""
    fields = tuple(dict.fromkeys(problem.partition(":")[0] for problem in problems(error, BillingFact)))
    kinds = {
        item["type"] for item in error.errors(include_url=False, include_context=False, include_input=False)
    }
    return Refused(("CON-002" if kinds == {"instant"} else "CON-001",), fields)


def _as_it_is(instant: Any) -> Any:
    return instant
