"""``saascore ledger``: make a ledger, look at it, seal it and prove what it holds."""

from __future__ import annotations

from typing import Annotated

import typer

from saascore.cli.options import DEFAULT_LEDGER, Json, LedgerUrl, command_group

app = command_group("The ledger: make, verify, seal and prove it.")


@app.command()
def init(
    ledger: LedgerUrl = DEFAULT_LEDGER,
    key_id: Annotated[
        str | None, typer.Option("--key-id", help="The reference key to pin; the first configured one.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a ledger and pin it to a reference key, by id; the key itself is never stored."""
    import os  # noqa: PLC0415  the environment is read when it is needed

    from saascore.cli.output import note, print_json  # noqa: PLC0415  keeps --help fast
    from saascore.errors import SaascoreError  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import create_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.privacy.references import ReferenceKeys  # noqa: PLC0415  keeps --help fast

    keys = ReferenceKeys.load(os.environ)
    chosen = keys.current if key_id is None else key_id
    if chosen not in keys:
        raise SaascoreError("KEY-003")
    with create_ledger(ledger, reference_key=chosen) as made:
        info = made.info
    if as_json:
        print_json(info._asdict())
    else:
        note(f"{info.ledger_id} is ready, pinned to reference key {info.reference_key}")


@app.command()
def info(ledger: LedgerUrl = DEFAULT_LEDGER, as_json: Json = False) -> None:
    """Show what the ledger says of itself: id, schema, pinned key and head."""
    from saascore.cli.output import print_json, print_table  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast

    with open_ledger(ledger) as store:
        told = store.info
    if as_json:
        print_json(told._asdict())
    else:
        print_table(
            "Ledger", ("what", "value"), [(name, str(value)) for name, value in told._asdict().items()]
        )


@app.command()
def schema(
    dialect: Annotated[str, typer.Option("--dialect", help="sqlite, postgresql or d1.")] = "sqlite",
) -> None:
    """Print the tables as SQL; for Cloudflare D1: wrangler d1 execute NAME --file."""
    from saascore.errors import SaascoreError  # noqa: PLC0415  keeps --help fast
    from saascore.ledger.schema import ddl  # noqa: PLC0415  keeps --help fast

    if dialect not in ("sqlite", "postgresql", "d1"):
        raise SaascoreError("INP-004", where="--dialect", detail="sqlite, postgresql or d1")
    typer.echo(ddl(dialect), nl=False)  # type: ignore[arg-type]
