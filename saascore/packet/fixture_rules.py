"""What every acceptance fixture must be, before its stages are executed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from saascore.adapters import Registry
from saascore.adapters.specs import specs
from saascore.contract.fixtures import PACKAGES, STAGES, AcceptanceFixture
from saascore.packet.inspection import Inspector

#: Beginnings of tokens, ids and storage addresses that have no place in a fixture, not even without a body.
MARKERS = re.compile(
    r"(?i)(?<![a-z0-9])(?:bearer\s|(?:sk|rk|pk|whsec|pdl|cus|sub|evt|txn|ctm|pri|price|prod|acct|in|pi|ch|si|cs|seti|"
    r"ghp|gho|npm|xox[abps])_[a-z0-9]|(?:s3|r2|gs|az)://|akia[a-z0-9]|eyj[a-z0-9]|-----begin)"
)


def broken_rules(
    fixture: AcceptanceFixture, raw: bytes, *, name: str, registry: Registry, forbidden: Iterable[str] = ()
) -> Iterator[str]:
    """Yield what a fixture breaks, in words that hold nothing of it but public labels.

    Args:
        fixture: The fixture.
        raw: Its bytes as stored.
        name: Its file's name.
        registry: The installed adapters: their ids and distributions are the vertical product names.
        forbidden: More words that may not occur in it.
    """
    if fixture.kind == "core" and name != f"{fixture.candidate}.core-fixture.json":
        yield f"the file's name is {fixture.candidate}.core-fixture.json"
    if fixture.target_package != PACKAGES[fixture.candidate] or find_spec(fixture.target_package) is None:
        yield f"target_package is {PACKAGES[fixture.candidate]}"
    stages = tuple(stage.stage for stage in fixture.stages)
    if stages != STAGES[fixture.candidate]:
        yield f"the stages are {', '.join(STAGES[fixture.candidate])}, in this order"
    if (fixture.kind == "second-product") != (fixture.mapping is not None):
        yield "a second-product fixture has a mapping, and only it has one"
    yield from _duties(fixture)
    yield from _words(fixture, raw, registry, forbidden)
    yield from _leaks(raw, name)


def _duties(fixture: AcceptanceFixture) -> Iterator[str]:
    """Adapters and validators stand apart: each duty is a hook, each validator is there, no name is in both."""
    for duty in fixture.product_adapters:
        if duty not in specs():
            yield f"product_adapters: {duty} is no hook"
    for validator in fixture.core_validators:
        if not _exists(validator):
            yield f"core_validators: {validator} does not exist"
    names = {validator.partition(":")[2] for validator in fixture.core_validators} | set(
        fixture.core_validators
    )
    for both in sorted(names & set(fixture.product_adapters)):
        yield f"{both} is named as an adapter's duty and as a validator"


def _exists(validator: str) -> bool:
    module, _, name = validator.partition(":")
    try:
        return callable(getattr(import_module(f"saascore.{module}"), name, None))
    except ImportError:
        return False


def _words(
    fixture: AcceptanceFixture, raw: bytes, registry: Registry, forbidden: Iterable[str]
) -> Iterator[str]:
    """Find vertical product names: ids and distributions of installed product adapters, and what the caller forbids."""
    vertical = set(product_names(registry)) if fixture.kind == "core" else set()
    text = _plain(_texts(json.loads(raw)))
    for word in sorted(vertical | set(forbidden)):
        if (plain := _plain([word])).strip() and plain in text:
            yield f"it holds the product name {word}" if word in vertical else "it holds a forbidden word"


def product_names(registry: Registry) -> Iterator[str]:
    """Yield the ids and distribution names of the installed product adapters."""
    for row in registry.rows():
        if row.kind is None or "product" in row.kind:
            yield row.id
            if row.distribution:
                yield row.distribution.removeprefix("saascore-").removeprefix("saascore_")


def _plain(texts: Iterable[str]) -> str:
    """Write texts as words apart by single spaces, so that chat-desk, Chat Desk and chat_desk are the same."""
    return " " + " ".join(" ".join(re.findall(r"[a-z0-9]+", text.lower())) for text in texts) + " "


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _leaks(raw: bytes, name: str) -> Iterator[str]:
    if MARKERS.search(raw.decode("utf-8", "replace")):
        yield "it holds the beginning of a token, a raw id or a storage address"
    for finding in Inspector().inspect(name, raw).findings[:10]:
        yield f"{finding.rule} at {finding.pointer or finding.line}"
