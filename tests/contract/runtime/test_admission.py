"""Admission: bounded work, bounded waiting, a retry hint for the rest, and health that answers in any case."""

import asyncio

import grpc
import grpc.aio
import pytest
from grpc_health.v1 import health_pb2

from fakes.probe_service import ask, health_stub
from shopguide.meta.v1 import server_info_service_pb2 as info_pb
from shopguide.meta.v1 import server_info_service_pb2_grpc as info_grpc
from shopguide_runtime import errors
from shopguide_runtime.settings import ServerSettings

pytestmark = pytest.mark.anyio


class Gate:
    """An action that counts who is inside and lets nobody out until it is opened."""

    def __init__(self):
        self.inside = 0
        self.most = 0
        self._entered = asyncio.Condition()
        self._open = asyncio.Event()

    async def __call__(self, text):
        """Come in, wait until the gate is open, go out."""
        async with self._entered:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self._entered.notify_all()
        try:
            await self._open.wait()
        finally:
            self.inside -= 1
        return text

    async def until_inside(self, number):
        """Wait until that many calls are inside."""
        async with self._entered:
            await self._entered.wait_for(lambda: self.inside >= number)

    def open(self):
        """Let everybody out."""
        self._open.set()


def limits(running, queued, queue_timeout=30.0):
    """Return settings with these admission limits and a retry hint of 2.5 s."""
    return ServerSettings(
        max_concurrent_requests=running,
        max_queued_requests=queued,
        queue_timeout_seconds=queue_timeout,
        overload_retry_seconds=2.5,
    )


async def refusal(channel, kind):
    """Return the translated error of a call that must be refused."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ask(channel, kind, "late")
    return errors.from_rpc_error(caught.value, "probe")


async def test_overload_is_refused_with_a_retry_hint(probe, kind):
    """When all permits and all places in the queue are taken, a call is RESOURCE_EXHAUSTED and says when to retry."""
    gate = Gate()
    async with probe(gate, settings=limits(1, 0)) as channel:
        first = asyncio.create_task(ask(channel, kind, "first"))
        await gate.until_inside(1)
        error = await refusal(channel, kind)
        gate.open()
        assert (await first)[0] == "first"
        assert (await ask(channel, kind, "again"))[0] == "again"
    assert isinstance(error, errors.ResourceExhausted)
    assert (error.reason, error.retry_after) == ("SERVER_BUSY", 2.5)


async def test_waiting_calls_run_when_a_permit_is_free(probe, kind):
    """Calls in the queue run later, and never more at once than there are permits."""
    gate = Gate()
    async with probe(gate, settings=limits(2, 8)) as channel:
        calls = [asyncio.create_task(ask(channel, kind, str(number))) for number in range(6)]
        await gate.until_inside(2)
        gate.open()
        answers = await asyncio.gather(*calls)
    assert [answer[0] for answer in answers] == [str(number) for number in range(6)]
    assert gate.most <= 2


async def test_wait_in_the_queue_is_bounded(probe):
    """A call that waits longer than the queue timeout is refused."""
    gate = Gate()
    async with probe(gate, settings=limits(1, 1, queue_timeout=0.05)) as channel:
        first = asyncio.create_task(ask(channel, "unary", "first"))
        await gate.until_inside(1)
        error = await refusal(channel, "unary")
        gate.open()
        await first
    assert error.reason == "SERVER_BUSY"


async def test_client_that_leaves_the_queue_frees_its_place(probe):
    """A waiting call that is cancelled takes no permit and no place with it."""
    gate = Gate()
    async with probe(gate, settings=limits(1, 1)) as channel:
        first = asyncio.create_task(ask(channel, "unary", "first"))
        await gate.until_inside(1)
        with pytest.raises(grpc.aio.AioRpcError):
            await ask(channel, "unary", "impatient", timeout=0.1)
        patient = asyncio.create_task(ask(channel, "unary", "patient"))
        await asyncio.sleep(0.05)
        gate.open()
        assert await first == ["first"]
        assert await patient == ["patient"]


async def test_health_and_server_info_answer_under_overload(probe):
    """A full server still answers health and ServerInfo, so that it is not restarted for being busy."""
    gate = Gate()
    async with probe(gate, settings=limits(1, 0)) as channel:
        first = asyncio.create_task(ask(channel, "unary", "first"))
        await gate.until_inside(1)
        health = await health_stub(channel).Check(health_pb2.HealthCheckRequest(service="liveness"))
        info = await info_grpc.ServerInfoServiceStub(channel).GetServerInfo(info_pb.GetServerInfoRequest())
        gate.open()
        await first
    assert health.status == health_pb2.HealthCheckResponse.SERVING
    assert info.limits["max_concurrent_requests"] == 1


async def test_warming_server_refuses_calls(probe, kind):
    """Before warm-up is over a call is UNAVAILABLE with WARMING_UP and a retry hint."""
    async with probe(warm=False) as channel:
        error = await refusal(channel, kind)
    assert isinstance(error, errors.Unavailable)
    assert error.reason == "WARMING_UP"
    assert error.retry_after is not None
