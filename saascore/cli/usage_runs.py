"""``saascore usage backfill`` and ``saascore usage replay``: preview, apply, resume, cancel, revert, list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from saascore.cli.clock import Now, clock_of, window_of
from saascore.cli.options import (
    DEFAULT_LEDGER,
    AdapterPaths,
    Json,
    LedgerUrl,
    Product,
    command_group,
    find_adapters,
)
from saascore.cli.progress import counting
from saascore.cli.words import Reason
from saascore.errors import SaascoreError

if TYPE_CHECKING:
    from saascore.contract.runs import RunApplied, RunPreview
    from saascore.usage.preview import Audit

backfill = command_group("Rows of the past that are not in the ledger yet.")
replay = command_group("Rows of the past, mapped again: what differs is amended.")

Operator = Annotated[str, typer.Option("--operator", help="Who runs it, as op:LABEL.")]
Approval = Annotated[str, typer.Option("--approval", help="Whose approval, as op:LABEL.")]
EngineOption = Annotated[
    str, typer.Option("--engine", help="Who maps: local, pool (every processor) or spark.")
]
RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="A run's id, as list prints it.")]


@backfill.command("preview")
@replay.command("preview")
def preview_run(
    ctx: typer.Context,
    *,
    product: Product,
    since: Annotated[str, typer.Option("--from", help="First instant, or a date (UTC).")],
    until: Annotated[str, typer.Option("--to", help="First instant after, or a date (UTC).")],
    operator: Operator,
    approval: Approval,
    reason: Reason,
    commit: Annotated[str | None, typer.Option("--commit", help="The commit of the running code.")] = None,
    max_days: Annotated[int, typer.Option("--max-days", help="How long the window may be.", min=1)] = 31,
    max_rows: Annotated[int, typer.Option("--max-rows", help="How many rows there may be.", min=1)] = 10**8,
    out: Annotated[Path | None, typer.Option("--out", help="Keep the preview, for apply.")] = None,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    adapter: AdapterPaths = None,
    engine: EngineOption = "local",
    as_json: Json = False,
) -> None:
    """Show exactly what a run would change. Nothing is written to the ledger."""
    from saascore.cli.keys import keys_for  # noqa: PLC0415  keeps --help fast
    from saascore.contract.runs import RunLimits  # noqa: PLC0415  keeps --help fast
    from saascore.engines import engine_named  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.usage.preview import preview  # noqa: PLC0415  keeps --help fast

    window = window_of(since, until)
    kind: Literal["backfill", "replay"] = "replay" if _group(ctx) == "replay" else "backfill"
    with open_ledger(ledger) as store:
        shown = preview(
            store,
            _product(product, adapter),
            keys_for(store),
            window,
            _audit(operator, approval, reason, commit),
            kind=kind,
            limits=RunLimits(days=max_days, rows=max_rows),
            engine=engine_named(engine, adapter or ()),
        )
    if out is not None:
        try:
            out.write_bytes(shown.canonical() + b"\n")
        except OSError as error:
            raise SaascoreError("INP-002", where="--out", detail=type(error).__name__) from None
    _show_preview(shown, as_json=as_json)


@backfill.command("apply")
@replay.command("apply")
def apply_run(
    shown: Annotated[
        Path, typer.Argument(metavar="PREVIEW", help="The file that preview --out has written.")
    ],
    *,
    product: Product,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    adapter: AdapterPaths = None,
    engine: EngineOption = "local",
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Do what a preview showed, if source, adapter and mapping are still the same."""
    from saascore.cli.keys import keys_for  # noqa: PLC0415  keeps --help fast
    from saascore.contract.runs import RunPreview  # noqa: PLC0415  keeps --help fast
    from saascore.engines import engine_named  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.usage.runs import apply  # noqa: PLC0415  keeps --help fast

    try:
        text = shown.read_bytes()
    except OSError as error:
        raise SaascoreError("INP-002", where="PREVIEW", detail=type(error).__name__) from None
    wanted = RunPreview.parse_json(text)
    mapped_by = engine_named(engine, adapter or ())
    with open_ledger(ledger) as store, counting("rows staged") as progress:
        done = apply(
            store,
            _product(product, adapter),
            keys_for(store),
            wanted,
            now=clock_of(now),
            progress=progress,
            engine=mapped_by,
        )
    _show_applied(done, wanted, as_json=as_json)


