"""Health as `grpc.health.v1` tells it: dependencies are probed in the background, cached, time-limited.

Names: `liveness` (the process runs; never depends on anything else), `startup` (warm-up is over),
`readiness`, the empty name and every gRPC service (warm, not draining, and every required dependency
answers), and `complete` (ready, and the dependencies that are not required answer as well).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from grpc_health.v1 import health_pb2, health_pb2_grpc

from shopguide_runtime import metrics
from shopguide_runtime.calls import RpcContext
from shopguide_runtime.errors import NotFound

_log = logging.getLogger(__name__)

_Status: TypeAlias = int
"""A value of `grpc.health.v1.HealthCheckResponse.ServingStatus`."""


@dataclass(frozen=True)
class Check:
    """A probe of one dependency: `probe` returns when it is well and raises when not.

    It runs every `ttl` seconds, and counts as failed after `timeout` seconds. Only `required` ones decide
    readiness.
    """

    name: str
    probe: Callable[[], Awaitable[None]]
    ttl: float = 2.0
    timeout: float = 1.0
    required: bool = True


class HealthMonitor:
    """Knows the state of the process and of its dependencies, and tells those who watch when it changes."""

    def __init__(self, service_names: Sequence[str], checks: Sequence[Check] = ()) -> None:
        """Take the gRPC services whose health is that of the server, and the checks to run."""
        self._ready_names = frozenset({"", "readiness", *service_names})
        self._checks = tuple(checks)
        self._up: dict[str, bool] = {}
        self._warm = False
        self._draining = False
        self._closed = False
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def warm(self) -> bool:
        """Whether warm-up is over."""
        return self._warm

    @property
    def ready(self) -> bool:
        """Whether the server should get calls."""
        required = (c.name for c in self._checks if c.required)
        return self._warm and not self._draining and all(self._up.get(name, False) for name in required)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing: ready, and every dependency up, also those that are not required."""
        return self.ready and all(self._up.get(check.name, False) for check in self._checks)

    def status(self, name: str) -> _Status | None:
        """Return the status under a health service name, None for an unknown name."""
        serving = {"liveness": True, "startup": self._warm, "complete": self.complete}.get(name)
        if serving is None:
            if name not in self._ready_names:
                return None
            serving = self.ready
        return (
            health_pb2.HealthCheckResponse.SERVING if serving else health_pb2.HealthCheckResponse.NOT_SERVING
        )

    async def start(self) -> None:
        """Run every check once and begin to repeat them."""
        await asyncio.gather(*(self._run(check) for check in self._checks))
        self._tasks = [asyncio.create_task(self._repeat(check)) for check in self._checks]

    def set_warm(self) -> None:
        """Say that warm-up is over."""
        self._warm = True
        self._notify()

    def set_draining(self) -> None:
        """Say that the server is about to stop: it should get no more calls."""
        self._draining = True
        self._notify()

    async def close(self) -> None:
        """Stop the checks and end all watches."""
        self._closed = True
        self._notify()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def watch(self, name: str) -> AsyncIterator[_Status]:
        """Yield the status under a name now and whenever it changes, until the monitor is closed."""
        last: _Status | None = None
        while True:
            changed = self._changed
            current = self.status(name)
            if current is None:
                current = health_pb2.HealthCheckResponse.SERVICE_UNKNOWN
            if current != last:
                yield current
                last = current
            elif self._closed:
                return
            else:
                await changed.wait()

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _repeat(self, check: Check) -> None:
        while True:
            await asyncio.sleep(check.ttl)
            await self._run(check)

    async def _run(self, check: Check) -> None:
        error: Exception | None = None
        try:
            async with asyncio.timeout(check.timeout):
                await check.probe()
        except Exception as raised:  # noqa: BLE001 - whatever a probe raises means that the dependency is away
            error = raised
        self._record(check, error)

    def _record(self, check: Check, error: Exception | None) -> None:
        up = error is None
        metrics.DEPENDENCY_UP.labels(check.name).set(up)
        if self._up.get(check.name) is up:
            return
        self._up[check.name] = up
        level = logging.INFO if up else logging.WARNING
        extra = {
            "dependency": check.name,
            "status": "up" if up else "down",
            "error": type(error).__qualname__ if error else None,
        }
        _log.log(level, "dependency changed", extra=extra)
        self._notify()


class HealthServicer(health_pb2_grpc.HealthServicer):
    """`grpc.health.v1.Health` over a HealthMonitor."""

    def __init__(self, monitor: HealthMonitor) -> None:
        """Take the monitor to ask."""
        self._monitor = monitor

    async def Check(
        self,
        request: health_pb2.HealthCheckRequest,
        context: RpcContext,  # noqa: ARG002 - gRPC passes it
    ) -> health_pb2.HealthCheckResponse:
        """Return the status under the asked name; raises NotFound for an unknown one."""
        status = self._monitor.status(request.service)
        if status is None:
            raise NotFound("service", request.service)
        return health_pb2.HealthCheckResponse(status=status)

    async def Watch(
        self,
        request: health_pb2.HealthCheckRequest,
        context: RpcContext,  # noqa: ARG002 - gRPC passes it
    ) -> AsyncIterator[health_pb2.HealthCheckResponse]:
        """Yield the status under the asked name now and at every change."""
        async for status in self._monitor.watch(request.service):
            yield health_pb2.HealthCheckResponse(status=status)
