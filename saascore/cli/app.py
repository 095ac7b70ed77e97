"""The root of the command line: lazy groups, one way to fail."""

from __future__ import annotations

import os
import sys
import traceback
from difflib import get_close_matches
from functools import partial
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.exceptions import Abort, TyperException
from typer.exceptions import Exit as Stop

from saascore.cli.options import LazyGroup, made_command
from saascore.errors import Exit, SaascoreError

#: Every command and command group in the order of the help page, with its line there: a module below ``saascore.cli``
#: each. The lines stand here so that ``--help`` imports no group.
COMMANDS = {
    "demo": "Tell the whole story on sample inputs, in a folder of its own.",
    "adapters": "List, check, explain, trace and scaffold adapters.",
    "usage": "Submit, correct, backfill, summarise and export usage.",
    "billing": "Submit what billing providers send.",
    "entitlements": "Decide, explain and look back.",
    "ledger": "Make, inspect, verify and seal a ledger.",
    "scan": "Scan files for what must not be published.",
    "fixtures": "Execute acceptance and second-product fixtures.",
    "packet": "Build and verify a release packet.",
    "schema": "Export the contract's JSON Schemas and TypeScript types.",
}


def _imported(name: str) -> Any:
    """Import one member of ``COMMANDS``: its module holds ``app``, a group, or ``command``, a function."""
    module = import_module(f"saascore.cli.{name}")
    group = getattr(module, "app", None)
    return group.made(name) if group else made_command(name, module.command)


class Root(LazyGroup):
    """Every command and command group; its help page imports none of them."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.members = {name: partial(_imported, name) for name in COMMANDS}

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  the base class's signature
        """Write the help page's list from data."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


app = typer.Typer(
    cls=Root,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # Rich's help page costs twice the start of everything else together
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib_metadata import version  # noqa: PLC0415  only this option needs it

        typer.echo(version("saascore"))
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks, on a terminal only; they may hold raw values.")
    ] = False,
    version: Annotated[  # noqa: ARG001  handled by its callback
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Usage ledger and entitlements for SaaS products, driven by adapters."""
    ctx.obj = {"debug": debug}


def run(args: list[str]) -> int:
    """Run one command and return its exit code; no traceback and no raw value reaches the user."""
    try:
        answer = app(args=args, prog_name="saascore", standalone_mode=False)
    except ExceptionGroup as group:  # strict mode names every broken adapter at once
        return max(_refuse(_named(error), args) for error in group.exceptions)
    except Stop as stop:
        return stop.exit_code
    except (KeyboardInterrupt, Abort):
        return 130
    except TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stderr.write(f"{error.format_message()}\n")  # the help page
            return Exit.USAGE
        return _refuse(
            SaascoreError("INP-004", where=_usage_place(error), detail=_usage_rule(error, args)), args
        )
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at exit
        return Exit.OK
    except Exception as error:  # noqa: BLE001  the last place that can keep a raw value from the terminal
        return _refuse(_named(error), args)
    return answer if isinstance(answer, int) else Exit.OK


def _named(error: Exception) -> SaascoreError:
    """Return an error with an id: what is not foreseen has one too."""
    if isinstance(error, SaascoreError):
        return error
    return SaascoreError("INT-001", where=_location(error), detail=type(error).__name__)


def _refuse(error: SaascoreError, args: list[str]) -> int:
    place = f" ({error.where})" if error.where else ""
    detail = f": {error.detail}" if error.detail else ""
    sys.stderr.write(
        f"{error.code} {error.entry.title}{place}{detail}\n"
        f"  expected: {error.entry.expected}\n"
        f"  cure:     {error.entry.cure}\n"
    )
    if "--debug" in args and sys.stderr.isatty():
        traceback.print_exc()
    return error.exit_code


def _usage_place(error: TyperException) -> str:
    """Name the command and the option, never what was typed for it."""
    context, param = getattr(error, "ctx", None), getattr(error, "param", None)
    command = context.command_path if context else "saascore"
    return f"{command} {param.opts[0] if param.opts[0].startswith('-') else param.name}" if param else command


def _usage_rule(error: TyperException, args: list[str]) -> str:
    """Say what is wrong by the kind of the error; its own message repeats what was typed."""
    kind = type(error).__name__
    if kind == "MissingParameter":
        return "a required argument or option is missing"
    if kind == "NoSuchOption":
        near = ", ".join(sorted(getattr(error, "possibilities", None) or ()))
        return f"no such option; did you mean {near}?" if near else "no such option"
    if kind == "BadParameter":
        return "the value does not fit"
    if kind == "BadOptionUsage":
        return "an option that needs a value has none, or one that takes none has one"
    near = _near_commands(getattr(error, "ctx", None), args)
    return f"no such command; did you mean {near}?" if near else "no such command, or too many arguments"


def _near_commands(context: Any, args: list[str]) -> str:
    """Name the commands that resemble what was typed: our own words, never the typed one."""
    names = getattr(getattr(context, "command", None), "list_commands", lambda _: ())(context)
    found = [near for word in args for near in get_close_matches(word, names, n=1) if word not in names]
    return ", ".join(dict.fromkeys(found))


def _location(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "unknown place"
    return f"{os.path.basename(frames[-1].filename)} line {frames[-1].lineno}"  # noqa: PTH119  a name, not a path
