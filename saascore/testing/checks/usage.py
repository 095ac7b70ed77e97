"""USE: rows, event names, source rows, aggregates and the quota basis of a product."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from saascore.adapters import Failure
from saascore.adapters.shapes import plain, wrong_fields
from saascore.contract.instants import parse_instant
from saascore.contract.window import Window
from saascore.drafts import Skip, UsageDraft
from saascore.testing.check import Problems, check
from saascore.testing.exact import add, draft_problems, exact, is_label, with_types
from saascore.testing.leaves import leaves, replaced
from saascore.testing.subject import ProductSubject, attempt, describe

UNKNOWN_NAMES = ("no.such.event", "", "Unknown Event", "default")
MAX_CURSORS = 20


@check(
    "USE-001",
    ("map_usage_record",),
    why="An exception rejects the record: usage that happened is not counted.",
    fix="Answer a UsageDraft, or Skip with a reason where there is nothing to record.",
)
def every_row_is_answered(subject: ProductSubject) -> Problems:
    """Every sample row gets an answer."""
    subject.hook("map_usage_record")
    for row in subject.rows:
        answer = subject.map_row(row.copy())
        if isinstance(answer, Failure):
            yield f"{row.name}: {describe(answer)}"


@check(
    "USE-002",
    ("map_usage_record",),
    why="A float, a time without an offset or a label that is no label is refused when the event is made.",
    fix='Quantities are decimal text or integers: str(12.5). Times carry an offset: "2026-11-02T09:00:00Z", or a datetime '
    "with a time zone. Units and dimensions are public labels.",
)
def fields_fit_the_contract(subject: ProductSubject) -> Problems:
    """Every field of a draft is exact and public where it must be."""
    for row, answer in subject.answers:
        if isinstance(answer, Skip):
            if not is_label(answer.reason):
                yield f"{row.name}: reason is not a public label"
            continue
        for problem in with_types(wrong_fields(answer), draft_problems(answer)):
            yield f"{row.name}: {problem}"


@check(
    "USE-003",
    ("map_usage_record",),
    why="A wrong unit, a row counted twice or a plan taken from the wrong field shows in the totals first.",
    fix="Compare samples/expected.json with the rows by hand, then mend the field that is picked wrongly.",
)
def totals_are_as_expected(subject: ProductSubject) -> Problems:
    """The sample rows add up to the expected totals."""
    found: dict[tuple[str | None, str | None, str], tuple[int, int]] = {}
    for _, draft in subject.drafts:
        group = (
            subject.label("map_event_name", draft.event_name),
            subject.label("map_plan_label", draft.plan),
            draft.unit,
        )
        count, total = found.get(group, (0, 0))
        found[group] = (count + 1, total + add(draft.quantity))
    for wanted in subject.expected.usage:
        name = f"{wanted.event_type} on {wanted.plan_key} in {wanted.unit}"
        count, total = found.pop((wanted.event_type, wanted.plan_key, wanted.unit), (0, 0))
        if count != wanted.count:
            yield f"{name}: {count} rows in place of {wanted.count}"
        if total != add(wanted.sum):
            yield f"{name}: the rows add up to {exact(total)} in place of {wanted.sum}"
    for (event_type, plan_key, unit), (count, total) in found.items():
        if event_type and plan_key and is_label(unit):
            name = f"{event_type} on {plan_key} in {unit}"
            yield f"{name}: {count} rows, {exact(total)}, that samples/expected.json does not have"
        else:
            yield f"{count} rows with an event name, a plan or a unit that means nothing"


@check(
    "USE-004",
    ("map_usage_record",),
    why="A key from a time changes when the time is corrected, and two rows of one second share it.",
    fix="Take the key from the row's primary key alone.",
)
def key_ignores_time(subject: ProductSubject) -> Problems:
    """The key is the row's own identity and not its time."""
    for row, draft in subject.drafts:
        for path, value in leaves(row.record):
            if (later := _later(value)) is None:
                continue
            other = subject.map_row(replaced(row.record, path, later))
            if isinstance(other, UsageDraft) and _moved(draft, other) and other.key != draft.key:
                yield f"{row.name}: the key changes with the time"
                break


