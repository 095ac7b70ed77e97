"""Options that several commands share, spelled once, and the adapters that they choose."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from saascore.adapters import Registry

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


#: How the command that runs chooses its adapters, in the words of :func:`saascore.adapters.discover`.
_CHOICE: ContextVar[dict[str, Any] | None] = ContextVar("_CHOICE", default=None)
_CHOICES: dict[str, Any] = {
    "enable": Annotated[
        list[str] | None,
        typer.Option("--enable", help="Enable only this id (or id@distribution). Repeatable."),
    ],
    "disable": Annotated[
        list[str] | None,
        typer.Option("--disable", help="Do not even import this id (or id@distribution). Repeatable."),
    ],
    "strict_adapters": Annotated[
        bool | None,  # without the flag, the weaker settings decide
        typer.Option("--strict-adapters", help="Exit with 3 where any adapter is broken."),
    ],
}


def find_adapters(paths: Iterable[str] | None = None, **asked: Any) -> Registry:
    """Discover adapters as the running command's options say.

    Args:
        paths: What ``--adapter`` gives.
        asked: Stands over the options, in the words of :func:`saascore.adapters.discover`.
    """
    from saascore.adapters import discover  # noqa: PLC0415  keeps --help fast

    return discover(**{**(_CHOICE.get() or {}), "paths": paths or (), **asked})


def strict_mode(flag: bool | None) -> bool:
    """Tell whether one broken adapter stops everything: by the flag, the environment or pyproject.toml."""
    import os  # noqa: PLC0415  the environment is read when it is needed

    from saascore.adapters.settings import read_settings  # noqa: PLC0415  keeps --help fast

    return read_settings((), (), os.environ, Path.cwd(), strict=flag).strict


class CommandGroup(typer.Typer):
    """A group whose commands choose their adapters in one way."""

    def command(self, *args: Any, adapters: bool = False, **kwargs: Any) -> Callable[[Any], Any]:
        """Register a command; one that takes ``--adapter``, or says ``adapters``, takes every way to choose them."""
        register = super().command(*args, **kwargs)

        def take(function: Any) -> Any:
            chooses = adapters or "adapter" in signature(function).parameters
            register(_choosing(function) if chooses else function)
            return function

        return take


def _choosing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command with the options of ``_CHOICES`` that it lacks; :func:`find_adapters` reads them."""
    own = signature(function, eval_str=True)
    added = {name: hint for name, hint in _CHOICES.items() if name not in own.parameters}

    @wraps(function)
    def command(*args: Any, **given: Any) -> Any:
        chosen = {name: given.pop(name) if name in added else given[name] for name in _CHOICES}
        enable, disable, strict = chosen.values()
        token = _CHOICE.set({"enable": enable or (), "disable": disable or (), "strict": strict})
        try:
            return function(*args, **given)
        finally:
            _CHOICE.reset(token)

    made = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=hint) for name, hint in added.items()
    ]
    *first, last = (one.replace(kind=Parameter.KEYWORD_ONLY) for one in own.parameters.values())
    shown = own.replace(parameters=[*first, *made, last])  # --json, which every command has, stays the last
    command.__signature__ = shown  # type: ignore[attr-defined]
    command.__annotations__ = {**function.__annotations__, **added}
    return command


def command_group(text: str) -> CommandGroup:
    """Return an empty command group whose help page is plain: Rich's costs more than all the rest of a start."""
    return CommandGroup(
        help=text,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
