"""From a product's row to a usage event: adapter, redaction, validation. Pure: no clock, no store.

What repeats (names, plans, workspaces, labels) is asked and checked once for each distinct value; what is left for
each row is its key, time and quantity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain, islice
from typing import Any, Protocol

from pydantic import TypeAdapter, ValidationError

from saascore.adapters import AdapterFailure
from saascore.contract.instants import parse_instant
from saascore.contract.words import MAX_COUNT, OperatorLabel, PublicLabel
from saascore.drafts import RawId, Skip, UsageDraft
from saascore.errors import SaascoreError
from saascore.hookspecs.mapping import pick_of
from saascore.privacy.facts import unfit_label
from saascore.privacy.references import Redactor, identity
from saascore.usage.declared import short_way
from saascore.usage.memory import Memory, no_collection
from saascore.usage.picked import Answers, Mapped, Picked, Writer, amount
from saascore.usage.rows import Chunk, Row, parse_line, rows_of
from saascore.usage.template import Template, refusal_of
from saascore.usage.verdict import Refusal

_REMEMBERED = 65_536
_LABEL: TypeAdapter[str] = TypeAdapter(PublicLabel)


class Product(Protocol):
    """What is asked of a product adapter (``saascore.adapters.ProductAdapter``)."""

    @property
    def id(self) -> str:
        """The adapter's id: the source of its events."""
        ...

    def map_usage_record(self, record: Mapping[str, Any]) -> UsageDraft | Skip:
        """Pick a row apart."""
        ...

    def map_event_name(self, event_name: str) -> str | None:
        """Name the shared event type."""
        ...

    def map_plan_label(self, plan: RawId) -> str | None:
        """Name the public plan label."""
        ...

    def reference_workspace(self, claims: Mapping[str, RawId], redactor: Redactor) -> str | None:
        """Make the workspace's reference."""
        ...


