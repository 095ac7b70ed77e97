"""TypeScript types of the contract, written from its JSON Schemas so that the two cannot drift."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter

from saascore.contract import words
from saascore.contract.model import CONTRACT_VERSION
from saascore.contract.schemas import MODELS, json_schema

Schema = Mapping[str, Any]
#: Words that get a type of their own; the ones with a fixed beginning are told apart by the compiler.
_WORDS: dict[str, tuple[Any, str]] = {
    "PublicLabel": (words.PublicLabel, "string"),
    "Reference": (words.Reference, "`ref:${string}:${string}:${string}`"),
    "OperatorLabel": (words.OperatorLabel, "`op:${string}`"),
    "Digest": (words.Digest, "`sha256:${string}`"),
    "UtcInstant": (words.UtcInstant, "string"),
    "Quantity": (words.Quantity, "string"),
    "ExactSum": (words.ExactSum, "string"),
    "ProviderEventType": (words.ProviderEventType, "string"),
    "RunId": (words.RunId, "`run-${string}`"),
}


def typescript() -> str:
    """Return one declaration file with a type for every model and every word of the contract."""
    definitions = _definitions()
    lines = [
        f"// The saascore contract, version {CONTRACT_VERSION}. Written by: saascore schema export --typescript",
        "",
    ]
    for name, (word, spelled) in _WORDS.items():
        lines += [f"// Text of the form {_pattern(word)}", f"export type {name} = {spelled};", ""]
    for name, schema in definitions.items():
        lines += [*_documented(schema), *_declared(name, schema), ""]
    facts = " | ".join(model.__name__ for model in MODELS)
    lines += ["/** Everything that names its schema. */", f"export type Contract = {facts};", ""]
    lines += ["/** What no snapshot shows. */", 'export type Signal = BillingFact["signals"][number];', ""]
    return "\n".join(lines)


def _definitions() -> dict[str, Schema]:
    found: dict[str, Schema] = {}
    for model in MODELS:
        schema = json_schema(model)
        found.update(schema.get("$defs", {}))
        found[model.__name__] = schema
    return dict(sorted(found.items()))


def _declared(name: str, schema: Schema) -> Iterator[str]:
    if "properties" not in schema:
        yield f"export type {name} = {_type(schema)};"
        return
    required = set(schema.get("required", ()))
    yield f"export interface {name} {{"
    for field, kind in schema["properties"].items():
        yield f"  readonly {field}{'' if field in required else '?'}: {_type(kind)};"
    yield "}"


def _documented(schema: Schema) -> Iterator[str]:
    text = str(schema.get("description", "")).split("\n\n")[0].replace("\n", " ").replace("*/", "*\\/")
    if text:
        yield f"/** {text} */"


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return " | ".join(dict.fromkeys(map(_type, schema[union])))
    kind = schema.get("type")
    if kind == "string":
        return _word(schema)
    if kind == "array":
        return _array(schema)
    if kind == "object":
        return _record(schema)
    return {"integer": "number", "boolean": "boolean"}[str(kind)]


def _array(schema: Schema) -> str:
    if "prefixItems" in schema:
        return f"readonly [{', '.join(map(_type, schema['prefixItems']))}]"
    return f"ReadonlyArray<{_type(schema['items'])}>"


def _record(schema: Schema) -> str:
    """Spell a mapping; where its keys are a closed list, none of them need be there."""
    names = schema.get("propertyNames", {})
    for value in schema.get("patternProperties", {}).values():
        return f"Readonly<Record<string, {_type(value)}>>"
    kind = _type(schema["additionalProperties"])
    if "enum" in names or "$ref" in names:
        return f"Readonly<Partial<Record<{_type(names)}, {kind}>>>"
    return f"Readonly<Record<string, {kind}>>"


def _word(schema: Schema) -> str:
    for name, (word, _) in _WORDS.items():
        if schema.get("pattern") == _pattern(word):
            return name
    return "string"


def _pattern(word: Any) -> str:
    return str(TypeAdapter(word).json_schema(mode="serialization")["pattern"])
