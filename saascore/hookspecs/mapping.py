"""A record mapping stated as data: field paths, name tables and constants in place of three hand-written hooks.

Most product mappings pick fields and translate names. ``RecordMapping`` says so once, and ``hooks()`` compiles it into
the same functions that an adapter would write by hand; from there on everything is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from saascore.drafts import Skip, UsageDraft
from saascore.errors import SaascoreError
from saascore.hookspecs.markers import hookimpl

EventNameHook = Callable[[str], str | None]
PlanLabelHook = Callable[[str], str | None]
RecordHook = Callable[[Mapping[str, Any]], UsageDraft | Skip]
#: Labels (what ``when`` looks at, event name, plan, dimensions), key, quantity, occurred_at, claims, sequence.
Picks = tuple[tuple[Any, ...], tuple[Any, ...], Any, Any, tuple[Any, ...], Any]
Pick = Callable[[Mapping[str, Any]], Picks]


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that every record has, in place of a field's path."""

    value: str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMapping:
    """How a product's rows become usage drafts, as data.

    A path names a field; dots lead into objects (``"job.finished_at"``). A field that a path names must be there,
    except those of ``dimensions`` and ``source_sequence``, which are left out where they are missing or null.

    Attributes:
        events: The product's event names to shared event types.
        plans: The product's plan names, and provider price or product ids, to plan labels.
        event_name: Path of the event name, or a constant.
        key: Paths of the row's own identity.
        quantity: Path of the quantity, or a constant.
        unit: A public label, or one for each event name.
        occurred_at: Path of the time.
        claims: What identifies the workspace: name to path.
        plan: Path of the plan name, or a constant.
        dimensions: Dimension label to path.
        source_sequence: Path of the row's number, where the source has one.
        when: Path to the values for which there is something to record.
        otherwise: The reason given for every other row.

    Example:
        >>> from saascore.hookspecs import Constant, RecordMapping
        >>> mapping = RecordMapping(
        ...     events={"render.finished": "image.rendered"},
        ...     plans={"Pro (monthly)": "pro"},
        ...     event_name=Constant("render.finished"),
        ...     key=("id",),
        ...     quantity="images",
        ...     unit="image",
        ...     occurred_at="finished_at",
        ...     claims={"workspace_id": "workspace_id"},
        ...     plan="plan",
        ... )
        >>> map_event_name, map_plan_label, map_usage_record = mapping.hooks()
        >>> map_plan_label("Pro (monthly)")
        'pro'
    """

    events: Mapping[str, str]
    plans: Mapping[str, str]
    event_name: str | Constant
    key: tuple[str, ...]
    quantity: str | Constant
    unit: str | Mapping[str, str]
    occurred_at: str
    claims: Mapping[str, str]
    plan: str | Constant
    dimensions: Mapping[str, str] = field(default_factory=dict)
    source_sequence: str | None = None
    when: Mapping[str, frozenset[object]] = field(default_factory=dict)
    otherwise: str = "not-recorded"

    def hooks(self) -> tuple[EventNameHook, PlanLabelHook, RecordHook]:
        """Return ``map_event_name``, ``map_plan_label`` and ``map_usage_record``, marked as hooks."""
        events, plans = dict(self.events), dict(self.plans)

        @hookimpl
        def map_event_name(event_name: str) -> str | None:
            return events.get(event_name)

        @hookimpl
        def map_plan_label(plan: str) -> str | None:
            return plans.get(plan)

        return map_event_name, map_plan_label, hookimpl(self._record_hook())

    def _record_hook(self) -> RecordHook:
        pick = self._compiled()
        when = [(tuple(path.split(".")), values) for path, values in self.when.items()]
        required = [
            path
            for path in (
                self.event_name,
                self.quantity,
                self.plan,
                self.occurred_at,
                *self.claims.values(),
                *self.key,
            )
            if isinstance(path, str)
        ]
        unit = self.unit if isinstance(self.unit, str) else dict(self.unit)
        claimed, dimensions, otherwise = tuple(self.claims), tuple(self.dimensions), self.otherwise

        def map_usage_record(record: Mapping[str, Any]) -> UsageDraft | Skip:
            for parts, values in when:
                if _optional(record, parts) not in values:
                    return Skip(otherwise)
            try:
                labels, key, quantity, occurred_at, claims, sequence = pick(record)
            except (LookupError, TypeError):
                absent = dict.fromkeys(path for path in required if not _reaches(record, path))
            else:
                event_name, plan, *found = labels[len(when) :]
                return UsageDraft(
                    event_name,
                    key,
                    quantity,
                    unit if isinstance(unit, str) else unit.get(event_name, ""),
                    occurred_at,
                    dict(zip(claimed, claims, strict=True)),
                    plan,
                    None,
                    {name: label for name, label in zip(dimensions, found, strict=True) if label is not None},
                    source_sequence=sequence,
                )
            raise SaascoreError("INP-005", detail=", ".join(absent))  # the adapter's own words, never a value

        map_usage_record._compiled = _Compiled(map_usage_record, pick)  # type: ignore[attr-defined]  # noqa: SLF001
        return map_usage_record

    def _compiled(self) -> Pick:
        """Compile all paths into one expression: a row is picked apart in a fifth of the time of a call for each field."""
        constants: dict[str, Any] = {"optional": _optional, "__builtins__": {}}

        def required(path: str | Constant) -> str:
            if isinstance(path, Constant):
                constants[name := f"constant{len(constants)}"] = path.value
                return name
            return "row" + "".join(f"[{part!r}]" for part in path.split("."))

        def optional(path: str) -> str:
            parts = tuple(path.split("."))
            return f"row.get({path!r})" if len(parts) == 1 else f"optional(row, {parts!r})"

        def many(parts: Iterable[str]) -> str:
            return "(" + "".join(f"{part}, " for part in parts) + ")"

        labels = [
            *map(optional, self.when),
            required(self.event_name),
            required(self.plan),
            *map(optional, self.dimensions.values()),
        ]
        whole = [
            many(labels),
            many(map(required, self.key)),
            required(self.quantity),
            required(self.occurred_at),
            many(map(required, self.claims.values())),
            optional(self.source_sequence) if self.source_sequence else "None",
        ]
        return eval(f"lambda row: {many(whole)}", constants)  # type: ignore[no-any-return]  # noqa: S307  of the adapter's own paths, quoted


class _Compiled(NamedTuple):
    """What a hook was compiled from; it names its hook, since a function that wraps it takes over its attributes."""

    hook: RecordHook
    pick: Pick


def pick_of(hook: object) -> Pick | None:
    """Return what a hook that ``RecordMapping`` compiled picks from a row; ``None`` for any other function."""
    compiled = getattr(hook, "_compiled", None)
    return compiled.pick if isinstance(compiled, _Compiled) and compiled.hook is hook else None


def _optional(row: Any, parts: tuple[str, ...]) -> Any:
    for part in parts:
        if not isinstance(row, Mapping):
            return None
        row = row.get(part)
    return row


def _reaches(row: Any, path: str) -> bool:
    for part in path.split("."):
        if not isinstance(row, Mapping) or part not in row:
            return False
        row = row[part]
    return True
