"""A supervisor process over stand-in parts, and what tests ask of it."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shopguide_devstack.stack import control
from shopguide_devstack.stack.layout import Home, Ports
from shopguide_devstack.stack.process import Status

_SCRIPT = Path(__file__).with_name("stack_supervisor.py")
_PATIENCE = 40.0


def eventually(holds: Callable[[], bool], what: str) -> None:
    """Wait until something holds; fails after 40 seconds."""
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"never came: {what}"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Return whether a process runs; one that has ended and waits for its parent does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


@dataclass
class Stack:
    """A stack of stand-ins."""

    home: Home
    ports: Ports
    process: subprocess.Popen[bytes]

    def state(self) -> control.StackState:
        """Return how the stack is; it must be running."""
        state = control.status(self.home)
        assert state is not None
        return state

    def part(self, name: str) -> Status:
        """Return how one part is."""
        return next(p for p in self.state().parts if p.name == name)

    def wait_until_serving(self) -> None:
        """Wait until all parts serve."""
        eventually(
            lambda: (state := control.status(self.home)) is not None and state.serving, "all parts serve"
        )

    def journal(self) -> list[list[str]]:
        """Return what the parts have noted, in order."""
        return [
            line.split() for line in (self.home.path / "journal").read_text(encoding="ascii").splitlines()
        ]

    def pids(self) -> list[int]:
        """Return every process that the parts consist of, children included."""
        return [p.pid for p in self.state().parts] + [
            int(line[2]) for line in self.journal() if line[1] == "started"
        ]


def start(home: Home, ports: Ports) -> Stack:
    """Start a supervisor."""
    home.path.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, str(_SCRIPT), str(home.path), str(ports.base)]
    with (home.path / "output").open("ab") as output:
        process = subprocess.Popen(argv, stdout=output, stderr=output, start_new_session=True)
    return Stack(home, ports, process)
