"""A local Qdrant node and a retrieval service in processes of their own: a running stack is left alone."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from shopguide_devstack.stack.layout import address

START_SECONDS = 60.0
_NOBODY = "127.0.0.1:1"
"""Where no encoder listens: searches that bring their vector need none."""


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def node(data: Path, idle_seconds: float = 1.0) -> Iterator[tuple[int, int]]:
    """Run a local Qdrant node over the folder `data`; yields its gRPC port and its process id."""
    command = [sys.executable, "-m", "shopguide_devstack.qdrant", "--data", str(data), "--port", "0"]
    command += ["--idle-seconds", str(idle_seconds)]
    data.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line.startswith("READY"):
            raise SystemExit(f"the node did not start: {line!r}")
        yield int(line.rpartition(":")[2]), process.pid
    finally:
        _end(process)


@contextmanager
def retrieval(qdrant_port: int, settings: Mapping[str, str] | None = None) -> Iterator[tuple[int, int]]:
    """Run a retrieval service over a node, without an encoder; yields its gRPC port and its process id."""
    port = free_port()
    environment = {
        **os.environ,
        "SHOPGUIDE_HOST": "127.0.0.1",
        "SHOPGUIDE_PORT": str(port),
        "SHOPGUIDE_METRICS_PORT": "0",
        "SHOPGUIDE_QDRANT_GRPC_PORT": str(qdrant_port),
        "SHOPGUIDE_QDRANT_HNSW_M": "0",
        "SHOPGUIDE_TRITON_ADDRESS": _NOBODY,
        "SHOPGUIDE_DRAIN_SECONDS": "0",
        **(settings or {}),
    }
    command = [sys.executable, "-m", "shopguide_retrieval"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await_serving(address(port))
        yield port, process.pid
    finally:
        _end(process)


def _await_serving(target: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    with grpc.insecure_channel(target) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        while time.monotonic() < deadline:
            try:
                answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=2)  # type: ignore[attr-defined]
                if answer.status == 1:
                    return
            except grpc.RpcError:
                pass
            time.sleep(0.2)
    raise SystemExit(f"nothing serves at {target} after {START_SECONDS:.0f} s")


def _end(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
