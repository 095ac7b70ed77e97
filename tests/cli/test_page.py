"""docs/cli.md shows every command and option as they are."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path


def test_the_page_is_what_the_commands_say():
    spec = spec_from_file_location("write_page", Path(__file__).with_name("write_page.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run: python tests/cli/write_page.py"
