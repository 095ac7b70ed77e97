"""PRV: what an adapter of either kind may not let out."""

from __future__ import annotations

import gc
import warnings
import weakref
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from saascore.adapters import Failure
from saascore.adapters.boundary import Probe
from saascore.drafts import Normalized, ProviderEvent, Skip
from saascore.testing.answers import sample_decisions, sample_summary
from saascore.testing.check import NotApplicable, Problems, captured_output, check
from saascore.testing.leaves import folded, leaves, raw_values, replaced, without
from saascore.testing.samples import EventSample
from saascore.testing.subject import (
    ProductSubject,
    ProviderSubject,
    Subject,
    attempt,
    describe,
    drafts_of,
    type_of,
)
from saascore.testing.webhooks import raw_identities

_HOOKS = ("map_usage_record", "normalize_billing_event")
MIN_RAW = 4
MAX_LEAVES = 100


@check(
    "PRV-001",
    _HOOKS,
    why="Units, dimensions, reasons and labels are stored and published as they are; only ids in their own fields are "
    "redacted.",
    fix="Leave the value out, or map it to a label of a closed list.",
)
def public_fields_hold_no_raw_value(subject: Subject) -> Problems:
    """No raw value of a sample stands in a public field."""
    for name, raw, public in _published(subject):
        text = [folded(value) for value in public]
        if any(value in word for value in raw for word in text):
            yield f"{name}: a public field holds a raw value of the sample"


@check(
    "PRV-002",
    _HOOKS,
    why="What an adapter prints passes no scanner: one debugging line puts customers' ids into a log.",
    fix="Take print and logging calls out; answer a reason in place of a message.",
)
def nothing_is_written(subject: Subject) -> Problems:
    """Nothing is printed, logged or warned."""
    with warnings.catch_warnings(record=True) as warned, captured_output() as written:
        warnings.simplefilter("always")
        for name, call in _calls(subject):
            attempt(call)
            if written() or warned:
                yield f"{name}: the adapter wrote to output, a log or a warning"
                return


@check(
    "PRV-003",
    _HOOKS,
    why="A cache of raw records grows without end, and holds what was promised to stay in memory for one call.",
    fix="Keep no record in a global, a closure or an exception; core remembers what may be remembered.",
)
def nothing_is_kept(subject: Subject) -> Problems:
    """No input is kept after the call."""
    for name, body, call in _probed(subject):
        probe = Probe(body)
        alive = weakref.ref(probe)
        attempt(call, probe)
        del probe
        if alive() is not None:
            gc.collect()
            if alive() is not None:
                yield f"{name}: the adapter still holds its input"


@check(
    "PRV-004",
    _HOOKS,
    why="saascore never shows an adapter's message, but the product's own error reporting does.",
    fix="Name the field in the message, never its value; raise from None where the cause holds one.",
)
def exceptions_hold_no_raw_value(subject: Subject) -> Problems:
    """No exception's text holds a raw value."""
    for name, body, function in _bare(subject):
        raw = raw_values(body) | {folded(value) for value in _texts(body)}
        for odd in _oddities(body):
            try:
                function(odd)
            except Exception as error:  # noqa: BLE001  its text is what is looked at
                if isinstance(error, KeyError):
                    continue  # names a field
                text = folded("".join(map(str, (*error.args, *getattr(error, "__notes__", ())))))
                if any(value in text for value in raw):
                    yield f"{name}: the text of a {type(error).__name__} holds a raw value"
                    break


@check(
    "PRV-005",
    ("render_quota_copy", "render_upgrade_copy"),
    why="Copy is shown and mailed as it is; an id in it has left, and core refuses the text.",
    fix="Word it with plan names, counts and dates; leave ids, addresses and links to the page that shows it.",
)
def copy_passes_the_scanner(subject: ProductSubject) -> Problems:
    """The product's copy passes the privacy scanner."""
    adapter = subject.adapter
    if not (adapter.implements("render_quota_copy") or adapter.implements("render_upgrade_copy")):
        raise NotApplicable("the adapter renders no copy")
    if adapter.implements("render_quota_copy"):
        answer = attempt(adapter.render_quota_copy, sample_summary(subject.expected.usage))
        if isinstance(answer, Failure):
            yield describe(answer)
    if adapter.implements("render_upgrade_copy"):
        for decision in sample_decisions(adapter.id, subject.redactor, subject.expected.plans.values()):
            answer = attempt(adapter.render_upgrade_copy, decision)
            if isinstance(answer, Failure):
                yield f"{decision.outcome} on {decision.plan_key}: {describe(answer)}"


