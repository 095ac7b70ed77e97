"""Every model that names its schema, and its JSON Schema (Draft 2020-12)."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from saascore.contract.catalogue import SCHEMAS, model_of
from saascore.contract.model import Contract

MODELS: tuple[type[Contract], ...] = tuple(map(model_of, SCHEMAS))
DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: What saascore refuses although the schema lets it pass; stated in every schema's description.
NOT_EXPRESSED = (
    "Beyond this schema saascore also refuses: labels that hold an id, a token or a storage key; references whose"
    " check characters differ; days that no calendar has and years outside 2000 to 2099; numbers written as 3.0;"
    " and whatever breaks a rule between fields. The schema is of what saascore writes: reading, it also takes null for"
    " an absent value and fills in what has a default."
)
_NULL = {"type": "null"}


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
    """Return the JSON Schema of a model's encoded form, in which an absent value is left out and never ``null``."""
    schema = _without_null(model.model_json_schema(mode="serialization", schema_generator=_PublicSchema))
    schema["description"] = f"{schema.get('description', model.__name__)}\n\n{NOT_EXPRESSED}"
    return {"$schema": DIALECT, "$id": model.schema_id(), **schema}


def file_name(model: type[Contract]) -> str:
    """Return the name of a schema's file, for example ``usage-event.1.schema.json``."""
    _, name, version = model.schema_id().split("/")
    return f"{name}.{version}.schema.json"


def _without_null(node: Any) -> Any:
    """Drop the null branch of optional fields, and the fields from what is required."""
    if isinstance(node, list):
        return [_without_null(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _without_null(value) for key, value in node.items()}
    if "patternProperties" in made:
        made["additionalProperties"] = False  # pydantic says which keys fit, and forgets to refuse the others
    if isinstance(properties := made.get("properties"), dict):
        optional = {name for name, field in node["properties"].items() if _NULL in field.get("anyOf", ())}
        made["properties"] = {
            name: _unwrapped(field) if name in optional else field for name, field in properties.items()
        }
        made["required"] = [name for name in made.get("required", ()) if name not in optional]
    return made


def _unwrapped(field: dict[str, Any]) -> dict[str, Any]:
    branches = [branch for branch in field["anyOf"] if branch != _NULL]
    rest = {key: value for key, value in field.items() if key not in {"anyOf", "default"}}
    return {**rest, **branches[0]} if len(branches) == 1 else {**rest, "anyOf": branches}
