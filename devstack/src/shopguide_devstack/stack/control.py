"""What a person does with a stack: up, down, status, logs."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shopguide_devstack.stack.layout import Home, Ports
from shopguide_devstack.stack.process import Status
from shopguide_devstack.triton.launcher import LaunchError, check_environment
from shopguide_devstack.weights.packages import SourceError
from shopguide_devstack.weights.prepare import prepare_models

Progress = Callable[[str], None]

_POLL_SECONDS = 0.2
_DOWN_SECONDS = 60.0
_ORPHAN_SECONDS = 20.0
_HOPELESS_RESTARTS = 4


class StackError(RuntimeError):
    """The stack cannot be brought up, or did not come up; the message says what to do."""


class _StoppingError(Exception):
    """The stack that is waited for was told to stop."""


@dataclass(frozen=True)
class StackState:
    """How a stack is."""

    pid: int
    base: int
    parts: tuple[Status, ...]
    stopping: bool = False
    """Whether it was told to stop."""

    @property
    def serving(self) -> bool:
        """Return whether every part serves, and will go on to."""
        return not self.stopping and all(part.condition == "serving" for part in self.parts)


def is_running(home: Home) -> bool:
    """Return whether a supervisor holds the folder."""
    if not home.lock.exists():
        return False
    with home.lock.open("a", encoding="ascii") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def status(home: Home) -> StackState | None:
    """Return how the stack is, or None when none runs."""
    if not is_running(home) or not home.state.exists():
        return None
    try:
        data = json.loads(home.state.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    parts = tuple(Status(**part) for part in data["parts"])
    return StackState(data["pid"], data["base"], parts, data.get("stopping", False))


def _supervisor_pid(home: Home) -> int:
    """Return the pid of the supervisor that holds the folder; 0 when it has not written it yet."""
    try:
        return int(home.lock.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0


def up(home: Home, ports: Ports, repository: Path, progress: Progress, timeout: float = 180.0) -> StackState:
    """Bring the stack up and wait until every part serves; a running one is left as it is.

    One that is still stopping is waited for, then started anew.

    Raises StackError when a package or a port is missing, when a part keeps dying, or after `timeout` seconds.
    """
    if is_running(home) and not _is_stopping(home):
        progress(f"already running (pid {_supervisor_pid(home) or 'not known yet'})")
        try:
            return _wait_until_serving(home, progress, timeout)
        except _StoppingError:
            pass
    _wait_for_end(home, progress)
    _wait_for_orphans(home, ports, progress)
    _check(ports, repository)
    try:
        prepare_models(home.path, progress)
    except SourceError as error:
        raise StackError(str(error)) from error
    _start_supervisor(home, ports, repository)
    try:
        return _wait_until_serving(home, progress, timeout)
    except _StoppingError as error:
        raise StackError("the stack was told to stop before all of it served") from error


def _is_stopping(home: Home) -> bool:
    state = status(home)
    return state is not None and state.stopping


def _wait_for_end(home: Home, progress: Progress) -> None:
    """Wait for the supervisor of a stack that was told to stop."""
    deadline = time.monotonic() + _DOWN_SECONDS
    if is_running(home):
        progress("the last stack is still stopping; waiting for it to end")
    while is_running(home):
        if time.monotonic() > deadline:
            raise StackError(
                f"the last stack (pid {_supervisor_pid(home)}) is still stopping after {_DOWN_SECONDS:g} s"
            )
        time.sleep(_POLL_SECONDS)


def _wait_for_orphans(home: Home, ports: Ports, progress: Progress) -> None:
    """Wait for the ports of a stack whose supervisor was killed: its parts are told to end by the kernel, and drain."""
    deadline = time.monotonic() + _ORPHAN_SECONDS
    if home.state.exists() and ports.taken():
        progress("the last stack was killed; waiting for its parts to end")
        while ports.taken() and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
    home.state.unlink(missing_ok=True)


def _check(ports: Ports, repository: Path) -> None:
    try:
        check_environment()
    except LaunchError as error:
        raise StackError(str(error)) from error
    if not repository.is_dir():
        raise StackError(f"there is no model repository {repository}")
    taken = ports.taken()
    if taken:
        listed = ", ".join(f"{port} ({name})" for name, port in taken)
        raise StackError(f"ports in use: {listed}; stop what listens there or choose others with --port-base")


def _start_supervisor(home: Home, ports: Ports, repository: Path) -> None:
    home.logs.mkdir(parents=True, exist_ok=True)
    argv = [
        *(sys.executable, "-m", "shopguide_devstack.stack"),
        *("--home", str(home.path)),
        *("--port-base", str(ports.base)),
        *("--repository", str(repository)),
    ]
    with home.log("supervisor").open("ab") as log:
        subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)


def _wait_until_serving(home: Home, progress: Progress, timeout: float) -> StackState:
    told: dict[str, str] = {}
    deadline = time.monotonic() + timeout
    started = time.monotonic()
    while time.monotonic() < deadline:
        state = status(home)
        if state is not None:
            if state.stopping:
                raise _StoppingError
            _tell(state, told, progress, started)
            _give_up_on_hopeless(home, state)
            if state.serving:
                return state
        elif time.monotonic() - started > 10 and not is_running(home):  # noqa: PLR2004 - it takes about one second
            raise StackError(f"the supervisor did not start; see {home.log('supervisor')}")
        time.sleep(_POLL_SECONDS)
    waiting = ", ".join(p.name for p in state.parts if p.condition != "serving") if state else "everything"
    raise StackError(f"not up after {timeout:g} s: waiting for {waiting}; see {home.logs}")


def _tell(state: StackState, told: dict[str, str], progress: Progress, started: float) -> None:
    for part in state.parts:
        if told.get(part.name) != part.condition:
            told[part.name] = part.condition
            progress(f"{part.name}: {part.condition} ({time.monotonic() - started:.1f} s)")


def _give_up_on_hopeless(home: Home, state: StackState) -> None:
    for part in state.parts:
        if part.restarts >= _HOPELESS_RESTARTS and part.condition != "serving":
            tail = "\n".join(f"  {line}" for line in _last_lines(home.log(part.name), 5))
            raise StackError(f"{part.name} keeps ending (exit status {part.last_exit}):\n{tail}")


def down(home: Home, progress: Progress) -> bool:
    """Stop the stack and wait until all of it is gone; returns False when none was running."""
    if not is_running(home):
        return False
    pid = _supervisor_pid(home)
    if not pid:
        raise StackError(f"a supervisor holds {home.lock} without saying which one it is; try again")
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _DOWN_SECONDS
    while is_running(home):
        if time.monotonic() > deadline:
            raise StackError(f"the supervisor (pid {pid}) is still stopping after {_DOWN_SECONDS:g} s")
        time.sleep(_POLL_SECONDS)
    progress("stopped")
    return True


def logs(home: Home, part: str, lines: int = 50) -> Iterator[str]:
    """Yield the last lines of a part's log. Raises StackError for a part without one."""
    path = home.log(part)
    if not path.exists():
        known = ", ".join(sorted(p.stem for p in home.logs.glob("*.log"))) or "none yet"
        raise StackError(f"there is no log of {part!r}; there are: {known}")
    yield from _last_lines(path, lines)


def _last_lines(path: Path, count: int) -> list[str]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", errors="replace") as stream:
        return [line.rstrip("\n") for line in deque(stream, maxlen=count)]
