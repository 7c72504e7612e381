"""One part as a running process: started, watched, restarted with a growing pause, stopped."""

import asyncio
import os
import shutil
import signal
import time
from dataclasses import dataclass
from typing import Literal

from shopguide_devstack.stack.layout import Home
from shopguide_devstack.stack.parts import Part
from shopguide_devstack.stack.probe import is_serving
from shopguide_devstack.triton.shared_memory import remove_segments

Condition = Literal["starting", "serving", "degraded", "not serving", "restarting", "stopped"]

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 15.0
_STABLE_SECONDS = 30.0
_PROBE_SECONDS = 0.25
_CALM_PROBE_SECONDS = 2.0
_CANNOT_START = 127
_STOP_SECONDS = 35.0
_MAX_LOG_BYTES = 16 * 1024 * 1024


@dataclass
class Status:
    """How a part is."""

    name: str
    condition: Condition = "starting"
    pid: int = 0
    restarts: int = 0
    since: float = 0.0
    last_exit: int | None = None


class PartProcess:
    """Keeps one part running until it is told to stop."""

    def __init__(self, part: Part, home: Home) -> None:
        """Prepare, without starting anything yet."""
        self.part = part
        self.status = Status(part.name, since=time.time())
        self._home = home
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()

    async def keep_running(self) -> None:
        """Start the process and start it again whenever it ends, until `stop`."""
        pause = _FIRST_PAUSE
        while not self._stopping.is_set():
            started = time.monotonic()
            await self._run_once()
            if self._stopping.is_set():
                break
            pause = _FIRST_PAUSE if time.monotonic() - started > _STABLE_SECONDS else pause
            self._become("restarting")
            self.status.restarts += 1
            await self._wait(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        self._become("stopped")

    async def stop(self) -> None:
        """End the process: SIGTERM, and SIGKILL when it does not end in time; then clean up after it."""
        self._stopping.set()
        process = self._process
        if process is not None and process.returncode is None:
            process.terminate()
            try:
                async with asyncio.timeout(_STOP_SECONDS):
                    await process.wait()
            except TimeoutError:
                self._kill_group(process.pid)
                await process.wait()
        self._clean_up()

    async def _run_once(self) -> None:
        self._become("starting")
        try:
            process = await self._start()
        except OSError as error:
            with self._home.log(self.part.name).open("a", encoding="utf-8") as log:
                log.write(f"cannot start: {error}\n")
            self.status.last_exit = _CANNOT_START
            return
        self._process = process
        self.status.pid = process.pid
        watching = asyncio.create_task(self._watch())
        try:
            self.status.last_exit = await process.wait()
        finally:
            watching.cancel()
            self.status.pid = 0
            # Triton's stubs outlive a killed server for a moment; the next one must not meet them.
            self._kill_group(process.pid)
            self._clean_up()

    async def _start(self) -> asyncio.subprocess.Process:
        with self._home.log(self.part.name).open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *_bound_to_us(),
                *self.part.argv,
                env=dict(self.part.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Its own group, so that Ctrl-C in a terminal reaches the supervisor alone.
                start_new_session=True,
            )

    async def _watch(self) -> None:
        while True:
            serving = await is_serving(self.part.address, self.part.health_names)
            whole = serving and await is_serving(self.part.address, self.part.complete_names)
            if serving:
                self._become("serving" if whole else "degraded")
            elif self.status.condition in {"serving", "degraded"}:
                self._become("not serving")
            await asyncio.sleep(_CALM_PROBE_SECONDS if whole else _PROBE_SECONDS)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    def _become(self, condition: Condition) -> None:
        if self.status.condition != condition:
            self.status.condition = condition
            self.status.since = time.time()

    @staticmethod
    def _kill_group(pid: int) -> None:
        try:
            os.killpg(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return

    def _clean_up(self) -> None:
        if self.part.shm_prefix:
            remove_segments(self.part.shm_prefix)


def _bound_to_us() -> tuple[str, ...]:
    """Return the words before a command that make the kernel end it when the supervisor is killed."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "TERM", "--") if setpriv else ()


def rotate_log(home: Home, name: str) -> None:
    """Keep the previous log beside the new one when it has grown large."""
    log = home.log(name)
    if log.exists() and log.stat().st_size > _MAX_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
