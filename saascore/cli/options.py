"""Options that several commands share, spelled once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_LEDGER = "sqlite:///saascore.db"

Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON, for machines.")]
LedgerUrl = Annotated[
    str,
    typer.Option("--ledger", envvar="SAASCORE_LEDGER", help="sqlite:///FILE or postgresql://HOST/DATABASE."),
]
AdapterPaths = Annotated[
    list[str] | None,
    typer.Option("--adapter", help="Also load this module or .py file as an adapter. Repeatable."),
]
Product = Annotated[str, typer.Option("--product", help="The id of the product adapter.")]
Provider = Annotated[str, typer.Option("--provider", help="The id of the provider adapter.")]
ModeOption = Annotated[str, typer.Option("--mode", help="live or test.")]
Strict = Annotated[
    bool, typer.Option("--strict", help="Exit with 1 where a record was rejected or is in conflict.")
]
OutcomesFile = Annotated[
    Path | None, typer.Option("--outcomes", help="Write one line of JSON a record: its outcome, no values.")
]
Files = Annotated[list[str], typer.Argument(help="NDJSON or JSON array files; - is standard input.")]


def command_group(text: str) -> typer.Typer:
    """Return an empty command group whose help page is plain: Rich's costs more than all the rest of a start."""
    return typer.Typer(
        help=text,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
