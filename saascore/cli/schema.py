"""``saascore schema``: the contract for other languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from saascore.cli.options import Json, command_group
from saascore.errors import SaascoreError, os_reason

app = command_group("JSON Schemas and types of the contract.")


@app.command()
def export(
    out: Annotated[Path, typer.Option("--out", help="The folder to write to; made where absent.")],
    types: Annotated[
        bool, typer.Option("--typescript", help="Also write saascore.d.ts, the types for TypeScript.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write the JSON Schema (Draft 2020-12) of every model that names its schema."""
    from saascore.cli.output import note, print_json  # noqa: PLC0415  rich is loaded when something is printed
    from saascore.contract.schemas import MODELS, file_name, json_schema  # noqa: PLC0415  keeps --help fast
    from saascore.contract.typescript import typescript  # noqa: PLC0415  keeps --help fast

    texts = {
        file_name(model): json.dumps(json_schema(model), indent=2, sort_keys=True) + "\n" for model in MODELS
    }
    if types:
        texts["saascore.d.ts"] = typescript()
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (out / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise SaascoreError("PKT-001", where="--out", detail=os_reason(error)) from None
    if as_json:
        print_json({"files": sorted(texts)})
    else:
        note(f"{len(texts)} files written.")
