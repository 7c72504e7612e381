"""The supervisor: holds the lock, runs all parts, writes how they are, and stops them in order."""

import asyncio
import fcntl
import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TextIO

from shopguide_devstack.stack.layout import Home, Ports
from shopguide_devstack.stack.parts import TRITON_MODELS, Part
from shopguide_devstack.stack.process import PartProcess, rotate_log

_LOCK_ATTEMPTS, _LOCK_PAUSE = 20, 0.05
_STATE_SECONDS = 0.25
_WATCHDOG_SECONDS = 10.0
_RELOAD_TIMEOUT = 120.0


class AlreadyRunningError(RuntimeError):
    """Raised when another supervisor holds the folder."""


@contextmanager
def locked(home: Home) -> Iterator[TextIO]:
    """Hold the folder's lock, with our pid in it. Raises AlreadyRunningError when another process holds it."""
    home.run.mkdir(parents=True, exist_ok=True)
    with home.lock.open("a", encoding="ascii") as stream:
        if not _acquire(stream):
            raise AlreadyRunningError(f"a stack is running in {home.path}")
        stream.truncate(0)
        stream.write(f"{os.getpid()}\n")
        stream.flush()
        yield stream


def _acquire(stream: TextIO) -> bool:
    # Whoever asks whether a stack runs holds the lock for a moment: one refusal proves nothing.
    for _ in range(_LOCK_ATTEMPTS):
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOCK_PAUSE)
        else:
            return True
    return False


class Supervisor:
    """Runs the parts of one stack."""

    def __init__(self, home: Home, ports: Ports, parts: Sequence[Part]) -> None:
        """Take the parts, those that others depend on first."""
        self._home = home
        self._ports = ports
        self._processes = [PartProcess(part, home) for part in parts]
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Run until SIGTERM or SIGINT, then stop every part, the dependent ones first."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        tasks = [asyncio.create_task(process.keep_running()) for process in self._processes]
        tasks.append(asyncio.create_task(self._report()))
        tasks.append(asyncio.create_task(self._revive_models()))
        await self._stop.wait()
        self._write_state()
        for process in reversed(self._processes):
            await process.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._home.state.unlink(missing_ok=True)

    async def _report(self) -> None:
        while True:
            self._write_state()
            await asyncio.sleep(_STATE_SECONDS)

    def _write_state(self) -> None:
        state = {
            "pid": os.getpid(),
            "base": self._ports.base,
            "time": time.time(),
            "stopping": self._stop.is_set(),
            "parts": [asdict(process.status) for process in self._processes],
        }
        unfinished = self._home.state.with_suffix(".part")
        unfinished.write_text(json.dumps(state) + "\n", encoding="utf-8")
        unfinished.replace(self._home.state)

    async def _revive_models(self) -> None:
        """Load models anew whose process died: Triton goes on saying that they are ready."""
        from shopguide_runtime.triton import reload_if_dead

        triton = next((p for p in self._processes if p.part.name == "triton"), None)
        while triton is not None:
            await asyncio.sleep(_WATCHDOG_SECONDS)
            if triton.status.condition == "serving":
                for model in TRITON_MODELS:
                    await _guarded(reload_if_dead(triton.part.address, model))


async def _guarded(reload: object) -> None:
    try:
        async with asyncio.timeout(_RELOAD_TIMEOUT):
            await reload  # type: ignore[misc]
    except Exception as error:  # noqa: BLE001 - a watchdog must outlive whatever it watches
        print(f"watchdog: {type(error).__name__}: {error}", flush=True)


def supervise(home: Home, ports: Ports, make: Callable[[], Sequence[Part]]) -> int:
    """Run the parts that `make` returns in this process until it is told to stop; returns the exit status."""
    try:
        with locked(home):
            home.logs.mkdir(parents=True, exist_ok=True)
            parts = make()
            for part in parts:
                rotate_log(home, part.name)
            asyncio.run(Supervisor(home, ports, parts).run())
    except AlreadyRunningError as error:
        print(f"error: {error}")
        return 1
    return 0
