"""Health over gRPC: liveness, startup, readiness and every service, driven by the checks of dependencies."""

import asyncio
from typing import Any

import grpc
import grpc.aio
import pytest
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from fakes.probe_service import SERVICE, ProbeService, health_stub
from shopguide.meta.v1 import server_info_service_pb2 as info_pb
from shopguide.meta.v1 import server_info_service_pb2_grpc as info_grpc
from shopguide_runtime.health import Check
from shopguide_runtime.server import App, GrpcServer
from shopguide_runtime.server_info import ModelInfo
from shopguide_runtime.settings import ServerSettings

pytestmark = pytest.mark.anyio

UP, DOWN = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING
META = "shopguide.meta.v1.ServerInfoService"


class Dependency:
    """A dependency that a test switches on and off."""

    def __init__(self):
        self.up = True
        self.probed = 0

    async def probe(self):
        """Succeed while it is up."""
        self.probed += 1
        if not self.up:
            raise ConnectionError("away")


async def hangs():
    """Never answer."""
    await asyncio.sleep(60)


async def status(channel, name):
    """Return the status under a health service name."""
    stub = health_stub(channel)
    return (await stub.Check(health_pb2.HealthCheckRequest(service=name))).status


async def watch(channel, name):
    """Yield the watched statuses."""
    call = health_stub(channel).Watch(health_pb2.HealthCheckRequest(service=name))
    async for response in call:
        yield response.status


async def test_names_before_and_after_warm_up():
    """While warming up only liveness is up; afterwards startup, readiness, the empty name and every service are."""
    server = GrpcServer("test", ServerSettings(), App([ProbeService().add_to], [META]))
    port = await server.start()
    names = ("liveness", "startup", "readiness", "", META)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        before = [await status(channel, name) for name in names]
        await server.warm_up()
        after = [await status(channel, name) for name in names]
    await server.stop(0, 0)
    assert before == [UP, DOWN, DOWN, DOWN, DOWN]
    assert after == [UP] * 5


async def test_unknown_name_is_not_found(probe):
    """Check of an unknown service is NOT_FOUND, Watch of it says SERVICE_UNKNOWN, as the protocol demands."""
    async with probe() as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await status(channel, "nobody")
        first = await anext(watch(channel, "nobody"))
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND
    assert first == health_pb2.HealthCheckResponse.SERVICE_UNKNOWN


async def test_watch_follows_a_required_dependency(probe):
    """Readiness falls when a required dependency goes away and returns with it; liveness is not touched."""
    dependency = Dependency()
    check = Check("db", dependency.probe, ttl=0.02)
    async with probe(checks=[check]) as channel:
        seen = watch(channel, "readiness")
        assert await anext(seen) == UP
        dependency.up = False
        assert await anext(seen) == DOWN
        assert await status(channel, "liveness") == UP
        assert await status(channel, "startup") == UP
        dependency.up = True
        assert await anext(seen) == UP


async def test_optional_dependency_does_not_decide(probe):
    """An optional dependency that is away leaves the server ready, but not complete."""
    dependency = Dependency()
    dependency.up = False
    async with probe(checks=[Check("extra", dependency.probe, required=False)]) as channel:
        assert await status(channel, "readiness") == UP
        assert await status(channel, "complete") == DOWN
    assert dependency.probed


async def test_probe_that_hangs_counts_as_failed(probe):
    """A probe that does not answer in time means that the dependency is away."""
    async with probe(checks=[Check("slow", hangs, timeout=0.05)]) as channel:
        assert await status(channel, "readiness") == DOWN


async def test_health_answers_from_the_cache(probe):
    """Asking for health does not probe the dependency again."""
    dependency = Dependency()
    async with probe(checks=[Check("db", dependency.probe, ttl=60)]) as channel:
        for _ in range(5):
            await status(channel, "")
    assert dependency.probed == 1


async def test_watches_end_when_the_server_stops():
    """A health watch says NOT_SERVING and ends at a stop, so that it does not hold up the drain."""
    server = GrpcServer("test", ServerSettings(), App([]))
    port = await server.start()
    await server.warm_up()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        seen = watch(channel, "")
        assert await anext(seen) == UP
        await asyncio.wait_for(server.stop(drain_seconds=0, grace_seconds=60), 30)
        assert [s async for s in seen] == [DOWN]


async def test_server_info_tells_models_and_limits():
    """ServerInfo names the service, its models, its limits and when it became ready."""
    app = App([], models=lambda: [ModelInfo("text_encoder", "abc", "cpu")])
    server = GrpcServer("retrieval", ServerSettings(revision="c0ffee"), app)
    port = await server.start()
    await server.warm_up()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        info = await info_grpc.ServerInfoServiceStub(channel).GetServerInfo(info_pb.GetServerInfoRequest())
    await server.stop(0, 0)
    assert (info.service, info.revision) == ("retrieval", "c0ffee")
    assert [(m.name, m.version, m.device) for m in info.models] == [("text_encoder", "abc", "cpu")]
    assert info.limits["max_receive_bytes"] == 4 * 1024 * 1024
    assert info.start_time.seconds > 1_600_000_000


@pytest.mark.parametrize("enabled", [True, False])
async def test_reflection_lists_services_when_enabled(probe, enabled):
    """Reflection lists the services, and does not exist when it is turned off."""
    settings = ServerSettings(reflection=enabled)
    async with probe(service_names=[META], settings=settings) as channel:
        stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
        call = stub.ServerReflectionInfo(iter([reflection_pb2.ServerReflectionRequest(list_services="")]))
        if enabled:
            names = {s.name async for r in call for s in r.list_services_response.service}
            assert {META, "grpc.health.v1.Health"} <= names
            assert SERVICE not in names
        else:
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await anext(aiter(call))
            assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
