"""What an operator does with usage: reverse, amend, adjust, release, reconcile, export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saascore.cli.clock import Now, clock_of, window_of
from saascore.cli.options import (
    DEFAULT_LEDGER,
    AdapterPaths,
    CommandGroup,
    Json,
    LedgerUrl,
    command_group,
    find_adapters,
)
from saascore.cli.words import Reason
from saascore.errors import Exit, SaascoreError

if TYPE_CHECKING:
    from saascore.contract.usage import UsageAggregate
    from saascore.usage.verdict import Verdict

held = command_group("Events that wait outside the acceptance window, or for what they correct.")

Event = Annotated[str, typer.Argument(metavar="EVENT", help="An event id, as export prints it.")]
Operator = Annotated[str, typer.Option("--operator", help="Who corrects, as op:LABEL.")]
Approval = Annotated[str | None, typer.Option("--approval", help="Whose approval, as op:LABEL.")]
New = Annotated[bool, typer.Option("--new", help="Labels that no usage in the ledger has are meant.")]
Dimensions = Annotated[
    list[str] | None, typer.Option("--dimension", help="NAME=LABEL; repeatable.", metavar="NAME=LABEL")
]


def reverse(
    event: Event,
    *,
    operator: Operator,
    reason: Reason,
    approval: Approval = None,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    now: Now = None,
    as_json: Json = False,
) -> int:
    """Take a usage event back, once."""
    from saascore.cli.correcting import correction_of  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.usage.correct import reverse as take_back  # noqa: PLC0415  keeps --help fast

    need_reference(event)
    correction = correction_of(operator, approval, reason)
    with open_ledger(ledger) as store:
        verdict = take_back(store, event, correction, now=clock_of(now))
    return _show([verdict], as_json=as_json)


def amend(
    event: Event,
    *,
    operator: Operator,
    reason: Reason,
    approval: Approval = None,
    quantity: Annotated[str | None, typer.Option("--quantity", help="The right quantity.")] = None,
    plan: Annotated[
        str | None, typer.Option("--plan", help="The right plan label, as the adapter maps it.")
    ] = None,
    event_type: Annotated[str | None, typer.Option("--event-type", help="The right event type.")] = None,
    occurred_at: Annotated[
        str | None, typer.Option("--occurred-at", help="The right time, or a date (UTC).")
    ] = None,
    subject: Annotated[
        str | None,
        typer.Option("--subject", help="The right workspace reference, or a label that is a subject."),
    ] = None,
    dimension: Dimensions = None,
    new: New = False,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    now: Now = None,
    as_json: Json = False,
) -> int:
    """Take a usage event back and put the right one in its place, both or neither."""
    from saascore.cli.correcting import correction_of, fields_of, labels_of  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.usage.correct import amend as replace  # noqa: PLC0415  keeps --help fast

    need_reference(event)
    asked = {
        "quantity": quantity,
        "plan_key": plan,
        "event_type": event_type,
        "occurred_at": occurred_at,
        "subject_label": subject,
        "dimensions": labels_of(dimension) if dimension else None,
    }
    if all(value is None for value in asked.values()):
        raise SaascoreError(
            "INP-004", where="amend", detail="say what is otherwise, for example --quantity 2"
        )
    correction = correction_of(operator, approval, reason)
    with open_ledger(ledger) as store:
        changes = fields_of(store, asked, new=new)
        verdicts = replace(store, event, correction, changes, now=clock_of(now))
    return _show(verdicts, as_json=as_json)


def adjust(
    label: Annotated[
        str, typer.Argument(metavar="LABEL", help="Your name for it; the same name is made once.")
    ],
    *,
    source: Annotated[str, typer.Option("--source", help="Whose usage.")],
    event_type: Annotated[str, typer.Option("--event-type", help="The event type.")],
    subject: Annotated[
        str,
        typer.Option(
            "--subject", help="A workspace reference, a label that is a subject, or all-workspaces."
        ),
    ],
    plan: Annotated[str, typer.Option("--plan", help="The plan label.")],
    quantity: Annotated[str, typer.Option("--quantity", help="How much, of free sign.")],
    unit: Annotated[str, typer.Option("--unit", help="The unit.")],
    occurred_at: Annotated[str, typer.Option("--occurred-at", help="When it counts, or a date (UTC).")],
    operator: Operator,
    approval: Annotated[str, typer.Option("--approval", help="Whose approval, as op:LABEL.")],
    reason: Reason,
    dimension: Dimensions = None,
    new: New = False,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    now: Now = None,
    as_json: Json = False,
) -> int:
    """Record an adjustment, which has its own column in every summary."""
    from saascore.cli.correcting import correction_of, fields_of, labels_of  # noqa: PLC0415  keeps --help fast
    from saascore.cli.words import label_option  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.usage.correct import adjust as record  # noqa: PLC0415  keeps --help fast

    asked = {
        "source": source,
        "event_type": event_type,
        "subject_label": subject,
        "plan_key": plan,
        "quantity": quantity,
        "unit": unit,
        "occurred_at": occurred_at,
        "dimensions": labels_of(dimension),
    }
    audit = correction_of(operator, approval, reason)
    name = label_option(label, "LABEL", "march-goodwill")
    with open_ledger(ledger) as store:
        verdict = record(
            store,
            fields_of(store, asked, new=new),
            label=name,
            operator=audit.operator,
            approval=approval,
            reason=audit.reason,
            now=clock_of(now),
        )
    return _show([verdict], as_json=as_json)


@held.command("list")
def list_waiting(*, ledger: LedgerUrl = DEFAULT_LEDGER, as_json: Json = False) -> None:
    """Show what is held, and why."""
    import json  # noqa: PLC0415  keeps --help fast

    from saascore.cli.output import print_json, print_table  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.usage.held import list_held  # noqa: PLC0415  keeps --help fast

    with open_ledger(ledger) as store:
        waiting = list(list_held(store))
    if as_json:
        events = [{**item._asdict(), "body": json.loads(item.body)} for item in waiting]
        print_json(
            {"held": [{("event" if k == "body" else k): v for k, v in event.items()} for event in events]}
        )
        return
    rows = []
    for item in waiting:
        event = json.loads(item.body)
        rows.append((item.number, item.reason, event["event_type"], event["occurred_at"], event["quantity"]))
    print_table("Held", ("number", "reason", "event_type", "occurred_at", "quantity"), rows)


@held.command("release")
def release_waiting(
    numbers: Annotated[list[int] | None, typer.Argument(help="Numbers, as list prints them.")] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Everything that is too old or came too early.")
    ] = False,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    now: Now = None,
    as_json: Json = False,
) -> int:
    """Let held events into the ledger, once."""
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.usage.held import list_held, release_held  # noqa: PLC0415  keeps --help fast

    if everything == bool(numbers):
        raise SaascoreError("INP-004", where="NUMBERS", detail="either numbers or --all")
    with open_ledger(ledger) as store:
        chosen = numbers or [
            item.number for item in list_held(store) if item.reason in ("too-old", "too-early")
        ]
        verdicts = release_held(store, chosen, now=clock_of(now))
    return _show(verdicts, as_json=as_json)


def reconcile(
    *,
    aggregates: Annotated[
        str | None, typer.Option("--aggregates", help="The product's counts; - is standard input.")
    ] = None,
    source: Annotated[str | None, typer.Option("--source", help="Whose counts the file holds.")] = None,
    product: Annotated[
        str | None, typer.Option("--product", help="Ask this adapter for its counts, in place of a file.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", help="With --product: first instant, or a date (UTC).")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", help="With --product: first instant after, or a date (UTC).")
    ] = None,
    as_of: Annotated[int | None, typer.Option("--as-of", help="A position of the ledger.", min=0)] = None,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    adapter: AdapterPaths = None,
    as_json: Json = False,
) -> int:
    """Compare the product's own counts with the ledger, group by group; exit 1 where they differ."""
    from saascore.cli.output import print_json, print_table  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.usage.reconcile import reconcile as compare  # noqa: PLC0415  keeps --help fast

    with open_ledger(ledger) as store:
        if aggregates and source and not (product or since or until):
            told = compare(store, _counts_in(aggregates), source=source, as_of=as_of)
        elif product and since and until and not (aggregates or source):
            window = window_of(since, until)
            counts = find_adapters(adapter).product(product).read_aggregates(window)
            told = compare(store, counts, source=product, as_of=as_of, window=window)
        else:
            raise SaascoreError(
                "INP-004",
                where="reconcile",
                detail="either --aggregates FILE --source ID, or --product ID --from T --to T",
            )
    if as_json:
        print_json(told.to_json())
    else:
        print_table(
            f"{told.source} against the ledger as of position {told.as_of}",
            ("status", "event_type", "plan", "unit", "from", "product", "ledger", "difference"),
            [
                (group.status, group.event_type, group.plan_key, group.unit, group.window.from_, group.product_sum,
                 group.ledger_sum, group.difference)
                for group in told.groups
            ],
        )  # fmt: skip
    return Exit.OK if told.clean else Exit.NOT_CLEAN


