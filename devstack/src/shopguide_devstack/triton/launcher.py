"""What the wheel's ``tritonserver`` needs in order to run on its own: backend folder, environment, arguments."""

from __future__ import annotations

import ctypes
import importlib.metadata
import importlib.util
import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
LIBPYTHON = f"libpython{PYTHON}.so.1.0"


class LaunchError(RuntimeError):
    """Triton cannot be started here; the message says what to do."""


@dataclass(frozen=True)
class TritonSettings:
    """One Triton server."""

    repository: Path
    """Model repository."""
    models: Path
    """Folder of the prepared weights; the models read it as SHOPGUIDE_MODELS."""
    runtime_dir: Path
    """Folder for the backend links; may be shared by servers."""
    http_port: int
    """Port of the HTTP API."""
    grpc_port: int
    """Port of the gRPC API; also names the server's shared memory."""
    metrics_port: int
    """Port of ``/metrics``."""
    load: tuple[str, ...]
    """Models to load at start; others can be loaded later."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    exit_timeout: int = 30
    """Seconds that open requests have after SIGTERM. All of them pass when a model's process was killed."""

    @property
    def shm_prefix(self) -> str:
        """Return the prefix of this server's segments in /dev/shm; two servers must not share one."""
        return f"shopguide_triton_{self.grpc_port}_"


def command(settings: TritonSettings) -> list[str]:
    """Return the argument vector. Raises LaunchError when the wheel is missing."""
    root = _wheel_root()
    backends = link_backend(root, settings.runtime_dir.absolute())
    return [
        str(root / "bin" / "tritonserver"),
        f"--model-repository={settings.repository.absolute()}",
        f"--backend-directory={backends}",
        f"--cache-directory={root / 'caches'}",
        *(f"--{kind}-address={settings.host}" for kind in ("http", "grpc", "metrics")),
        f"--http-port={settings.http_port}",
        f"--grpc-port={settings.grpc_port}",
        f"--metrics-port={settings.metrics_port}",
        "--model-control-mode=explicit",
        *(f"--load-model={name}" for name in settings.load),
        # A broken new version of one model must not make the server, with the old version at work, look dead.
        "--strict-readiness=false",
        "--exit-on-error=false",
        f"--exit-timeout-secs={settings.exit_timeout}",
        "--metrics-config=summary_latencies=true",
        f"--backend-config=python,shm-region-prefix-name={settings.shm_prefix}",
    ]


def environment(settings: TritonSettings) -> dict[str, str]:
    """Return the server's environment: this interpreter first on PATH is how the backend finds its packages."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    env["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), env.get("PATH", "/usr/bin:/bin")))
    env["SHOPGUIDE_MODELS"] = str(settings.models.absolute())
    # Worker threads that spin while they wait would take the cores from the other model.
    env.setdefault("OMP_WAIT_POLICY", "passive")
    env.setdefault("TOKENIZERS_PARALLELISM", "false")
    folder = _libpython_folder()
    if folder is not None:
        env["LD_LIBRARY_PATH"] = os.pathsep.join(filter(None, (str(folder), env.get("LD_LIBRARY_PATH"))))
    return env


def check_environment() -> None:
    """Raise LaunchError when NumPy or libpython would make the Python backend fail, silently or not."""
    numpy = importlib.metadata.version("numpy")
    if int(numpy.split(".")[0]) >= 2:  # noqa: PLR2004
        raise LaunchError(
            f"numpy {numpy} is installed; the Python backend of this Triton corrupts tensors with numpy 2: "
            "pip install numpy==1.26.4"
        )
    if _libpython_folder() is None and not _loadable(LIBPYTHON):
        raise LaunchError(f"{LIBPYTHON} is missing: apt-get install -y libpython{PYTHON}")


def link_backend(root: Path, runtime_dir: Path) -> Path:
    """Make a backend folder of links into the wheel, which keeps the stub of each Python apart; return it."""
    stub = root / "python_backend_stubs" / PYTHON / "triton_python_backend_stub"
    if not stub.exists():
        raise LaunchError(f"nvidia-pytriton has no backend stub for Python {PYTHON}")
    shipped = root / "backends" / "python"
    folder = runtime_dir / "backends" / "python"
    folder.mkdir(parents=True, exist_ok=True)
    for source in (shipped / "libtriton_python.so", shipped / "triton_python_backend_utils.py", stub):
        _link(source, folder / source.name)
    return folder.parent


def _link(source: Path, link: Path) -> None:
    if link.is_symlink() and link.readlink() == source:
        return
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    fresh.symlink_to(source)
    fresh.replace(link)


def _wheel_root() -> Path:
    # Only found, not imported: importing pytriton starts much that a server does not need.
    spec = importlib.util.find_spec("pytriton")
    if spec is None or not spec.submodule_search_locations:
        raise LaunchError("Triton is not installed: pip install nvidia-pytriton==0.7.0")
    return Path(next(iter(spec.submodule_search_locations)), "tritonserver")


def _libpython_folder() -> Path | None:
    library = Path(sysconfig.get_config_var("LIBDIR") or "/")
    folders = (library, library / (sysconfig.get_config_var("MULTIARCH") or ""))
    return next((folder for folder in folders if (folder / LIBPYTHON).exists()), None)


def _loadable(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
