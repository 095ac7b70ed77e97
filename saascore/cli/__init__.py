"""The ``saascore`` command: one module a command group, loaded when it is used."""

from __future__ import annotations

import gc
import os
import sys
from importlib.util import find_spec


def main() -> None:
    """Run the command line; without the extra ``cli``, say how to get it."""
    if find_spec("typer") is None or find_spec("rich") is None:
        sys.stderr.write("The saascore command needs its extra: pip install 'saascore[cli]'\n")
        raise SystemExit(2)
    # What a start makes stays: to look for cycles in it takes 5 % of a short command, and once more at the end 12 %.
    gc.set_threshold(100_000)
    # A plugin of pydantic is handed every value that is validated, raw ones too; and to look for plugins, it reads the
    # metadata of every installed distribution. Workers inherit it.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    from saascore.cli.app import run  # noqa: PLC0415  typer may be absent

    code = run(sys.argv[1:])
    gc.freeze()
    raise SystemExit(code)
