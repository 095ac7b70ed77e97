"""The one pure function that every engine runs: a chunk of rows in, an answer for each row out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from saascore.adapters import ProductAdapter, discover
from saascore.contract.words import OperatorLabel
from saascore.errors import SaascoreError
from saascore.privacy.references import ReferenceKeys
from saascore.usage.mapping import UsageMapper
from saascore.usage.picked import Answers
from saascore.usage.rows import Chunk, rows_of


class MapperPlan(NamedTuple):
    """How a worker makes its own mapper: names only, since neither adapters nor keys leave a process.

    Attributes:
        product: The id of the product adapter, installed where the worker runs.
        adapters: Modules or files that are adapters too.
        reference_key: The key id of idempotency keys.
        subject_key: The key id of workspaces.
        resolved_at: The instant at which plans count as resolved where a draft does not say.
        backfill: Rows of the past.
        asserted_by: Who answers for plans of basis ``asserted``.
        adapter_digest: The digest of the driver's adapter; a worker with another one refuses to start.
        workspaces: The namespace of workspaces; the product's id by default.
        key_checks: The check values of the two keys; a worker with other keys refuses to start.
        distribution: The distribution of the product adapter, where another may have an adapter of the same id.
    """

    product: str
    reference_key: str
    resolved_at: str
    adapters: tuple[str, ...] = ()
    subject_key: str | None = None
    backfill: bool = False
    asserted_by: OperatorLabel | None = None
    adapter_digest: str | None = None
    workspaces: str | None = None
    key_checks: tuple[str, str] | None = None
    distribution: str | None = None

    @classmethod
    def of(cls, mapper: UsageMapper, adapters: Sequence[str] = ()) -> MapperPlan:
        """Return the plan that makes the same mapper elsewhere."""
        product = mapper.product
        return cls(
            product.id,
            mapper.keys.key_id,
            mapper.resolved_at,
            tuple(adapters),
            mapper.subjects.key_id,
            mapper.backfill,
            mapper.asserted_by,
            product.digest if isinstance(product, ProductAdapter) else None,
            mapper.subjects.namespace,
            (mapper.keys.check, mapper.subjects.check),
            product.origin.distribution if isinstance(product, ProductAdapter) else None,
        )

    def adapter(self) -> ProductAdapter:
        """Find the adapter in this process.

        Raises:
            SaascoreError: It is missing or broken here (``ADP-…``).
        """
        name = f"{self.product}@{self.distribution}" if self.distribution else self.product
        return discover(enable=(name,), paths=self.adapters).product(self.product)

    def build(self) -> UsageMapper:
        """Make the mapper in this process.

        Raises:
            SaascoreError: The adapter is missing or broken here (``ADP-…``), differs from the driver's (``ENG-001``),
                or its reference key is not configured here (``KEY-…``).
        """
        product = self.adapter()
        if self.adapter_digest is not None and product.digest != self.adapter_digest:
            raise SaascoreError("ENG-001", where=self.product)
        configured = ReferenceKeys.load(os.environ)
        keys = configured.redactor(product.id, key_id=self.reference_key)
        subjects = configured.redactor(
            self.workspaces or product.id, key_id=self.subject_key or self.reference_key
        )
        if self.key_checks not in (None, (keys.check, subjects.check)):
            raise SaascoreError("KEY-005", detail="where the engine's workers run")
        return UsageMapper(
            product,
            keys=keys,
            subjects=subjects,
            resolved_at=self.resolved_at,
            backfill=self.backfill,
            asserted_by=self.asserted_by,
        )


def map_chunk(chunk: Chunk, mapper: UsageMapper) -> Answers:
    """Map a chunk: one answer a row, in order. Pure, and no row can fail it.

    Args:
        chunk: Product rows, or lines of NDJSON, which are parsed here so that parsing is spread too.
        mapper: The mapper of this process.
    """
    return mapper.map(rows_of(chunk))