@check(
    "USE-005",
    ("map_usage_record",),
    why="The second of two rows with one key is a conflict or a duplicate, and is not counted.",
    fix="Add the part of the identity that tells the rows apart: the table, the row's own id.",
)
def keys_are_distinct(subject: ProductSubject) -> Problems:
    """Different rows have different keys."""
    seen: dict[str, Any] = {}
    for row, draft in subject.drafts:
        key = repr(tuple(map(str, draft.key))) if isinstance(draft.key, tuple) else ""
        if key in seen and seen[key] != row.record:
            yield f"{row.name}: another row has its key"
        seen[key] = row.record


@check(
    "USE-006",
    ("map_event_name", "map_usage_record"),
    why="An unknown name that falls to a default is counted as something that it is not.",
    fix="Look names up in a table and answer None for everything that is not in it.",
)
def event_names_map(subject: ProductSubject) -> Problems:
    """Event names mean what is expected, and an unknown name means nothing."""
    hook = subject.hook("map_event_name")
    for number, (name, wanted) in enumerate(subject.expected.events.items(), start=1):
        answer = attempt(hook, name)
        if isinstance(answer, Failure):
            yield f"expected event {number}: {describe(answer)}"
        elif answer != wanted:
            yield f"expected event {number}: it is not mapped to {wanted}"
    for row, draft in subject.drafts if subject.rows else ():
        if draft.event_name not in subject.expected.events:
            yield f"{row.name}: its event name is not in samples/expected.json"
    for name in UNKNOWN_NAMES:
        answer = attempt(hook, name)
        if isinstance(answer, Failure):
            yield f"an unknown name: {describe(answer)}"
        elif answer is not None and name not in subject.expected.events:
            yield f"an unknown name is mapped to {answer}"


@check(
    "USE-007",
    ("map_usage_record", "map_event_name"),
    why="A retry whose answer differs is a conflict in place of a duplicate, and a replay proposes changes for ever.",
    fix="Use nothing but the row: no clock, no random number, no counter, no earlier row.",
)
def answers_repeat(subject: ProductSubject) -> Problems:
    """The same row always has the same answer."""
    first = {row.name: plain(answer) for row, answer in subject.answers}
    for row in reversed(subject.rows):
        again = subject.map_row(row.copy())
        if row.name in first and (isinstance(again, Failure) or plain(again) != first[row.name]):
            yield f"{row.name}: the second answer differs from the first"
    for name in subject.expected.events:
        if subject.label("map_event_name", name) != subject.label("map_event_name", name):
            yield "an event name has two answers"


@check(
    "USE-008",
    ("map_usage_record",),
    why="The caller still needs the row: for a retry, for its outcome, for a second adapter.",
    fix="Copy what must be changed; read with get() and not with pop().",
)
def rows_are_unchanged(subject: ProductSubject) -> Problems:
    """A row is left as it was."""
    subject.hook("map_usage_record")
    for row in subject.rows:
        given = row.copy()
        subject.map_row(given)
        if given != row.record:
            yield f"{row.name}: the row was changed"


@check(
    "USE-009",
    ("read_source_rows",),
    why="A run reads in chunks by cursor; a row out of order, or on the window's end, is lost or counted twice.",
    fix="Select where time >= from and time < to, order by time and key.",
)
def source_rows_are_ordered(subject: ProductSubject) -> Problems:
    """Source rows come in ascending order and inside the half-open window."""
    subject.hook("read_source_rows")
    rows = attempt(subject.source_rows, subject.window)
    if isinstance(rows, Failure):
        yield describe(rows)
        return
    if len(rows) < 3:
        yield "the window of samples/expected.json holds fewer than three rows"
    for number, row in enumerate(rows, start=1):
        moment = attempt_instant(row.cursor[0])
        if moment is None:
            yield f"source row {number}: the cursor's time is not RFC 3339 with an offset"
        elif not subject.window.holds(moment):
            yield f"source row {number}: its time is outside the window"
    if rows and (moment := attempt_instant(rows[-1].cursor[0])) and moment > subject.window.from_:
        until = attempt(subject.source_rows, Window.of(subject.window.from_, moment))
        if isinstance(until, Failure):
            yield describe(until)
        elif any(attempt_instant(row.cursor[0]) == moment for row in until):
            yield "a row at the window's end is read: the end is not part of a window"


