"""What became of one record, in the light form that flows through a submission."""

from __future__ import annotations

from typing import NamedTuple, final

from saascore.contract.outcomes import AdapterOrigin, Outcome, OutcomeKind
from saascore.errors import SaascoreError


@final
class Refusal(NamedTuple):
    """Why a record gives no event: rejected or skipped, by which codes, fields, hook and adapter. No value."""

    outcome: OutcomeKind
    codes: tuple[str, ...]
    fields: tuple[str, ...] = ()
    hook: str | None = None
    origin: AdapterOrigin | None = None

    @classmethod
    def of(cls, error: SaascoreError, *fields: str) -> Refusal:
        """Refuse a record for an error; an adapter's failure names its hook and origin."""
        failure = getattr(error, "failure", None)
        if failure is None:
            return cls("rejected", (error.code,), fields)
        if failure.field:
            fields = (failure.field.partition(":")[0].rpartition(".")[2] or failure.field,)
        return cls("rejected", (error.code,), fields, failure.hook.replace("_", "-"), failure.origin)


class Verdict(NamedTuple):
    """One record's outcome, as :class:`~saascore.contract.outcomes.Outcome` publishes it."""

    record: int
    outcome: OutcomeKind
    codes: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    position: int | None = None
    event_id: str | None = None
    hook: str | None = None
    origin: AdapterOrigin | None = None

    def public(self) -> Outcome:
        """Return the outcome as a model of the contract."""
        return Outcome(**self._asdict())
