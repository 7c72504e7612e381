"""Settings of the node."""

from dataclasses import dataclass
from pathlib import Path

API_VERSION = "1.20.0"
"""The version of Qdrant's protocol the node speaks, reported by its health check."""


@dataclass(frozen=True)
class NodeSettings:
    """How a node runs."""

    data: Path
    """Directory of all data; created if missing, used by one node at a time."""
    host: str = "127.0.0.1"
    """Address to listen on. There is no authentication: keep it on loopback."""
    port: int = 7434
    """gRPC port; 0 lets the system choose."""
    port_file: Path | None = None
    """File the port is written to once the node is ready; removed when it stops."""
    queue_capacity: int = 1024
    """Calls that may wait for the engine; further ones are refused with RESOURCE_EXHAUSTED."""
    idle_seconds: float = 2.0
    """Quiet time after which collections that ask for quantization are optimized."""
    max_message_bytes: int = 64 * 1024 * 1024
    """Largest request and answer."""
    grace_seconds: float = 5.0
    """Time given to calls in progress when the node stops."""
