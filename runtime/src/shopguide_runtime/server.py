"""A server's life: settings, logs, metrics port, parts, listen, warm up, serve, drain, stop."""

import asyncio
import gc
import json
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TypeVar

import grpc
import grpc.aio
from grpc_health.v1 import health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from shopguide.meta.v1 import server_info_service_pb2_grpc as info_grpc
from shopguide_runtime import logs, metrics, tracing
from shopguide_runtime.calls import INFRASTRUCTURE, Stage, StagesInterceptor
from shopguide_runtime.health import Check, HealthMonitor, HealthServicer
from shopguide_runtime.server_info import ModelInfo, ServerInfoServicer
from shopguide_runtime.settings import ServerSettings, SettingsError, load
from shopguide_runtime.stages import refuse_unknown, standard_stages

_log = logging.getLogger(__name__)

_MAX_METADATA_BYTES = 16 * 1024

_GARBAGE_THRESHOLDS = (50_000, 20, 50)
"""Of the collector of cyclic garbage. With Python's own (700, 10, 10) it looks at caches of tens of thousands of objects
several times in every search; there is little cyclic garbage to be found."""

S = TypeVar("S", bound=ServerSettings)


class ListenError(RuntimeError):
    """Raised when the gRPC port cannot be opened; the message names the address and the setting to change."""


async def _nothing() -> None:
    return None


def _no_models() -> Sequence[ModelInfo]:
    return ()


@dataclass(frozen=True)
class App:
    """What a service brings: its servicers, the names of its gRPC services, and what to do around serving."""

    add_servicers: Sequence[Callable[[grpc.aio.Server], None]]
    """Each adds one servicer: `lambda server: add_IntentServiceServicer_to_server(servicer, server)`."""

    service_names: Sequence[str] = ()
    """Full names of the gRPC services, for health, reflection and metrics."""

    checks: Sequence[Check] = ()
    """Probes of the dependencies."""

    warm_up: Callable[[], Awaitable[None]] = _nothing
    """Runs once the server listens and before it is ready."""

    close: Callable[[], Awaitable[None]] = _nothing
    """Runs after the last call has ended."""

    models: Callable[[], Sequence[ModelInfo]] = _no_models
    """The models in use, for ServerInfo."""

    stages: Sequence[Stage] = ()
    """Further layers around every call (authentication), inside of admission."""


class GrpcServer:
    """The gRPC server of an App: listens, becomes ready, drains and stops."""

    def __init__(self, name: str, settings: ServerSettings, app: App) -> None:
        """Put the parts together; needs a running event loop."""
        self._settings = settings
        self._app = app
        self.monitor = HealthMonitor(app.service_names, app.checks)
        self._info = ServerInfoServicer(name, release(name), settings, app.models)
        outer, inner = tracing.stages(name, settings), tuple(app.stages)
        stages = standard_stages(settings, lambda: self.monitor.warm, outer, inner)
        interceptors = [StagesInterceptor(stages, refuse_unknown)]
        self._server = grpc.aio.server(interceptors=interceptors, options=server_options(settings))

    async def start(self) -> int:
        """Listen, alive but not ready; returns the port. Raises ListenError when that is impossible."""
        self._add_servicers()
        metrics.prepare(self._app.service_names)
        port = self._bind()
        await self._server.start()
        return port

    async def warm_up(self) -> None:
        """Warm up, probe the dependencies, become ready."""
        await self._app.warm_up()
        await self.monitor.start()
        self._info.set_started()
        self.monitor.set_warm()

    async def stop(self, drain_seconds: float, grace_seconds: float) -> None:
        """Say NOT_SERVING, go on for `drain_seconds`, refuse new calls, wait for the others."""
        self.monitor.set_draining()
        await asyncio.sleep(drain_seconds)
        await self.monitor.close()
        await self._server.stop(grace_seconds)

    def _add_servicers(self) -> None:
        for add in self._app.add_servicers:
            add(self._server)
        health_pb2_grpc.add_HealthServicer_to_server(HealthServicer(self.monitor), self._server)
        info_grpc.add_ServerInfoServiceServicer_to_server(self._info, self._server)
        if self._settings.reflection:
            reflection.enable_server_reflection(
                sorted({*self._app.service_names, *INFRASTRUCTURE}), self._server
            )

    def _bind(self) -> int:
        address = f"{self._settings.host}:{self._settings.port}"
        try:
            port = self._server.add_insecure_port(address)
        except RuntimeError as error:
            raise ListenError(
                f"gRPC address {address} cannot be opened, it is probably in use; "
                "set SHOPGUIDE_PORT (0 picks a free port)"
            ) from error
        return port


def release(name: str) -> str:
    """Return the version of the distribution `shopguide-<name>`, or of the runtime when there is none."""
    for distribution in (f"shopguide-{name}", "shopguide-runtime"):
        try:
            return package_version(distribution)
        except PackageNotFoundError:
            continue
    return "unknown"


