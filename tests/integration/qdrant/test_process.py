"""The node as a process: readiness, exclusive use of its directory and port, overload, stopping."""

import asyncio
import contextlib
import socket
import subprocess
import sys

import grpc
import pytest
from qdrant_client.common.client_exceptions import ResourceExhaustedResponse

from fakes.qdrant_node import node_environment, running_node
from fakes.qdrant_shop import NAME, connected, point


def failed_start(*arguments):
    """Return the exit code and the error output of a node that must not start."""
    command = [sys.executable, "-m", "shopguide_devstack.qdrant", *arguments]
    done = subprocess.run(
        command, env=node_environment(), capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stderr.strip()


def test_a_directory_serves_one_node(data):
    """A second node on the same directory ends at once with one line that says so."""
    with running_node(data):
        assert failed_start("--data", str(data), "--port", "0") == (
            1,
            f"qdrant node: data directory {data} is in use by another node",
        )


def test_a_taken_port_is_named(data):
    """A node whose port is taken ends at once with one line that says so."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, text = failed_start("--data", str(data), "--port", str(port))
    assert (code, text) == (1, f"qdrant node: cannot listen on 127.0.0.1:{port}: Address already in use")


@pytest.mark.parametrize(
    "text", ["{", '{"version": 99}', '{"version": 1, "collections": {"a": {}}, "aliases": {}}']
)
def test_a_damaged_manifest_is_named(data, text):
    """A node does not start over a manifest it cannot read, and says which file it is."""
    data.mkdir()
    (data / "manifest.json").write_text(text, encoding="utf-8")
    code, line = failed_start("--data", str(data), "--port", "0")
    assert code == 1
    assert str(data / "manifest.json") in line
    assert "\n" not in line


def test_the_port_file_says_when_the_node_is_ready(data, tmp_path):
    """The port file appears with the port and is gone after a graceful stop."""
    port_file = tmp_path / "run" / "qdrant.port"
    with running_node(data, "--port-file", str(port_file)) as process:
        assert int(port_file.read_text(encoding="utf-8")) == process.port
        assert process.stop() == 0
        assert not port_file.exists()


def test_a_full_queue_refuses_calls(data, runner):
    """Beyond the queue's capacity calls are RESOURCE_EXHAUSTED; those admitted are answered, and later ones too."""
    with running_node(data, "--queue-capacity", "2") as process:
        node = connected(process, runner)
        node.create()
        node.fill(count=2000)

        async def burst():
            calls = [
                node.client.query_points(NAME, query=[1.0, 2.0, 3.0, 4.0], using="text", limit=1000)
                for _ in range(60)
            ]
            return await asyncio.gather(*calls, return_exceptions=True)

        answers = runner.run(burst())
        refused = [a for a in answers if isinstance(a, ResourceExhaustedResponse)]
        assert 0 < len(refused) < len(answers)
        assert all(a in refused or len(a.points) == 1000 for a in answers)
        assert {error.retry_after_s for error in refused} == {1}
        assert len(node.call("query_points", NAME, query=[1.0, 2.0, 3.0, 4.0], using="text").points) == 10


def test_calls_in_progress_end_before_the_node_stops(data, runner):
    """Writes under way when the node is told to stop are finished and kept, or refused; none is half there."""
    done, enough = [], asyncio.Event()

    async def write(node):
        with contextlib.suppress(grpc.aio.AioRpcError):
            for number in range(10_000):
                await node.client.upsert(NAME, [point(number * 10 + i) for i in range(1, 11)])
                done.append(number)
                if len(done) == 10:
                    enough.set()

    async def scenario(node):
        writing = asyncio.create_task(write(node))
        await enough.wait()
        node.process.process.terminate()
        await writing

    with running_node(data) as process:
        node = connected(process, runner)
        node.create()
        runner.run(scenario(node))
        assert process.stop() == 0
    with running_node(data) as process:
        count = connected(process, runner).call("count", NAME).count
        assert count % 10 == 0
        assert count >= 10 * len(done)
