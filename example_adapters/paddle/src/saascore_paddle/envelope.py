"""The notification around the entity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from saascore.drafts import AboutKind, BillingDraft, Mapped, SignalDraft, SnapshotDraft
from saascore_paddle.fields import Fields, WrongShape, claims, fields, instant, required, text

_SPECIFICITY = {"created": 0, "imported": 0, "updated": 1}
_SPECIFIC_TWIN = 2


@dataclass(slots=True, repr=False, eq=False)
class Envelope:
    """A notification as its handler needs it."""

    type: str
    id: str
    at: str
    data: Fields

    def mapped(
        self,
        about: tuple[AboutKind, str],
        *,
        snapshot: SnapshotDraft | None = None,
        signals: Sequence[SignalDraft] = (),
    ) -> Mapped:
        """Return the answer that holds the one draft of this event."""
        draft = BillingDraft(
            provider_event_type=self.type,
            event_id=self.id,
            occurred_at=self.at,
            about=about,
            customer=text(self.data.get("customer_id")),
            claims=claims(self.data.get("custom_data")),
            snapshot=snapshot,
            signals=signals,
            # What is created comes before what is updated, a named case after both.
            specificity=_SPECIFICITY.get(self.type.rsplit(".", 1)[-1], _SPECIFIC_TWIN),
        )
        return Mapped([draft])


def read_envelope(body: Mapping[str, Any], name: str) -> Envelope:
    """Read the envelope.

    Raises:
        WrongShape: It is not a notification as Paddle documents it.
    """
    data = fields(body.get("data"))
    if data is None:
        raise WrongShape
    return Envelope(
        name, required(text(body.get("event_id"))), required(instant(body.get("occurred_at"))), data
    )
