"""Handing in webhooks: each gets exactly one outcome, in input order, and a bad one never loses a good one.

Facts and the rows of the journal that they cause are committed together, or not at all: a crash between write and
acknowledgement leaves a fact that the provider's next delivery finds as a duplicate.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any, Protocol

from pydantic import ValidationError

from saascore.adapters import AdapterFailure, ProductAdapter, ProviderAdapter
from saascore.contract.billing import BillingFact
from saascore.contract.instants import parse_instant, to_datetime
from saascore.contract.outcomes import AdapterOrigin, Outcome, OutcomeKind
from saascore.contract.words import Mode, UtcInstant
from saascore.drafts import (
    BillingDraft,
    Context,
    Ignored,
    LinkDraft,
    Mapped,
    Normalized,
    ProviderEvent,
    Unmapped,
)
from saascore.entitlements.facts import FactMaker, Namespaces, Refused, refused
from saascore.entitlements.rules import RulesInForce
from saascore.entitlements.settle import Handed, Settlement
from saascore.errors import SaascoreError
from saascore.ledger import Ledger, Measure
from saascore.ledger.pinned import check_keys
from saascore.privacy.references import Redactor, ReferenceKeys
from saascore.telemetry import log_batch, span

#: Webhooks a transaction.
CHUNK = 500
_LAGS = (
    ("under-1m", timedelta(minutes=1)),
    ("1m-to-1h", timedelta(hours=1)),
    ("1h-to-1d", timedelta(days=1)),
    ("1d-to-7d", timedelta(days=7)),
)
#: A delivery: a body with what came around it. An adapter author's samples are deliveries with a name.
_DELIVERY = frozenset({"body", "headers", "received_at", "api_version", "mode", "name", "expect", "same_as"})
_NO_SHAPE = frozenset({"no-envelope", "wrong-shape"})


class RecordLike(Protocol):
    """A record as a reader gives it: its number, and its object or the id of what is wrong with it."""

    @property
    def number(self) -> int:
        """From 1, in input order."""
        ...

    @property
    def value(self) -> Mapping[str, Any] | None:
        """The object."""
        ...

    @property
    def problem(self) -> str | None:
        """An error id in place of the object."""
        ...


@dataclass(frozen=True, slots=True)
class Turned:
    """A record that gives no fact: its outcome, and what it adds to the counters."""

    outcome: OutcomeKind
    codes: tuple[str, ...]
    fields: tuple[str, ...] = ()
    hook: str | None = None
    origin: AdapterOrigin | None = None
    measure: tuple[str, str] | None = None


@dataclass(slots=True)
class Intake:
    """Hands the webhooks of one provider to a ledger, for one product and one mode.

    Args:
        ledger: Where to.
        provider: Normalises the webhooks.
        product: Names plans and workspaces.
        mode: What the endpoint is: ``live`` or ``test``. Payloads that contradict it are ignored by their adapter.
        keys: The reference keys.
        now: The clock: when the webhooks are received, where they do not say so themselves.
    """

    ledger: Ledger
    provider: ProviderAdapter
    product: ProductAdapter
    mode: Mode
    keys: ReferenceKeys
    now: UtcInstant
    rules: RulesInForce = field(init=False)
    _maker: FactMaker = field(init=False)
    _types: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        if self.mode not in {"live", "test"}:
            raise SaascoreError("ENT-005")
        self.now = parse_instant(self.now)
        check_keys(self.ledger, self.keys)
        info = self.ledger.info
        self.rules = RulesInForce(self.product)
        spaces = Namespaces.of(
            self.keys,
            source=self.provider.id,
            mode=self.mode,
            product=self.product.id,
            reference_key=info.reference_key,
            subject_key=info.subject_key,
        )
        self._maker = FactMaker(self.product, spaces, self.rules.rules.plan_rank)
        self._types = frozenset(self.provider.list_billing_event_types())

    @property
    def keys_of_events(self) -> Redactor:
        """What makes the idempotency keys of this provider and mode."""
        return self._maker.spaces.provider

    def handed(self, fact: BillingFact) -> Handed:
        """Return a ready-made fact as it is committed."""
        return Handed(fact, self.now, ready=True)

    def run(
        self, records: Iterable[RecordLike], *, envelopes: bool = False, chunk: int = CHUNK
    ) -> Iterator[Outcome]:
        """Hand in records, a chunk a transaction, and yield their outcomes in input order.

        After a storage fault the rest is ``unprocessed``: what was committed before is kept, and handing everything
        in again is safe.

        Args:
            records: Webhook bodies, or ``{"body", "headers", "received_at", "api_version"}``, or ready-made facts.
            envelopes: The records are ready-made BillingFacts.
            chunk: Records a transaction.
        """
        stream, fault = iter(records), None
        prepare = self.ready if envelopes else self.prepare
        while batch := list(islice(stream, chunk)):
            outcomes: list[Outcome] = []
            if fault is None:
                try:
                    with span("billing.commit", source=self.provider.id, mode=self.mode):
                        outcomes = self.commit(
                            [(record.number, _prepared(record, prepare)) for record in batch]
                        )
                except SaascoreError as error:
                    if error.code != "LED-005":
                        raise
                    fault = error.code
            if fault is not None:
                outcomes = [
                    Outcome(record=record.number, outcome="unprocessed", codes=(fault,)) for record in batch
                ]
            counts = Counter[str](outcome.outcome for outcome in outcomes)
            log_batch("billing", self.provider.id, counts, outcomes, mode=self.mode)
            yield from outcomes

    def prepare(self, value: Mapping[str, Any]) -> Handed | Turned:
        """Normalise one webhook and make its fact. Nothing is written."""
        event = self._event(value)
        if isinstance(event, Turned):
            return event
        try:
            draft = self._draft(self.provider.normalize_billing_event(event))
            if isinstance(draft, Turned):
                return draft
            made = self._maker.made(draft, event)
        except AdapterFailure as error:
            failure = error.failure
            fields = (failure.field.partition(":")[0],) if failure.field else ()
            return Turned("rejected", (error.code,), fields, failure.hook.replace("_", "-"), failure.origin)
        except Refused as error:
            return Turned("rejected", error.codes, error.fields, origin=self.provider.origin)
        return Handed(made.fact, event.received_at or self.now, body=made.body)

    def ready(self, value: Mapping[str, Any]) -> Handed | Turned:
        """Validate one ready-made fact."""
        try:
            fact = BillingFact.model_validate_json(json.dumps(value))
        except ValidationError as error:
            problem = refused(error)
            return Turned("rejected", problem.codes, problem.fields)
        ours = fact.source == self.provider.id and fact.mode == self.mode
        pinned = fact.idempotency_key.split(":")[2] == self._maker.spaces.provider.key_id
        if not ours or not pinned or BillingFact.identify(fact.to_json()) != fact.fact_id:
            return Turned("rejected", ("ENT-004",))
        try:
            return self.handed(self._maker.scanned(fact))
        except Refused as error:
            return Turned("rejected", error.codes, error.fields)

    def commit(self, batch: Sequence[tuple[int, Handed | Turned]]) -> list[Outcome]:
        """Commit prepared records in one transaction.

        Raises:
            SaascoreError: ``LED-005`` where the store failed; nothing of the batch was kept then.
        """
        handed = [item for _, item in batch if isinstance(item, Handed)]
        with self.ledger.write() as writer:
            rules_digest = self.rules.record(writer)
            settlement = Settlement(
                writer, self._maker, self.rules.rules, rules_digest, self.provider.origin, self.now
            )
            settled = iter(settlement.settle(handed))
            outcomes = [
                self._turned(number, item)
                if isinstance(item, Turned)
                else next(settled).model_copy(update={"record": number})
                for number, item in batch
            ]
            writer.count(self.now, self._tally(batch, outcomes))
        return outcomes

    def _event(self, value: Mapping[str, Any]) -> ProviderEvent | Turned:
        """Unwrap a delivery; a body on its own is one too."""
        if not ("body" in value and value.keys() <= _DELIVERY):
            return ProviderEvent(value, mode=self.mode)
        if value.get("mode", self.mode) != self.mode:
            return Turned("skipped", ("mode-mismatch",), measure=("ignored", "mode-mismatch"))
        body, headers, api_version = value["body"], value.get("headers") or {}, value.get("api_version")
        if isinstance(body, str):
            try:
                body = json.loads(body)
            except ValueError:
                return Turned("rejected", ("INP-001",), ("body",))
        if not isinstance(body, Mapping) or not isinstance(headers, Mapping):
            return Turned("rejected", ("INP-003",), ("body",))
        received_at = value.get("received_at")
        try:
            received_at = None if received_at is None else parse_instant(received_at)
        except ValueError:
            return Turned("rejected", ("CON-002",), ("received_at",))
        headers = {str(name).lower(): str(item) for name, item in headers.items()}
        return ProviderEvent(
            body, headers, self.mode, None if api_version is None else str(api_version), received_at
        )

    def _draft(self, answer: Normalized) -> Any:
        """Return the one draft of an answer, or what becomes of an answer without one."""
        if isinstance(answer, Mapped) and answer.drafts:
            return answer.drafts[0]
        if isinstance(answer, Context) and answer.draft is not None and _links(answer.draft):
            return answer.draft
        if isinstance(answer, Unmapped):
            return self._unmapped(answer)
        word = "context" if isinstance(answer, Context) else "ignored"
        reason = answer.reason if isinstance(answer, (Context, Ignored)) else "no-draft"
        return Turned("skipped", (reason,), origin=self.provider.origin, measure=(word, reason))

    def _unmapped(self, answer: Unmapped) -> Turned:
        reason, origin = answer.reason, self.provider.origin
        if reason in _NO_SHAPE:
            return Turned("rejected", ("ENT-001", reason), origin=origin)
        if reason.endswith("-missing"):
            return Turned("rejected", ("ENT-003", reason), origin=origin)
        known = answer.provider_event_type if answer.provider_event_type in self._types else "unknown"
        return Turned("skipped", ("unmapped", reason), origin=origin, measure=("unmapped", known))

    def _turned(self, number: int, item: Turned) -> Outcome:
        return Outcome(
            record=number,
            outcome=item.outcome,
            codes=item.codes,
            fields=item.fields,
            hook=item.hook,
            origin=item.origin,
        )

    def _tally(
        self, batch: Sequence[tuple[int, Handed | Turned]], outcomes: Sequence[Outcome]
    ) -> Mapping[Measure, int]:
        counts: Counter[tuple[str, str]] = Counter()
        for (_, item), outcome in zip(batch, outcomes, strict=True):
            counts["outcome", outcome.outcome] += 1
            for code in outcome.codes:
                counts["reason", code] += 1
            if isinstance(item, Turned):
                if item.measure is not None:
                    counts[item.measure] += 1
            elif outcome.outcome == "accepted":
                counts["lag", _lag(item.fact.occurred_at, item.received_at)] += 1
        return {
            Measure("billing", self.provider.id, self.mode, measure, word): count
            for (measure, word), count in counts.items()
        }


def _prepared(record: RecordLike, prepare: Any) -> Handed | Turned:
    if record.value is None:
        return Turned("rejected", (record.problem or "INP-001",))
    answer: Handed | Turned = prepare(record.value)
    return answer


def _links(draft: BillingDraft) -> bool:
    """Tell whether a context draft links anything: to a workspace, or a thing to its customer."""
    claims = [draft.claims, *(signal.claims for signal in draft.signals if isinstance(signal, LinkDraft))]
    return any(claims) or (draft.about is not None and draft.customer is not None)


def _lag(occurred_at: str, received_at: str) -> str:
    moment = to_datetime(received_at)
    passed = moment - to_datetime(occurred_at)
    return next((name for name, span in _LAGS if passed < span), "over-7d")
