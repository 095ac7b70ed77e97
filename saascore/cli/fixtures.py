"""``saascore fixtures``: acceptance fixtures, executed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saascore.cli.options import AdapterPaths, Json, command_group, find_adapters
from saascore.errors import Exit

if TYPE_CHECKING:
    from saascore.packet.check import Checked
    from saascore.packet.stage import StageResult

app = command_group("Acceptance fixtures: what they must be, and every stage executed.")


@app.command()
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Fixtures, or folders of them; those that come with saascore by default."),
    ] = None,
    *,
    forbid: Annotated[
        list[str] | None, typer.Option("--forbid", help="A word that no fixture may hold. Repeatable.")
    ] = None,
    adapter: AdapterPaths = None,
    as_json: Json = False,
) -> int:
    """Execute fixtures stage by stage. Exits with 1 where anything is not as expected."""
    from saascore.packet.check import check_fixture, same_shape  # noqa: PLC0415  keeps --help fast
    from saascore.packet.shipped import shipped_fixtures  # noqa: PLC0415  keeps --help fast

    registry = find_adapters(adapter)
    given = [file for path in paths for file in _files(path)] if paths else shipped_fixtures()
    checked = [check_fixture(path, registry=registry, forbidden=forbid or ()) for path in given]
    shapes = list(same_shape([*checked, *_cores(checked, registry)]))
    _show(checked, shapes, as_json=as_json)
    clean = all(item.passed for item in checked) and not any(result.problems for _, result in shapes)
    return Exit.OK if clean else Exit.NOT_CLEAN


def _files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.json")) if path.is_dir() else [path]


def _cores(checked: list[Checked], registry: Any) -> list[Checked]:
    """Execute the shipped core fixtures that second products are compared with, where none was given."""
    from saascore.packet.check import check_fixture  # noqa: PLC0415  keeps --help fast
    from saascore.packet.shipped import shipped  # noqa: PLC0415  keeps --help fast

    have = {item.candidate for item in checked if item.kind == "core"}
    wanted = {item.candidate for item in checked if item.kind == "second-product"} - have
    found = (shipped(f"{candidate}.core-fixture.json") for candidate in sorted(wanted))
    return [check_fixture(path, registry=registry) for path in found if path is not None]


def _show(checked: list[Checked], shapes: list[tuple[Checked, StageResult]], *, as_json: bool) -> None:
    from saascore.cli.output import print_json, print_table  # noqa: PLC0415  keeps --help fast

    rows = [(item, result) for item in checked for result in item.results]
    rows += [(item, result) for item, result in shapes if item in checked]
    rows.sort(key=lambda row: checked.index(row[0]))
    if as_json:
        print_json(
            {
                "passed": not any(result.problems for _, result in rows),
                "stages": [
                    {
                        "fixture": item.name,
                        "stage": result.stage,
                        "checks": result.checks,
                        "problems": list(result.problems),
                    }
                    for item, result in rows
                ],
            }
        )
        return
    table = [
        (
            item.name.removesuffix(".json"),
            result.stage,
            result.checks,
            "; ".join(result.problems) or "as expected",
        )
        for item, result in rows
    ]
    print_table("Fixtures", ("fixture", "stage", "checks", "result"), table)
