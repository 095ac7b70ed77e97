"""The catalogue of schemas: which module holds the model of each; it is imported when the model is asked for."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from saascore.contract.model import Contract

#: Schema id to module below ``saascore.contract``. The model has the schema's name: ``UsageEvent`` for ``usage-event``.
SCHEMAS = {
    "saascore/usage-event/1": "usage",
    "saascore/usage-aggregate/1": "usage",
    "saascore/watermark/1": "usage",
    "saascore/outcome/1": "outcomes",
    "saascore/usage-summary/1": "summary",
    "saascore/backfill-run/1": "runs",
    "saascore/run-preview/1": "runs",
    "saascore/run-applied/1": "runs",
    "saascore/run-reverted/1": "runs",
    "saascore/claim/1": "runs",
    "saascore/alias/1": "runs",
    "saascore/billing-fact/1": "billing",
    "saascore/lifecycle-event/1": "lifecycle",
    "saascore/plan-source-write/1": "journal",
    "saascore/capability-snapshot/1": "plans",
    "saascore/entitlement-rules/1": "plans",
    "saascore/rules-recorded/1": "plans",
    "saascore/decision/1": "decision",
    "saascore/ops-summary/1": "ops",
    "saascore/audit-summary/1": "ops",
    "saascore/privacy-evidence/1": "evidence",
    "saascore/packet-manifest/1": "evidence",
    "saascore/acceptance-fixture/1": "fixtures",
}


@cache
def model_of(schema_id: str) -> type[Contract]:
    """Import and return the model of a schema.

    Raises:
        KeyError: The contract has no such schema.
    """
    module = import_module(f"saascore.contract.{SCHEMAS[schema_id]}")
    name = schema_id.split("/")[1].title().replace("-", "")
    model: type[Contract] = getattr(module, name)
    return model
