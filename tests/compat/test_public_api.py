"""The public Python surface has no break against the last release; what says so can say no."""

import shutil
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

import saascore

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="module")
def api():
    spec = spec_from_file_location("public_api", HERE / "public_api.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def now(api):
    return api.surface()


def test_no_break_against_the_last_release(api, now):
    assert api.breaks(api.kept(), now) == [], (
        "keep what is named, or say in CHANGELOG.md under Changed what to do, and run: python tests/compat/public_api.py"
    )


def test_everything_that_is_exported_and_every_hook_is_watched(now):
    from saascore.adapters.specs import specs

    assert {f"saascore.{name}" for name in saascore.__all__} <= set(now)
    assert {f"saascore.hookspecs.{spec.topic}.{name}" for name, spec in specs().items()} <= set(now)


@pytest.mark.parametrize(
    ("edit", "broken"),
    [
        (
            ("hookspecs/usage.py", "def map_event_name(event_name:", "def map_event_name(name:"),
            "saascore.hookspecs.usage.map_event_name: Parameter was removed: event_name",
        ),
        (
            ("drafts.py", "\n    unit: str\n", "\n    measure: str\n"),
            "saascore.drafts.UsageDraft.unit: Public object was removed",
        ),
        (
            (
                "adapters/registry.py",
                "def product(self, adapter_id: str)",
                "def product(self, adapter_id: str, mode: str)",
            ),
            "saascore.Registry.product: Parameter was added as required: mode",
        ),
        (
            ("usage/summary.py", "def summarize(", "def summarise("),
            "saascore.summarize: Public object was removed",
        ),
        (
            ("drafts.py", "\n    unit: str\n", "\n    unit: bytes\n"),
            "saascore.drafts.UsageDraft.unit: Attribute changed type",
        ),
        (
            (
                "adapters/registry.py",
                "def product(self, adapter_id: str)",
                "def product(self, adapter_id: bytes)",
            ),
            "saascore.Registry.product: Parameter changed type: adapter_id",
        ),
    ],
    ids=[
        "a renamed parameter",
        "a renamed field",
        "a new required argument",
        "a renamed function",
        "a field of another type",
        "a parameter of another type",
    ],
)
def test_a_break_in_the_source_is_found(api, now, tmp_path, edit, broken):
    module, before, after = edit
    shutil.copytree(ROOT / "saascore", tmp_path / "saascore", ignore=shutil.ignore_patterns("__pycache__"))
    file = tmp_path / "saascore" / module
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    assert broken in api.breaks(now, api.surface(tmp_path))


def test_an_addition_is_no_break(api, now):
    function = now["saascore.summarize"]
    more = {
        **function,
        "parameters": [*function["parameters"], ["also", "keyword-only", "None", "str | None"]],
    }
    assert api.breaks(now, {**now, "saascore.summarize": more, "saascore.newer": function}) == []


def test_a_parameter_may_become_wider_and_not_narrower(api, now):
    def taking(annotation):
        entry = {
            "kind": "function",
            "parameters": [["at", "keyword-only", None, annotation]],
            "returns": None,
        }
        return {**now, "saascore.newer": entry}

    assert api.breaks(taking("int"), taking("int | None")) == []
    assert api.breaks(taking("int"), taking(None)) == []
    assert api.breaks(taking("int | None"), taking("int")) == ["saascore.newer: Parameter changed type: at"]
