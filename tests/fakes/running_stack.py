"""The real one-machine stack, for tests: every part as a process of its own, on free ports, in a folder of its own."""

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from shopguide_devstack.stack import control
from shopguide_devstack.stack.layout import Home, Ports, address
from shopguide_devstack.stack.parts import make_parts
from shopguide_devstack.stack.process import Status

REPOSITORY = Path(__file__).resolve().parents[2] / "model_repository" / "cpu"
UP_SECONDS = 300.0
RECOVERY_SECONDS = 100.0
_POLL_SECONDS = 0.1


class RunningStack:
    """A stack that is up; parts can be killed, frozen and waited for."""

    def __init__(self, folder: Path, models: Path) -> None:
        """Prepare a folder that shares the given weights."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "models").symlink_to(models)
        self.home = Home(folder)
        self.ports = free_ports()
        self._frozen: set[int] = set()

    def up(self) -> None:
        """Start every part and wait until all serve."""
        control.up(self.home, self.ports, REPOSITORY, print, UP_SECONDS)

    def down(self) -> None:
        """Stop every part."""
        self.thaw()
        control.down(self.home, print)

    @property
    def gateway(self) -> str:
        """Address of the gateway."""
        return address(self.ports.service("gateway"))

    @property
    def retrieval(self) -> str:
        """Address of the retrieval service."""
        return address(self.ports.service("retrieval"))

    def part(self, name: str) -> Status:
        """How a part is."""
        state = control.status(self.home)
        assert state is not None, "the stack is not running"
        return next(part for part in state.parts if part.name == name)

    def kill(self, name: str) -> None:
        """Kill a part without warning; the supervisor starts it again."""
        os.kill(self.part(name).pid, signal.SIGKILL)

    def freeze(self, name: str) -> None:
        """Stop a part from running without ending it: it accepts and never answers."""
        pid = self.part(name).pid
        os.kill(pid, signal.SIGSTOP)
        self._frozen.add(pid)

    def thaw(self) -> None:
        """Let everything run again that was frozen."""
        for pid in self._frozen:
            try:
                os.kill(pid, signal.SIGCONT)
            except ProcessLookupError:
                continue
        self._frozen.clear()

    def kill_model(self, model: str) -> None:
        """Kill the process that Triton runs a model in; Triton itself does not start it again."""
        os.kill(self._model_process(model), signal.SIGKILL)

    def _model_process(self, model: str) -> int:
        prefix = f"shopguide_triton_{self.ports.triton_grpc}_"
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                command = _command(entry)
                if "triton_python_backend_stub" in command and f"/{model}/" in command and prefix in command:
                    return int(entry.name)
        raise LookupError(f"{model} has no process")

    def wait_until_serving(self) -> None:
        """Wait until every part serves and none is about to be noticed as dead."""
        wait_for(self._serving, "every part serves")

    def _serving(self) -> bool:
        state = control.status(self.home)
        return state is not None and state.serving

    def wait_for_restart(self, name: str, restarts: int) -> None:
        """Wait until a part serves after more than `restarts` restarts."""

        def restarted() -> bool:
            part = self.part(name)
            return part.restarts > restarts and part.condition == "serving"

        wait_for(restarted, f"{name} serves again")


def _command(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def wait_for(condition: Callable[[], bool], what: str, seconds: float = RECOVERY_SECONDS) -> None:
    """Wait until a condition holds. Raises TimeoutError naming `what`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:g} s: {what}")
        time.sleep(_POLL_SECONDS)


def free_ports() -> Ports:
    """Return a block of ports that nothing listens on, at a random place."""
    for _ in range(100):
        ports = Ports(random.randrange(20_000, 32_000))
        if not ports.taken():
            return ports
    raise OSError("no free block of ports")


def _is_ready(listening: str) -> bool:
    with grpc.insecure_channel(listening) as channel:
        try:
            stub = health_pb2_grpc.HealthStub(channel)
            answer = stub.Check(  # type: ignore[attr-defined]
                health_pb2.HealthCheckRequest(service="readiness"), timeout=5
            )
        except grpc.RpcError:
            return False
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


@contextmanager
def small_gateway(stack: RunningStack, folder: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """Run one more gateway over the services of a stack, with other settings (`SHOPGUIDE_` left out); yields its address."""
    part = next(p for p in make_parts(stack.home, stack.ports, REPOSITORY) if p.name == "gateway")
    own = {"PORT": "0", "METRICS_PORT": "0", "PORT_FILE": str(folder / "port.json"), **settings}
    environment = {**part.environment, **{f"SHOPGUIDE_{name}": value for name, value in own.items()}}
    with (folder / "gateway.log").open("wb") as log:
        process = subprocess.Popen(part.argv, env=environment, stdout=log, stderr=log)
    try:
        port_file = folder / "port.json"
        wait_for(lambda: port_file.exists() and port_file.read_text() != "", "the gateway listens")
        listening = address(json.loads(port_file.read_text())["port"])
        wait_for(lambda: _is_ready(listening), "the gateway serves")
        yield listening
    finally:
        process.terminate()
        process.wait(timeout=30)
