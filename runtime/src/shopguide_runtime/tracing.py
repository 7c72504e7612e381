"""Optional OpenTelemetry traces: on when an endpoint is set and the extra `[otel]` is installed.

Spans carry the method, the status code and the request id; no text of a request and no exception message.
"""

import importlib
import logging
from collections.abc import Callable
from typing import Any

from shopguide_runtime import context
from shopguide_runtime.calls import Call, Proceed, Stage, outcome
from shopguide_runtime.settings import ServerSettings

_log = logging.getLogger(__name__)

OtelObject = Any
"""Something of OpenTelemetry, which is imported only when it is used, or of gRPC's metadata."""

_inject: list[Callable[[Any], None]] = []


def inject(metadata: OtelObject) -> None:
    """Add the trace context of the call in progress to outgoing metadata; nothing when tracing is off."""
    for add in _inject:
        add(metadata)


class TracingStage:
    """Runs the call inside a server span that continues the caller's trace."""

    def __init__(self, tracer: OtelObject, api: OtelObject, propagate: OtelObject) -> None:
        """Take the tracer and the modules `opentelemetry.trace` and `opentelemetry.propagate`."""
        self._tracer = tracer
        self._api = api
        self._propagate = propagate

    async def __call__(self, call: Call, proceed: Proceed) -> bytes | None:
        """Run the call; its status becomes an attribute of the span."""
        if call.infrastructure:
            return await proceed()
        parent = self._propagate.extract(call.metadata)
        attributes = {
            "rpc.system": "grpc",
            "rpc.service": call.series.service,
            "rpc.method": call.series.method,
            "shopguide.request_id": context.request_id(),
        }
        with self._tracer.start_as_current_span(
            f"{call.series.service}/{call.series.method}",
            parent,
            self._api.SpanKind.SERVER,
            attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            error: BaseException | None = None
            try:
                return await proceed()
            except BaseException as raised:
                error = raised
                raise
            finally:
                self._finish(span, outcome(call, error).name)

    def _finish(self, span: OtelObject, code: str) -> None:
        span.set_attribute("rpc.grpc.status_code", code)
        if code in {"INTERNAL", "UNKNOWN", "UNAVAILABLE", "DATA_LOSS", "DEADLINE_EXCEEDED"}:
            span.set_status(self._api.StatusCode.ERROR)


def stages(service: str, settings: ServerSettings) -> tuple[Stage, ...]:
    """Return the tracing stage; nothing without an endpoint or without the packages (which is logged)."""
    if not settings.otel_endpoint:
        return ()
    try:
        exporter = importlib.import_module("opentelemetry.exporter.otlp.proto.grpc.trace_exporter")
        sdk = importlib.import_module("opentelemetry.sdk.trace")
        export = importlib.import_module("opentelemetry.sdk.trace.export")
        resources = importlib.import_module("opentelemetry.sdk.resources")
    except ImportError as error:
        _log.warning("tracing is off: install shopguide-runtime[otel]", extra={"error": error.name or ""})
        return ()
    provider = sdk.TracerProvider(
        resource=resources.Resource.create({"service.name": f"shopguide-{service}"})
    )
    provider.add_span_processor(
        export.BatchSpanProcessor(exporter.OTLPSpanExporter(endpoint=settings.otel_endpoint))
    )
    return (activate(provider),)


def activate(provider: OtelObject) -> Stage:
    """Return the stage that makes spans of a TracerProvider; outgoing calls pass the trace on."""
    api = importlib.import_module("opentelemetry.trace")
    propagate = importlib.import_module("opentelemetry.propagate")

    def add(metadata: OtelObject) -> None:
        carrier: dict[str, str] = {}
        propagate.inject(carrier)
        for key, value in carrier.items():
            metadata.add(key, value)

    _inject[:] = [add]
    return TracingStage(provider.get_tracer("shopguide_runtime"), api, propagate)
