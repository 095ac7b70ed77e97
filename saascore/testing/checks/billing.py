"""BIL: webhooks of a provider."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from saascore.adapters import Failure
from saascore.adapters.shapes import plain, wrong_fields
from saascore.contract.billing import OPERATOR_SIGNALS, BillingFact
from saascore.drafts import Context, GrantDraft, Ignored, Mapped, Normalized, Unmapped
from saascore.entitlements.facts import Refused
from saascore.testing.check import NotApplicable, Problems, check
from saascore.testing.exact import is_label, with_types
from saascore.testing.leaves import leaves, nodes, replaced, without
from saascore.testing.samples import EventSample
from saascore.testing.story import facts_of, story
from saascore.testing.subject import ProviderSubject, attempt, describe, drafts_of, type_of
from saascore.testing.webhooks import event_problems, raw_identities

UNKNOWN_TYPE = "saascore.never_seen"
UNKNOWN_VALUE = "saascore-never-seen"
KINDS = {"map": Mapped, "context": Context, "ignore": Ignored, "unmapped": Unmapped}
MAX_NODES = 200
_NORMALIZE = ("normalize_billing_event",)
_BOTH = ("normalize_billing_event", "list_billing_event_types")


@check(
    "BIL-001",
    ("list_billing_event_types",),
    why="The ops summary tells a new type of the provider from one that the adapter leaves out on purpose.",
    fix="List every type of the provider's documentation as map, context or ignore.",
)
def types_are_listed(subject: ProviderSubject) -> Problems:
    """The official event types are listed, each with a disposition."""
    answer = attempt(subject.hook("list_billing_event_types"))
    if isinstance(answer, Failure):
        yield describe(answer)
    elif not answer:
        yield "the list is empty"
    elif "map" not in answer.values():
        yield "no type is mapped"


@check(
    "BIL-002",
    _BOTH,
    why="A type that raises, or is answered otherwise than listed, is lost or counted in the wrong place.",
    fix="Look every type up in the list first; then pick the payload apart.",
)
def listed_types_are_answered(subject: ProviderSubject) -> Problems:
    """Every listed type is answered as the list says."""
    templates = list(_templates(subject))
    for event_type, disposition in subject.types().items():
        for sample in templates:
            body, headers = _retyped(subject, sample, event_type)
            answer = subject.normalize(sample, body, headers=headers)
            if isinstance(answer, Failure):
                yield f"{event_type} with the body of {sample.name}: {describe(answer)}"
            elif disposition == "ignore" and not isinstance(answer, Ignored):
                yield f"{event_type} is listed as ignore and answered as {type(answer).__name__}"
            elif (
                disposition != "ignore"
                and isinstance(answer, Ignored)
                and sample.name in _own(subject, event_type)
            ):
                yield f"{event_type} is listed as {disposition} and answered as Ignored"
            else:
                continue
            break


@check(
    "BIL-003",
    _BOTH,
    why="The samples are the adapter's own statement of what a webhook means.",
    fix="Mend the adapter, the sample's expect or the list, whichever is wrong.",
)
def samples_are_as_expected(subject: ProviderSubject) -> Problems:
    """Every sample is answered as its expectation and the list say."""
    types = subject.types()
    for sample in subject.events:
        answer = subject.normalize(sample)
        if isinstance(answer, Failure):
            yield f"{sample.name}: {describe(answer)}"
            continue
        if sample.expect and not isinstance(answer, KINDS[sample.expect]):
            yield f"{sample.name}: answered as {type(answer).__name__}, expected {sample.expect}"
        if isinstance(answer, Mapped) and not answer.drafts:
            yield f"{sample.name}: Mapped without a draft"
        if isinstance(answer, (Mapped, Context)) and type_of(answer) not in types:
            yield f"{sample.name}: its type is not listed"


@check(
    "BIL-004",
    _NORMALIZE,
    why="Providers add types at any time; a guess changes access, an exception loses the webhook.",
    fix="Answer Unmapped(type, reason) for every type that is not in the list, and for a body without one.",
)
def unknown_types_are_unmapped(subject: ProviderSubject) -> Problems:
    """An unknown event type is Unmapped."""
    for sample in _templates(subject):
        for what, (body, headers) in (
            ("an unknown type", _retyped(subject, sample, UNKNOWN_TYPE)),
            ("an empty body", ({}, {})),
        ):
            answer = subject.normalize(sample, body, headers=headers)
            if isinstance(answer, Failure):
                yield f"{what}: {describe(answer)}"
            elif not isinstance(answer, Unmapped):
                yield f"{what} is answered as {type(answer).__name__}"


@check(
    "BIL-005",
    _NORMALIZE,
    why="Payloads differ by API version and by what a customer filled in; an exception loses the webhook.",
    fix="Check the type of what is read, and answer Unmapped where a field that decides is missing.",
)
def odd_bodies_are_answered(subject: ProviderSubject) -> Problems:
    """A field that is missing or has another type makes nothing raise."""
    for sample in subject.events:
        for path in islice(nodes(sample.body), MAX_NODES):
            for what, body in _oddities(sample.body, path):
                answer = subject.normalize(sample, body)
                if isinstance(answer, Failure):
                    where = ".".join("0" if isinstance(part, int) else part for part in path)
                    yield f"{sample.name}, field {where} {what}: {describe(answer)}"
                    break


@check(
    "BIL-006",
    _NORMALIZE,
    why="A status that falls to active, or to ended, hands out or takes away access on a guess.",
    fix="Look statuses up in a table, and answer Unmapped for a value that is not in it.",
)
def unknown_status_asserts_nothing(subject: ProviderSubject) -> Problems:
    """An unknown status asserts no state, whatever field it is in."""
    stated = [(sample, asserted) for sample, answer in subject.answers if (asserted := _asserted(answer))]
    if not stated:
        raise NotApplicable("no sample asserts a state")
    for sample, asserted in stated:
        for path, value in islice(leaves(sample.body), MAX_NODES):
            if not isinstance(value, str):
                continue
            other = subject.normalize(sample, replaced(sample.body, path, UNKNOWN_VALUE))
            if not isinstance(other, Failure) and _asserted(other) - asserted:
                where = ".".join("0" if isinstance(part, int) else part for part in path)
                yield f"{sample.name}, field {where}: another state is asserted for a word that is not known"


@check(
    "BIL-007",
    _NORMALIZE,
    why="Webhooks come late, twice and out of order; core folds them, so an adapter must have no memory.",
    fix="Answer from the event alone; never compare with an earlier one.",
)
def order_of_events_is_free(subject: ProviderSubject) -> Problems:
    """Events in any order, and twice, have the same answers."""
    first = {sample.name: plain(answer) for sample, answer in subject.answers}
    half = len(subject.events) // 2
    for sample in (*reversed(subject.events), *subject.events[half:], *subject.events[:half]):
        again = subject.normalize(sample)
        if sample.name in first and (isinstance(again, Failure) or plain(again) != first[sample.name]):
            yield f"{sample.name}: a later answer differs from the first"


@check(
    "BIL-008",
    _NORMALIZE,
    why="Core names the difference of two snapshots; twins that differ would name a change that did not happen.",
    fix="Build the snapshot by one function, whatever the type of the event.",
)
def twins_agree(subject: ProviderSubject) -> Problems:
    """Twins and updates that change nothing assert the same snapshot."""
    answers = {sample.name: answer for sample, answer in subject.answers}
    pairs = [(sample.name, sample.same_as) for sample in subject.events if sample.same_as]
    if not pairs:
        raise NotApplicable("no sample has same_as")
    for name, other in pairs:
        if name in answers and other in answers and _snapshots(answers[name]) != _snapshots(answers[other]):
            yield f"{name} and {other}: the snapshots differ"


@check(
    "BIL-009",
    _NORMALIZE,
    why="The caller still needs the body: for its receipt, for a retry, for another product.",
    fix="Copy what must be changed; read with get() and not with pop().",
)
def events_are_unchanged(subject: ProviderSubject) -> Problems:
    """An event is left as it was."""
    hook = subject.hook("normalize_billing_event")
    for sample in subject.events:
        event = sample.event()
        attempt(hook, event)
        if event.body != sample.body or event.headers != sample.headers:
            yield f"{sample.name}: the event was changed"


@check(
    "BIL-010",
    _NORMALIZE,
    why="What does not fit is refused when the fact is made, and the webhook is rejected.",
    fix='Times carry an offset: "2026-11-02T09:00:00Z", or datetime.fromtimestamp(seconds, UTC). Reasons are public labels, '
    "an operator's signal carries its audit fields.",
)
def drafts_fit_the_contract(subject: ProviderSubject) -> Problems:
    """Every field of a draft fits the contract."""
    for sample, answer in subject.answers:
        for problem in with_types(wrong_fields(answer), event_problems(answer)):
            yield f"{sample.name}: {problem}"
        for draft in drafts_of(answer):
            if draft.audit is None and any(_is_operators(signal) for signal in draft.signals):
                yield f"{sample.name}: an operator's signal without audit fields"
    for sample, fact in facts_of(subject):
        if isinstance(fact, Refused):
            yield f"{sample.name}: no fact can be made of it: {', '.join((*fact.codes, *fact.fields))}"


@check(
    "BIL-011",
    _NORMALIZE,
    why="A made-up price or customer resolves to the wrong plan or workspace; a changed id matches no other event.",
    fix="Hand over the raw ids unchanged, and nothing where the payload has none. Where bare integers of several kinds "
    "collide, write the kind before the id: variant:123.",
)
def identities_are_from_the_payload(subject: ProviderSubject) -> Problems:
    """Every identity comes from the payload as it is."""
    for sample, answer in subject.answers:
        known = {str(value) for _, value in leaves(sample.body)} | set(sample.headers.values())
        for draft in drafts_of(answer):
            for field, value in raw_identities(draft):
                kind, _, raw = str(value).rpartition(":")
                if str(value) not in known and not (is_label(kind) and raw in known):
                    yield f"{sample.name}: {field} is not in the payload"


@check(
    "BIL-012",
    _NORMALIZE,
    why="The same webhook delivered again must be the same fact.",
    fix="Take occurred_at from the payload, never from received_at or a clock.",
)
def delivery_does_not_matter(subject: ProviderSubject) -> Problems:
    """The time of delivery does not matter."""
    for sample, answer in subject.answers:
        for received in ("2026-01-01T00:00:00Z", "2031-12-31T23:59:59Z"):
            if _same(subject.normalize(sample, received_at=received), answer):
                continue
            yield f"{sample.name}: the answer depends on received_at"
            break


@check(
    "BIL-013",
    _NORMALIZE,
    why="The event id is the idempotency key: of two events with one id, the second is a duplicate and is lost.",
    fix="Take the id of the event (the delivery), not of the subscription; None where the provider gives none.",
)
def event_ids_are_distinct(subject: ProviderSubject) -> Problems:
    """Different events have different event ids."""
    seen: dict[str, Mapping[str, Any]] = {}
    for sample, answer in subject.answers:
        ids = {str(draft.event_id) for draft in drafts_of(answer) if draft.event_id is not None}
        for event_id in ids:
            if event_id in seen and seen[event_id] != sample.body:
                yield f"{sample.name}: another event has its id"
            seen[event_id] = sample.body


@check(
    "BIL-014",
    _NORMALIZE,
    why="Core folds facts in a total order; what an adapter says twice in one second would be told to people twice.",
    fix="Give a signal with the specific event alone, and keep the generic one to its snapshot.",
)
def samples_tell_one_story(subject: ProviderSubject) -> Problems:
    """The facts of the samples tell one story in any order, and a twin adds nothing to it."""
    facts = [(sample, fact) for sample, fact in facts_of(subject) if isinstance(fact, BillingFact)]
    if not facts:
        raise NotApplicable("no sample gives a fact")
    whole = [fact for _, fact in facts]
    told = story(whole)
    if story([*reversed(whole), *whole]) != told:
        yield "in reverse order, and twice, the facts tell another story"
    by_name = {sample.name: fact for sample, fact in facts}
    for sample, fact in facts:
        twin = by_name.get(sample.same_as or "")
        if twin is not None and (twin.about, twin.occurred_at) == (fact.about, fact.occurred_at):
            added = len(told) - len(story(other for other in whole if other is not fact))
            if added > 0:
                yield f"{sample.name} adds {added} lifecycle events to those of {sample.same_as}"


def _same(answer: Normalized | Failure, other: Normalized) -> bool:
    return not isinstance(answer, Failure) and bool(plain(answer) == plain(other))


def _snapshots(answer: Normalized) -> list[Any]:
    return [plain(draft.snapshot) for draft in drafts_of(answer) if draft.snapshot is not None]


def _asserted(answer: Normalized) -> set[str]:
    """Return the states of an answer; a word that is not known may take one away, but makes none."""
    snapshots = [draft.snapshot for draft in drafts_of(answer) if draft.snapshot is not None]
    words: set[str] = {word for snapshot in snapshots for word in (snapshot.service, snapshot.collection)}
    return words - {"none", "not_applicable"}


def _is_operators(signal: object) -> bool:
    return isinstance(signal, GrantDraft) or getattr(signal, "kind", None) in OPERATOR_SIGNALS


def _templates(subject: ProviderSubject) -> Iterator[EventSample]:
    """Yield one sample of each top-level shape whose type stands in its body or headers."""
    shapes = set()
    for sample, answer in subject.answers:
        shape = frozenset(sample.body)
        if shape not in shapes and _places(sample, type_of(answer)):
            shapes.add(shape)
            yield sample


def _places(sample: EventSample, event_type: str | None) -> list[tuple[str | int, ...]]:
    places = [path for path, value in leaves(sample.body) if value == event_type]
    return places or [(name,) for name, value in sample.headers.items() if value == event_type]


def _retyped(
    subject: ProviderSubject, sample: EventSample, event_type: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a sample's body and headers with another event type."""
    own = next(type_of(answer) for other, answer in subject.answers if other is sample)
    body = sample.body
    for path, value in leaves(sample.body):
        if value == own:
            body = replaced(body, path, event_type)
    headers = {name: event_type if value == own else value for name, value in sample.headers.items()}
    return body, headers


def _own(subject: ProviderSubject, event_type: str) -> set[str]:
    return {sample.name for sample, answer in subject.answers if type_of(answer) == event_type}


def _oddities(body: Mapping[str, Any], path: tuple[str | int, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "left out", without(body, path)
    odd: tuple[tuple[str, Any], ...] = (
        ("null", None),
        ("a text", UNKNOWN_VALUE),
        ("a negative number", -1),
        ("an array", []),
        ("an object", {}),
        ("true", True),
    )
    for what, value in odd:
        yield f"as {what}", replaced(body, path, value)
