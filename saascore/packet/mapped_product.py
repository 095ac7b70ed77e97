"""A product adapter made of a fixture's mapping: a second product without its distribution."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from saascore.adapters import Registry
from saascore.contract.fixtures import Mapping as NameMapping
from saascore.contract.fixtures import ProductRow
from saascore.contract.words import PublicLabel, Reference
from saascore.drafts import RawId, Skip, UsageDraft
from saascore.hookspecs import hookimpl


class MappedProduct:
    """Answers the hooks of usage, plans and identity from two tables of names.

    Args:
        names: The product's names and the shared labels they mean.
    """

    api = 1

    def __init__(self, names: NameMapping) -> None:
        self._names = names

    @hookimpl
    def map_event_name(self, event_name: str) -> PublicLabel | None:
        """Look the event's name up."""
        return self._names.event_names.get(event_name)

    @hookimpl
    def map_plan_label(self, plan: str) -> PublicLabel | None:
        """Look the plan's name up; a name on no list has no label."""
        return self._names.plan_names.get(plan)

    @hookimpl
    def map_usage_record(self, record: Mapping[str, Any]) -> UsageDraft | Skip:
        """Pick a row apart."""
        return UsageDraft(
            event_name=record["event"],
            key=(record["row"],),
            quantity=record["quantity"],
            unit=record["unit"],
            occurred_at=record["occurred_at"],
            claims={"workspace": record["workspace"]},
            plan=record["plan"],
        )

    @hookimpl
    def reference_workspace(
        self, claims: Mapping[str, RawId], redact: Callable[..., Reference]
    ) -> Reference | None:
        """Redact the workspace."""
        workspace = claims.get("workspace")
        return redact("workspace", workspace) if workspace else None


def registry_of(names: NameMapping) -> Registry:
    """Return a registry that holds this one product."""
    return Registry.of({names.product: MappedProduct(names)})


def raw_row(row: ProductRow) -> dict[str, Any]:
    """Return the row as the product would hand it in."""
    return row.to_json()
