"""What every public model has in common: frozen, strict, closed, silent about input, and one canonical form.

Modules of models do not postpone annotations: pydantic would evaluate each from its text again, which takes a quarter of
the time in which a class is made.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Self, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticSerializationError, to_json

from saascore.contract.canonical import canonical_bytes, digest_bytes
from saascore.errors import SaascoreError

CONTRACT_VERSION = "1"
MAX_FACT_BYTES = 16 * 1024


class Contract(BaseModel):
    """Base of every public model.

    Instances are frozen, refuse unknown fields and loose types, and never repeat input in an error. Optional
    fields that are ``None`` are left out of the encoded form.
    """

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        hide_input_in_errors=True,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        defer_build=True,
        json_schema_serialization_defaults_required=True,
    )

    @classmethod
    def schema_id(cls) -> str:
        """Return the id of this model's schema, for example ``saascore/usage-event/1``."""
        return str(cls.model_fields["schema_"].default)

    def to_json(self) -> dict[str, Any]:
        """Return the encoded form as plain JSON values."""
        return self.model_dump(mode="json", exclude_none=True)

    def canonical(self) -> bytes:
        """Return the canonical bytes."""
        return canonical_bytes(self.to_json())

    def content_digest(self) -> str:
        """Return the digest of the canonical bytes under this model's schema id."""
        return digest_bytes(self.schema_id(), self.canonical())

    @classmethod
    def parse(cls, value: object) -> Self:
        """Validate a mapping that JSON decoding gave, by the rules of JSON: an array is a tuple there.

        Raises:
            SaascoreError: ``CON-001``, naming the fields and rules and never a value.
        """
        try:
            return cls.model_validate_json(to_json(value, inf_nan_mode="constants"))
        except PydanticSerializationError:
            raise SaascoreError("CON-001", where=cls.__name__, detail="record: not a JSON value") from None
        except ValidationError as error:
            raise SaascoreError(
                "CON-001", where=cls.__name__, detail=", ".join(problems(error, cls))
            ) from None

    @classmethod
    def parse_json(cls, data: str | bytes) -> Self:
        """Validate JSON text; as :meth:`parse`."""
        try:
            return cls.model_validate_json(data)
        except ValidationError as error:
            raise SaascoreError(
                "CON-001", where=cls.__name__, detail=", ".join(problems(error, cls))
            ) from None


def encode_fact(model: Contract) -> bytes:
    """Return the canonical bytes of a fact, refusing one that is too large.

    Raises:
        SaascoreError: ``CON-004``.
    """
    data = model.canonical()
    if len(data) > MAX_FACT_BYTES:
        raise SaascoreError("CON-004", where=type(model).__name__)
    return data


def problems(error: ValidationError, shape: object) -> list[str]:
    """Turn a validation error into ``field: rule`` words that hold no input.

    pydantic's own ``loc`` carries raw keys (an unknown field, a key of a mapping), so a part of it is shown only
    where it is a field's name in what was validated, or an index; else ``*`` stands for it.

    Args:
        error: What pydantic found.
        shape: The model or annotation that was validated against.
    """
    names = _field_names(shape)
    found = []
    for item in error.errors(include_url=False, include_context=True, include_input=False):
        path = ".".join(str(part) if isinstance(part, int) or part in names else "*" for part in item["loc"])
        rule = item.get("ctx", {}).get("rule", item["type"])
        found.append(f"{path or 'record'}: {rule}")
    return found


@lru_cache(maxsize=256)
def _field_names(shape: object) -> frozenset[str]:
    """Return the names of all fields of a model, or of the models in an annotation, and of those within."""
    names: set[str] = set()
    pending, seen = [shape], set()
    while pending:
        part = pending.pop()
        if isinstance(part, type) and issubclass(part, Contract) and part not in seen:
            seen.add(part)
            for name, field in part.model_fields.items():
                names.update((name, field.alias or name))
                pending.append(field.annotation)
        pending.extend(get_args(part))
    return frozenset(names)