@backfill.command("resume")
@replay.command("resume")
def resume_run(
    run: RunArgument,
    *,
    product: Product,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    adapter: AdapterPaths = None,
    engine: EngineOption = "local",
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Go on with a run that was interrupted or has failed."""
    from saascore.cli.keys import keys_for  # noqa: PLC0415  keeps --help fast
    from saascore.engines import engine_named  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.ledger.runs import run_of  # noqa: PLC0415  keeps --help fast
    from saascore.usage.runs import resume  # noqa: PLC0415  keeps --help fast

    mapped_by = engine_named(engine, adapter or ())
    with open_ledger(ledger) as store, counting("rows staged") as progress:
        wanted = run_of(store, run).previewed()
        done = resume(
            store,
            _product(product, adapter),
            keys_for(store),
            run,
            now=clock_of(now),
            progress=progress,
            engine=mapped_by,
        )
    _show_applied(done, wanted, as_json=as_json)


@backfill.command("cancel")
@replay.command("cancel")
def cancel_run(run: RunArgument, *, ledger: LedgerUrl = DEFAULT_LEDGER, as_json: Json = False) -> None:
    """Give an open run up; nothing of it stays."""
    from saascore.cli.output import note, print_json  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.usage.runs import cancel  # noqa: PLC0415  keeps --help fast

    with open_ledger(ledger) as store:
        cancel(store, run)
    if as_json:
        print_json({"state": "cancelled"})
    else:
        note("the run is cancelled")


@backfill.command("revert")
@replay.command("revert")
def revert_run(
    run: RunArgument,
    *,
    operator: Operator,
    approval: Approval,
    reason: Reason,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Take an applied run out of every count; what live traffic has said too goes on counting."""
    from saascore.cli.output import note, print_json  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.usage.runs import revert  # noqa: PLC0415  keeps --help fast

    with open_ledger(ledger) as store:
        done = revert(store, run, _audit(operator, approval, reason, None), now=clock_of(now))
    if as_json:
        print_json(done.to_json())
    else:
        note("the run is reverted")


@backfill.command("list")
@replay.command("list")
def list_runs(ctx: typer.Context, *, ledger: LedgerUrl = DEFAULT_LEDGER, as_json: Json = False) -> None:
    """Show every run with its state."""
    from saascore.cli.output import print_json, print_table  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.ledger.runs import runs  # noqa: PLC0415  keeps --help fast

    with open_ledger(ledger) as store:
        found = [(run, run.previewed()) for run in runs(store)]
    chosen = [(run, shown) for run, shown in found if shown.run.kind == _group(ctx)]
    rows = [
        {
            "run": run.run_id,
            "state": run.state,
            "source": run.source,
            "from": shown.run.window.from_,
            "to": shown.run.window.to,
            "rows": shown.run.manifest.rows,
            "staged": run.consumed,
            "operator": shown.run.operator,
            "started_at": run.started_at,
        }
        for run, shown in chosen
    ]
    if as_json:
        print_json({"runs": rows})
    else:
        print_table("Runs", list(rows[0]) if rows else ("run",), [list(row.values()) for row in rows])


def _group(ctx: typer.Context) -> str | None:
    return ctx.parent.info_name if ctx.parent else None


def _product(product: str, adapter: list[str] | None) -> Any:

    return find_adapters(adapter).product(product)


def _audit(operator: str, approval: str, reason: str, commit: str | None) -> Audit:
    from saascore.cli.correcting import correction_of  # noqa: PLC0415  keeps --help fast
    from saascore.usage.preview import Audit  # noqa: PLC0415  keeps --help fast

    correction_of(operator, approval, reason)
    return Audit(operator, approval, reason, commit)


def _show_preview(shown: RunPreview, *, as_json: bool) -> None:
    from saascore.cli.output import note, print_json, print_table  # noqa: PLC0415  keeps --help fast

    if as_json:
        print_json(shown.to_json())
        return
    print_table("Rows", ("outcome", "rows"), [(name, count) for name, count in shown.outcomes if count])
    print_table(
        "Exact change of effective usage",
        ("event_type", "plan", "unit", "count", "sum"),
        [
            (change.event_type, change.plan_key, change.unit, change.count, change.sum)
            for change in shown.delta
        ],
    )
    if shown.amends:
        note(f"{shown.amends} events would be amended")
    note(f"preview digest {shown.preview_digest}")


def _show_applied(done: RunApplied, shown: RunPreview, *, as_json: bool) -> None:
    from saascore.cli.output import note, print_json, print_table  # noqa: PLC0415  keeps --help fast

    if as_json:
        print_json(done.to_json())
        return
    expected = dict(shown.outcomes)
    rows = [(name, count, expected[name]) for name, count in done.outcomes if count or expected[name]]
    print_table(f"Applied as {done.run_id}", ("outcome", "rows", "previewed"), rows)
    if done.outcomes != shown.outcomes:
        note("the ledger has changed since the preview: the second column was expected then")
