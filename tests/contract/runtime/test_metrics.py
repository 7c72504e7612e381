"""Metrics of incoming and outgoing calls, and the endpoint that serves them."""

import asyncio
import socket
import urllib.request

import grpc
import grpc.aio
import pytest
from prometheus_client import REGISTRY

from fakes.probe_service import SERVICE, ask, finish, method_name, start
from shopguide_runtime import errors, metrics
from shopguide_runtime.channels import open_channel

pytestmark = pytest.mark.anyio

SENT = {"unary": 1, "server_stream": 3, "client_stream": 1, "bidi_stream": 2}
RECEIVED = {"unary": 1, "server_stream": 1, "client_stream": 2, "bidi_stream": 2}


class Change:
    """Reads how much a series grew since this object was made."""

    def __init__(self):
        self._before = self._read()

    @staticmethod
    def _read():
        return {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in REGISTRY.collect()
            for sample in family.samples
        }

    def of(self, name, **labels):
        """Return the growth of one series."""
        key = (name, tuple(sorted(labels.items())))
        return self._read().get(key, 0) - self._before.get(key, 0)

    def new_series(self, name):
        """Return the labels of the series of a metric that did not exist before."""
        return [dict(labels) for key, labels in self._read().keys() - self._before.keys() if key == name]


def labels_of(kind):
    """Return the labels of the probe method of a kind."""
    return {"grpc_type": kind, "grpc_service": SERVICE, "grpc_method": method_name(kind)}


async def until(condition):
    """Wait until a condition holds that another task is about to make true."""
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the condition never came true")


@pytest.mark.parametrize("side", ["server", "client"])
async def test_successful_call_is_counted(probe, kind, side):
    """A call that succeeds counts as started, handled OK, timed, with its messages, and is no longer in flight."""
    change, labels = Change(), labels_of(kind)
    texts = ("a", "b")[: RECEIVED[kind]]
    async with probe(as_address=True) as address, open_channel(address) as channel:
        await ask(channel, kind, *texts)
        handled = f"grpc_{side}_handled_total"
        await until(lambda: change.of(handled, **labels, grpc_code="OK") == 1)
    sent, received = (SENT, RECEIVED) if side == "server" else (RECEIVED, SENT)
    assert change.of(f"grpc_{side}_started_total", **labels) == 1
    assert change.of(f"grpc_{side}_handling_seconds_count", **labels) == 1
    assert change.of(f"grpc_{side}_msg_sent_total", **labels) == sent[kind]
    assert change.of(f"grpc_{side}_msg_received_total", **labels) == received[kind]
    assert change.of(f"grpc_{side}_in_flight", **labels) == 0
    first = change.of(f"grpc_{side}_first_message_seconds_count", **labels)
    assert first == (1 if kind in {"server_stream", "bidi_stream"} else 0)


@pytest.mark.parametrize("side", ["server", "client"])
async def test_failed_call_is_counted_with_its_code(probe, kind, side):
    """A call that fails counts with the code that the client sees."""

    async def refuse(_text):
        raise errors.NotFound("catalog", "shoes")

    change, labels = Change(), labels_of(kind)
    async with probe(refuse, as_address=True) as address, open_channel(address) as channel:
        with pytest.raises(grpc.aio.AioRpcError):
            await ask(channel, kind, "a")
    assert change.of(f"grpc_{side}_handled_total", **labels, grpc_code="NOT_FOUND") == 1
    assert change.of(f"grpc_{side}_in_flight", **labels) == 0


async def test_call_in_progress_is_in_flight(probe, kind):
    """While a handler runs, both sides show one call in flight."""
    entered, leave = asyncio.Event(), asyncio.Event()

    async def wait(text):
        entered.set()
        await leave.wait()
        return text

    change, labels = Change(), labels_of(kind)
    async with probe(wait, as_address=True) as address, open_channel(address) as channel:
        calling = asyncio.create_task(ask(channel, kind, "a"))
        await entered.wait()
        assert change.of("grpc_server_in_flight", **labels) == 1
        assert change.of("grpc_client_in_flight", **labels) == 1
        leave.set()
        await calling


