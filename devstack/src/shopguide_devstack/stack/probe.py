"""Asks a part whether it serves."""

from collections.abc import Iterable

import grpc
import grpc.aio
from grpc_health.v1 import health_pb2

_METHOD = "/grpc.health.v1.Health/Check"
_OPTIONS = (("grpc.use_local_subchannel_pool", 1),)
"""Without it a probe would share the pause after the failed attempt of the probe before it."""


async def is_serving(address: str, names: Iterable[str], timeout: float = 2.0) -> bool:
    """Return whether every one of the names is SERVING at the address; False also when nothing answers in time."""
    async with grpc.aio.insecure_channel(address, options=_OPTIONS) as channel:
        try:
            for name in names:
                if not await _check(channel, name, timeout):
                    return False
        except grpc.aio.AioRpcError:
            return False
    return True


async def _check(channel: grpc.aio.Channel, name: str, timeout: float) -> bool:
    call = channel.unary_unary(
        _METHOD,
        request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
        response_deserializer=health_pb2.HealthCheckResponse.FromString,
    )
    response = await call(health_pb2.HealthCheckRequest(service=name), timeout=timeout)
    return bool(response.status == health_pb2.HealthCheckResponse.SERVING)
