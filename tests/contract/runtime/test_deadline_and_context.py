"""Deadlines and request ids: given, defaulted, refused, and passed on to the servers that are called."""

import asyncio

import grpc
import grpc.aio
import pytest

from fakes.probe_service import ask, finish, start
from shopguide_runtime import context, deadline, errors
from shopguide_runtime.channels import open_channel
from shopguide_runtime.settings import ServerSettings
from shopguide_runtime.testing import serve_in_process

pytestmark = pytest.mark.anyio

WIRE_ROUNDING = 1.05
"""gRPC rounds the timeout that it sends up by a few percent at most."""


async def failure(channel, kind, **options):
    """Return the translated error of a call that must fail."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ask(channel, kind, "hello", **options)
    return errors.from_rpc_error(caught.value, "probe")


async def seconds_left(_text):
    """Answer with the seconds that the handler thinks are left."""
    return str(deadline.remaining(-1))


async def own_request_id(_text):
    """Answer with the request id that the handler sees."""
    return context.request_id()


async def hang(_text):
    """Answer much too late."""
    await asyncio.sleep(30)
    return ""


async def test_default_deadline_ends_a_call_without_one(probe, kind):
    """A call whose client sent no deadline ends with DEADLINE_EXCEEDED after the default one."""
    async with probe(hang, settings=ServerSettings(default_deadline_seconds=0.1)) as channel:
        error = await failure(channel, kind)
    assert isinstance(error, errors.DeadlineExceeded)
    assert error.metadata["stage"]


async def test_handler_knows_the_time_left(probe, kind):
    """A handler sees the client's deadline, and the default one when the client sent none."""
    async with probe(seconds_left, settings=ServerSettings(default_deadline_seconds=30)) as channel:
        given = float((await ask(channel, kind, "a", timeout=8))[0])
        default = float((await ask(channel, kind, "a"))[0])
    assert 0 < given <= 8 * WIRE_ROUNDING
    assert 8 * WIRE_ROUNDING < default <= 30


async def test_stage_that_runs_out_of_time_is_named(probe, kind):
    """A stage with a budget that is used up answers DEADLINE_EXCEEDED with the name of the stage."""

    async def slow_stage(_text):
        async with deadline.budget("retrieval", seconds=0.05):
            await asyncio.sleep(30)
        return ""

    async with probe(slow_stage) as channel:
        error = await failure(channel, kind, timeout=20)
    assert error.metadata == {"stage": "retrieval"}


async def test_request_id_is_kept_and_returned(probe, kind):
    """The handler sees the request id of the client, which also gets it back."""
    async with probe(own_request_id) as channel:
        call = start(channel, kind, ["a"], metadata=(("x-request-id", "abc-1"),))
        assert (await finish(call))[0] == "abc-1"
        assert dict(await call.trailing_metadata())["x-request-id"] == "abc-1"


@pytest.mark.parametrize("offered", [None, "", "a b", "x" * 65, "id\\n"])
async def test_missing_or_malformed_request_id_is_replaced(probe, offered):
    """A request id that could spoil logs is replaced by a random one."""
    metadata = () if offered is None else (("x-request-id", offered),)
    async with probe(own_request_id) as channel:
        seen = (await ask(channel, "unary", "a", metadata=metadata))[0]
    assert seen != offered
    assert len(seen) == 32


async def test_outgoing_calls_carry_request_id_and_time_left(probe, kind):
    """A server that calls another one passes the request id on and leaves it less time than it has itself."""
    async with (
        probe(own_request_id, as_address=True) as ids,
        probe(seconds_left, as_address=True) as clocks,
        open_channel(ids) as to_ids,
        open_channel(clocks, margin=1) as to_clocks,
    ):

        async def forward(_text):
            return f"{(await ask(to_ids, kind, 'x'))[0]} {(await ask(to_clocks, kind, 'x'))[0]}"

        async with probe(forward) as channel:
            answer = (await ask(channel, kind, "a", timeout=10, metadata=(("x-request-id", "abc-1"),)))[0]
    seen, left = answer.split()
    assert seen == "abc-1"
    assert 0 < float(left) <= 9 * WIRE_ROUNDING


async def test_outgoing_call_without_time_is_not_made(probe, kind):
    """When less time is left than the margin, an outgoing call fails at once with the suite's DeadlineExceeded."""
    async with probe(as_address=True) as address, open_channel(address, margin=60) as unreachable_in_time:

        async def forward(_text):
            return (await ask(unreachable_in_time, kind, "x"))[0]

        async with probe(forward) as channel:
            error = await failure(channel, kind, timeout=10)
    assert isinstance(error, errors.DeadlineExceeded)


async def attempts_at(method, error):
    """Return how often a method of the contract that always fails is called when a client calls it once."""
    attempts = []

    async def fail(_request, _context):
        attempts.append(1)
        raise error

    service, _, name = method[1:].partition("/")
    handler = grpc.method_handlers_generic_handler(service, {name: grpc.unary_unary_rpc_method_handler(fail)})

    def add(server):
        server.add_generic_rpc_handlers((handler,))

    async with serve_in_process([add]) as address, open_channel(address) as channel:
        with pytest.raises(grpc.aio.AioRpcError):
            await ask(channel, "unary", b"", method=method)
    return len(attempts)


@pytest.mark.parametrize(
    ("error", "expected"), [(errors.Unavailable("qdrant", retry_after=0), 3), (errors.Internal(), 1)]
)
async def test_channel_retries_as_the_contract_says(error, expected):
    """A read of the contract is tried again when the server is UNAVAILABLE, and only then."""
    assert await attempts_at("/shopguide.retrieval.v1.RetrievalService/Search", error) == expected