class UsageMapper:
    """Maps rows of one product.

    Args:
        product: The product's adapter.
        keys: Makes idempotency keys; with the ledger's pinned key.
        subjects: Makes workspaces' references; with the ledger's subject key. ``keys`` where no key was rotated.
        resolved_at: The instant at which plans count as resolved where a draft does not say.
        backfill: Rows of the past: a draft may not claim the plan basis ``submission``.
        asserted_by: Who answers for plans of basis ``asserted``: a run's operator.
    """

    def __init__(
        self,
        product: Product,
        *,
        keys: Redactor,
        subjects: Redactor | None = None,
        resolved_at: str,
        backfill: bool = False,
        asserted_by: OperatorLabel | None = None,
    ) -> None:
        self.product = product
        self.source = product.id
        self.keys = keys
        self.subjects = subjects or keys
        self.resolved_at = parse_instant(resolved_at)
        self.backfill = backfill
        self.asserted_by = asserted_by
        self._templates: Memory[Template | Refusal] = Memory()
        self._writer = Writer(self.source, keys)
        compiled = pick_of(getattr(product, "functions", {}).get("map_usage_record"))
        self._pick = short_way(compiled, self.pick, resolved_at=self.resolved_at) if compiled else self.pick

    def __call__(self, record: Mapping[str, Any]) -> Mapped:
        """Map one row. Whatever is wrong with it is a refusal that names codes and fields and holds no value."""
        return self.map((record,))[0]

    def map(self, records: Iterable[Row | Refusal]) -> Answers:
        """Map rows: one answer each, in order. A row among many costs less than one alone.

        Args:
            records: Rows, one after another as they are parsed (faster than a list of parsed rows, which no processor's
                cache holds); lines, which are parsed here; or what was refused before, which is passed on.
        """
        pick, picked, refusals = self._pick, list[Picked](), dict[int, Refusal]()
        with no_collection():
            for record in records:
                row = parse_line(record) if isinstance(record, bytes) else record
                answer = row if isinstance(row, Refusal) else pick(row)
                if type(answer) is Refusal:
                    refusals[len(picked) + len(refusals)] = answer
                else:
                    picked.append(answer)
            return self._writer.write(picked, refusals)

    def pick(self, record: Mapping[str, Any]) -> Picked | Refusal:
        """Ask the adapter about one row and check its answer: all that a fact is made of."""
        try:
            draft = self.product.map_usage_record(record)
            if type(draft) is Skip:
                return _skipped(draft)
            assert isinstance(draft, UsageDraft)  # noqa: S101  for the type checker; the facade has seen to it
            return self._checked(draft)
        except AdapterFailure as error:
            return Refusal.of(error)

    def _checked(self, draft: UsageDraft) -> Picked | Refusal:
        sequence = draft.source_sequence
        if sequence is not None and (type(sequence) is not int or not 0 <= sequence <= MAX_COUNT):
            return Refusal("rejected", ("CON-001",), ("source_sequence",))
        template = self._template(draft)
        if type(template) is Refusal:
            return template
        subject = self._subject(draft)
        if type(subject) is Refusal:
            return subject
        try:
            occurred_at = parse_instant(draft.occurred_at)
        except ValueError:
            return Refusal("rejected", ("CON-002",), ("occurred_at",))
        try:
            quantity = amount(draft.quantity)
        except ValueError:
            return Refusal("rejected", ("CON-003",), ("quantity",))
        if quantity[1] < 0:
            return Refusal("rejected", ("CON-001",), ("quantity",))
        try:
            key = identity(draft.key)
        except (SaascoreError, TypeError):
            return Refusal("rejected", ("KEY-004",), ("idempotency_key",))
        resolved_at = self.resolved_at
        if draft.plan_resolved_at is not None:
            try:
                resolved_at = parse_instant(draft.plan_resolved_at)
            except ValueError:
                return Refusal("rejected", ("CON-002",), ("plan_snapshot.resolved_at",))
        return template, key, occurred_at, resolved_at, quantity, sequence, subject

    def _template(self, draft: UsageDraft) -> Template | Refusal:
        dimensions, labels = draft.dimensions, tuple[object, ...]()
        try:
            labels = (
                draft.event_name,
                draft.plan,
                draft.unit,
                draft.plan_basis,
                draft.plan_revision,
                *dimensions,
                *dimensions.values(),
            )
            return self._templates[labels]
        except KeyError:
            pass
        except (TypeError, AttributeError):
            return Refusal("rejected", ("CON-001",), ("dimensions",))
        return self._templates.remember(labels, self._new_template(draft))

    def _new_template(self, draft: UsageDraft) -> Template | Refusal:
        event_type = self.product.map_event_name(draft.event_name)
        if event_type is None:
            return Refusal("rejected", ("USG-001",), ("event_type",))
        plan_key = self.product.map_plan_label(draft.plan)
        if plan_key is None:
            return Refusal("rejected", ("USG-002",), ("plan_key",))
        if self.backfill and draft.plan_basis == "submission":
            return Refusal("rejected", ("USG-009",), ("plan_snapshot.basis",))
        snapshot: dict[str, object] = {"basis": draft.plan_basis}
        if draft.plan_revision is not None:
            snapshot["revision"] = draft.plan_revision
        if draft.plan_basis == "asserted" and self.asserted_by is not None:
            snapshot["asserted_by"] = self.asserted_by
        return Template.of(
            {
                "source": self.source,
                "event_type": event_type,
                "plan_key": plan_key,
                "unit": draft.unit,
                "dimensions": dict(draft.dimensions),
            },
            snapshot,
            key_id=self.keys.key_id,
        )

    def _subject(self, draft: UsageDraft) -> str | Refusal:
        if draft.subject is not None:
            return _label(draft.subject)
        workspace = self.product.reference_workspace(draft.claims, self.subjects)
        return workspace if workspace is not None else Refusal("rejected", ("USG-003",), ("subject_label",))


#: Who maps: given a mapper, chunks of rows and a number, an engine yields the answers to all rows in order, at most so
#: many at a time. Engines other than this process make the same mapper elsewhere (``saascore.engines``).
Engine = Callable[[UsageMapper, Iterable[Chunk], int], Iterator[Answers]]


def map_here(mapper: UsageMapper, chunks: Iterable[Chunk], size: int) -> Iterator[Answers]:
    """Map in this process: the default engine."""
    rows = chain.from_iterable(map(rows_of, chunks))
    while len(answers := mapper.map(islice(rows, size))):
        yield answers


def _skipped(skip: Skip) -> Refusal:
    reason = _label(skip.reason)
    return reason if isinstance(reason, Refusal) else Refusal("skipped", (reason,))


def _label(text: object) -> str | Refusal:
    return (
        _checked_label(text) if type(text) is str else Refusal("rejected", ("CON-001",), ("subject_label",))
    )


@lru_cache(maxsize=_REMEMBERED)
def _checked_label(text: str) -> str | Refusal:
    try:
        label = _LABEL.validate_python(text)
    except ValidationError as error:
        return refusal_of(error)._replace(fields=("subject_label",))
    unfit = unfit_label("subject_label", label)
    return Refusal("rejected", ("CON-001", *unfit.rules), unfit.fields) if unfit else label
