"""The parts of the stack: how each is started, and how one knows that it serves."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from shopguide_devstack.stack.layout import HOST, Home, Ports, address

SERVICES = ("intent", "retrieval", "generation", "gateway")
TRITON_MODELS = ("text_encoder", "generator")
TRITON_EXIT_SECONDS = 5


@dataclass(frozen=True)
class Part:
    """One process of the stack."""

    name: str
    """Name of the part and of its log."""
    argv: tuple[str, ...]
    """Command line."""
    environment: Mapping[str, str]
    """Complete environment."""
    address: str
    """gRPC address to ask for health."""
    health_names: tuple[str, ...] = ("",)
    """Names that must all be SERVING in grpc.health.v1."""
    complete_names: tuple[str, ...] = ()
    """Names that are SERVING as well when nothing behind it is missing; it is degraded otherwise."""
    depends_on: tuple[str, ...] = ()
    """Parts without which it cannot serve fully; they are stopped after it."""
    shm_prefix: str = ""
    """Prefix of shared memory segments that a killed process leaves behind."""


def make_parts(home: Home, ports: Ports, repository: Path) -> tuple[Part, ...]:
    """Return all parts, those that others depend on first."""
    return (_qdrant(home, ports), _triton(home, ports, repository), *_services(home, ports))


def _base_environment() -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("SHOPGUIDE_")}
    env["PYTHONUNBUFFERED"] = "1"
    # A child that forks after gRPC has started would hang; none of the parts forks.
    env["GRPC_ENABLE_FORK_SUPPORT"] = "0"
    env.setdefault("OMP_WAIT_POLICY", "passive")
    env.setdefault("TOKENIZERS_PARALLELISM", "false")
    # A heap for each thread would hold on to what the others could use.
    env.setdefault("MALLOC_ARENA_MAX", "2")
    return env


def _python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", *arguments)


def _qdrant(home: Home, ports: Ports) -> Part:
    argv = _python(
        "shopguide_devstack.qdrant", "--host", HOST, "--port", str(ports.qdrant), "--data", str(home.qdrant)
    )
    return Part("qdrant", argv, _base_environment(), address(ports.qdrant))


def _triton(home: Home, ports: Ports, repository: Path) -> Part:
    argv = _python(
        "shopguide_devstack.triton",
        *("--repository", str(repository)),
        *("--models", str(home.models)),
        *("--runtime-dir", str(home.run / "triton")),
        *("--http-port", str(ports.triton_http)),
        *("--grpc-port", str(ports.triton_grpc)),
        *("--metrics-port", str(ports.triton_metrics)),
        *(word for model in TRITON_MODELS for word in ("--load", model)),
        # Everybody who asks it is stopped before it. Triton lets the whole time pass when a model's process was killed.
        *("--exit-timeout", str(TRITON_EXIT_SECONDS)),
    )
    return Part(
        "triton",
        argv,
        _base_environment(),
        address(ports.triton_grpc),
        TRITON_MODELS,
        shm_prefix=f"shopguide_triton_{ports.triton_grpc}_",
    )


def _services(home: Home, ports: Ports) -> tuple[Part, ...]:
    triton = address(ports.triton_grpc)
    intent = _service("intent", ports, {"TRITON_ADDRESS": triton}, ("triton",))
    retrieval = _service(
        "retrieval",
        ports,
        {
            "TRITON_ADDRESS": triton,
            "QDRANT_HOST": HOST,
            "QDRANT_GRPC_PORT": str(ports.qdrant),
            # The local node builds no graph in the background; it scans quantised vectors.
            "QDRANT_HNSW_M": "0",
        },
        ("triton", "qdrant"),
    )
    generation = _service(
        "generation",
        ports,
        {"TRITON_ADDRESS": triton, "MODELS": str(home.models)},
        ("triton",),
    )
    behind = {f"{name.upper()}_ADDRESS": address(ports.service(name)) for name in SERVICES[:3]}
    key = {"CONVERSATION_KEYS": conversation_key(home)}
    gateway = _service("gateway", ports, behind | key, SERVICES[:3])
    return (intent, retrieval, generation, gateway)


def _service(
    name: str,
    ports: Ports,
    settings: Mapping[str, str],
    depends_on: tuple[str, ...],
) -> Part:
    own = {
        "HOST": HOST,
        "PORT": str(ports.service(name)),
        "METRICS_PORT": str(ports.metrics(name)),
        # There is no load balancer to wait for on one machine.
        "DRAIN_SECONDS": "0",
        "GRACE_SECONDS": "10",
    }
    given = {f"SHOPGUIDE_{key}": value for key, value in (own | dict(settings)).items()}
    return Part(
        name,
        _python(f"shopguide_{name}"),
        _base_environment() | given,
        address(ports.service(name)),
        ("readiness",),
        ("complete",),
        depends_on,
    )


def conversation_key(home: Home) -> str:
    """Return the key that seals conversations; made once, so that conversations outlive the stack."""
    path = home.conversation_key
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    key = Fernet.generate_key().decode("ascii")
    path.write_text(key + "\n", encoding="ascii")
    return key
