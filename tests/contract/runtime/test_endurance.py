"""Many calls of all kinds that succeed, fail, time out and are cancelled leave nothing behind."""

import asyncio
import random

import grpc.aio
import pytest
from prometheus_client import REGISTRY

from fakes.probe_service import KINDS, SERVICE, finish, method_name, start
from shopguide_runtime import errors
from shopguide_runtime.channels import open_channel
from shopguide_runtime.settings import ServerSettings

pytestmark = pytest.mark.anyio

PERMITS = 4


async def act(text, together):
    """Succeed, wait, fail, crash, or wait until `PERMITS` calls are inside, as the text says."""
    if text == "wait":
        await asyncio.sleep(0.05)
    elif text == "meet":
        await together.wait()
    elif text == "fail":
        raise errors.NotFound("product", "p1")
    elif text == "crash":
        raise ValueError(text)
    return text


async def one_call(channel, chance):
    """Make one random call and perhaps cancel it."""
    text = chance.choice(["ok", "wait", "fail", "crash"])
    call = start(channel, chance.choice(KINDS), [text, text], timeout=chance.choice([0.02, 5, None]))
    if chance.random() < 0.3:
        await asyncio.sleep(chance.random() * 0.05)
        call.cancel()
    try:
        await finish(call)
    except (grpc.aio.AioRpcError, asyncio.CancelledError):
        return


def in_flight(side):
    """Return the sum of the in-flight gauges of all probe methods."""
    labels = ({"grpc_type": k, "grpc_service": SERVICE, "grpc_method": method_name(k)} for k in KINDS)
    return sum(REGISTRY.get_sample_value(f"grpc_{side}_in_flight", one) or 0 for one in labels)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_nothing_is_left_behind(probe, seed):
    """After random calls no call is in flight, no one waits, and every permit is free again."""
    chance = random.Random(seed)
    settings = ServerSettings(
        max_concurrent_requests=PERMITS,
        max_queued_requests=8,
        queue_timeout_seconds=0.1,
        default_deadline_seconds=2,
    )
    together = asyncio.Barrier(PERMITS)

    async def act_together(text):
        return await act(text, together)

    async with (
        probe(act_together, settings=settings, as_address=True) as address,
        open_channel(address) as channel,
    ):
        await asyncio.gather(*(one_call(channel, chance) for _ in range(150)))
        for _ in range(500):
            if not in_flight("server") and not in_flight("client"):
                break
            await asyncio.sleep(0.01)
        assert (in_flight("server"), in_flight("client")) == (0, 0)
        assert REGISTRY.get_sample_value("shopguide_admission_queued") == 0
        answers = await asyncio.gather(*(finish(start(channel, "unary", ["meet"])) for _ in range(PERMITS)))
    assert answers == [["meet"]] * PERMITS
