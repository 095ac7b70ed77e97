"""Adapters written for a past api keep working, unedited."""

from hashlib import sha256
from pathlib import Path

import pytest

from saascore.adapters import discover
from saascore.adapters.specs import specs
from saascore.testing.catalogue import run_suite, subject_of

HERE = Path(__file__).parent / "api_1"
FROZEN = {
    "product": "ca8585604dfdb5458dee0b8941bb6a6467a2998577120691e9cef2b97004fd42",
    "provider": "38d94abe84d27729d75519a29bf6addbd196de9e6c4e26321b05be10f356cf11",
}


@pytest.fixture(params=["product", "provider"])
def kind(request):
    return request.param


def load(kind, tmp_path):
    """Give the frozen folder the id ``compat``."""
    target = tmp_path / "compat"
    target.symlink_to(HERE / kind)
    return discover(paths=[str(target)], enable=["none"], folder=tmp_path, environment={})


def test_the_adapter_is_as_it_was(kind):
    assert sha256((HERE / kind / "__init__.py").read_bytes()).hexdigest() == FROZEN[kind]


def test_it_passes_every_check(kind, tmp_path):
    registry = load(kind, tmp_path)
    adapter_id = registry.ids(kind)[0]
    results = run_suite(subject_of(registry, adapter_id, kind, HERE / kind / "samples"))
    assert [str(result) for result in results if result.status != "passed"] == []


def test_it_has_every_hook_of_its_api(tmp_path, kind):
    registry = load(kind, tmp_path)
    assert registry.loaded()[0].hooks == {name for name, spec in specs().items() if spec.kind == kind}


@pytest.mark.parametrize(
    ("current", "reason"), [(2, None), (3, "ADP-008 api 1 is older than 2: upgrade the adapter")]
)
def test_it_works_with_its_own_api_and_the_next_and_no_longer(kind, tmp_path, monkeypatch, current, reason):
    monkeypatch.setattr("saascore.adapters.inspection.API", current)
    monkeypatch.setattr("saascore.adapters.inspection.SUPPORTED_APIS", frozenset({current, current - 1}))
    (status,) = [status for status in load(kind, tmp_path).statuses if status.id == "compat"]
    assert getattr(status, "reason", None) == reason
