"""A stand-in for a part of the stack: `python stack_part.py NAME PORT JOURNAL`; serves health, notes start and stop."""

import signal
import subprocess
import sys
import threading
from concurrent import futures
from pathlib import Path

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc


def main(name: str, port: str, journal: Path) -> None:
    """Serve until SIGTERM; a child process stands for Triton's stubs."""
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"]) as child:
        servicer = health.HealthServicer()
        servicer.set("readiness", health_pb2.HealthCheckResponse.SERVING)
        server = grpc.server(futures.ThreadPoolExecutor(2))
        health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
        server.add_insecure_port(f"127.0.0.1:{port}")
        server.start()
        note(journal, f"{name} started {child.pid}")
        sys.stdout.write(f"{name} listens\n")
        sys.stdout.flush()
        stopped.wait()
        note(journal, f"{name} stopped")
        server.stop(None).wait()
        child.kill()


def note(journal: Path, line: str) -> None:
    """Append a line to the journal that all parts share."""
    with journal.open("a", encoding="ascii") as stream:
        stream.write(line + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
