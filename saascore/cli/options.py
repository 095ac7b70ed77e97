"""Options that several commands share, spelled once, and the adapters that they choose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

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
    typer.Option("--adapter", help="Also load this module, .py file or folder as an adapter. Repeatable."),
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
#: What the command that runs has found with it.
_FOUND: ContextVar[list[Registry] | None] = ContextVar("_FOUND", default=None)
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

    registry = discover(**{**(_CHOICE.get() or {}), "paths": paths or (), **asked})
    if (found := _FOUND.get()) is not None:
        found.append(registry)
    return registry


def strict_mode(flag: bool | None) -> bool:
    """Tell whether one broken adapter stops everything: by the flag, the environment or pyproject.toml."""
    import os  # noqa: PLC0415  the environment is read when it is needed

    from saascore.adapters.settings import read_settings  # noqa: PLC0415  keeps --help fast

    return read_settings((), (), os.environ, Path.cwd(), strict=flag).strict


class LazyGroup(TyperGroup):
    """A group whose members are made when they are asked for: of ``usage`` one takes 1 ms, and all take 17."""

    members: Mapping[str, Callable[[], Any]]

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  the base class's signature
        """Return the names in the order of the help page."""
        return list(self.members)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  the base class's signature
        """Make one member."""
        make = self.members.get(cmd_name)
        return make and make()


class CommandGroup:
    """Commands below one name, which choose their adapters in one way; see :func:`command_group`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._commands: dict[str, Callable[[], Any]] = {}
        self._groups: dict[str, Callable[[], Any]] = {}

    def command(self, name: str = "", *, adapters: bool = False) -> Callable[[Any], Any]:
        """Add a command; one that takes ``--adapter``, or says ``adapters``, takes every way to choose them.

        Args:
            name: That of the function by default.
            adapters: Whether the command chooses adapters.
        """

        def take(function: Any) -> Any:
            def make() -> Any:
                chooses = adapters or "adapter" in function.__annotations__
                return made_command(shown, _choosing(function) if chooses else function)

            shown = name or function.__name__
            self._commands[shown] = make
            return function

        return take

    def add_typer(self, group: CommandGroup, *, name: str) -> None:
        """Add a group below this one."""
        self._groups[name] = lambda: group.made(name)

    def made(self, name: str) -> LazyGroup:
        """Return the group as the command line runs it; its help page is plain, since Rich's costs more than a start."""
        group = LazyGroup(
            name=name,
            help=self._text,
            no_args_is_help=True,
            rich_markup_mode=None,
            context_settings={"help_option_names": ["-h", "--help"]},
        )
        group.members = {**self._commands, **self._groups}
        return group


def command_group(text: str) -> CommandGroup:
    """Return an empty group; ``text`` says what it is for."""
    return CommandGroup(text)


def made_command(name: str, function: Callable[..., Any]) -> Any:
    """Return one command as the command line runs it."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name)(function)
    return typer.main.get_command(app)


def _choosing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command with the options of ``_CHOICES`` that it lacks; :func:`find_adapters` reads them."""
    own = signature(function, eval_str=True)
    added = {name: hint for name, hint in _CHOICES.items() if name not in own.parameters}

    @wraps(function)
    def command(*args: Any, **given: Any) -> Any:
        chosen = {name: given.pop(name) if name in added else given[name] for name in _CHOICES}
        enable, disable, strict = chosen.values()
        token = _CHOICE.set({"enable": enable or (), "disable": disable or (), "strict": strict})
        found: list[Registry] = []
        kept = _FOUND.set(found)
        try:
            answer = function(*args, **given)
        finally:
            _CHOICE.reset(token)
            _FOUND.reset(kept)
        if given.get("adapter"):
            _say_unused(found)
        return answer

    made = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=hint) for name, hint in added.items()
    ]
    *first, last = (one.replace(kind=Parameter.KEYWORD_ONLY) for one in own.parameters.values())
    shown = own.replace(parameters=[*first, *made, last])  # --json, which every command has, stays the last
    command.__signature__ = shown  # type: ignore[attr-defined]
    command.__annotations__ = {**function.__annotations__, **added}
    return command


def _say_unused(found: list[Registry]) -> None:
    """Say which adapters were given by path for nothing: a path gives an adapter, and only its id uses it."""
    from saascore.adapters.status import is_public_id  # noqa: PLC0415  keeps --help fast
    from saascore.cli.output import note  # noqa: PLC0415  keeps --help fast

    asked = frozenset().union(*(registry.asked() for registry in found))
    if not found:
        note("--adapter is not used: nothing here asks an adapter")
    given = {name for registry in found for name in registry.given}
    for adapter_id in sorted(given - asked) if asked else ():
        name = adapter_id if is_public_id(adapter_id) else "an adapter"
        note(
            f"--adapter gives {name}, which is not used: only {', '.join(sorted(asked))} was asked for by id"
        )
