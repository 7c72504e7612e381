"""A real Triton server in a process of its own, for tests."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import grpc
from tritonclient.grpc import service_pb2, service_pb2_grpc

from shopguide_devstack.triton.launcher import TritonSettings
from shopguide_devstack.triton.shared_memory import remove_segments

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = ROOT / "model_repository" / "cpu"
SOURCES = [str(ROOT / "devstack" / "src")]
START_SECONDS = 100
STOP_SECONDS = 45
EXIT_SECONDS = 5


class TritonProcess:
    """A running server on free ports with the given models loaded; ends with its shared memory cleaned up."""

    def __init__(self, repository: Path, models: Path, scratch: Path, load: tuple[str, ...]) -> None:
        http, grpc_port, metrics = _free_ports(3)
        self.settings = TritonSettings(repository, models, scratch, http, grpc_port, metrics, load)
        self.address = f"127.0.0.1:{grpc_port}"
        self.log = scratch / "triton.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self._command(), env=_environment(), stdout=log, stderr=subprocess.STDOUT
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> int:
        """Stop the server as an operator would (SIGTERM) and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        remove_segments(self.settings.shm_prefix)
        return self.process.returncode

    def model_process(self, model: str) -> int:
        """Return the process id of a model's backend process."""
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _is_stub(entry, model, self.settings.shm_prefix):
                return int(entry.name)
        raise LookupError(f"{model} has no process")

    def metric(self, name: str, model: str) -> float:
        """Return one sample of the server's `/metrics`."""
        url = f"http://127.0.0.1:{self.settings.metrics_port}/metrics"
        with urllib.request.urlopen(url, timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        sample = f'{name}{{model="{model}",version="1"}} '
        return float(next(line for line in lines if line.startswith(sample)).rpartition(" ")[2])

    def _command(self) -> list[str]:
        given = self.settings
        options = {
            "repository": given.repository,
            "models": given.models,
            "runtime-dir": given.runtime_dir,
            "http-port": given.http_port,
            "grpc-port": given.grpc_port,
            "metrics-port": given.metrics_port,
            "exit-timeout": EXIT_SECONDS,
        }
        arguments = [f"--{name}={value}" for name, value in options.items()]
        loads = [f"--load={model}" for model in given.load]
        return [sys.executable, "-m", "shopguide_devstack.triton", *arguments, *loads]

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        with grpc.insecure_channel(self.address) as channel:
            stub = service_pb2_grpc.GRPCInferenceServiceStub(channel)
            while not self._loaded(stub):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"Triton did not start:\n{self.log.read_text()[-3000:]}")
                time.sleep(0.1)

    def _loaded(self, stub: service_pb2_grpc.GRPCInferenceServiceStub) -> bool:
        try:
            live = stub.ServerLive(service_pb2.ServerLiveRequest(), timeout=2).live
            requests = [service_pb2.ModelReadyRequest(name=model) for model in self.settings.load]
            return live and all(stub.ModelReady(request, timeout=2).ready for request in requests)
        except grpc.RpcError:
            return False


def copy_repository(target: Path, **parameters: str) -> Path:
    """Copy the CPU model repository, replacing parameters of the generator's `config.pbtxt`."""
    shutil.copytree(REPOSITORY, target, ignore=shutil.ignore_patterns("__pycache__"))
    config = target / "generator" / "config.pbtxt"
    lines = [_with_parameter(line, parameters) for line in config.read_text().splitlines()]
    config.write_text("\n".join(lines) + "\n")
    return target


def _with_parameter(line: str, parameters: dict[str, str]) -> str:
    for name, value in parameters.items():
        if line.startswith(f'parameters {{ key: "{name}"'):
            return f'parameters {{ key: "{name}" value {{ string_value: "{value}" }} }}'
    return line


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([*SOURCES, os.environ.get("PYTHONPATH", "")])}


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [opened.getsockname()[1] for opened in sockets]
    for opened in sockets:
        opened.close()
    return ports


def _is_stub(entry: Path, model: str, prefix: str) -> bool:
    try:
        command = (entry / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return "triton_python_backend_stub" in command and f"/{model}/" in command and prefix in command