def server_options(settings: ServerSettings) -> list[tuple[str, int]]:
    """Return the gRPC channel arguments of a server."""
    return [
        ("grpc.max_receive_message_length", settings.max_receive_bytes),
        ("grpc.max_send_message_length", settings.max_send_bytes),
        ("grpc.max_metadata_size", _MAX_METADATA_BYTES),
        ("grpc.max_concurrent_streams", settings.max_concurrent_streams),
        ("grpc.keepalive_time_ms", _milliseconds(settings.keepalive_seconds)),
        ("grpc.keepalive_timeout_ms", _milliseconds(settings.keepalive_timeout_seconds)),
        ("grpc.keepalive_permit_without_calls", 0),
        ("grpc.http2.min_ping_interval_without_data_ms", _milliseconds(settings.min_ping_interval_seconds)),
        ("grpc.http2.max_ping_strikes", 2),
        ("grpc.max_connection_age_ms", _milliseconds(settings.max_connection_age_seconds)),
        ("grpc.max_connection_age_grace_ms", _milliseconds(settings.max_connection_age_grace_seconds)),
        ("grpc.so_reuseport", 0),
    ]


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


class _Signals:
    """Turns the first SIGTERM or SIGINT into an event; the second ends the process at once."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()

    def install(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._received, number)

    def _received(self, number: signal.Signals) -> None:
        _log.info("signal received", extra={"signal": number.name})
        if self.stop.is_set():
            os._exit(128 + number)
        self.stop.set()


async def _serve(name: str, settings: S, build: Callable[[S], Awaitable[App]]) -> None:
    signals = _Signals()
    signals.install()
    endpoint = metrics.serve(settings.metrics_host, settings.metrics_port)
    metrics.BUILD_INFO.labels(name, release(name), settings.revision).set(1)
    try:
        app = await build(settings)
        try:
            server = GrpcServer(name, settings, app)
            _announce(settings, await server.start(), endpoint.port)
            await _until_stopped(server, settings, signals.stop)
        finally:
            await app.close()
    finally:
        endpoint.close()


async def _until_stopped(server: GrpcServer, settings: ServerSettings, stop: asyncio.Event) -> None:
    """Warm up and serve until `stop` is set, then drain; a stop during warm-up ends it."""
    warming = asyncio.create_task(server.warm_up())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({warming, stopping}, return_when=asyncio.FIRST_COMPLETED)
    failed = warming.done() and warming.exception() is not None
    if warming.done() and not failed:
        _settle_memory()
        _log.info("ready")
        await stopping
    warming.cancel()
    stopping.cancel()
    _log.info("draining", extra={"seconds": settings.drain_seconds, "grace_seconds": settings.grace_seconds})
    await server.stop(0 if failed else settings.drain_seconds, settings.grace_seconds)
    if failed:
        await warming


def _settle_memory() -> None:
    """Let the collector of cyclic garbage leave alone what stays for good: modules, models, settings."""
    gc.collect()
    gc.freeze()


def _announce(settings: ServerSettings, port: int, metrics_port: int) -> None:
    _log.info("listening", extra={"address": settings.host, "port": port, "metrics_port": metrics_port})
    if settings.port_file is not None:
        ports = Ports(port, metrics_port, os.getpid())
        ports.write(settings.port_file)


@dataclass(frozen=True)
class Ports:
    """What a port file tells: where the server listens and which process it is."""

    port: int
    metrics_port: int
    pid: int

    def write(self, path: Path) -> None:
        """Write the file in one step, so that no reader sees half of it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(path.name + ".part")
        unfinished.write_text(json.dumps(self.__dict__) + "\n", encoding="utf-8")
        unfinished.replace(path)

    @classmethod
    def read(cls, path: Path) -> "Ports":
        """Return what the file says; raises FileNotFoundError while the server does not listen yet."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def _new_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def run(name: str, settings: S, build: Callable[[S], Awaitable[App]]) -> int:
    """Serve until SIGTERM or SIGINT, then drain; returns 0, or 1 when the server could not start.

    `build` makes the parts (no network calls: those belong into checks and `warm_up`). A second signal
    exits at once.
    """
    logs.configure(name, settings.log_level, exception_text=settings.log_exception_text)
    gc.set_threshold(*_GARBAGE_THRESHOLDS)
    try:
        with asyncio.Runner(loop_factory=_new_loop) as runner:
            runner.run(_serve(name, settings, build))
    except Exception as error:  # noqa: BLE001 - the process ends here, and its last words are this line
        # No shopper has been served when starting fails, so the message of the exception is safe to log.
        _log.exception("server failed", extra={"error": f"{type(error).__name__}: {error}"})
        return 1
    _log.info("stopped")
    return 0


def main(name: str, settings_type: type[S], build: Callable[[S], Awaitable[App]]) -> int:
    """Load the settings and `run`; returns 2, with all problems on standard error, when they are wrong."""
    try:
        settings = load(settings_type)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return run(name, settings, build)
