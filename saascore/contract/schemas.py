"""The catalogue of schemas: every model that names its schema, and its JSON Schema (Draft 2020-12)."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from saascore.contract.billing import BillingFact
from saascore.contract.decision import Decision
from saascore.contract.evidence import PacketManifest, PrivacyEvidence
from saascore.contract.journal import PlanSourceWrite
from saascore.contract.lifecycle import LifecycleEvent
from saascore.contract.model import Contract
from saascore.contract.ops import AuditSummary, OpsSummary
from saascore.contract.outcomes import Outcome
from saascore.contract.plans import CapabilitySnapshot, EntitlementRules, RulesRecorded
from saascore.contract.runs import Alias, BackfillRun, Claim, RunApplied, RunPreview, RunReverted
from saascore.contract.summary import UsageSummary
from saascore.contract.usage import UsageAggregate, UsageEvent, Watermark

MODELS: tuple[type[Contract], ...] = (
    UsageEvent,
    UsageAggregate,
    Watermark,
    Outcome,
    UsageSummary,
    BackfillRun,
    RunPreview,
    RunApplied,
    RunReverted,
    Claim,
    Alias,
    BillingFact,
    LifecycleEvent,
    PlanSourceWrite,
    CapabilitySnapshot,
    EntitlementRules,
    RulesRecorded,
    Decision,
    OpsSummary,
    AuditSummary,
    PrivacyEvidence,
    PacketManifest,
)
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _PublicSchema(GenerateJsonSchema):
    """Schemas that TypeScript and ajv's strict mode take: no field titles, no OpenAPI discriminator."""

    schema_dialect = DIALECT

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  the base class's signature
        return False

    def tagged_union_schema(self, schema: Any) -> dict[str, Any]:
        made = super().tagged_union_schema(schema)
        made.pop("discriminator", None)
        return made


def by_id() -> dict[str, type[Contract]]:
    """Return every model by its schema id."""
    return {model.schema_id(): model for model in MODELS}


def json_schema(model: type[Contract]) -> dict[str, Any]:
    """Return the JSON Schema of a model's encoded form."""
    schema = model.model_json_schema(mode="serialization", schema_generator=_PublicSchema)
    return {"$schema": DIALECT, "$id": model.schema_id(), **schema}
