"""The raw side: what adapters read and hand in, in memory only.

Drafts may hold raw ids, because the boundary redacts them. So a draft cannot be pickled, and its ``repr`` shows no
value. Nothing here is stored or printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, NoReturn

from saascore.contract.billing import Collection, EndReason, ScheduleKind, Service, Signal, SourceKind
from saascore.contract.usage import SnapshotBasis
from saascore.contract.words import Mode

Instant = datetime | str
RawId = str | int
Disposition = Literal["map", "context", "ignore"]
AboutKind = Literal["subscription", "purchase", "grant"]


class Raw:
    """What every draft has in common: it cannot be serialised, and it shows no value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    __str__ = __repr__

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} holds raw values and cannot be serialised or copied out of memory"
        )

    def __format__(self, spec: str) -> str:
        return repr(self)


def field_names(draft: type[Raw]) -> tuple[str, ...]:
    """Return the field names of a draft class, for messages that say where a fault is."""
    return tuple(item.name for item in fields(draft))  # type: ignore[arg-type]


@dataclass(slots=True, repr=False, eq=False)
class UsageDraft(Raw):
    """One product row, picked apart by ``map_usage_record``.

    Attributes:
        event_name: The product's own event name; core asks ``map_event_name`` for the shared type.
        key: The row's own identity (never the time or the subject): one or more parts, the same for every reading
            of the row.
        quantity: Decimal text or an integer; a float is refused.
        unit: A public label.
        occurred_at: When it happened: RFC 3339 with an offset, or an aware datetime.
        claims: What identifies the workspace; handed to ``reference_workspace``.
        plan: The product's own plan name; core asks ``map_plan_label``.
        subject: A public label in place of a workspace, where the product counts no workspaces.
        dimensions: Declared label to label, at most 16.
        plan_basis: How the plan is known. ``submission`` is live; a backfill must not claim it.
        plan_resolved_at: When the plan was read; the time of submission where absent.
        plan_revision: The revision of the plan, a public label, where the product numbers them.
        source_sequence: The row's number in the source's own order, where it has one.
    """

    event_name: str
    key: tuple[RawId, ...]
    quantity: str | int
    unit: str
    occurred_at: Instant
    claims: Mapping[str, RawId]
    plan: str
    subject: str | None = None
    dimensions: Mapping[str, str] = field(default_factory=dict)
    plan_basis: SnapshotBasis = "submission"
    plan_resolved_at: Instant | None = None
    plan_revision: str | None = None
    source_sequence: int | None = None


@dataclass(slots=True, repr=False, eq=False)
class Skip(Raw):
    """There is nothing to record in this row. ``reason`` is a public label."""

    reason: str


@dataclass(slots=True, repr=False, eq=False)
class SourceRow(Raw):
    """A row of the product's own store, for backfill and replay.

    ``cursor`` is (occurred_at, row key): rows come in ascending order of it, and ``read_source_rows`` starts again
    after any of them.
    """

    cursor: tuple[str, str]
    record: Mapping[str, Any]


@dataclass(slots=True, repr=False, eq=False)
class ProviderEvent(Raw):
    """A verified webhook: its parsed body, the headers that matter, the endpoint's mode and the API version.

    ``received_at`` goes to a receipt, never into a fact.
    """

    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    mode: Mode = "live"
    api_version: str | None = None
    received_at: str | None = None


@dataclass(slots=True, repr=False, eq=False)
class ItemDraft(Raw):
    """One item of a subscription: raw product and price ids, best candidate first, and its quantity."""

    candidates: tuple[RawId, ...]
    quantity: int | None = None


@dataclass(slots=True, repr=False, eq=False)
class ScheduledDraft(Raw):
    """A change that the provider will make by the clock."""

    kind: ScheduleKind
    effective_at: Instant | None = None
    item: ItemDraft | None = None
    quantity: int | None = None


