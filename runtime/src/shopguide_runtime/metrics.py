"""Every metric of the runtime, declared once, with unit and labels; named as go-grpc-prometheus does.

Labels never carry data of a request. Methods that the server does not know share one series, so that a
caller cannot create new ones.
"""

import errno
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import grpc
from google.protobuf import descriptor_pool
from prometheus_client import REGISTRY, Counter, Gauge, Histogram, start_http_server

RPC_LABELS = ("grpc_type", "grpc_service", "grpc_method")
"""Labels of every gRPC series: kind of call (`unary`, `server_stream`, ...), service and method name."""

LATENCY_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""Seconds: from one encoder pass (milliseconds) to a long generated answer."""

COUNT_BUCKETS = (0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
"""Powers of two for numbers of things: candidates, products, tokens, batch sizes."""

SERVER_STARTED = Counter("grpc_server_started_total", "Calls started on the server.", RPC_LABELS)
SERVER_HANDLED = Counter(
    "grpc_server_handled_total",
    "Calls completed on the server, by status; calls refused before their handler count too.",
    (*RPC_LABELS, "grpc_code"),
)
SERVER_SECONDS = Histogram(
    "grpc_server_handling_seconds", "Seconds from start to status.", RPC_LABELS, buckets=LATENCY_BUCKETS
)
SERVER_FIRST_MESSAGE_SECONDS = Histogram(
    "grpc_server_first_message_seconds",
    "Seconds from start to the first response message of a stream.",
    RPC_LABELS,
    buckets=LATENCY_BUCKETS,
)
SERVER_RECEIVED = Counter("grpc_server_msg_received_total", "Request messages received.", RPC_LABELS)
SERVER_SENT = Counter("grpc_server_msg_sent_total", "Response messages sent.", RPC_LABELS)
SERVER_IN_FLIGHT = Gauge(
    "grpc_server_in_flight", "Calls in progress, those waiting for a permit included.", RPC_LABELS
)

ADMISSION_QUEUED = Gauge("shopguide_admission_queued", "Calls waiting for a permit.")
ADMISSION_WAIT_SECONDS = Histogram(
    "shopguide_admission_wait_seconds",
    "Seconds that admitted calls waited for a permit.",
    buckets=LATENCY_BUCKETS,
)
ADMISSION_REFUSED = Counter(
    "shopguide_admission_refused_total",
    "Calls refused by load shedding (SERVER_BUSY) or warm-up.",
    ("reason",),
)
ADMISSION_LIMIT = Gauge("shopguide_admission_limit", "Calls that may run at the same moment.")

CLIENT_STARTED = Counter("grpc_client_started_total", "Calls started by this process.", RPC_LABELS)
CLIENT_HANDLED = Counter(
    "grpc_client_handled_total", "Calls by this process that ended, by status.", (*RPC_LABELS, "grpc_code")
)
CLIENT_SECONDS = Histogram(
    "grpc_client_handling_seconds",
    "Seconds from start to status, as the client sees it.",
    RPC_LABELS,
    buckets=LATENCY_BUCKETS,
)
CLIENT_FIRST_MESSAGE_SECONDS = Histogram(
    "grpc_client_first_message_seconds",
    "Seconds from start to the first response message of a stream.",
    RPC_LABELS,
    buckets=LATENCY_BUCKETS,
)
CLIENT_SENT = Counter("grpc_client_msg_sent_total", "Request messages sent by this process.", RPC_LABELS)
CLIENT_RECEIVED = Counter(
    "grpc_client_msg_received_total", "Response messages received by this process.", RPC_LABELS
)
CLIENT_IN_FLIGHT = Gauge("grpc_client_in_flight", "Calls by this process in progress.", RPC_LABELS)

DEPENDENCY_UP = Gauge(
    "shopguide_dependency_up", "1 when the last probe of the dependency succeeded, else 0.", ("dependency",)
)
BUILD_INFO = Gauge(
    "shopguide_build_info", "Always 1; the labels say what runs.", ("service", "version", "revision")
)


class MetricsPortError(RuntimeError):
    """Raised when the metrics port cannot be opened; names the address and the setting to change."""


@dataclass(frozen=True)
class Series:
    """The label values of one method."""

    type: str
    service: str
    method: str

    def labels(self) -> tuple[str, str, str]:
        """Return the values in the order of `RPC_LABELS`."""
        return (self.type, self.service, self.method)


UNKNOWN = Series("unknown", "unknown", "unknown")
"""The one series of every method that the server does not have."""

_TYPES = {
    (False, False): "unary",
    (True, False): "client_stream",
    (False, True): "server_stream",
    (True, True): "bidi_stream",
}


def call_type(*, request_streaming: bool, response_streaming: bool) -> str:
    """Return the value of `grpc_type` for a kind of call."""
    return _TYPES[request_streaming, response_streaming]


def series_of(method: str, *, request_streaming: bool, response_streaming: bool) -> Series:
    """Return the series of a full method name such as `/shopguide.intent.v1.IntentService/Understand`."""
    service, _, name = method.removeprefix("/").rpartition("/")
    return Series(
        call_type(request_streaming=request_streaming, response_streaming=response_streaming), service, name
    )


def prepare(service_names: Iterable[str]) -> None:
    """Create the series of every method of the services at 0, so that rates exist before the first call."""
    pool: descriptor_pool.DescriptorPool = descriptor_pool.Default()  # type: ignore[no-untyped-call]
    for service_name in service_names:
        for method in pool.FindServiceByName(service_name).methods:  # type: ignore[no-untyped-call]
            series = series_of(
                f"/{service_name}/{method.name}",
                request_streaming=method.client_streaming,
                response_streaming=method.server_streaming,
            )
            _prepare_series(series)


def _prepare_series(series: Series) -> None:
    labels = series.labels()
    for metric in (SERVER_STARTED, SERVER_SECONDS, SERVER_RECEIVED, SERVER_SENT, SERVER_IN_FLIGHT):
        metric.labels(*labels)
    for code in grpc.StatusCode:
        SERVER_HANDLED.labels(*labels, code.name)


class MetricsServer(Protocol):
    """The running `/metrics` endpoint."""

    port: int
    """The port it listens on."""

    def close(self) -> None:
        """Stop listening."""


class _HttpMetricsServer:
    def __init__(self, host: str, port: int) -> None:
        self._server, self._thread = start_http_server(port, host, REGISTRY)
        self.port: int = self._server.server_port

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def serve(host: str, port: int) -> MetricsServer:
    """Serve `/metrics` from a thread (port 0: any free one); raises MetricsPortError when that fails."""
    try:
        return _HttpMetricsServer(host, port)
    except OSError as error:
        cause = (
            "is already in use" if error.errno == errno.EADDRINUSE else f"cannot be opened ({error.strerror})"
        )
        raise MetricsPortError(
            f"metrics address {host}:{port} {cause}; set SHOPGUIDE_METRICS_PORT (0 picks a free port)"
        ) from error
