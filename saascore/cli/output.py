"""What commands print: the answer on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table


def print_json(value: Any) -> None:
    """Print a JSON value as one indented document with sorted keys."""
    sys.stdout.write(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; numbers are right-aligned, text is never read as markup."""
    body = [list(row) for row in rows]
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for index, name in enumerate(columns):
        numeric = bool(body) and all(isinstance(row[index], int) for row in body)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in body:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    stdout().print(table)


def stdout() -> Console:
    """Return the console of the answer."""
    return Console(markup=False, highlight=False, soft_wrap=not sys.stdout.isatty(), emoji=False)


def stderr() -> Console:
    """Return the console of everything that is not the answer: notes, progress."""
    return Console(stderr=True, markup=False, highlight=False, emoji=False)


def note(text: str) -> None:
    """Say something beside the answer."""
    stderr().print(text)
