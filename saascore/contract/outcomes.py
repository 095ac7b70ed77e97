"""What became of a record that was handed in: exactly one outcome each, in input order."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from saascore.contract.model import Contract
from saascore.contract.words import Count, Position, PublicLabel, Reference, Version

OutcomeKind = Literal["accepted", "duplicate", "conflict", "rejected", "held", "skipped", "unprocessed"]
#: An error id of the catalogue, or a public word that names a rule or an adapter's reason.
Code = Annotated[
    str, StringConstraints(pattern=r"^([A-Z]{3}-[0-9]{3}|[a-z][a-z0-9]*([._-][a-z0-9]+)*)$", max_length=64)
]
#: The path of a field of the contract; ``*`` stands for a part that is not one of its names.
FieldPath = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_*]+(\.[a-z0-9_*]+)*$", max_length=120)]


class AdapterOrigin(Contract):
    """Which adapter answered: its id, distribution and version."""

    adapter: PublicLabel
    distribution: PublicLabel | None = None
    version: Version | None = None


class Outcome(Contract):
    """One record's outcome.

    ``codes`` say why (error ids, adapter reasons); ``fields`` name the fields in which a conflict differs or that
    broke a rule; ``position`` is where the fact stands (for a duplicate or conflict, the stored one). No value.
    """

    schema_: Literal["saascore/outcome/1"] = Field(default="saascore/outcome/1", alias="schema")
    record: Count
    outcome: OutcomeKind
    codes: tuple[Code, ...] = ()
    fields: tuple[FieldPath, ...] = ()
    position: Position | None = None
    event_id: Reference | None = None
    hook: PublicLabel | None = None
    origin: AdapterOrigin | None = None


class IntakeCounts(Contract):
    """How many records had each outcome."""

    accepted: Count = 0
    duplicate: Count = 0
    conflict: Count = 0
    rejected: Count = 0
    held: Count = 0
    skipped: Count = 0
    unprocessed: Count = 0

    @property
    def total(self) -> int:
        """How many records were handed in."""
        return sum(getattr(self, name) for name in type(self).model_fields)
