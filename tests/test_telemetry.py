"""Log events, spans and counters: stable names that the documentation lists, labels and counts, off unless asked for."""

import ast
import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from saascore import telemetry
from saascore.telemetry import COUNTERS, EVENTS, SPANS

ROOT = Path(__file__).parents[1]


def test_a_log_event_has_its_name_and_fields(caplog):
    with caplog.at_level(logging.INFO, logger="saascore"):
        telemetry.log_event("usage.submitted", source="image-studio", accepted=3)
    assert caplog.records[0].event == "usage.submitted"
    assert caplog.records[0].fields == {"source": "image-studio", "accepted": 3}
    assert caplog.records[0].getMessage() == "usage.submitted source=image-studio accepted=3"


def test_an_event_without_a_stable_name_is_refused():
    with pytest.raises(KeyError):
        telemetry.log_event("usage.invented")


def names_in_use(function):
    """Return the names that one of telemetry's functions is called with, and the labels with each; a name made of ``flow`` is both flows'."""
    found = {}
    for path in (ROOT / "saascore").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function and node.args:
                (name, *_) = node.args
                labels = {keyword.arg for keyword in node.keywords if keyword.arg}
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    found.setdefault(name.value, set()).update(labels)
                elif isinstance(name, ast.JoinedStr):
                    for flow in ("usage", "billing"):
                        found.setdefault(flow + name.values[-1].value, set()).update(labels)
    return found


@pytest.mark.parametrize(("function", "names"), [("log_event", EVENTS), ("span", SPANS), ("count", COUNTERS)])
def test_every_name_is_used_with_the_labels_that_are_told_and_no_other(function, names):
    found = names_in_use(function)
    assert found.keys() == names.keys()
    for name, labels in found.items():
        assert all(re.search(rf"[:,] (.* and )?{label}\b", names[name]) for label in labels), name


def test_the_documentation_lists_every_name_with_its_fields():
    page = (ROOT / "docs" / "howto-observability.md").read_text(encoding="utf-8")
    rows = {
        cells[1].strip(" `"): cells
        for cells in (line.split("|") for line in page.splitlines() if line.startswith("| `"))
    }
    wanted = {**EVENTS, **{f"saascore.{name}": said for name, said in {**SPANS, **COUNTERS}.items()}}
    assert rows.keys() == wanted.keys()
    for name, said in wanted.items():
        assert rows[name][2].strip() == said.partition(";")[0]
        assert rows[name][3].strip() == said.partition("; ")[2].partition(": ")[2].rstrip() or "none"


@pytest.fixture(scope="module")
def exported():
    spans, reader = InMemorySpanExporter(), InMemoryMetricReader()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    trace.set_tracer_provider(provider)
    metrics.set_meter_provider(MeterProvider(metric_readers=[reader]))
    return spans, reader


def test_a_span_and_a_counter_reach_opentelemetry_when_it_is_on(exported, monkeypatch):
    spans, reader = exported
    monkeypatch.setenv("SAASCORE_OTEL", "1")
    with telemetry.span("usage.commit", source="image-studio"):
        telemetry.count("usage.records", 3, outcome="accepted")
    assert [(s.name, dict(s.attributes)) for s in spans.get_finished_spans()] == [
        ("saascore.usage.commit", {"source": "image-studio"})
    ]
    data = reader.get_metrics_data().resource_metrics[0].scope_metrics[0].metrics[0]
    assert (data.name, data.data.data_points[0].value) == ("saascore.usage.records", 3)


def test_nothing_is_imported_or_sent_when_it_is_off():
    code = (
        "import sys; from saascore import telemetry\n"
        "with telemetry.span('x'): telemetry.count('y', 1)\n"
        "print('opentelemetry' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_without_the_extra_it_warns_once_and_the_work_goes_on(monkeypatch, caplog):
    monkeypatch.setenv("SAASCORE_OTEL", "1")
    monkeypatch.setattr(telemetry, "find_spec", lambda name: None)
    telemetry._installed.cache_clear()
    try:
        for _ in range(2):
            with telemetry.span("usage.commit"):
                telemetry.count("usage.records", 1)
    finally:
        telemetry._installed.cache_clear()
    assert [(record.event, record.levelname) for record in caplog.records] == [
        ("telemetry.unavailable", "WARNING")
    ]
