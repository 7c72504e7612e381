"""The node as a process: readiness, exclusive use of its directory and port, overload, stopping."""

import asyncio
import contextlib
import random
import socket
import subprocess
import sys

import grpc
from qdrant_client import models as m
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


def test_a_damaged_manifest_is_named(data):
    """A node does not start over a manifest it cannot read, and says which file it is."""
    data.mkdir()
    (data / "manifest.json").write_text("{", encoding="utf-8")
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


def test_an_idle_node_builds_what_collections_ask_for(data, runner):
    """Left alone, the node quantizes a collection whose configuration asks for it, and answers as before."""
    chosen = random.Random(1)
    vectors = [[chosen.gauss(0, 1) for _ in range(64)] for _ in range(400)]

    async def optimized(node):
        for _ in range(200):
            if (await node.client.get_collection("vectors")).segments_count > 1:
                return True
            await asyncio.sleep(0.2)  # longer than the quiet time the node waits for
        return False

    with running_node(data, "--idle-seconds", "0.05") as process:
        node = connected(process, runner)
        node.call(
            "create_collection",
            "vectors",
            vectors_config=m.VectorParams(size=64, distance=m.Distance.COSINE),
            quantization_config=m.ScalarQuantization(
                scalar=m.ScalarQuantizationConfig(type=m.ScalarType.INT8)
            ),
            optimizers_config=m.OptimizersConfigDiff(indexing_threshold=10),
        )
        node.call("upsert", "vectors", [m.PointStruct(id=i, vector=v) for i, v in enumerate(vectors)])
        assert runner.run(optimized(node))
        assert [p.id for p in node.call("query_points", "vectors", query=vectors[5], limit=1).points] == [5]
        node.call("upsert", "vectors", [m.PointStruct(id=1000, vector=vectors[5])])
        assert node.call("count", "vectors").count == 401


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
