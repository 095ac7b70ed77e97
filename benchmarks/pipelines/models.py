"""The rules of ``facts.py`` as a strict, closed pydantic model, for the peers that validate with pydantic."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from facts import SCHEMA
from pydantic import BaseModel, ConfigDict, Field, create_model


def model_of(name: str, schema: dict[str, Any]) -> type[BaseModel]:
    """Return the model of a closed object of texts and such objects; it is dumped by its aliases."""
    fields = {
        f"{field}_": (_type_of(field, rule), Field(alias=field))
        for field, rule in schema["properties"].items()
    }
    return create_model(name, __config__=ConfigDict(extra="forbid", strict=True), **fields)  # type: ignore[call-overload,no-any-return]


def _type_of(field: str, rule: dict[str, Any]) -> Any:
    if "properties" in rule:
        return model_of(field.title(), rule)
    if "enum" in rule:
        return Literal[tuple(rule["enum"])]
    return Annotated[str, Field(pattern=rule["pattern"], max_length=rule["maxLength"])]


Fact = model_of("Fact", SCHEMA)
#: To dlt: flatten objects into columns, as it does where no model says otherwise.
Fact.dlt_config = {"skip_nested_types": True}  # type: ignore[attr-defined]
