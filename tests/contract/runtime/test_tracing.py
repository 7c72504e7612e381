"""Traces: one trace across servers when tracing is on, nothing when it is off or its packages are missing."""

import logging
import sys

import grpc.aio
import pytest
from prometheus_client import REGISTRY
from prometheus_client.openmetrics.exposition import generate_latest

from fakes.probe_service import SERVICE, ask
from shopguide_runtime import logs, tracing
from shopguide_runtime.channels import open_channel
from shopguide_runtime.settings import ServerSettings

pytestmark = pytest.mark.anyio

SECRET = "我对花生过敏"


@pytest.fixture
def spans(monkeypatch, restored_logging):
    """Switch tracing on; returns where finished spans are kept."""
    sdk = pytest.importorskip("opentelemetry.sdk.trace", reason="the extra [otel] is not installed")
    export = pytest.importorskip("opentelemetry.sdk.trace.export")
    memory = pytest.importorskip(
        "opentelemetry.sdk.trace.export.in_memory_span_exporter"
    ).InMemorySpanExporter()
    provider = sdk.TracerProvider()
    provider.add_span_processor(export.SimpleSpanProcessor(memory))
    monkeypatch.setattr(tracing, "_inject", [])
    stage = tracing.activate(provider)
    monkeypatch.setattr(tracing, "stages", lambda *_: (stage,))
    return memory


async def test_calls_between_servers_share_a_trace(probe, kind, spans):
    """The span of a called server is a child of the span of the server that called it."""
    async with probe(as_address=True) as address, open_channel(address) as inner:

        async def forward(text):
            return (await ask(inner, kind, text))[0]

        async with probe(forward) as channel:
            await ask(channel, kind, "hello")
    *called, calling = spans.get_finished_spans()
    assert {span.parent.span_id for span in called} == {calling.context.span_id}
    assert {span.context.trace_id for span in called} == {calling.context.trace_id}
    assert calling.attributes["rpc.service"] == SERVICE
    assert calling.attributes["rpc.grpc.status_code"] == "OK"


async def test_span_of_a_failed_call_has_no_text(probe, kind, spans):
    """A failed call marks its span with the code; the text of the exception is in no attribute and no event."""

    async def crash(_text):
        raise ValueError(SECRET)

    async with probe(crash) as channel:
        with pytest.raises(grpc.aio.AioRpcError):
            await ask(channel, kind, "hello")
    (span,) = spans.get_finished_spans()
    assert not span.status.is_ok
    assert SECRET not in span.to_json(indent=None).encode().decode("unicode_escape", errors="ignore") + repr(
        span.events
    )
    assert not span.events


async def test_log_and_histogram_name_the_trace(probe, spans, capsys):
    """The access log line and the exemplar of the latency histogram carry the trace id of the call."""
    logs.configure("test")
    async with probe() as channel:
        await ask(channel, "unary", "hello")
    (span,) = spans.get_finished_spans()
    trace_id = f"{span.context.trace_id:032x}"
    assert f'"trace_id": "{trace_id}"' in capsys.readouterr().err
    assert trace_id in generate_latest(REGISTRY).decode()


def test_tracing_is_off_without_an_endpoint():
    """Without an endpoint there is no tracing stage."""
    assert tracing.stages("probe", ServerSettings()) == ()


def test_missing_packages_are_reported(monkeypatch, caplog):
    """With an endpoint but without the packages the server runs without traces and says so."""
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.grpc.trace_exporter", None)
    with caplog.at_level(logging.WARNING):
        assert tracing.stages("probe", ServerSettings(otel_endpoint="http://127.0.0.1:4317")) == ()
    assert "shopguide-runtime[otel]" in caplog.text