def _published(subject: Subject) -> Iterator[tuple[str, set[str], list[object]]]:
    """Yield for each sample its name, its raw values and what of its answer is public."""
    if isinstance(subject, ProductSubject):
        for row, answer in subject.answers:
            raw = raw_values(row.record)
            if isinstance(answer, Skip):
                yield row.name, raw, [answer.reason]
                continue
            raw |= _long([*answer.claims.values(), *answer.key])
            labels = [
                subject.label(hook, name)
                for hook, name in (("map_event_name", answer.event_name), ("map_plan_label", answer.plan))
                if subject.adapter.implements(hook)
            ]
            dimensions = answer.dimensions if isinstance(answer.dimensions, Mapping) else {}
            words = [*dimensions, *dimensions.values(), answer.unit, answer.subject, answer.plan_revision]
            yield row.name, raw, [word for word in (*words, *labels) if word is not None]
    elif isinstance(subject, ProviderSubject):
        for sample, event in subject.answers:
            yield sample.name, _raw_of_event(sample.body, event), list(_public_words(event))


def _raw_of_event(body: Mapping[str, Any], answer: Normalized) -> set[str]:
    ids = [value for draft in drafts_of(answer) for _, value in raw_identities(draft)]
    return (raw_values(body) - {folded(type_of(answer))}) | _long(ids)


def _public_words(answer: Normalized) -> Iterator[object]:
    yield type_of(answer)
    yield getattr(answer, "reason", None)
    for draft in drafts_of(answer):
        if draft.audit is not None:
            yield from (draft.audit.operator, draft.audit.approval, draft.audit.reason)


def _long(values: list[Any]) -> set[str]:
    return {text for value in values if len(text := folded(value)) >= MIN_RAW and any(map(str.isdigit, text))}


def _calls(subject: Subject) -> Iterator[tuple[str, Callable[[], Any]]]:
    for name, body, call in _probed(subject):
        yield name, partial(call, body)


def _probed(subject: Subject) -> Iterator[tuple[str, dict[str, Any], Callable[[Any], Any]]]:
    """Yield for each sample its name, a copy of its body, and the guarded call that takes such a body."""
    if isinstance(subject, ProductSubject):
        hook = subject.hook("map_usage_record")
        for row in subject.rows:
            yield row.name, row.copy(), hook
    elif isinstance(subject, ProviderSubject):
        hook = subject.hook("normalize_billing_event")
        for sample in subject.events:
            body = sample.event().body
            yield sample.name, dict(body), partial(_normalize, hook, sample)


def _normalize(function: Callable[[ProviderEvent], Any], sample: EventSample, body: dict[str, Any]) -> Any:
    return function(ProviderEvent(body, dict(sample.headers), sample.mode, sample.api_version))


def _bare(subject: Subject) -> Iterator[tuple[str, dict[str, Any], Callable[[Any], Any]]]:
    """Yield for each sample the adapter's own function, outside of the boundary: its exceptions are looked at."""
    for name, body, call in _probed(subject):
        function = getattr(call, "function", None)
        yield name, body, function if function is not None else _unguarded(subject, name)


def _unguarded(subject: Subject, name: str) -> Callable[[Any], Any]:
    if not isinstance(subject, ProviderSubject):
        raise NotApplicable("the adapter has no provider hook")
    sample = next(sample for sample in subject.events if sample.name == name)
    function = subject.adapter.hook("normalize_billing_event").function
    return partial(_normalize, function, sample)


def _texts(body: Any) -> Iterator[str]:
    for _, value in leaves(body):
        if isinstance(value, str) and len(folded(value)) >= 8 and any(map(str.isdigit, value)):
            yield value


def _oddities(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield body
    for path, value in list(leaves(body))[:MAX_LEAVES]:
        yield without(body, path)
        yield replaced(body, path, None)
        if isinstance(value, str):
            yield replaced(body, path, f"{value}-odd")
