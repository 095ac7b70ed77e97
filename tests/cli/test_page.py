"""docs/cli.md shows every command and option as they are."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
import typer

from saascore.cli.app import app


@pytest.fixture(scope="module")
def writer():
    spec = spec_from_file_location("write_page", Path(__file__).with_name("write_page.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_commands_say(writer):
    assert writer.PAGE.read_text(encoding="utf-8") == writer.page(), "run: python tests/cli/write_page.py"


def test_the_page_says_what_must_be_given_and_what_holds_otherwise(writer):
    sections = writer.PAGE.read_text(encoding="utf-8").split("\n### ")
    shown = {section.splitlines()[0]: section for section in sections}
    for path, command in writer.commands(typer.main.get_command(app)):
        section = shown[" ".join(("saascore", *path))]
        for option in command.params:
            name = option.opts[0]
            if option.required and name.startswith("-"):
                assert f"| `{name}` | **required** |" in section
                assert f" {name} " in section.split("\n|")[0]
            elif option.default not in {None, False}:
                row = next(line for line in section.splitlines() if line.startswith(f"| `{name}` |"))
                assert f"`{option.default}` |" in row


def test_a_call_shows_what_may_be_left_out_in_brackets(writer):
    page = writer.PAGE.read_text(encoding="utf-8")
    assert "`saascore usage submit [OPTIONS] FILES…`" in page
    assert "`saascore usage held release [OPTIONS] [NUMBERS…]`" in page
    assert (
        "`saascore billing submit --provider PROVIDER --product PRODUCT --mode MODE [OPTIONS] FILES…`" in page
    )
