"""A real server inside the test process, for contract tests."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import grpc.aio

from shopguide_runtime.calls import Stage
from shopguide_runtime.health import Check
from shopguide_runtime.server import App, GrpcServer
from shopguide_runtime.settings import ServerSettings


@asynccontextmanager
async def serve_in_process(
    add_servicers: Sequence[Callable[[grpc.aio.Server], None]],
    *,
    service_names: Sequence[str] = (),
    checks: Sequence[Check] = (),
    stages: Sequence[Stage] = (),
    settings: ServerSettings | None = None,
    warm: bool = True,
) -> AsyncIterator[str]:
    """Serve on a free loopback port with every stage of a real server; yields the address `127.0.0.1:port`.

    With `warm=False` the server stays in its warm-up: alive, refusing calls.
    """
    app = App(add_servicers, service_names, checks, stages=stages)
    server = GrpcServer("test", settings or ServerSettings(), app)
    port = await server.start()
    if warm:
        await server.warm_up()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(drain_seconds=0, grace_seconds=0)
