"""What commands print: the answer on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from saascore.contract.outcomes import IntakeCounts

#: Columns of a table that goes to a file or pipe: nothing in it is folded.
WIDE = 240
NOTHING_TAKEN = (
    "No record was taken: is this the right file for the --product, --provider or --envelopes that was given?"
)


def print_json(value: Any) -> None:
    """Print a JSON value as one indented document with sorted keys."""
    sys.stdout.write(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; numbers are right-aligned, text is never read as markup."""
    from rich.table import Table  # noqa: PLC0415  answers in JSON need no table

    body = [list(row) for row in rows]
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for index, name in enumerate(columns):
        numeric = bool(body) and all(isinstance(row[index], int) for row in body)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in body:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    stdout().print(table)


def print_counts(counts: Counter[str], reasons: Counter[str], *, as_json: bool) -> None:
    """Print how many records had each outcome, and why those that were not taken were not."""
    from saascore.contract.outcomes import IntakeCounts  # noqa: PLC0415  pydantic is loaded when it is needed

    made = IntakeCounts(**counts)
    if as_json:
        print_json({"counts": made.to_json(), "reasons": dict(reasons), "total": made.total})
    else:
        _print_tables(made, reasons)
    if made.rejected and made.rejected + made.skipped == made.total > 1:
        note(NOTHING_TAKEN)


def _print_tables(made: IntakeCounts, reasons: Counter[str]) -> None:
    from saascore.packet.reasons import REASONS, meaning  # noqa: PLC0415  keeps --help fast

    print_table("Outcomes", ("outcome", "records"), [(name, count) for name, count in made if count])
    told = [
        (code, count, meaning(code) or "the adapter's own reason") for code, count in sorted(reasons.items())
    ]
    if made.conflict and "conflict" not in reasons:
        told.append(("conflict", made.conflict, REASONS["conflict"]))
    if told:
        print_table("Reasons", ("reason", "records", "what it means"), told)
    if made.rejected or made.conflict:
        note(
            "--outcomes FILE says which record and field; one record, step by step: saascore adapters trace ID FILE --record N"
        )


def stdout() -> Console:
    """Return the console of the answer."""
    from rich.console import Console  # noqa: PLC0415  as above

    terminal = sys.stdout.isatty()
    width = None if terminal else WIDE
    return Console(markup=False, highlight=False, soft_wrap=not terminal, emoji=False, width=width)


def stderr() -> Console:
    """Return the console of progress."""
    from rich.console import Console  # noqa: PLC0415  as above

    return Console(stderr=True, markup=False, highlight=False, emoji=False, soft_wrap=True)


def note(text: str) -> None:
    """Say something beside the answer."""
    sys.stderr.write(text + "\n")
