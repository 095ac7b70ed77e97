"""Reading back what was validated before it was stored, at a third of the cost.

The bytes of a fact pass the full model on their way in, and the ledger can prove that they have not changed since. What
remains to do on the way out is decoding: the same structure and types, without grammar checks in Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic_core import SchemaValidator

from saascore.contract.model import Contract

_Model = TypeVar("_Model", bound=Contract)
_CHECKS = frozenset({"function-after", "function-before", "function-wrap"})
_TEXT_RULES = frozenset({"pattern", "min_length", "max_length"})


def decoder(model: type[_Model]) -> Callable[[str | bytes], _Model]:
    """Return a function that turns canonical JSON of a model into the model, trusting that it is valid.

    Args:
        model: The model. For every valid encoding the answer equals ``model.parse_json``.
    """
    decode: Callable[[str | bytes], _Model] = _validator(model, rules=False).validate_json
    return decode


def builder(model: type[_Model]) -> Callable[[Mapping[str, Any]], _Model]:
    """Return a function that builds a model of values that are made of the contract's words already.

    Structure, numbers and choices are checked, and the models' own rules; only the grammar of words is not.
    """
    build: Callable[[Mapping[str, Any]], _Model] = _validator(model, rules=True).validate_python
    return build


def _validator(model: type[_Model], *, rules: bool) -> SchemaValidator:
    model.model_rebuild()
    schema: Any = _without_checks(model.__pydantic_core_schema__, rules=rules)
    # Without this the validators of nested models are taken as they were built before, checks and all.
    build: Any = SchemaValidator
    try:
        made: SchemaValidator = build(schema, _use_prebuilt=False)
    except TypeError:  # a pydantic-core that does not know the option: slower, and right
        made = build(schema)
    return made


def _without_checks(schema: Any, *, rules: bool) -> Any:
    if isinstance(schema, list):
        return [_without_checks(item, rules=rules) for item in schema]
    if isinstance(schema, tuple):
        return tuple(_without_checks(item, rules=rules) for item in schema)
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") in _CHECKS and not (rules and schema["schema"]["type"] == "model"):
        return _without_checks(schema["schema"], rules=rules)
    dropped = _TEXT_RULES if schema.get("type") == "str" else frozenset[str]()
    return {
        name: _without_checks(item, rules=rules)
        for name, item in schema.items()
        if name not in dropped and name not in {"metadata", "serialization"}
    }
