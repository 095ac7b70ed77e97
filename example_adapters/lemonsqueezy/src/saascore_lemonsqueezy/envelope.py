"""The webhook around the object: ``meta`` says what happened, ``data`` is the object as JSON:API writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from saascore.drafts import AboutKind, BillingDraft, Mapped, SignalDraft, SnapshotDraft
from saascore_lemonsqueezy.fields import (
    Fields,
    WrongShape,
    claims,
    fields,
    flag,
    instant,
    number,
    required,
    text,
)

_SPECIFICITY = {"created": 0, "updated": 1}
_SPECIFIC_TWIN = 2


@dataclass(slots=True, repr=False, eq=False)
class Envelope:
    """A webhook as its handler needs it."""

    type: str
    meta: Fields
    data: Fields
    attributes: Fields

    @property
    def at(self) -> str:
        """When it happened: webhooks have no time of their own, so it is when the object was last changed."""
        return required(instant(self.attributes.get("updated_at") or self.attributes.get("created_at")))

    @property
    def test(self) -> bool | None:
        """Whether it is of test mode; ``None`` where the body does not say, as in old ones."""
        said = flag(self.meta.get("test_mode"))
        return flag(self.attributes.get("test_mode")) if said is None else said

    def id_of(self, kind: str) -> str:
        """Return the id of the object, which must be of the kind that the type promises."""
        if self.data.get("type", kind) != kind:
            raise WrongShape
        return required(number(self.data.get("id")))

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
            event_id=text(self.meta.get("webhook_id")),
            occurred_at=self.at,
            about=about,
            customer=number(self.attributes.get("customer_id")),
            claims=claims(self.meta.get("custom_data")),
            snapshot=snapshot,
            signals=signals,
            # What is created comes before what is updated, a named case after both.
            specificity=_SPECIFICITY.get(self.type.rsplit("_", 1)[-1], _SPECIFIC_TWIN),
        )
        return Mapped([draft])


def read_envelope(body: Mapping[str, Any], meta: Fields, name: str) -> Envelope:
    """Read the envelope.

    Raises:
        WrongShape: It is not a webhook as Lemon Squeezy documents it.
    """
    data = fields(body.get("data"))
    attributes = fields(data.get("attributes")) if data is not None else None
    if data is None or attributes is None:
        raise WrongShape
    return Envelope(name, meta, data, attributes)