async def test_expired_deadline_and_cancellation_are_told_apart(probe, kind):
    """The server counts an expired deadline as DEADLINE_EXCEEDED and a client that goes away as CANCELLED."""
    entered = asyncio.Event()

    async def hang(_text):
        entered.set()
        await asyncio.sleep(30)

    change, labels = Change(), labels_of(kind)

    def handled(code):
        return change.of("grpc_server_handled_total", **labels, grpc_code=code)

    async with probe(hang, as_address=True) as address, open_channel(address) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await ask(channel, kind, "a", timeout=0.2)
        await until(lambda: handled("DEADLINE_EXCEEDED") == 1)
        entered.clear()
        call = start(channel, kind, ["a"], timeout=20)
        reading = asyncio.create_task(finish(call))
        await entered.wait()
        call.cancel()
        await asyncio.wait([reading])
        await until(lambda: handled("CANCELLED") == 1)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert handled("DEADLINE_EXCEEDED") == 1
    assert change.of("grpc_client_handled_total", **labels, grpc_code="DEADLINE_EXCEEDED") == 1
    await until(lambda: change.of("grpc_client_handled_total", **labels, grpc_code="CANCELLED") == 1)
    assert change.of("grpc_client_in_flight", **labels) == 0
    assert change.of("grpc_server_in_flight", **labels) == 0


async def test_reader_that_stops_early_is_counted_once(probe):
    """A client that leaves a stream in the middle counts as cancelled and leaves nothing in flight."""
    change, labels = Change(), labels_of("server_stream")
    async with probe(as_address=True) as address, open_channel(address) as channel:
        call = start(channel, "server_stream", ["a"])
        async for _ in call:
            break
        call.cancel()
        await until(lambda: change.of("grpc_client_in_flight", **labels) == 0)


async def test_unknown_methods_share_one_series(probe):
    """Calls to methods that do not exist cannot create series."""
    change = Change()
    async with probe() as channel:
        for number in range(3):
            with pytest.raises(grpc.aio.AioRpcError):
                await ask(channel, "unary", "a", method=f"/attack.v{number}.Service/Method{number}")
    unknown = {"grpc_type": "unknown", "grpc_service": "unknown", "grpc_method": "unknown"}
    assert change.of("grpc_server_handled_total", **unknown, grpc_code="UNIMPLEMENTED") == 3
    assert not [s for s in change.new_series("grpc_server_started_total") if "attack" in s["grpc_service"]]


async def test_series_exist_before_the_first_call():
    """Every method and code of a served service has its series from the start, so that rates can be computed."""
    metrics.prepare(["shopguide.meta.v1.ServerInfoService"])
    labels = {
        "grpc_type": "unary",
        "grpc_service": "shopguide.meta.v1.ServerInfoService",
        "grpc_method": "GetServerInfo",
    }
    for code in grpc.StatusCode:
        assert (
            REGISTRY.get_sample_value("grpc_server_handled_total", {**labels, "grpc_code": code.name})
            is not None
        )


def test_endpoint_serves_the_metrics():
    """`/metrics` answers on the port that was picked."""
    endpoint = metrics.serve("127.0.0.1", 0)
    try:
        url = f"http://127.0.0.1:{endpoint.port}/metrics"
        body = urllib.request.urlopen(url, timeout=5).read().decode()
    finally:
        endpoint.close()
    assert "grpc_server_in_flight" in body


def test_taken_metrics_port_is_a_clear_error():
    """A port in use is refused with its address and the setting to change."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            metrics.MetricsPortError, match=f"127.0.0.1:{port} is already in use.*METRICS_PORT"
        ):
            metrics.serve("127.0.0.1", port)