@dataclass(slots=True, repr=False, eq=False)
class SnapshotDraft(Raw):
    """What the payload asserts now.

    What is ``None`` or empty is not said, and keeps its last known value; ``scheduled`` is always said in full.
    Service ``none`` makes the snapshot partial: it speaks of dated plan changes alone, and replaces those.

    Attributes:
        service: Is it running?
        collection: Is it paid?
        items: Every item; core maps them and picks the plan by rank.
        scheduled: What the provider will change by the clock.
        period: The paid period, ``[from, to)``.
        trial_ends_at: Only while trialing.
        ended_at: When it ended, not when the end was asked for.
        end_reason: Only where the payload itself says why.
    """

    service: Service
    collection: Collection
    items: Sequence[ItemDraft] = ()
    scheduled: Sequence[ScheduledDraft] = ()
    period: tuple[Instant, Instant] | None = None
    trial_ends_at: Instant | None = None
    ended_at: Instant | None = None
    end_reason: EndReason | None = None


@dataclass(slots=True, repr=False, eq=False)
class PurchaseDraft(Raw):
    """A completed one-time purchase."""

    item: ItemDraft
    effective_from: Instant
    effective_until: Instant | None = None
    lifetime: bool = False


@dataclass(slots=True, repr=False, eq=False)
class GrantDraft(Raw):
    """An operator's grant of one of the product's own plans, by the product's name for it or by its label.

    A later grant about the same thing extends or replaces it from its own ``effective_from`` on; one of source kind
    ``trial`` or ``purchase`` is told as a trial or a purchase.
    """

    source_kind: SourceKind
    plan: str
    effective_from: Instant
    effective_until: Instant | None = None
    lifetime: bool = False
    quantity: int | None = None


@dataclass(slots=True, repr=False, eq=False)
class CorrectionDraft(Raw):
    """An operator takes back an event, named by its raw event id.

    ``source`` is the provider whose event it is, in the same mode; the adapter's own where absent. The correction may
    come before the event that it takes back.
    """

    corrects_event_id: RawId
    source: str | None = None


@dataclass(slots=True, repr=False, eq=False)
class LinkDraft(Raw):
    """The subject belongs to the workspace that ``claims`` identify (those of the draft where absent)."""

    claims: Mapping[str, RawId] | None = None


@dataclass(slots=True, repr=False, eq=False)
class AuditDraft(Raw):
    """An operator's audit fields: operator-owned labels (``op:…``) and a public reason."""

    operator: str
    approval: str
    reason: str


SignalDraft = Signal | PurchaseDraft | GrantDraft | CorrectionDraft | LinkDraft


@dataclass(slots=True, repr=False, eq=False)
class BillingDraft(Raw):
    """What one provider event says of one subscription, purchase or grant.

    Attributes:
        provider_event_type: The type as the provider spells it.
        event_id: The provider's event id; where it has none, core keys the type and the body's canonical form.
        occurred_at: The provider's clock.
        about: Kind and raw id of what the event is about.
        customer: Raw customer id.
        claims: What identifies the workspace (metadata, a client reference); handed to ``reference_workspace``.
        snapshot: What the payload asserts now, where it asserts a state.
        signals: What no snapshot shows.
        specificity: 0 for a generic ``updated``, higher for a specific twin.
        audit: Audit fields, for an operator's action.
    """

    provider_event_type: str
    event_id: RawId | None
    occurred_at: Instant
    about: tuple[AboutKind, RawId] | None = None
    customer: RawId | None = None
    claims: Mapping[str, RawId] = field(default_factory=dict)
    snapshot: SnapshotDraft | None = None
    signals: Sequence[SignalDraft] = ()
    specificity: int = 0
    audit: AuditDraft | None = None


@dataclass(slots=True, repr=False, eq=False)
class Mapped(Raw):
    """The event asserts something. Most events give one draft."""

    drafts: Sequence[BillingDraft]


@dataclass(slots=True, repr=False, eq=False)
class Ignored(Raw):
    """The type is known and means nothing for entitlements. ``reason`` is a public label."""

    provider_event_type: str
    reason: str


@dataclass(slots=True, repr=False, eq=False)
class Context(Raw):
    """The event only links a subject to a workspace or customer; ``draft`` holds at most link signals."""

    provider_event_type: str
    reason: str
    draft: BillingDraft | None = None


@dataclass(slots=True, repr=False, eq=False)
class Unmapped(Raw):
    """The type, a status or another enum value is not known: the last state is held, and the type counted."""

    provider_event_type: str
    reason: str


Normalized = Mapped | Ignored | Context | Unmapped
