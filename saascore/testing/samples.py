"""The sample inputs that an adapter ships: a folder ``samples/`` beside its module."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from saascore.adapters.facade import Facade
from saascore.contract.model import Contract, problems
from saascore.contract.window import Window
from saascore.contract.words import Count, ExactSum, Mode, PublicLabel
from saascore.drafts import ProviderEvent
from saascore.errors import SaascoreError

Expectation = Literal["map", "context", "ignore", "unmapped"]
Text = Annotated[str, Field(max_length=200)]
_OBJECT = TypeAdapter(dict[str, Any])


class Total(Contract):
    """What the sample rows of one event type, plan and unit add up to."""

    event_type: PublicLabel
    plan_key: PublicLabel
    unit: PublicLabel
    count: Count
    sum: ExactSum


class Expected(Contract):
    """``samples/expected.json`` of a product: what its names mean and what its rows add up to.

    ``window`` is what ``read_source_rows`` and ``read_aggregates`` hold; ``environment`` is set while the checks run,
    with ``{samples}`` standing for the folder.
    """

    events: dict[Text, PublicLabel]
    plans: dict[Text, PublicLabel]
    usage: tuple[Total, ...]
    window: Window | None = None
    environment: dict[str, str] = Field(default_factory=dict)


class EventSample(Contract):
    """One webhook of a provider's samples, and what is known of it.

    ``same_as`` names another sample that asserts the same snapshot: a twin, or an update that changes nothing.
    """

    name: Text
    body: dict[str, Any]
    headers: dict[str, str] = Field(default_factory=dict)
    mode: Mode = "live"
    api_version: str | None = None
    expect: Expectation | None = None
    same_as: str | None = None

    def event(self, body: Mapping[str, Any] | None = None, **more: Any) -> ProviderEvent:
        """Return the event as the flow hands it over, with its own body or another one."""
        values = {"headers": dict(self.headers), "mode": self.mode, "api_version": self.api_version} | more
        return ProviderEvent(_copy(self.body if body is None else body), **values)


@dataclass(frozen=True)
class RowSample:
    """One row of a product's samples. ``name`` is its file and number."""

    name: str
    record: dict[str, Any] = field(repr=False)

    def copy(self) -> dict[str, Any]:
        """Return a row of its own for one call."""
        copied: dict[str, Any] = _copy(self.record)
        return copied


def samples_folder(adapter: Facade, override: str | Path | None = None) -> Path:
    """Return the folder of an adapter's samples.

    Raises:
        SaascoreError: ``ADP-202`` where there is none.
    """
    places = [Path(override)] if override else [_beside(root) for root in adapter.roots]
    for place in places:
        if place.is_dir():
            return place
    raise SaascoreError("ADP-202", where=adapter.id, detail="there is no folder samples/ beside its module")


def read_rows(folder: Path) -> tuple[RowSample, ...]:
    """Read a product's sample rows: ``rows*.json`` and ``rows*.ndjson``."""
    return tuple(RowSample(name, record) for name, record in _objects(folder, "rows"))


def read_expected(folder: Path) -> Expected:
    """Read ``expected.json`` of a product."""
    try:
        text = (folder / "expected.json").read_bytes()
    except OSError:
        raise SaascoreError("ADP-202", where="samples/expected.json", detail="it cannot be read") from None
    try:
        return Expected.model_validate_json(text)
    except ValidationError as error:
        raise SaascoreError(
            "ADP-202", where="samples/expected.json", detail=problems(error, Expected)[0]
        ) from None


def read_events(folder: Path) -> tuple[EventSample, ...]:
    """Read a provider's sample events: ``events*.json`` and ``events*.ndjson``."""
    samples = []
    for name, value in _objects(folder, "events"):
        try:
            samples.append(EventSample.model_validate({"name": name, **value}))
        except ValidationError as error:
            raise SaascoreError("ADP-202", where=name, detail=problems(error, EventSample)[0]) from None
    names = [sample.name for sample in samples]
    for sample in samples:
        if names.count(sample.name) > 1:
            raise SaascoreError("ADP-202", where="samples", detail="two samples have one name")
        if sample.same_as is not None and sample.same_as not in names:
            raise SaascoreError("ADP-202", where="samples", detail="same_as names no sample")
    return tuple(samples)


def _beside(root: Path) -> Path:
    return (root if root.is_dir() else root.parent) / "samples"


def _objects(folder: Path, stem: str) -> Iterator[tuple[str, dict[str, Any]]]:
    found = sorted(path for path in folder.glob(f"{stem}*") if path.suffix in {".json", ".ndjson"})
    if not found:
        raise SaascoreError("ADP-202", where=folder.name, detail=f"there is no {stem}.json or {stem}.ndjson")
    for path in found:
        for number, value in enumerate(_values(path), start=1):
            name = f"{path.name} {number}"
            try:
                yield name, _OBJECT.validate_python(value, strict=True)
            except ValidationError:
                raise SaascoreError("ADP-202", where=name, detail="not a JSON object") from None


def _values(path: Path) -> list[Any]:
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ndjson":
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        value = json.loads(text)
    except (OSError, ValueError):
        raise SaascoreError("ADP-202", where=path.name, detail="not JSON in UTF-8") from None
    return value if isinstance(value, list) else [value]


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value
