"""Where the stack lives: its folder, its ports, its addresses."""

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
DEFAULT_BASE = 7400
_HIGHEST_OFFSET = 103
_FIRST_UNPRIVILEGED = 1024


def default_home() -> Path:
    """Return the state folder: `SHOPGUIDE_HOME`, or `.shopguide` in the current folder."""
    return Path(os.environ.get("SHOPGUIDE_HOME", ".shopguide")).absolute()


@dataclass(frozen=True)
class Ports:
    """All ports of a stack, from one base: services at base + 0…3, their metrics 100 above, the others between."""

    base: int = DEFAULT_BASE

    def __post_init__(self) -> None:
        """Raise ValueError when a port would lie outside of 1024…65535."""
        if not _FIRST_UNPRIVILEGED <= self.base <= 65535 - _HIGHEST_OFFSET:
            raise ValueError(
                f"port base must lie in {_FIRST_UNPRIVILEGED}…{65535 - _HIGHEST_OFFSET}, is {self.base}"
            )

    def service(self, name: str) -> int:
        """Return the gRPC port of a service."""
        return self.base + ("gateway", "intent", "retrieval", "generation").index(name)

    def metrics(self, name: str) -> int:
        """Return the Prometheus port of a service."""
        return self.service(name) + 100

    @property
    def qdrant(self) -> int:
        """Return the gRPC port of the local Qdrant node."""
        return self.base + 34

    @property
    def triton_http(self) -> int:
        """Return Triton's HTTP port."""
        return self.base + 80

    @property
    def triton_grpc(self) -> int:
        """Return Triton's gRPC port."""
        return self.base + 81

    @property
    def triton_metrics(self) -> int:
        """Return Triton's Prometheus port."""
        return self.base + 82

    def named(self) -> Iterator[tuple[str, int]]:
        """Yield every port with what it is for."""
        for name in ("gateway", "intent", "retrieval", "generation"):
            yield name, self.service(name)
            yield f"{name} metrics", self.metrics(name)
        yield "qdrant", self.qdrant
        yield "triton http", self.triton_http
        yield "triton grpc", self.triton_grpc
        yield "triton metrics", self.triton_metrics

    def taken(self) -> list[tuple[str, int]]:
        """Return the ports that something else listens on."""
        return [(name, port) for name, port in self.named() if not _is_free(port)]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def address(port: int) -> str:
    """Return `127.0.0.1:port`."""
    return f"{HOST}:{port}"


@dataclass(frozen=True)
class Home:
    """The folder that holds everything a stack writes."""

    path: Path

    @property
    def models(self) -> Path:
        """Return the folder of the prepared weights."""
        return self.path / "models"

    @property
    def qdrant(self) -> Path:
        """Return the data folder of the local Qdrant node."""
        return self.path / "qdrant"

    @property
    def run(self) -> Path:
        """Return the folder of what belongs to the running stack: state, lock, links."""
        return self.path / "run"

    @property
    def logs(self) -> Path:
        """Return the folder of the logs, one file a part."""
        return self.path / "logs"

    @property
    def state(self) -> Path:
        """Return the file that says how the stack is."""
        return self.run / "stack.json"

    @property
    def lock(self) -> Path:
        """Return the file that the supervisor holds locked."""
        return self.run / "lock"

    @property
    def conversation_key(self) -> Path:
        """Return the file of the key that seals conversations."""
        return self.run / "conversation.key"

    def log(self, part: str) -> Path:
        """Return the log of a part."""
        return self.logs / f"{part}.log"
