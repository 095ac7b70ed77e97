"""The typed facade of a product adapter: what the flows call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from saascore.adapters.boundary import CAUGHT, REMEMBERED, SAMPLE_EVERY, AdapterFailure
from saascore.adapters.facade import Facade
from saascore.adapters.status import Loaded
from saascore.contract.decision import Decision
from saascore.contract.plans import CapabilitySnapshot, EntitlementRules, QuotaBasis
from saascore.contract.summary import UsageSummary
from saascore.contract.usage import UsageAggregate
from saascore.contract.window import Window
from saascore.contract.words import PublicLabel, Reference
from saascore.drafts import RawId, Skip, SourceRow, UsageDraft


class Redactor(Protocol):
    """What makes references: ``saascore.privacy.references.Redactor``, with its namespace already set."""

    def redact(self, kind: str, *parts: RawId) -> Reference:
        """Turn a raw identity into its reference."""
        ...


class ProductAdapter(Facade):
    """A product adapter. Every method returns the validated answer or raises :class:`AdapterFailure`.

    Answers of ``map_event_name``, ``map_plan_label`` and ``reference_workspace`` are remembered for each distinct
    value; one call of ``map_usage_record`` in 1,024 is checked for changed input, kept input and a second answer.
    """

    def __init__(self, loaded: Loaded, functions: Mapping[str, Callable[..., Any]]) -> None:
        super().__init__(loaded, functions)
        self._calls = -1
        self._event_names: dict[str, PublicLabel | None] = {}
        self._plans: dict[str, PublicLabel | None] = {}
        self._workspaces: dict[tuple[object, ...], Reference | None] = {}
        self._redactor: Redactor | None = None
        self._map_record = self.functions.get("map_usage_record")

    def map_usage_record(self, record: Mapping[str, Any]) -> UsageDraft | Skip:
        """Pick one product row apart. This is the hot path: nothing but the type of the answer is checked here."""
        function = self._map_record
        if function is None:
            raise self.missing("map_usage_record")
        self._calls = calls = self._calls + 1
        if not calls % SAMPLE_EVERY:
            self.hook("map_usage_record").check_purity(record, lambda probe: probe)
        try:
            draft = function(record)
        except CAUGHT as error:
            failure = self.hook("map_usage_record").raised(error)
        else:
            if type(draft) is UsageDraft or type(draft) is Skip:
                return draft
            self.hook("map_usage_record").fail("ADP-102")
        raise AdapterFailure(failure)

    def map_event_name(self, event_name: str) -> PublicLabel | None:
        """Name the shared event type of a product event name; ``None`` where it is unmapped."""
        try:
            return self._event_names[event_name]
        except (KeyError, TypeError):
            pass
        if not isinstance(event_name, str):
            self.hook("map_event_name").fail("ADP-102", "event_name", hook="map_usage_record")
        return _remember(self._event_names, event_name, self.hook("map_event_name")(event_name))

    def map_plan_label(self, plan: RawId) -> PublicLabel | None:
        """Name the public label of a plan, price or product; ``None`` where it is unmapped."""
        if type(plan) is not str:  # 1 and True are equal as keys, and are not one plan
            if not isinstance(plan, (str, int)) or isinstance(plan, bool):
                self.hook("map_plan_label").fail("ADP-102", "plan", hook="map_usage_record")
            plan = str(plan)
        try:
            return self._plans[plan]
        except KeyError:
            pass
        return _remember(self._plans, plan, self.hook("map_plan_label")(plan))

    def reference_workspace(self, claims: Mapping[str, RawId], redactor: Redactor) -> Reference | None:
        """Turn claims into the reference of a workspace; ``None`` where they name none.

        Args:
            claims: Names and raw ids, as a draft holds them.
            redactor: Core's keyed function. Answers are remembered for one redactor at a time.
        """
        if redactor is not self._redactor:
            self._redactor = redactor
            self._workspaces.clear()
        key: tuple[object, ...] = ()
        try:
            key = tuple(claims.items())
            return self._workspaces[key]
        except KeyError:
            pass
        except (TypeError, AttributeError):
            self.hook("reference_workspace").fail("ADP-102", "claims", hook="map_usage_record")
        if not all(type(value) is str for value in claims.values()):
            key += tuple(
                map(type, claims.values())
            )  # 1 and True are equal as keys, and are not one workspace
            if key in self._workspaces:
                return self._workspaces[key]
        return _remember(self._workspaces, key, self._reference(dict(claims), redactor))

    def _reference(self, claims: dict[str, RawId], redactor: Redactor) -> Reference | None:
        made: set[str] = set()

        def redact(kind: str, /, *parts: RawId) -> Reference:
            reference = redactor.redact(kind, *parts)
            made.add(reference)
            return reference

        hook, before = self.hook("reference_workspace"), dict(claims)
        answer: Reference | None = hook(claims, redact)
        if claims != before:
            hook.fail("ADP-103")
        if answer is not None and not (answer in made and answer.startswith("ref:workspace:")):
            hook.fail("ADP-107")
        return answer

    def read_source_rows(self, window: Window, after: tuple[str, str] | None = None) -> Iterator[SourceRow]:
        """Read the product's own store in keyset order, chunk by chunk; the order is checked row by row."""
        hook, last = self.hook("read_source_rows"), after
        for row in hook.stream(window, after):
            cursor = row.cursor
            if not (
                isinstance(cursor, tuple) and len(cursor) == 2 and all(type(part) is str for part in cursor)
            ):
                hook.fail("ADP-102", "cursor")
            if not isinstance(row.record, Mapping):
                hook.fail("ADP-102", "record")
            if last is not None and cursor <= last:
                hook.fail("ADP-106")
            last = cursor
            yield row

    def read_aggregates(self, window: Window) -> Iterator[UsageAggregate]:
        """Read the product's ready counts."""
        return self.hook("read_aggregates").stream(window)

    def choose_quota_basis(self, plan: PublicLabel, event_type: PublicLabel) -> QuotaBasis:
        """Say which number live quota uses."""
        answer: QuotaBasis = self.hook("choose_quota_basis")(plan, event_type)
        return answer

    def describe_plan(self, plan: PublicLabel) -> CapabilitySnapshot:
        """Describe what a plan holds."""
        hook = self.hook("describe_plan")
        answer: CapabilitySnapshot = hook(plan)
        if answer.plan_key != plan:
            hook.fail("ADP-102", "plan_key")
        return answer

    def entitlement_rules(self) -> EntitlementRules:
        """State how the product weighs its sources."""
        answer: EntitlementRules = self.hook("entitlement_rules")()
        return answer

    def render_quota_copy(self, summary: UsageSummary) -> str:
        """Word what has been used, in text that has passed the scanner."""
        return self._scanned("render_quota_copy", summary)

    def render_upgrade_copy(self, decision: Decision) -> str:
        """Word what may be done, in text that has passed the scanner."""
        return self._scanned("render_upgrade_copy", decision)

    def _scanned(self, name: str, argument: object) -> str:
        from saascore.privacy.scanner import Scanner  # noqa: PLC0415  its rules are files; few flows need copy

        hook = self.hook(name)
        text = str(hook(argument))
        if findings := Scanner().scan_text(text, name="copy.txt"):
            hook.fail("ADP-108", findings[0].rule)
        return text


def _remember(memory: dict[Any, str | None], key: object, value: str | None) -> str | None:
    if len(memory) >= REMEMBERED:
        memory.clear()
    memory[key] = value
    return value
