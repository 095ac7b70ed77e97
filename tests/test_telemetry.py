"""Log events, spans and counters: stable names, labels and counts, off unless asked for."""

import logging
import subprocess
import sys

import pytest
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from saascore import telemetry


def test_a_log_event_has_its_name_and_fields(caplog):
    with caplog.at_level(logging.INFO, logger="saascore"):
        telemetry.log_event("usage.submitted", source="image-studio", accepted=3)
    assert caplog.records[0].event == "usage.submitted"
    assert caplog.records[0].fields == {"source": "image-studio", "accepted": 3}


def test_an_event_without_a_stable_name_is_refused():
    with pytest.raises(KeyError):
        telemetry.log_event("usage.invented")


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
    with telemetry.span("usage.submit", source="image-studio"):
        telemetry.count("intake", 3, outcome="accepted")
    assert [(s.name, dict(s.attributes)) for s in spans.get_finished_spans()] == [
        ("saascore.usage.submit", {"source": "image-studio"})
    ]
    data = reader.get_metrics_data().resource_metrics[0].scope_metrics[0].metrics[0]
    assert (data.name, data.data.data_points[0].value) == ("saascore.intake", 3)


def test_nothing_is_imported_or_sent_when_it_is_off():
    code = (
        "import sys; from saascore import telemetry\n"
        "with telemetry.span('x'): telemetry.count('y', 1)\n"
        "print('opentelemetry' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
