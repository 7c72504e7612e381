"""Channels to servers that come and go."""

import socket

import grpc
import grpc.aio
import pytest
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from shopguide_runtime.channels import open_channel

pytestmark = pytest.mark.anyio


def free_address() -> str:
    """Return a loopback address that nothing listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


async def state_at(channel: grpc.aio.Channel) -> int:
    """Return the health that the server behind the channel tells."""
    stub = health_pb2_grpc.HealthStub(channel)
    return (await stub.Check(health_pb2.HealthCheckRequest(), timeout=10)).status


async def test_a_new_channel_does_not_wait_for_what_another_one_missed():
    """A channel reaches a server that is up, though an older channel found nobody at that address just before."""
    address = free_address()
    server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
    health_pb2_grpc.add_HealthServicer_to_server(health.aio.HealthServicer(), server)
    async with open_channel(address) as early, open_channel(address) as late:
        with pytest.raises(grpc.aio.AioRpcError):
            await state_at(early)
        server.add_insecure_port(address)
        await server.start()
        assert await state_at(late) == health_pb2.HealthCheckResponse.SERVING
    await server.stop(0)
