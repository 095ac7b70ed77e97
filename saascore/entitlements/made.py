"""A billing fact together with its canonical JSON: validated once, encoded once, digested once.

Two ways lead to the same bytes. ``checked`` puts what an adapter said through the whole model. ``trusted`` takes what is
made of the contract's words already (references that were just made, labels that were validated when first seen,
canonical instants): the compiled core checks structure, numbers and choices, and no grammar is run again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic_core import to_json

from saascore.contract.billing import BillingFact, Signal
from saascore.contract.canonical import canonical_bytes, digest_bytes
from saascore.contract.trusted import builder

#: JSON values, an array as a tuple.
Encoded = dict[str, Any]
SCHEMA = BillingFact.schema_id()
_NO_ID = "sha256:" + "0" * 64
#: What ``fact_id`` stands before in canonical order. No word of the contract holds a quote, so it is found nowhere else before.
_AFTER_ID = '"idempotency_key":'


class Made(NamedTuple):
    """A fact, and its canonical JSON."""

    fact: BillingFact
    body: str


def checked(encoded: Encoded) -> Made:
    """Validate an encoded fact without id, and give it its id, the digest of everything else.

    Raises:
        ValidationError: It does not fit the contract.
    """
    fact = BillingFact.model_validate({**encoded, "fact_id": _NO_ID})
    said = fact.to_json()
    del said["fact_id"]
    fact_id, body = _identified(canonical_bytes(said))
    return Made(fact.model_copy(update={"fact_id": fact_id}), body)


def trusted(encoded: Encoded) -> Made:
    """Give an encoded fact its id; as :func:`checked`, to the byte.

    Args:
        encoded: Every text in it is a word of the contract, every default is said, every key is in canonical order,
            and nothing that is absent is in it.

    Raises:
        ValidationError: A number, a choice or the structure does not fit the contract.
    """
    fact_id, body = _identified(to_json(encoded))
    return Made(_build()({**encoded, "fact_id": fact_id}), body)


def stated(encoded: Encoded) -> Encoded:
    """Leave out what is absent, as the contract's encoded form does."""
    return {name: value for name, value in encoded.items() if value is not None}


def signal_words(signal: Signal) -> Encoded:
    """Return a signal that an adapter made itself in canonical form, validated again: models can be made unvalidated.

    Raises:
        ValidationError: It does not fit the contract.
    """
    frozen: Any = signal  # so it can be hashed, which a type checker does not see
    try:
        return _signal_words(frozen)
    except TypeError:  # a value that cannot be hashed is none that fits
        return _signal_words.__wrapped__(frozen)


@lru_cache(maxsize=4096)
def _signal_words(signal: Signal) -> Encoded:
    return dict(sorted(type(signal).model_validate(dict(signal)).to_json().items()))


@lru_cache(maxsize=1)
def _build() -> Callable[[Mapping[str, Any]], BillingFact]:
    return builder(BillingFact)


def _identified(data: bytes) -> tuple[str, str]:
    """Return the id of a fact whose canonical JSON without id is given, and its canonical JSON with it."""
    fact_id = digest_bytes(SCHEMA, data)
    return fact_id, data.decode().replace(_AFTER_ID, f'"fact_id":"{fact_id}",{_AFTER_ID}', 1)
