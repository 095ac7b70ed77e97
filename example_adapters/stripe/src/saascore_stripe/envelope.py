"""The event around the object: snapshot events hold the object, thin events only name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from saascore.contract.instants import parse_instant
from saascore.drafts import AboutKind, BillingDraft, Mapped, RawId, SignalDraft, SnapshotDraft
from saascore_stripe.fields import Fields, WrongShape, expandable, fields, instant, required, text

_SPECIFICITY = {"created": 0, "updated": 1}
_SPECIFIC_TWIN = 2


@dataclass(slots=True, repr=False, eq=False)
class Envelope:
    """An event as its handler needs it. ``content`` is ``None`` where a thin event's object was not fetched."""

    type: str
    id: str
    at: str
    live: bool | None
    content: Fields | None
    related: str | None

    def the(self, kind: str) -> Fields:
        """Return the object, which must be of the kind that the type promises."""
        if self.content is None or self.content.get("object", kind) != kind:
            raise WrongShape
        return self.content

    @property
    def specificity(self) -> int:
        """Rank of twins of one second: what is created comes before what is updated, a named case after both."""
        return _SPECIFICITY.get(self.type.rsplit(".", 1)[-1], _SPECIFIC_TWIN)

    def draft(
        self,
        about: tuple[AboutKind, str] | None,
        *,
        customer: object = None,
        claims: Mapping[str, RawId] | None = None,
        snapshot: SnapshotDraft | None = None,
        signals: Sequence[SignalDraft] = (),
    ) -> BillingDraft:
        """Return the one draft of this event."""
        return BillingDraft(
            provider_event_type=self.type,
            event_id=self.id,
            occurred_at=self.at,
            about=about,
            customer=expandable(customer),
            claims=claims or {},
            snapshot=snapshot,
            signals=signals,
            specificity=self.specificity,
        )

    def mapped(self, about: tuple[AboutKind, str] | None, **said: Any) -> Mapped:
        """Return the answer that holds the one draft of this event."""
        return Mapped([self.draft(about, **said)])


def read_envelope(body: Mapping[str, Any], name: str) -> Envelope:
    """Read the envelope of a snapshot event, or of a thin one.

    The object of a thin event is expected where a snapshot event has it, at ``data.object``, if the caller fetched it.

    Raises:
        WrongShape: It is not an event as Stripe documents it.
    """
    live = body.get("livemode")
    if live is not None and not isinstance(live, bool):
        raise WrongShape
    data = fields(body.get("data"))
    thin = body.get("object") == "v2.core.event"
    related = fields(body.get("related_object")) if thin else None
    found = fields(data.get("object")) if data is not None else None
    if found is None and not thin:
        raise WrongShape
    return Envelope(
        type=name,
        id=required(text(body.get("id"))),
        at=_written(body.get("created")) if thin else required(instant(body.get("created"))),
        live=live,
        content=found,
        related=text(related.get("id")) if related is not None else None,
    )


def _written(value: object) -> str:
    """Thin events write their time as RFC 3339, snapshot events as Unix seconds."""
    if isinstance(value, str | datetime):
        try:
            return parse_instant(value)
        except ValueError:
            raise WrongShape from None
    return required(instant(value))
