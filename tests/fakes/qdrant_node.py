"""A local Qdrant node in a process of its own, for tests."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qdrant_client import AsyncQdrantClient

SOURCES = Path(__file__).resolve().parents[2] / "devstack" / "src"
START_SECONDS = 60


class NodeProcess:
    """A running node; `port` is where it listens."""

    def __init__(self, data: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "shopguide_devstack.qdrant", "--data", str(data), *arguments]
        if "--port" not in arguments:
            command += ["--port", "0"]
        self.process = subprocess.Popen(
            command, env=node_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line.startswith("READY"):
            raise RuntimeError(
                f"the node did not start: {self.process.communicate(timeout=START_SECONDS)[1]}"
            )
        self.port = int(line.rpartition(":")[2])

    def client(self, **options: Any) -> AsyncQdrantClient:
        """Return a client of this node."""
        settings = {"timeout": START_SECONDS, "check_compatibility": False, **options}
        return AsyncQdrantClient(host="127.0.0.1", grpc_port=self.port, prefer_grpc=True, **settings)

    def stop(self) -> int:
        """Stop the node gracefully and return its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """Kill the node without warning (SIGKILL)."""
        return self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.communicate(timeout=START_SECONDS)
        return self.process.returncode


def node_environment() -> dict[str, str]:
    """Return an environment in which the node can be imported, installed or not."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCES), os.environ.get("PYTHONPATH", "")])}


@contextmanager
def running_node(data: Path, *arguments: str) -> Iterator[NodeProcess]:
    """Run a node for the length of a `with` block."""
    node = NodeProcess(data, *arguments)
    try:
        yield node
    finally:
        node.kill()