@check(
    "USE-010",
    ("read_source_rows",),
    why="A run that was killed resumes after its last checkpoint; a row read twice or left out changes the result.",
    fix="Compare the whole cursor: (time, key) > (after time, after key), not the time alone.",
)
def source_rows_resume(subject: ProductSubject) -> Problems:
    """Reading starts again after any row."""
    subject.hook("read_source_rows")
    rows = attempt(subject.source_rows, subject.window)
    if isinstance(rows, Failure):
        return
    cursors = [row.cursor for row in rows]
    for number, cursor in enumerate(cursors[:MAX_CURSORS], start=1):
        rest = attempt(subject.source_rows, subject.window, cursor)
        if isinstance(rest, Failure):
            yield f"after source row {number}: {describe(rest)}"
        elif [row.cursor for row in rest] != cursors[number:]:
            yield f"after source row {number}: {len(rest)} rows in place of {len(cursors) - number}"


@check(
    "USE-011",
    ("read_source_rows", "map_usage_record"),
    why="A backfill maps the stored rows with the same function as live traffic, and must find the same keys.",
    fix="Give in SourceRow.record the row as it is handed in live.",
)
def source_rows_map(subject: ProductSubject) -> Problems:
    """Every source row maps, with a key of its own."""
    subject.hook("read_source_rows")
    rows = attempt(subject.source_rows, subject.window)
    seen: Counter[str] = Counter()
    for number, row in enumerate([] if isinstance(rows, Failure) else rows, start=1):
        answer = subject.map_row(dict(row.record))
        if isinstance(answer, Failure):
            yield f"source row {number}: {describe(answer)}"
        elif isinstance(answer, UsageDraft):
            seen[repr(answer.key)] += 1
            if seen[repr(answer.key)] > 1:
                yield f"source row {number}: another source row has its key"


@check(
    "USE-012",
    ("read_aggregates",),
    why="Aggregates are compared with the ledger group by group; another source or window compares nothing.",
    fix="Set source to the adapter's id and window to the part of the asked window that is counted.",
)
def aggregates_fit(subject: ProductSubject) -> Problems:
    """Aggregates name this adapter and lie in the window."""
    subject.hook("read_aggregates")
    window = subject.window
    found = attempt(lambda: list(subject.adapter.read_aggregates(window)))
    if isinstance(found, Failure):
        yield describe(found)
        return
    for number, aggregate in enumerate(found, start=1):
        if aggregate.source != subject.adapter.id:
            yield f"aggregate {number}: its source is not {subject.adapter.id}"
        if aggregate.window.from_ < window.from_ or aggregate.window.to > window.to:
            yield f"aggregate {number}: its window is not inside the one asked for"


@check(
    "USE-013",
    ("choose_quota_basis",),
    why="Live quota would show a number from an unknown place, or another one on every call.",
    fix="Answer job_counts, ledger_replay or paid_metering for every combination, from the arguments alone.",
)
def quota_basis_is_total(subject: ProductSubject) -> Problems:
    """Every plan and event type has one quota basis."""
    hook = subject.hook("choose_quota_basis")
    for plan in sorted(set(subject.expected.plans.values())):
        for event_type in sorted(set(subject.expected.events.values())):
            answers = [attempt(hook, plan, event_type) for _ in range(2)]
            if isinstance(answers[0], Failure):
                yield f"{plan} and {event_type}: {describe(answers[0])}"
            elif answers[0] != answers[1]:
                yield f"{plan} and {event_type}: the second answer differs from the first"


def attempt_instant(value: object) -> str | None:
    """Return an instant in canonical form, or ``None`` where it is none."""
    try:
        return parse_instant(value)
    except ValueError:
        return None


def _later(value: object) -> object | None:
    """Return a time a little later, in the form it has: text or seconds or milliseconds since 1970."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
        later = (moment + timedelta(seconds=7)).isoformat(sep=value[10:11] or "T")
        return later.replace("+00:00", "Z") if value.endswith("Z") else later
    if isinstance(value, int) and not isinstance(value, bool) and value > 10**9:
        return value + (7 if value < 10**11 else 7000)
    return None


def _moved(draft: UsageDraft, other: UsageDraft) -> bool:
    return bool(draft.occurred_at != other.occurred_at)