def _counts_in(path: str) -> Iterator[UsageAggregate]:
    from saascore.cli.inputs import read_records  # noqa: PLC0415  keeps --help fast
    from saascore.contract.usage import UsageAggregate  # noqa: PLC0415  keeps --help fast

    for record in read_records(path):
        if record.value is None:
            raise SaascoreError(record.problem or "INP-001", where=f"record {record.number}")
        yield UsageAggregate.parse(record.value)


def export(
    *,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            help="ndjson (every fact), cloudevents or parquet (usage events; parquet needs --out).",
        ),
    ] = "ndjson",
    out: Annotated[Path | None, typer.Option("--out", help="Write to a file.")] = None,
    after: Annotated[int, typer.Option("--after", help="Only later positions.", min=0)] = 0,
    as_of: Annotated[int | None, typer.Option("--as-of", help="Only up to this position.", min=0)] = None,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    as_json: Json = False,  # noqa: ARG001  the answer is JSON anyway
) -> None:
    """Print facts as lines of JSON in order of position, or write them to a file."""
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.usage.export import export_cloudevents, export_facts  # noqa: PLC0415  keeps --help fast
    from saascore.usage.parquet import export_parquet  # noqa: PLC0415  keeps --help fast

    lines = {"ndjson": export_facts, "cloudevents": export_cloudevents}
    if form not in (*lines, "parquet"):
        raise SaascoreError("INP-004", where="--format", detail=f"one of {', '.join(lines)}, parquet")
    if form == "parquet" and out is None:
        raise SaascoreError(
            "INP-004", where="--out", detail="the file to write, for example --out usage.parquet"
        )
    with open_ledger(ledger) as store:
        if form == "parquet" and out is not None:
            export_parquet(store, out, after=after, as_of=as_of)
        else:
            write_lines(lines[form](store, after=after, as_of=as_of), out)


