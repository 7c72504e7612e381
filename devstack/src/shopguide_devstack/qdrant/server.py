"""The node's gRPC server: start, readiness, graceful stop."""

import asyncio
import os
import signal
import socket
from pathlib import Path

import grpc
from grpc_health.v1 import health, health_pb2_grpc
from qdrant_client.grpc import (
    collections_service_pb2_grpc,
    points_service_pb2_grpc,
    qdrant_pb2,
    qdrant_pb2_grpc,
)

from shopguide_devstack.qdrant.catalog import Catalog
from shopguide_devstack.qdrant.collections_service import CollectionsService
from shopguide_devstack.qdrant.config import API_VERSION, NodeSettings
from shopguide_devstack.qdrant.engine import Engine
from shopguide_devstack.qdrant.errors import StartupError
from shopguide_devstack.qdrant.interceptor import Context, StatusInterceptor
from shopguide_devstack.qdrant.points_service import PointsService
from shopguide_devstack.qdrant.storage import DataDirectory


class QdrantService(qdrant_pb2_grpc.QdrantServicer):
    """Qdrant's own health check."""

    async def HealthCheck(
        self, _request: qdrant_pb2.HealthCheckRequest, _: Context
    ) -> qdrant_pb2.HealthCheckReply:
        """Name the node and the protocol version it speaks."""
        return qdrant_pb2.HealthCheckReply(title="shopguide local Qdrant node", version=API_VERSION)


async def serve(settings: NodeSettings) -> None:
    """Run a node until SIGTERM or SIGINT; prints `READY <host>:<port>` once it answers.

    Raises:
        StartupError: the directory is in use or damaged, or the port is taken.
    """
    _check_port(settings)
    catalog = Catalog.open(DataDirectory.open(settings.data))
    engine = Engine(
        catalog.flush,
        catalog.optimize,
        capacity=settings.queue_capacity,
        idle_seconds=settings.idle_seconds,
    )
    engine.start()
    try:
        await _serve(settings, engine, catalog)
    finally:
        engine.stop()
        catalog.close()


async def _serve(settings: NodeSettings, engine: Engine, catalog: Catalog) -> None:
    standing = health.aio.HealthServicer()
    server, port = _bound(settings, engine, catalog, standing)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await server.start()
    try:
        _announce(settings, port)
        await stop.wait()
    finally:
        await standing.enter_graceful_shutdown()
        await server.stop(settings.grace_seconds)
        if settings.port_file:
            settings.port_file.unlink(missing_ok=True)


def _bound(
    settings: NodeSettings, engine: Engine, catalog: Catalog, standing: health.aio.HealthServicer
) -> tuple[grpc.aio.Server, int]:
    server = grpc.aio.server(
        interceptors=[StatusInterceptor()],
        options=[
            ("grpc.so_reuseport", 0),
            ("grpc.max_receive_message_length", settings.max_message_bytes),
            ("grpc.max_send_message_length", settings.max_message_bytes),
        ],
    )
    points_service_pb2_grpc.add_PointsServicer_to_server(PointsService(engine, catalog), server)  # type: ignore[no-untyped-call]
    collections_service_pb2_grpc.add_CollectionsServicer_to_server(  # type: ignore[no-untyped-call]
        CollectionsService(engine, catalog), server
    )
    qdrant_pb2_grpc.add_QdrantServicer_to_server(QdrantService(), server)  # type: ignore[no-untyped-call]
    health_pb2_grpc.add_HealthServicer_to_server(standing, server)
    return server, server.add_insecure_port(f"{settings.host}:{settings.port}")


def _check_port(settings: NodeSettings) -> None:
    # asked first because gRPC reports a taken port in several lines of its own log
    try:
        socket.create_server((settings.host, settings.port)).close()
    except OSError as error:
        address = f"{settings.host}:{settings.port}"
        raise StartupError(
            f"cannot listen on {address}: {os.strerror(error.errno) if error.errno else error}"
        ) from None


def _announce(settings: NodeSettings, port: int) -> None:
    if settings.port_file:
        _write_atomically(settings.port_file, f"{port}\n")
    print(f"READY {settings.host}:{port}", flush=True)


def _write_atomically(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
