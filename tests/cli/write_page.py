"""Write the commands of docs/cli.md from the command line itself.

python tests/cli/write_page.py
"""

from pathlib import Path

import typer

from saascore.cli.app import app

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
MARK = "## Commands\n"
#: Every command with --adapter has them; the page's section on adapters says so once.
SHARED = {"--enable", "--disable", "--strict-adapters"}


def commands(command, path=()):
    """Yield every command with its path, in the order of the help pages."""
    if hasattr(command, "list_commands"):
        for name in command.list_commands(None):
            yield from commands(command.get_command(None, name), (*path, name))
    else:
        yield path, command


def section(path, command):
    """Return one command: what it does, how it is called, its arguments and options."""
    called = " ".join(("saascore", *path))
    text = " ".join((command.help or "").split())
    lines = [f"### {called}", "", text, "", f"`{' '.join((called, *usage(command)))}`", ""]
    rows = [
        p
        for p in command.params
        if getattr(p, "help", None) and p.name != "as_json" and p.opts[0] not in SHARED
    ]
    if rows:
        lines += ["| option | default | means |", "|---|---|---|"]
        lines += [f"| `{cell(name(p))}` | {default(p)} | {cell(p.help)} |" for p in rows]
        lines.append("")
    return "\n".join(lines)


def usage(command):
    """Yield what follows the command's name: what must be given, then the rest."""
    for p in command.params:
        if p.required and not is_argument(p):
            yield f"{name(p)} {name(p).lstrip('-').upper()}"
    yield "[OPTIONS]"
    for p in command.params:
        if is_argument(p):
            shown = f"{name(p)}{'…' if p.nargs == -1 else ''}"
            yield shown if p.required else f"[{shown}]"


def is_argument(p):
    return not p.opts[0].startswith("-")


def name(p):
    """Return an option as it is typed, or an argument's name in capitals."""
    return (p.metavar or p.opts[0].upper()).strip("[]") if is_argument(p) else p.opts[0]


def default(p):
    """Return what holds where the option is not given: nothing to say of a flag, nor of what is then not asked for."""
    if p.required:
        return "**required**"
    variables = [p.envvar] if isinstance(p.envvar, str) else p.envvar or ()
    shown = [f"`${variable}`" for variable in variables]
    if p.default is not None and p.default is not False:
        shown.append(f"`{cell(str(p.default))}`")
    return ", else ".join(shown)


def cell(text):
    """Return text that fits a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def page():
    """Return the page: what a person wrote, and the commands as they are."""
    written = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    sections = [section(path, command) for path, command in commands(typer.main.get_command(app))]
    return written + MARK + "\n" + "\n".join(sections).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
