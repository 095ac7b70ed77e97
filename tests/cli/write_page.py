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
    """Return one command: what it does, its arguments and options."""
    text = " ".join((command.help or "").split())
    arguments = [p for p in command.params if not p.opts[0].startswith("-")]
    usage = " ".join(f"{p.opts[0].upper()}{'…' if p.nargs == -1 else ''}" for p in arguments)
    lines = [f"### saascore {' '.join(path)}".rstrip(), "", text, ""]
    if usage:
        lines += [f"`saascore {' '.join(path)} [OPTIONS] {usage}`", ""]
    rows = [
        p
        for p in command.params
        if getattr(p, "help", None) and p.name != "as_json" and p.opts[0] not in SHARED
    ]
    if rows:
        lines += ["| option | means |", "|---|---|"]
        for row in rows:
            name = row.opts[0].upper() if row in arguments else row.opts[0]
            lines.append(f"| `{name}` | {cell(row.help)} |")
        lines.append("")
    return "\n".join(lines)


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
