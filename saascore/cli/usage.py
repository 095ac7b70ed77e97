"""``saascore usage``: hand usage in, correct it, summarise it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saascore.cli.clock import clock_of, window_of
from saascore.cli.options import (
    DEFAULT_LEDGER,
    AdapterPaths,
    Files,
    Json,
    LedgerUrl,
    OutcomesFile,
    Strict,
    command_group,
    find_adapters,
)
from saascore.cli.progress import counting
from saascore.cli.usage_operator import add_commands
from saascore.cli.usage_runs import EngineOption, backfill, replay
from saascore.errors import Exit, SaascoreError

if TYPE_CHECKING:
    from saascore.contract.summary import SummarySpec, UsageSummary
    from saascore.usage.submit import Batch
    from saascore.usage.verdict import Verdict

app = command_group("Usage: submit, correct, backfill, summarise and reconcile it.")
app.add_typer(backfill, name="backfill")
app.add_typer(replay, name="replay")
add_commands(app)

Now = Annotated[
    str | None, typer.Option("--now", help="The clock, as RFC 3339; for repeatable runs.", metavar="INSTANT")
]
From = Annotated[str, typer.Option("--from", help="First instant, or a date (its midnight).")]
To = Annotated[str, typer.Option("--to", help="First instant after, or a date (its midnight).")]


@app.command()
def submit(
    files: Files,
    *,
    product: Annotated[str | None, typer.Option("--product", help="The product adapter's id.")] = None,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    envelopes: Annotated[
        bool, typer.Option("--envelopes", help="The input is ready: usage events, aggregates or CloudEvents.")
    ] = False,
    atomic: Annotated[bool, typer.Option("--atomic", help="All records or none, a file at a time.")] = False,
    outcomes: OutcomesFile = None,
    strict: Strict = False,
    adapter: AdapterPaths = None,
    engine: EngineOption = "local",
    now: Now = None,
    as_json: Json = False,
) -> int:
    """Hand product rows in; every record gets one outcome, and handing in again is safe."""
    from saascore.cli.output import print_counts  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.usage.submit import Submission  # noqa: PLC0415  keeps --help fast

    if envelopes == (product is not None):
        raise SaascoreError("INP-004", where="--product", detail="either --product or --envelopes")
    if envelopes and engine != "local":
        raise SaascoreError("INP-004", where="--engine", detail="local for --envelopes, which nobody maps")
    clock = clock_of(now)
    with open_ledger(ledger) as store:
        read = _envelopes(store) if product is None else _rows(store, product, adapter, clock, engine)
        submission = Submission(store, source=product or "envelopes", now=clock)
        counts: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        with _lines(outcomes) as write, counting("records") as progress:
            for name in files:
                batches = read(name)
                settled = submission.submit_atomic(batches) if atomic else submission.submit(batches)
                for verdicts in settled:
                    counts += verdicts.outcomes()
                    reasons += verdicts.reasons()
                    write(verdicts)
                    progress(counts.total())
    print_counts(counts, reasons, as_json=as_json)
    if counts["unprocessed"]:
        return Exit.NOT_CLEAN if atomic else Exit.STORE
    return Exit.NOT_CLEAN if strict and (counts["rejected"] or counts["conflict"]) else Exit.OK


@app.command()
def summary(
    *,
    since: From,
    until: To,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    by: Annotated[
        str, typer.Option("--by", help="Of event_type, plan, hour|day|week|month, and dimension names.")
    ] = "event_type,plan",
    source: Annotated[str | None, typer.Option("--source", help="Only this source.")] = None,
    as_of: Annotated[int | None, typer.Option("--as-of", help="A position of the ledger.", min=0)] = None,
    zone: Annotated[
        str | None, typer.Option("--zone", help="An IANA time zone for days, weeks and months.")
    ] = None,
    public: Annotated[bool, typer.Option("--public", help="Fold groups of few subjects.")] = False,
    minimum: Annotated[
        int, typer.Option("--minimum", help="The fewest subjects of a public group.", min=2)
    ] = 5,
    csv: Annotated[bool, typer.Option("--csv", help="Print the groups as CSV.")] = False,
    as_json: Json = False,
) -> None:
    """Summarise effective usage exactly, as of any position."""
    from saascore.cli.output import note, print_json  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.usage.known import known_dimensions  # noqa: PLC0415  keeps --help fast
    from saascore.usage.summary import summarize  # noqa: PLC0415  keeps --help fast
    from saascore.usage.tables import summary_csv  # noqa: PLC0415  keeps --help fast

    spec = _spec(since, until, by, zone, source)
    with open_ledger(ledger) as store:
        made = summarize(store, spec, as_of=as_of, public=public, minimum=minimum)
        if strange := set(spec.dimensions) - known_dimensions(store):
            note(_no_dimension(strange))
    if as_json:
        print_json(made.to_json())
    elif csv:
        typer.echo(summary_csv(made), nl=False)
    else:
        _show_summary(made)


def _no_dimension(names: set[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415  keeps --help fast

    fixed = ("event_type", "plan", "hour", "day", "week", "month")
    near = next((near for name in sorted(names) for near in get_close_matches(name, fixed, 1)), None)
    meant = f"; did you mean {near}?" if near else ""
    return f"--by: no usage in this ledger has {len(names)} of these dimensions{meant}"


def _envelopes(store: Any) -> Callable[[str], Iterable[Batch]]:
    """Return what reads a file of ready-made events as they are committed."""
    from saascore.cli.inputs import read_records  # noqa: PLC0415  keeps --help fast
    from saascore.usage.envelopes import EnvelopeReader  # noqa: PLC0415  keeps --help fast
    from saascore.usage.submit import prepared  # noqa: PLC0415  keeps --help fast

    info = store.info
    reader = EnvelopeReader(reference_key=info.reference_key, subject_key=info.subject_key)
    return lambda name: prepared(read_records(name), reader)


def _rows(
    store: Any, product: str, adapter: list[str] | None, clock: str, engine: str
) -> Callable[[str], Iterable[Batch]]:
    """Return what reads a file of product rows, mapped by an engine, as they are committed."""
    from saascore.cli.inputs import read_rows  # noqa: PLC0415  keeps --help fast
    from saascore.cli.keys import keys_for  # noqa: PLC0415  keeps --help fast
    from saascore.engines import engine_named  # noqa: PLC0415  keeps --help fast
    from saascore.usage.submit import CHUNK, mapper_for, numbered  # noqa: PLC0415  keeps --help fast

    mapper = mapper_for(store, find_adapters(adapter).product(product), keys_for(store), now=clock)
    mapped_by = engine_named(engine, adapter or ())
    return lambda name: numbered(mapped_by(mapper, read_rows(name), CHUNK))


def _spec(since: str, until: str, by: str, zone: str | None, source: str | None) -> SummarySpec:
    from saascore.contract.summary import SummarySpec  # noqa: PLC0415  keeps --help fast
    from saascore.usage.zones import zone_of  # noqa: PLC0415  keeps --help fast

    words = [word.strip() for word in by.split(",") if word.strip()]
    grains = [word for word in words if word in {"hour", "day", "week", "month"}]
    if len(grains) > 1:
        raise SaascoreError("INP-004", where="--by", detail="one of hour, day, week, month")
    window = window_of(since, until, zone)
    grain: Any = grains[0] if grains else "none"
    asked: dict[str, Any] = {
        "window": window.to_json(),
        "grain": grain,
        "by_event_type": "event_type" in words,
        "by_plan": "plan" in words,
        "dimensions": tuple(word for word in words if word not in {"event_type", "plan", *grains}),
        "source": source,
    }
    if zone is not None and grain != "none":
        asked["zone"] = zone_of(zone, window, grain)
    return SummarySpec.parse(asked)


def _show_summary(made: UsageSummary) -> None:
    from saascore.cli.output import note, print_table  # noqa: PLC0415  keeps --help fast
    from saascore.usage.tables import summary_rows  # noqa: PLC0415  keeps --help fast

    columns, rows = summary_rows(made)
    print_table(f"Usage as of position {made.as_of}", columns, rows)
    for name, remainders in (("overflow", made.overflow), ("suppressed", made.suppressed)):
        for rest in remainders:
            note(f"{name}: {rest.groups} groups, {rest.totals.count} events, {rest.totals.sum} {rest.unit}")
    for source in made.complete_through:
        note(f"{source.source} complete through {source.complete_through or 'never said'}")


def _lines(path: Path | None) -> Any:
    """Open the outcomes file; what is entered writes verdicts."""
    if path is None:
        return nullcontext(lambda _: None)
    return _OutcomesFile(path)


class _OutcomesFile:
    def __init__(self, path: Path) -> None:
        try:
            self._stream = path.open("w", encoding="ascii")
        except OSError as error:
            raise SaascoreError("INP-002", where="--outcomes", detail=type(error).__name__) from None

    def __enter__(self) -> Any:
        import json  # noqa: PLC0415  keeps --help fast

        def write(verdicts: Iterable[Verdict]) -> None:
            for verdict in verdicts:
                self._stream.write(json.dumps(verdict.public().to_json(), sort_keys=True) + "\n")

        return write

    def __exit__(self, *_: object) -> None:
        self._stream.close()
