"""Prepare what the repository needs on this machine: system packages, `.venv`, all parts installed in it.

Skipped in a moment when nothing changed since the last time. Needs only the standard library of Python 3.11.
"""

import argparse
import ctypes.util
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
ENVIRONMENT = REPOSITORY / ".venv"
STAMP = ENVIRONMENT / "setup.stamp"
LOG = ENVIRONMENT / "setup.log"
SUPPORTED = (3, 11)
_FAILURE_TAIL = 30
_HEARTBEAT_SECONDS = 15.0


class SetUpError(Exception):
    """The machine cannot be prepared; the message says what to do."""


def input_files(root: Path) -> list[Path]:
    """Return the files that decide what gets installed."""
    named = [root / name for name in ("constraints.txt", "requirements.txt", "requirements-dev.txt")]
    return [*named, *sorted([*root.glob("*/pyproject.toml"), *root.glob("services/*/pyproject.toml")])]


def digest(root: Path) -> str:
    """Return one hash over the names and contents of the files of `root` that decide what gets installed."""
    total = hashlib.sha256()
    for path in input_files(root):
        total.update(str(path.relative_to(root)).encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def missing_system_packages() -> list[str]:
    """Return the Debian packages that are still needed: the module that makes `.venv`, Triton's libpython."""
    missing = [] if importlib.util.find_spec("ensurepip") else ["python3.11-venv"]
    library = Path(sysconfig.get_config_var("LIBDIR") or "") / "libpython3.11.so.1.0"
    if sys.platform == "linux" and not library.exists() and not ctypes.util.find_library("python3.11"):
        missing.append("libpython3.11")
    return missing


def install_system_packages(packages: Sequence[str]) -> None:
    """Install Debian packages when this user may; otherwise name the command.

    Only the former is indispensable: without libpython everything but the local Triton server works.

    Raises:
        SetUpError: `python3.11-venv` is missing and cannot be installed here.
    """
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if shutil.which("apt-get") and os.geteuid() == 0:
        say(f"installing {' '.join(packages)} with apt-get")
        subprocess.run(["apt-get", "update"], check=False, capture_output=True)
        if subprocess.run(command, check=False, capture_output=True).returncode == 0:
            return
    advice = f"missing system packages; run: sudo {' '.join(command)}"
    if "python3.11-venv" in packages:
        raise SetUpError(advice)
    say(f"warning: {advice}  (Triton's Python backend cannot start without it)")


def create_environment() -> None:
    """Create `.venv` with this interpreter unless it is there."""
    if not (ENVIRONMENT / "bin" / "python").exists():
        say(f"creating .venv with {sys.executable} ({sys.version.split()[0]})")
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)


def pip_install(title: str, arguments: Sequence[str]) -> None:
    """Run `pip install` in `.venv`, showing progress in one line and keeping the whole output in the log.

    Raises:
        SetUpError: pip failed; the message ends with the last lines of its output.
    """
    command = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["-c", str(REPOSITORY / "constraints.txt"), *arguments]
    output: list[str] = []
    started = shown = time.monotonic()
    with (
        LOG.open("a", encoding="utf-8") as log,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=REPOSITORY
        ) as process,
    ):
        for line in process.stdout or ():
            log.write(line)
            output.append(line)
            if time.monotonic() - shown > _HEARTBEAT_SECONDS:
                shown = time.monotonic()
                say(f"{title}: {shown - started:.0f} s, {line.strip()[:80]}")
    if process.returncode != 0:
        tail = "".join(output[-_FAILURE_TAIL:])
        message = f"{title} failed; the last lines of {LOG.relative_to(REPOSITORY)}:\n{tail}"
        raise SetUpError(message)
    say(f"{title}: done in {time.monotonic() - started:.0f} s")


def say(message: str) -> None:
    """Tell the user what happens, at once."""
    print(f"setup: {message}", flush=True)


def prepare(*, force: bool) -> None:
    """Bring the machine up to date with the files in the repository.

    Raises:
        SetUpError: something is missing that this program may not or cannot install.
    """
    if sys.version_info[:2] != SUPPORTED:
        message = (
            f"Python 3.11 is needed, this is {sys.version.split()[0]}; name one: `make PYTHON=python3.11`"
        )
        raise SetUpError(message)
    wanted = digest(REPOSITORY)
    if not force and STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    packages = missing_system_packages()
    if packages:
        install_system_packages(packages)
    create_environment()
    LOG.unlink(missing_ok=True)
    pip_install("build tools", ["pip", "setuptools", "wheel"])
    # Without build isolation our own parts build with the pinned setuptools, and ten times faster.
    pip_install(
        "packages (about 2.5 GB at the first time)",
        ["--no-build-isolation", "-r", "requirements.txt", "-r", "requirements-dev.txt"],
    )
    STAMP.write_text(wanted, encoding="utf-8")


def main() -> int:
    """Prepare the machine; return 1 with one explanation when that is impossible."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="install again although nothing changed")
    try:
        prepare(force=parser.parse_args().force)
    except SetUpError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
