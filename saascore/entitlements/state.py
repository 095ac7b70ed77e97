"""The folded state of one subscription, purchase or grant, between two facts."""

from __future__ import annotations

from typing import NamedTuple

from saascore.contract.billing import Collection, EndReason, ScheduledChange, Service, SourceKind
from saascore.contract.journal import PlanSourceState
from saascore.contract.lifecycle import AxisState

LIVE = frozenset({"trialing", "active", "paused"})
BEHIND = frozenset({"past_due", "unpaid"})
SETTLED = frozenset({"current", "collection_paused"})


class State(NamedTuple):
    """What the facts so far say.

    ``scheduled`` is everything the clock will do; ``planned`` is that part of it which a partial snapshot said.
    ``plan_key`` is the last known plan; ``plan_held`` says that a later price could not be mapped, so that it is held.
    ``until`` and ``lifetime`` are the term of a grant or purchase. ``failing_since`` is the first failure of the
    running dunning episode, ``disputed_since`` the opening of a dispute that is not over.
    """

    service: Service = "none"
    collection: Collection = "not_applicable"
    scheduled: tuple[ScheduledChange, ...] = ()
    planned: tuple[ScheduledChange, ...] = ()
    source_kind: SourceKind = "billing"
    plan_key: str | None = None
    plan_ref: str | None = None
    plan_held: bool = False
    addons: tuple[str, ...] | None = None
    quantity: int | None = None
    period_from: str | None = None
    period_to: str | None = None
    trial_ends_at: str | None = None
    until: str | None = None
    lifetime: bool = False
    ended_at: str | None = None
    end_reason: EndReason | None = None
    failing_since: str | None = None
    exhausted: bool = False
    disputed_since: str | None = None
    dispute_lost: bool = False
    revoke_at: str | None = None
    revoked: bool = False

    def axes(self) -> AxisState:
        """Return the three axes as the contract writes them."""
        collection: Collection = "disputed" if self.disputed_since else self.collection
        return AxisState(service=self.service, collection=collection, scheduled=self.scheduled[:8])

    @property
    def standing(self) -> PlanSourceState:
        """The one word of the journal: what stops access is named before what does not."""
        if self.revoked:
            return "revoked"
        if self.service == "ended":
            return "ended"
        if self.service in {"none", "pending"}:
            return "pending"
        if self.service == "paused":
            return "paused"
        if self.disputed_since:
            return "disputed"
        if self.collection == "unpaid":
            return "unpaid"
        if self.collection == "past_due":
            return "past_due"
        if self.plan_key is None:
            return "unresolved"
        return "trialing" if self.service == "trialing" or self.source_kind == "trial" else "active"

    @property
    def word_expected(self) -> str | None:
        """When the provider's next word is due: silence past it is staleness. ``None`` where it is unknown."""
        if self.source_kind != "billing":
            return None
        if self.service == "trialing":
            return self.trial_ends_at or self.period_to
        return self.period_to if self.service == "active" else None