def write_lines(lines: Iterable[str], out: Path | None) -> None:
    """Write lines to a file, or to standard output."""
    import sys  # noqa: PLC0415  keeps --help fast

    if out is None:
        sys.stdout.writelines(line + "\n" for line in lines)
        return
    try:
        with out.open("w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
    except OSError as error:
        raise SaascoreError("INP-002", where="--out", detail=type(error).__name__) from None


def add_commands(app: CommandGroup) -> None:
    """Add these commands to the group ``usage``."""
    app.add_typer(held, name="held")
    for command in (reverse, amend, adjust, reconcile, export):
        app.command()(command)


def need_reference(event: str) -> None:
    """Refuse what is no event id, without repeating it."""
    from re import fullmatch  # noqa: PLC0415  keeps --help fast

    from saascore.contract.words import REFERENCE, reference_check  # noqa: PLC0415  keeps --help fast

    if not fullmatch(REFERENCE, event) or reference_check(event[:-2]) != event[-2:]:
        raise SaascoreError(
            "INP-004", where="EVENT", detail="an event id, as saascore usage export prints it"
        )


def _show(verdicts: list[Verdict], *, as_json: bool) -> int:
    from saascore.cli.output import print_json, print_table  # noqa: PLC0415  keeps --help fast

    if as_json:
        print_json({"outcomes": [verdict.public().to_json() for verdict in verdicts]})
    else:
        print_table(
            "Outcomes",
            ("outcome", "position", "event", "why"),
            [
                (item.outcome, item.position, item.event_id, " ".join((*item.codes, *item.fields)))
                for item in verdicts
            ],
        )
    good = {"accepted", "duplicate"}
    return Exit.OK if all(verdict.outcome in good for verdict in verdicts) else Exit.NOT_CLEAN
