"""The reference pages are what the code says, and each hook, check and error is in them."""

import inspect
import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from saascore import drafts
from saascore.adapters.specs import MODULES, specs
from saascore.drafts import Raw, field_names
from saascore.errors import ERRORS
from saascore.testing.catalogue import catalogue

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def reference():
    spec = spec_from_file_location("docs_reference", DOCS / "reference.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["hooks.md", "drafts.md", "checks.md", "errors.md"])
def test_a_reference_page_is_up_to_date(page, reference):
    written = (DOCS / page).read_text(encoding="utf-8")
    assert written == reference.PAGES[page](), "run: python docs/reference.py"


@pytest.mark.parametrize("hook", sorted(specs()))
def test_every_hook_has_its_signature_an_example_a_check_and_a_test(hook):
    page = (DOCS / "hooks.md").read_text(encoding="utf-8")
    section = page.partition(f"\n### {hook}\n")[2].partition("\n### ")[0]
    function = next(vars(module)[hook] for module in MODULES if hook in vars(module))
    assert f"{hook}{inspect.signature(function)}".replace("'", "") in section
    assert ">>> @hookimpl" in section
    assert any(hook in check.hooks for check in catalogue().values())
    assert re.search(r"\[\w{3}-\d{3}\]\(checks\.md#", section)
    mutants = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "mutants").glob("*.py"))
    assert f"def {hook}(" in mutants


@pytest.mark.parametrize(
    "draft", sorted(cls.__name__ for cls in Raw.__subclasses__() if cls.__module__ == Raw.__module__)
)
def test_every_draft_has_an_entry_with_each_of_its_fields(draft):
    page = (DOCS / "drafts.md").read_text(encoding="utf-8")
    section = re.split(r"\n##", page.partition(f"\n### {draft}\n")[2])[0]
    assert re.findall(r"(?m)^\| `(\w+)`", section) == list(field_names(getattr(drafts, draft)))


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_every_error_has_an_entry(code):
    assert f"\n### {code}\n" in (DOCS / "errors.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("check", sorted(catalogue()))
def test_every_check_has_an_entry(check):
    assert f"\n### {check}\n" in (DOCS / "checks.md").read_text(encoding="utf-8")
