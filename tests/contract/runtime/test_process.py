"""The life of a real server process: start, port file, drain, second signal, and starts that must fail."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import grpc
import grpc.aio
import pytest
from grpc_health.v1 import health_pb2

from fakes.probe_service import ask, health_stub, start
from shopguide_runtime.server import Ports

pytestmark = pytest.mark.anyio

PROGRAM = Path(__file__).parents[2] / "fakes" / "probe_server.py"


class ServerProcess:
    """A probe server in its own process."""

    def __init__(self, folder, **settings):
        self._port_file = folder / "ports.json"
        given = {f"SHOPGUIDE_{key.upper()}": str(value) for key, value in settings.items() if key.islower()}
        other = {key: value for key, value in settings.items() if key.isupper()}
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("SHOPGUIDE_")}
        environ = {**inherited, **given, **other, "SHOPGUIDE_PORT_FILE": str(self._port_file)}
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAM)],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    async def ports(self):
        """Return where the server listens, once it does."""
        for _ in range(600):
            if self._port_file.exists():
                return Ports.read(self._port_file)
            if self.process.poll() is not None:
                break
            await asyncio.sleep(0.05)
        raise AssertionError(f"the server did not start: {self.process.communicate()}")

    def end(self):
        """Return (exit status, standard output, standard error) after the process has ended."""
        output, errors = self.process.communicate(timeout=60)
        return self.process.returncode, output, errors


@pytest.fixture
def server(tmp_path):
    """Start probe servers that are gone after the test."""
    started = []

    def launch(**settings):
        started.append(ServerProcess(tmp_path, **settings))
        return started[-1]

    yield launch
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.communicate()


async def wait_until_ready(channel):
    """Return when readiness is SERVING."""
    call = health_stub(channel).Watch(health_pb2.HealthCheckRequest(service="readiness"), wait_for_ready=True)
    async for response in call:
        if response.status == health_pb2.HealthCheckResponse.SERVING:
            call.cancel()
            return


async def test_drain_finishes_streams_and_refuses_new_calls(server):
    """After SIGTERM a stream in progress is delivered whole, new calls are refused, parts are closed, exit is 0."""
    process = server(drain_seconds=0.3, grace_seconds=30)
    ports = await process.ports()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{ports.port}") as channel:
        await wait_until_ready(channel)
        call = start(channel, "server_stream", ["0.7"])
        received = [(await call.read()).value]
        watch = health_stub(channel).Watch(health_pb2.HealthCheckRequest(service=""))
        assert (await watch.read()).status == health_pb2.HealthCheckResponse.SERVING
        process.process.send_signal(signal.SIGTERM)
        assert (await watch.read()).status == health_pb2.HealthCheckResponse.NOT_SERVING
        assert await ask(channel, "unary", "0") == ["0"]
        await asyncio.sleep(0.5)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            async with grpc.aio.insecure_channel(f"127.0.0.1:{ports.port}") as newcomer:
                await ask(newcomer, "unary", "0")
        received += [(await call.read()).value for _ in range(2)]
        assert await call.read() is grpc.aio.EOF
    status, output, errors = await asyncio.to_thread(process.end)
    assert received == ["0.7"] * 3
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
    assert (status, output) == (0, "closed\n")
    events = [json.loads(line)["event"] for line in errors.splitlines() if line.startswith("{")]
    assert [e for e in events if e != "call finished"] == [
        "listening",
        "ready",
        "signal received",
        "draining",
        "stopped",
    ]


async def test_stream_that_outlasts_the_grace_period_is_cut(server):
    """After the grace period the server ends what is still running and exits with 0."""
    process = server(drain_seconds=0, grace_seconds=0.2)
    ports = await process.ports()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{ports.port}") as channel:
        await wait_until_ready(channel)
        call = start(channel, "unary", ["60"])
        await asyncio.sleep(0.2)
        process.process.send_signal(signal.SIGTERM)
        with pytest.raises((grpc.aio.AioRpcError, asyncio.CancelledError)):
            await call
    assert (await asyncio.to_thread(process.end))[0] == 0


async def test_second_signal_ends_the_process_at_once(server):
    """A second signal during the drain ends the process with 128 + signal."""
    process = server(drain_seconds=500, grace_seconds=500)
    ports = await process.ports()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{ports.port}") as channel:
        await wait_until_ready(channel)
        watch = health_stub(channel).Watch(health_pb2.HealthCheckRequest(service=""))
        await watch.read()
        process.process.send_signal(signal.SIGINT)
        await watch.read()
        process.process.send_signal(signal.SIGTERM)
        status, output, _ = await asyncio.to_thread(process.end)
    assert (status, output) == (128 + signal.SIGTERM, "")


async def test_ports_are_announced(server):
    """With port 0 the real ports and the pid stand in the port file and in the log, and metrics are served there."""
    process = server()
    ports = await process.ports()
    reader, writer = await asyncio.open_connection("127.0.0.1", ports.metrics_port)
    writer.write(b"GET /metrics HTTP/1.0\r\n\r\n")
    body = (await reader.read()).decode()
    writer.close()
    process.process.terminate()
    process.process.send_signal(signal.SIGINT)
    _, _, errors = await asyncio.to_thread(process.end)
    line = next(json.loads(row) for row in errors.splitlines() if '"listening"' in row)
    assert (line["port"], line["metrics_port"], process.process.pid) == (
        ports.port,
        ports.metrics_port,
        ports.pid,
    )
    assert 'shopguide_build_info{revision="",service="probe"' in body


async def test_failed_warm_up_ends_the_process(server):
    """A warm-up that fails ends the process with 1 and says why."""
    process = server(PROBE_WARM_UP="fail")
    status, output, errors = await asyncio.to_thread(process.end)
    assert (status, output) == (1, "closed\n")
    assert "models/generator is missing" in errors


@pytest.mark.parametrize("setting", ["port", "metrics_port"])
async def test_taken_port_ends_the_process(server, setting):
    """A port in use ends the process with 1 and names the setting."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = server(**{setting: taken.getsockname()[1]})
        status, _, errors = await asyncio.to_thread(process.end)
    assert status == 1
    assert f"SHOPGUIDE_{setting.upper()}" in errors


async def test_wrong_settings_end_the_process(server):
    """Wrong settings end the process with 2 and name all of them."""
    process = server(grace_seconds="soon", colour="red")
    status, _, errors = await asyncio.to_thread(process.end)
    assert status == 2
    assert "SHOPGUIDE_GRACE_SECONDS" in errors
    assert "SHOPGUIDE_COLOUR" in errors
